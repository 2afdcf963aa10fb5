"""What the cost and receipt screens share: saving the order as a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from vps_tui.core.draft import Draft
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.frame import PushButton
from vps_tui.wizard.questions import saving


class SavingStep(StepScreen):
    """A step with a button, and the key F2, to save the order as a file."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "save", show=False, id="step.save")]

    def draft_to_save(self) -> Draft:
        """Return the order as it is sent."""
        return self.state.to_order()

    def extra_buttons(self) -> Iterable[PushButton]:
        """Offer to save."""
        yield from super().extra_buttons()
        yield PushButton("Save", id="save")

    def action_save(self) -> None:
        """Ask where to save it."""
        from vps_tui.tui.screens.save_order import SaveOrderScreen

        draft = self.draft_to_save()
        if draft.server.plan:
            self.app.push_screen(SaveOrderScreen(draft), self._saved)

    def _saved(self, path: Path | None) -> None:
        if path is not None:
            self.say(saving.saved(path))

    @on(PushButton.Pressed, "#save")
    def _save_pressed(self) -> None:
        self.action_save()
