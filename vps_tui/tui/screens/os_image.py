"""Step: choose an OS image."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.wizard.questions import os_image
from vps_tui.wizard.state import WizardState


class OsImageScreen(StepScreen):
    """Asks which system the server starts with; the images are those of the chosen plan."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = os_image.HELP

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return os_image.heading()

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the list, still empty."""
        yield ChoiceList(os_image.COLUMNS, noun=os_image.NOUN)

    def built_from(self, state: WizardState) -> object:
        """Return who is ordered from: all else is filled in later."""
        return state.info

    def ready(self) -> None:
        """List the images that the plan offers."""
        super().ready()
        self.query_one(ChoiceList).set_choices(os_image.choices(self.state), os_image.chosen(self.state))

    def submit(self) -> None:
        """Choose the highlighted image."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(os_image.answer(self.state, message.choice_id))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.complain(message.reason)

    @on(ChoiceList.Highlighted)
    def _highlighted(self) -> None:
        self.complain("")
