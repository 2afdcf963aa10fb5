"""Asked over the servers of an order: how many copies of one, and whether one is to go."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget

from vps_tui.tui.screens.dialog import AskDialog, FieldDialog
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import Words
from vps_tui.wizard.questions import servers
from vps_tui.wizard.state import WizardState


class CopiesScreen(FieldDialog[int]):
    """Asks for a number and names the copies while it is typed."""

    def __init__(self, state: WizardState) -> None:
        """Ask about the present server of `state`."""
        super().__init__()
        self._state = state

    def compose_field(self) -> Iterable[Widget]:
        yield Words(Content.styled(servers.copies_title(self._state), "bold"))
        yield Field(servers.COPIES_LABEL, "1", replaced=True, help_text="Enter copies.")
        yield Words(servers.copies_made(self._state, "1"), id="verdict")

    def take_label(self) -> str:
        return "Copy"

    def changed(self, text: str) -> None:
        self.say(servers.copies_made(self._state, text))

    def take(self, text: str) -> None:
        copies = servers.copies(self._state, text)
        if isinstance(copies, str):
            self.complain(copies)
        else:
            self.close(copies)


class RemoveScreen(AskDialog[bool]):
    """Keeping it is the first button."""

    def __init__(self, state: WizardState) -> None:
        """Ask about the present server of `state`."""
        lines = ("What was chosen for it is lost; the other servers stay as they are.",)
        buttons = (("keep", "Keep it", None), ("confirm-remove", "Remove", True))
        super().__init__(servers.removal(state), lines, buttons)
