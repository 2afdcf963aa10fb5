"""Offered at the start: the order that was left unfinished."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import kept
from vps_tui.wizard.state import WizardState


class ResumeScreen(Dialog[bool]):
    """Closes with True to go on with it."""

    AUTO_FOCUS = "#resume"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "anew", show=False, id="resume.anew"),
        Binding("left,right", "app.focus_next", show=False, id="resume.next"),
    ]

    def __init__(self, state: WizardState) -> None:
        """Offer to go on with `state`."""
        super().__init__()
        self._state = state

    def compose(self) -> Iterable[Widget]:
        """Lay out the question."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(kept.RESUME_TITLE, "bold"))
            for words in kept.offer(self._state):
                yield Words(words)
            yield Words("")
            with Buttons(id="actions"):
                yield PushButton("Go on", id="resume")
                yield PushButton("Start anew", id="anew")

    def action_anew(self) -> None:
        """Begin with nothing chosen."""
        self.close(False)

    @on(PushButton.Pressed)
    def _pressed(self, event: PushButton.Pressed) -> None:
        self.close(event.button.id == "resume")
