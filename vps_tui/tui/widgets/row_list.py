"""What lists of rows have in common: one highlighted row, kept in sight, and only changed lines painted again."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.widget import Widget


class RowList(Widget, can_focus=True):
    """Paints its lines itself: moving the highlight repaints two of them, however many rows there are."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, id="list.up"),
        Binding("down", "move(1)", show=False, id="list.down"),
    ]

    def __init__(self, *, header_lines: int = 0, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._header_lines = header_lines
        self._highlight = 0
        self._top = 0

    @property
    @abstractmethod
    def row_count(self) -> int:
        """How many rows there are."""

    def action_move(self, by: int) -> None:
        self._move_to(self._highlight + by)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_resize(self) -> None:
        self._keep_visible()
        self.refresh()

    @property
    def _room(self) -> int:
        return max(1, self.size.height - self._header_lines)

    def _index_at(self, y: int) -> int | None:
        """Return the index of the row in line `y` of the widget; None where there is none."""
        index = self._top + y - self._header_lines
        return index if y >= self._header_lines and 0 <= index < self.row_count else None

    def _move_to(self, index: int) -> bool:
        """Move the highlight to a row, or to the nearest that there is; tells whether it moved."""
        index = max(0, min(index, self.row_count - 1))
        if not self.row_count or index == self._highlight:
            return False
        before, top = self._highlight, self._top
        self._highlight = index
        self._keep_visible()
        if self._top != top:
            self.refresh()
        else:
            self._refresh_rows(before, index)
        return True

    def _keep_visible(self) -> None:
        if self.size.height:
            lowest = max(0, self.row_count - self._room)
            self._top = min(lowest, max(min(self._top, self._highlight), self._highlight - self._room + 1))

    def _refresh_rows(self, *indexes: int) -> None:
        self.refresh(*(Region(0, index - self._top + self._header_lines, self.size.width, 1) for index in indexes))
