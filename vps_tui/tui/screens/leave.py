"""Asked before leaving with an unfinished order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import kept

if TYPE_CHECKING:
    from vps_tui.tui.host import WizardHost


class LeaveScreen(Dialog[None]):
    """Stay is the first button; Ctrl+Q once more leaves."""

    AUTO_FOCUS = "#stay"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stay", show=False, id="leave.stay"),
        Binding("left,right", "app.focus_next", show=False, id="leave.next"),
    ]

    def compose(self) -> Iterable[Widget]:
        """Lay out the question."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(kept.LEAVE_TITLE, "bold"))
            yield Words(kept.leaving(cast("WizardHost", self.app).state))
            yield Words("")
            with Buttons(id="actions"):
                yield PushButton("Stay", id="stay")
                yield PushButton("Leave", id="leave")

    def action_stay(self) -> None:
        """Go on with the order."""
        self.close(None)

    @on(PushButton.Pressed, "#stay")
    def _stay(self) -> None:
        self.close(None)

    @on(PushButton.Pressed, "#leave")
    async def _leave(self) -> None:
        await cast("WizardHost", self.app).leave()
