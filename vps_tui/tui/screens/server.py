"""Side step: the lines of one server of several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.core.steps import Step
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.wizard.questions import servers


class ServerScreen(StepScreen):
    """Every answer about one server can be changed in place."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Enter change  Tab to Done  Esc back"
    help_text: ClassVar[str] = servers.ONE_HELP

    def heading(self) -> tuple[str, str]:
        """Return which server it is."""
        return servers.one_heading(self.state)

    def compose_body(self) -> Iterable[Widget]:
        """List its lines, the one that was changed last highlighted."""
        rows = list(servers.lines(self.state))
        chosen = self.state.position.after or Step.PLAN
        yield ChoiceList(servers.one_columns(self.state), rows, chosen=chosen, filterable=False, header_lines=1)

    def continue_label(self) -> str:
        """Return the words on the button that goes back."""
        return "Done"

    def submit(self) -> None:
        """Go back, by way of what is missing."""
        self.answer(self.state)

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.post_message(self.JumpRequested(self.state, Step(message.choice_id)))
