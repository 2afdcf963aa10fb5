"""Asked over the servers of an order: how many copies of one, and whether one is to go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import servers
from vps_tui.wizard.state import WizardState


class CopiesScreen(Dialog[int | None]):
    """Asks for a number and names the copies while it is typed."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="copies.back"),
    ]

    def __init__(self, state: WizardState) -> None:
        """Ask about the present server of `state`."""
        super().__init__()
        self._state = state

    def compose(self) -> Iterable[Widget]:
        """Lay out the field and what comes of it."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(servers.copies_title(self._state), "bold"))
            yield Field(servers.COPIES_LABEL, "1", replaced=True, help_text="Enter copies.")
            yield Words(servers.copies_made(self._state, "1"), id="verdict")
            with Buttons(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton("Copy", id="confirm-copy")

    @on(Input.Changed)
    def _changed(self) -> None:
        text = self.query_one(Field).value.strip()
        self.query_one("#verdict", Words).update(servers.copies_made(self._state, text))

    @on(Input.Submitted)
    @on(PushButton.Pressed, "#confirm-copy")
    def _submitted(self) -> None:
        copies = servers.copies(self._state, self.query_one(Field).value.strip())
        if isinstance(copies, str):
            self.query_one("#verdict", Words).update(Content.styled(copies, "bold ansi_red"))
        else:
            self.close(copies)

    @on(PushButton.Pressed, "#give-up")
    def action_give_up(self) -> None:
        """Go back without a copy."""
        self.close(None)


class RemoveScreen(Dialog[bool | None]):
    """Keeping it is the first button."""

    AUTO_FOCUS = "#keep"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "keep", show=False, id="remove.keep"),
        Binding("left,right", "app.focus_next", show=False, id="remove.next"),
    ]

    def __init__(self, state: WizardState) -> None:
        """Ask about the present server of `state`."""
        super().__init__()
        self._state = state

    def compose(self) -> Iterable[Widget]:
        """Lay out the question."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(servers.removal(self._state), "bold"))
            yield Words("What was chosen for it is lost; the other servers stay as they are.")
            yield Words("")
            with Buttons(id="actions"):
                yield PushButton("Keep it", id="keep")
                yield PushButton("Remove", id="confirm-remove")

    @on(PushButton.Pressed, "#keep")
    def action_keep(self) -> None:
        """Leave the order as it is."""
        self.close(None)

    @on(PushButton.Pressed, "#confirm-remove")
    def _remove(self) -> None:
        self.close(True)
