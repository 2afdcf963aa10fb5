"""Rows of which each holds one of several options, changed in place with Left and Right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from vps_tui.tui.widgets.row_list import RowList
from vps_tui.wizard.questions.choices import Option


@dataclass(frozen=True, slots=True)
class OptionRow:
    """A row and the option that it holds now."""

    title: str
    options: tuple[Option, ...]
    index: int = 0


class OptionRows(RowList):
    """Up and Down choose the row, Left and Right change what it holds, Enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,minus", "change(-1)", show=False, id="rows.less"),
        Binding("right,plus,space", "change(1)", show=False, id="rows.more"),
        Binding("home", "first", show=False, id="rows.first"),
        Binding("enter", "submit", show=False, id="rows.submit"),
    ]
    DEFAULT_CSS = "OptionRows { height: 1fr; max-width: 100; }"

    @dataclass
    class Changed(Message):
        """A row holds another option now."""

        row: int
        index: int

    class Submitted(Message):
        """Enter was pressed."""

    def __init__(self, rows: Sequence[OptionRow]) -> None:
        super().__init__()
        self._rows = list(rows)

    @property
    def row_count(self) -> int:
        return len(self._rows)

    def action_change(self, by: int) -> None:
        """Put the next or the previous option into the highlighted row; the ends do not wrap."""
        if self._rows:
            row = self._rows[self._highlight]
            self._put(max(0, min(row.index + by, len(row.options) - 1)))

    def action_first(self) -> None:
        """Put the first option, which is nothing, into the highlighted row."""
        if self._rows:
            self._put(0)

    def action_submit(self) -> None:
        self.post_message(self.Submitted())

    def on_click(self, event: events.Click) -> None:
        """Highlight the clicked row; a click on its arrows changes it."""
        index = self._index_at(event.y)
        if index is None:
            return
        self._move_to(index)
        left = 2 + self._title_width() + 2
        if left <= event.x < left + 2:
            self.action_change(-1)
        elif left + 2 + self._option_width() <= event.x < left + 4 + self._option_width():
            self.action_change(1)

    def render_line(self, y: int) -> Strip:
        width, index = self.size.width, self._top + y
        if index >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[index]
        highlighted = index == self._highlight
        option = row.options[row.index]
        less = "< " if row.index else "  "
        more = " >" if row.index + 1 < len(row.options) else "  "
        text = (
            f"{'> ' if highlighted else '  '}{set_cell_size(row.title, self._title_width())}  "
            f"{less}{set_cell_size(option.label, self._option_width())}{more}"
        )
        room = max(0, width - cell_len(text) - 1)
        line = set_cell_size(text + option.price.rjust(room) + " ", width)
        focused = highlighted and self.has_focus
        style = Style(reverse=focused, bold=highlighted and not focused, dim=not (row.index or highlighted))
        return Strip([Segment(line, style)], width).apply_style(self.rich_style)

    def _put(self, index: int) -> None:
        row = self._rows[self._highlight]
        if index != row.index:
            self._rows[self._highlight] = replace(row, index=index)
            self._refresh_rows(self._highlight)
            self.post_message(self.Changed(self._highlight, index))

    def _title_width(self) -> int:
        return min(24, max((cell_len(row.title) for row in self._rows), default=0))

    def _option_width(self) -> int:
        labels = (cell_len(option.label) for row in self._rows for option in row.options)
        return min(30, max(labels, default=0))
