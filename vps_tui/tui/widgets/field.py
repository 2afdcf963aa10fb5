"""A labelled line of text with a line under it that helps, or says what is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.text import without_invisible
from vps_tui.tui.bursts import BURST_SECONDS, OneLine
from vps_tui.tui.widgets.frame import Words
from vps_tui.tui.widgets.quiet import QuietTimer

MAX_LINE_LENGTH = 4096
"""In characters: those of a path on Linux; a token or a password may have hundreds."""

LINE_ENDS = ("enter", "ctrl+j")


class LineInput(Input):
    """A line that takes the first line with text of a paste, without escape sequences and control characters."""

    def __init__(self, value: str = "", *, password: bool = False, replaced: bool = False) -> None:
        """Start with `value`; a password is drawn as dots, one to be `replaced` goes with the first letter."""
        super().__init__(value, password=password, compact=True, max_length=MAX_LINE_LENGTH, select_on_focus=replaced)
        self.cursor_blink = False
        self._line = OneLine()
        self._quiet = QuietTimer(self, self._submit_whole)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Tell Textual that line ends are taken here, in their place among the letters."""
        return key in LINE_ENDS or super().check_consume_key(key, character)

    async def _on_key(self, event: events.Key) -> None:
        if event.key in LINE_ENDS:
            event.stop().prevent_default()
            if self._line.ends_by_hand(event.time) and event.key == "enter":
                self._submit()
            elif self._line.may_be_over:
                self._quiet.start(BURST_SECONDS)
        elif event.is_printable and not self._line.takes(event.time):
            event.stop().prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop().prevent_default()
        self._line.over()
        self._line.end_rest()
        lines = (line.strip() for line in without_invisible(event.text).splitlines())
        text = "".join(filter(str.isprintable, next(filter(None, lines), "")))
        if text:
            self.replace(text, *self.selection)

    def _on_blur(self, event: events.Blur) -> None:
        self.flush()

    def flush(self) -> None:
        """Submit what came in one burst with a line end, now that another key shows that no more text follows."""
        self._line.end_rest()
        self._submit_whole()

    def _submit_whole(self) -> None:
        if self._line.over():
            self._submit()

    def _submit(self) -> None:
        self.post_message(self.Submitted(self, self.value))


class Field(Vertical):
    """Label and input on one line, help or complaint on the next."""

    DEFAULT_CSS = """
    Field { height: auto; min-height: 3; }
    Field Horizontal { height: 1; }
    Field .label { width: 14; height: 1; }
    Field .help { margin-left: 14; }
    Field Input, Field Input:focus { width: 1fr; text-style: underline; background: $background; }
    """

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        help_text: str = "",
        secret: bool = False,
        replaced: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        """Show `value`; a secret one is drawn as dots, one to be `replaced` is selected."""
        super().__init__(id=id)
        self._label = label
        self._value = value
        self._help_text = help_text
        self._secret = secret
        self._replaced = replaced

    def compose(self) -> Iterable[Widget]:
        with Horizontal():
            yield Words(self._label, classes="label")
            yield LineInput(self._value, password=self._secret, replaced=self._replaced)
        yield Words(Content.styled(self._help_text, "dim"), classes="help")

    @property
    def value(self) -> str:
        """What has been typed."""
        return self.query_one(Input).value

    def focus_input(self) -> None:
        """Put the cursor into the input."""
        self.query_one(Input).focus()

    def complain(self, text: str) -> None:
        """Say what is wrong in place of the help; an empty text brings the help back."""
        line = Content.styled(text, "bold ansi_red") if text else Content.styled(self._help_text, "dim")
        self.query_one(".help", Words).update(line)
