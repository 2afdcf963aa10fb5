"""A labelled line of text with a line under it that helps, or says what is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.tui.widgets.chrome import Words


class LineInput(Input):
    """A line that takes the first line with text of a paste; Textual's takes the first, be it empty."""

    def __init__(self, value: str = "", *, password: bool = False, replaced: bool = False) -> None:
        """Start with `value`; a password is drawn as dots, one to be `replaced` goes with the first letter."""
        super().__init__(value, password=password, compact=True, max_length=300, select_on_focus=replaced)
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        line = next((line.strip() for line in event.text.splitlines() if line.strip()), "")
        self.insert_text_at_cursor(line)


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
        """Lay out the two lines."""
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
