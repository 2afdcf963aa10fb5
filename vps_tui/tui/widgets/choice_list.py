"""A list to choose from that filters as one types and repaints only the lines that change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from vps_tui.core.text import without_invisible
from vps_tui.tui.widgets.row_list import RowList
from vps_tui.tui.widgets.rows import column_widths, counted, fit_row
from vps_tui.wizard.questions.choices import Choice, Column, Filter

_PLAIN = Style.null()
_BOLD = Style(bold=True)
_DIM = Style(dim=True)
_FOCUSED = Style(reverse=True)
_FOCUSED_OFF = Style(reverse=True, dim=True)


class ChoiceList(RowList):
    """Rows under headings, one highlighted. Letters filter; Enter or a double click chooses."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page(-1)", show=False, id="list.page-up"),
        Binding("pagedown", "page(1)", show=False, id="list.page-down"),
        Binding("home", "edge(0)", show=False, id="list.first"),
        Binding("end", "edge(-1)", show=False, id="list.last"),
        Binding("enter", "choose", show=False, id="list.choose"),
        Binding("backspace", "shorten_filter", show=False, id="list.shorten-filter"),
        Binding("escape", "clear_filter", show=False, id="list.clear-filter"),
    ]

    DEFAULT_CSS = "ChoiceList { height: 1fr; width: 1fr; max-width: 100; }"

    filter_text: reactive[str] = reactive("", init=False)
    """What has been typed to narrow the list."""

    @dataclass
    class Chosen(Message):
        """A row was chosen."""

        choice_id: str

    @dataclass
    class Highlighted(Message):
        """The highlight moved to another row, or the last row went."""

        choice: Choice | None

    @dataclass
    class Refused(Message):
        """A row was chosen that cannot be had."""

        reason: str

    def __init__(
        self,
        columns: Sequence[Column],
        choices: Sequence[Choice] = (),
        *,
        chosen: str = "",
        filterable: bool = True,
        header_lines: int = 2,
        noun: str = "choices",
        told: Callable[[Choice | None], None] | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        """Start with `chosen` highlighted, if it is among the choices.

        The header is the line with filter and count, and the column headings; with 1 only the headings. `told`
        is called with the highlighted row before it is painted, so that what it changes is painted with it.
        """
        super().__init__(header_lines=header_lines, id=id)
        self._columns = tuple(columns)
        self._filterable = filterable
        self._noun = noun
        self._told = told
        self._choices: tuple[Choice, ...] = ()
        self._filter = Filter(())
        self._shown: list[Choice] = []
        self._widths: tuple[int, ...] = ()
        self._unfiltered = ""
        self.set_choices(choices, chosen)

    @property
    def row_count(self) -> int:
        return len(self._shown)

    @property
    def highlighted(self) -> Choice | None:
        """The highlighted row, None when nothing matches."""
        return self._shown[self._highlight] if self._shown else None

    def retitle(self, *titles: str) -> None:
        self._columns = tuple(
            replace(column, title=title) for column, title in zip(self._columns, titles, strict=True)
        )
        self.refresh()

    def set_choices(self, choices: Sequence[Choice], chosen: str = "") -> None:
        """Replace the rows and highlight `chosen`, or the first row that can be had."""
        self._choices = tuple(choices)
        self._filter = Filter(self._choices)
        self._widths = column_widths(self._columns, [choice.cells for choice in choices])
        self._show_matching(self.filter_text, chosen)

    def watch_filter_text(self, old: str, new: str) -> None:
        """Show the rows that match, the highlight on the first that can be had; without filter where it was."""
        highlighted = self.highlighted
        if not old and highlighted is not None:
            self._unfiltered = highlighted.id
        kept = "" if new else highlighted.id if highlighted is not None else self._unfiltered
        self._show_matching(new, kept)

    def _show_matching(self, filter_text: str, chosen: str) -> None:
        """Show the rows that match, with `chosen` highlighted or the first that can be had."""
        self._shown = self._filter.matching(filter_text)
        first = next((index for index, choice in enumerate(self._shown) if not choice.refusal), 0)
        self._highlight = next((index for index, choice in enumerate(self._shown) if choice.id == chosen), first)
        self._top = 0
        self._keep_visible()
        self.refresh()
        self._tell()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Take printable keys as filter text."""
        return self._filterable and character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        """Filter; a space means something only between words."""
        if self.check_consume_key(event.key, event.character):
            event.stop().prevent_default()
            self.filter_text = (self.filter_text + (event.character or "")).lstrip(" ")

    def on_paste(self, event: events.Paste) -> None:
        """Take the first line of a paste as filter text."""
        if self._filterable:
            event.stop()
            line = without_invisible(event.text).strip().split("\n")[0]
            self.filter_text += "".join(filter(str.isprintable, line[:40]))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Escape and Backspace to the screen while there is no filter to undo."""
        if action in ("clear_filter", "shorten_filter"):
            return bool(self.filter_text)
        return True

    def action_page(self, by: int) -> None:
        self._move_to(self._highlight + by * max(1, self._room - 1))

    def action_edge(self, index: int) -> None:
        """Move the highlight to the first row, or to the last with -1."""
        self._move_to(index if index >= 0 else len(self._shown) - 1)

    def action_shorten_filter(self) -> None:
        self.filter_text = self.filter_text[:-1]

    def action_clear_filter(self) -> None:
        """Show every row again, the highlight where it was."""
        before = self.highlighted
        self.filter_text = ""
        if before is not None:
            self._move_to(self._choices.index(before))

    def action_choose(self) -> None:
        """Choose the highlighted row, or say why it cannot be had."""
        choice = self.highlighted
        if not self._choices:
            return
        if choice is None:
            self.post_message(self.Refused("Nothing matches what you typed; Backspace widens the search."))
        elif choice.refusal:
            self.post_message(self.Refused(choice.refusal))
        else:
            self.post_message(self.Chosen(choice.id))

    def on_click(self, event: events.Click) -> None:
        """Highlight the clicked row; a double click chooses it."""
        index = self._index_at(event.y)
        if index is None:
            return
        self._move_to(index)
        if event.chain == 2:
            self.action_choose()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_move(-1)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= self._header_lines:
            segments = self._choice_line(self._top + y - self._header_lines, width)
        elif y < self._header_lines - 1:
            segments = self._filter_line(width)
        else:
            titles = tuple(column.title for column in self._columns)
            segments = [
                Segment(set_cell_size("  " + fit_row(titles, self._columns, self._widths, width - 3), width), _DIM)
            ]
        return Strip(segments, width).apply_style(self.rich_style)

    def _filter_line(self, width: int) -> list[Segment]:
        total, shown = len(self._choices), len(self._shown)
        seen = (self._top + 1, min(self._top + self._room, shown)) if shown > self._room else None
        count = f"{shown} of {total} match" if self.filter_text else counted(total, self._noun, seen)
        left = f"  Filter: {self.filter_text}" if self.filter_text else "  Type to filter" if self._filterable else ""
        room = max(0, width - cell_len(count) - 3)
        return [
            Segment(set_cell_size(left, room), _BOLD if self.filter_text else _DIM),
            Segment(set_cell_size(f" {count}  ", width - room), _DIM),
        ]

    def _choice_line(self, index: int, width: int) -> list[Segment]:
        if index >= len(self._shown):
            empty = index == 0 and self._choices
            return [Segment(set_cell_size("  Nothing matches. Backspace widens the search." if empty else "", width))]
        choice = self._shown[index]
        highlighted = index == self._highlight
        text = ("> " if highlighted else "  ") + fit_row(choice.cells, self._columns, self._widths, width - 3)
        more = self._more(index)
        if more:
            text = set_cell_size(text, width - 1) + more
        if highlighted and self.has_focus:
            style = _FOCUSED_OFF if choice.refusal else _FOCUSED
        elif highlighted:
            style = _BOLD
        else:
            style = _DIM if choice.refusal else _PLAIN
        return [Segment(set_cell_size(text, width), style)]

    def _more(self, index: int) -> str:
        """Return the sign that the list goes on above its first or below its last visible row."""
        if index == self._top and self._top:
            return "↑"
        last = self._top + self.size.height - self._header_lines - 1
        return "↓" if index == last and last + 1 < len(self._shown) else ""

    def _move_to(self, index: int) -> bool:
        moved = super()._move_to(index)
        if moved:
            self._tell()
        return moved

    def _tell(self) -> None:
        if self.is_attached:
            if self._told is not None:
                self._told(self.highlighted)
            self.post_message(self.Highlighted(self.highlighted))
