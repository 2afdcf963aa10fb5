"""Asked when a person has looked at the provider's panel for an order that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from vps_tui.journal import Entry
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import receipt


class SettleScreen(Dialog[bool | None]):
    """Not sure is the first button; what is said here is believed."""

    AUTO_FOCUS = "#unsure"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "unsure", show=False, id="settle.unsure"),
        Binding("right", "app.focus_next", show=False, id="settle.next"),
        Binding("left", "app.focus_previous", show=False, id="settle.previous"),
    ]

    def __init__(self, entry: Entry, panel: str) -> None:
        """Ask about `entry`, which `panel` shows or does not."""
        super().__init__()
        self._entry = entry
        self._panel = panel

    def compose(self) -> Iterable[Widget]:
        """Lay out the question."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(receipt.SETTLE_TITLE, "bold"))
            for words in receipt.settle_hints(self._entry, self._panel):
                yield Words(words)
            yield Words("")
            with Buttons(id="actions"):
                yield PushButton("Not sure yet", id="unsure")
                there, absent = receipt.findings(self._entry)
                yield PushButton(there, id="there")
                yield PushButton(absent, id="absent")

    def action_unsure(self) -> None:
        """Leave it as it is."""
        self.close(None)

    @on(PushButton.Pressed)
    def _pressed(self, event: PushButton.Pressed) -> None:
        self.close({"there": True, "absent": False}.get(event.button.id or ""))
