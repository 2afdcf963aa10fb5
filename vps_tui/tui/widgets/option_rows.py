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
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from vps_tui.wizard.questions.choices import Option


@dataclass(frozen=True, slots=True)
class OptionRow:
    """A row and the option that it holds now."""

    title: str
    options: tuple[Option, ...]
    index: int = 0


class OptionRows(Widget, can_focus=True):
    """Up and Down choose the row, Left and Right change what it holds, Enter goes on."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, id="rows.up"),
        Binding("down", "move(1)", show=False, id="rows.down"),
        Binding("left,minus", "change(-1)", show=False, id="rows.less"),
        Binding("right,plus,space", "change(1)", show=False, id="rows.more"),
        Binding("home", "first", show=False, id="rows.first"),
        Binding("enter", "submit", show=False, id="rows.submit"),
    ]
    DEFAULT_CSS = "OptionRows { height: 1fr; max-width: 100; }"

    class Changed(Message):
        """A row holds another option now."""

        def __init__(self, row: int, index: int) -> None:
            super().__init__()
            self.row = row
            self.index = index

    class Submitted(Message):
        """Enter was pressed."""

    def __init__(self, rows: Sequence[OptionRow]) -> None:
        """Show `rows`, the first one highlighted."""
        super().__init__()
        self._rows = list(rows)
        self._highlight = 0
        self._top = 0

    def action_move(self, by: int) -> None:
        """Highlight another row."""
        self._highlight = max(0, min(self._highlight + by, len(self._rows) - 1))
        room = max(1, self.size.height)
        self._top = min(max(self._top, self._highlight - room + 1), self._highlight)
        self.refresh()

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
        """Tell that Enter was pressed."""
        self.post_message(self.Submitted())

    def on_click(self, event: events.Click) -> None:
        """Highlight the clicked row; a click on its arrows changes it."""
        index = self._top + event.y
        if not 0 <= index < len(self._rows):
            return
        self._highlight = index
        self.refresh()
        left = 2 + self._title_width() + 2
        if left <= event.x < left + 2:
            self.action_change(-1)
        elif left + 2 + self._option_width() <= event.x < left + 4 + self._option_width():
            self.action_change(1)

    def on_focus(self) -> None:
        """Show the highlight as focused."""
        self.refresh()

    def on_blur(self) -> None:
        """Show the highlight as not focused."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one row."""
        width, index = self.size.width, self._top + y
        if index >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[index]
        highlighted = index == self._highlight
        option = row.options[row.index]
        less = "< " if row.index else "  "
        more = " >" if row.index + 1 < len(row.options) else "  "
        text = (
            f"{'> ' if highlighted else '  '}{_fit(row.title, self._title_width())}  "
            f"{less}{_fit(option.label, self._option_width())}{more}"
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
            self.refresh(Region(0, self._highlight - self._top, self.size.width, 1))
            self.post_message(self.Changed(self._highlight, index))

    def _title_width(self) -> int:
        return min(24, max((cell_len(row.title) for row in self._rows), default=0))

    def _option_width(self) -> int:
        labels = (cell_len(option.label) for row in self._rows for option in row.options)
        return min(30, max(labels, default=0))


def _fit(text: str, width: int) -> str:
    return set_cell_size(text, width)
