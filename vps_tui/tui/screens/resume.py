"""Offered at the start: the order that was left unfinished."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.draft import Draft
from vps_tui.core.text import clean
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.chrome import PushButton, Words


class ResumeScreen(Dialog[bool]):
    """Closes with True to go on with it."""

    AUTO_FOCUS = "#resume"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "anew", show=False, id="resume.anew"),
        Binding("left,right", "app.focus_next", show=False, id="resume.next"),
    ]

    def __init__(self, draft: Draft, provider: str) -> None:
        """Offer `draft`, an order from the provider called `provider`."""
        super().__init__()
        self._draft = draft
        self._provider = provider

    def compose(self) -> Iterable[Widget]:
        """Lay out the question."""
        name = clean(self._draft.server.name, 40)
        words = f"from {self._provider}{f' for {name}' if name else ''}"
        with Vertical(classes="dialog"):
            yield Words(Content.styled("Go on with the order you left?", "bold"))
            yield Words(f"You left an unfinished order {words}. Going on buys nothing yet:")
            yield Words("its price and everything in it are looked up again first.")
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
