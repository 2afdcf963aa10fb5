"""What the cost and the receipt share: saving the order as a file that a script can order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.draft import Draft
from vps_tui.core.errors import VpsTuiError
from vps_tui.services.order_files import save
from vps_tui.tui.screens.dialog import Form
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import saving


class SavingStep(StepScreen):
    """A step with a button, and the key F2, to save the order as a file."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "save", show=False, id="step.save")]

    @property
    def can_save(self) -> bool:
        """Whether there is an order to save."""
        return True

    def draft_to_save(self) -> Draft:
        """Return the order as it is sent."""
        return self.state.to_order()

    def extra_buttons(self) -> Iterable[PushButton]:
        yield from super().extra_buttons()
        if self.can_save:
            yield PushButton("Save", id="save")

    @on(PushButton.Pressed, "#save")
    def action_save(self) -> None:
        """Ask where to save it."""
        draft = self.draft_to_save() if self.can_save else None
        if draft is not None and draft.server.plan:
            self.app.push_screen(SaveOrderScreen(draft), self._saved)

    def _saved(self, path: Path | None) -> None:
        if path is not None:
            self.say(saving.saved_message(path))


class SaveOrderScreen(Form[Path]):
    """Asks for a path; a file that exists is never written over."""

    form_title = saving.TITLE
    use_label = "Save"

    def __init__(self, draft: Draft) -> None:
        """Save `draft`."""
        super().__init__()
        self._draft = draft

    def compose_body(self) -> Iterable[Widget]:
        yield Words(saving.HINT)
        yield Words("")
        yield Field("Path", saving.default_path(self._draft), help_text="Enter saves.")
        yield Words("", id="verdict")

    @on(Input.Changed)
    def _changed(self) -> None:
        self.say("")

    @on(Input.Submitted)
    def use(self) -> None:
        self._save(Path(self.query_one(Field).value.strip() or "."))

    @work(group="save", exclusive=True)
    async def _save(self, path: Path) -> None:
        try:
            await asyncio.to_thread(save, path, self._draft)
        except VpsTuiError as error:
            self.complain(error)
        else:
            self.close(path)
