"""A field of several lines for text that is pasted, also by a terminal that does not mark a paste."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual import events
from textual.widgets import TextArea

from vps_tui.tui.bursts import BURST_SECONDS, NEVER, QUIET_SECONDS, Burst, Rest
from vps_tui.tui.widgets.quiet import QuietTimer

RETURN, LINE_FEED, TAB = "enter", "ctrl+j", "tab"
_TEXTS = {RETURN: "\n", LINE_FEED: "\n", TAB: "\t"}


class PasteArea(TextArea):
    """Takes text in the order of arrival, and what comes as fast as a paste in one piece.

    Such a piece is looked at as a whole before anything of it is drawn. Whatever is not text first puts the piece
    that waits into the field.
    """

    by_hand: ClassVar[frozenset[str]] = frozenset()
    """Of Enter and Tab, those that do something when they are pressed by hand."""

    def __init__(self, text: str = "", *, soft_wrap: bool) -> None:
        super().__init__(text, tab_behavior="focus", soft_wrap=soft_wrap)
        self.cursor_blink = False
        self._burst = Burst()
        self._rest = Rest()
        self._quiet = QuietTimer(self, self.flush)
        self._last_typed = self._last_return = NEVER

    @abstractmethod
    def take(self, text: str) -> bool:
        """Put `text` into the field, if the field may hold it; tells whether it may."""

    def press(self, key: str) -> None:
        """Do what `key` means when it is pressed by hand."""

    @property
    def is_waiting(self) -> bool:
        """True while text waits that is not in the field yet."""
        return self._burst.is_open

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Tell Textual that Enter and Tab are text here as well."""
        return key in _TEXTS or super().check_consume_key(key, character)

    async def _on_key(self, event: events.Key) -> None:
        text = _TEXTS.get(event.key) or (event.character if event.is_printable else None)
        if text is None:
            self.flush()
            return
        event.stop().prevent_default()
        if self._rest.holds(event.time) or self._is_end_of_return(event):
            return
        self._last_typed = event.time
        if event.key in self.by_hand:
            self._burst.line_end(text, event.time)
        else:
            self._take_typed(self._burst.text(text, event.time))
        if self.is_waiting:
            self._quiet.start(QUIET_SECONDS)
        else:
            self._quiet.stop()

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop().prevent_default()
        self.flush()
        self._rest.end()
        self.take(event.text)

    async def _on_mouse_down(self, event: events.MouseDown) -> None:
        self.flush()

    def _on_blur(self, event: events.Blur) -> None:
        self.flush()

    def flush(self) -> None:
        """Put the text that waits into the field; an Enter or Tab that was held was pressed by hand."""
        self._quiet.stop()
        waiting, held = self._burst.end()
        self._take_typed(waiting)
        if held:
            self.press(RETURN if held == "\n" else TAB)

    def insert_typed(self, text: str) -> None:
        """Put `text` where the cursor is, in place of what is selected."""
        self.replace(text, *self.selection, maintain_selection_offset=False)

    def text_with(self, text: str) -> str:
        """Return what the field would hold with `text` where the cursor is."""
        start, end = sorted(self.selection)
        return self.get_text_range((0, 0), start) + text + self.get_text_range(end, self.document.end)

    def _take_typed(self, text: str) -> None:
        if text and not self.take(text):
            self._rest.begin(self._last_typed)

    def _is_end_of_return(self, event: events.Key) -> bool:
        """Tell whether `event` is the second half of a line end of Windows."""
        if event.key == RETURN:
            self._last_return = event.time
        return event.key == LINE_FEED and event.time - self._last_return < BURST_SECONDS
