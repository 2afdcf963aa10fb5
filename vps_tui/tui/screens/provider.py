"""Step: choose a provider."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.questions import provider
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList


class ProviderScreen(StepScreen):
    """Asks who to order from."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue"
    help_text: ClassVar[str] = provider.HELP

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return provider.heading()

    def compose_body(self) -> Iterable[Widget]:
        """List the providers."""
        choices = provider.choices(self.wizard_app.backend)
        chosen = provider.chosen(self.state)
        yield ChoiceList(provider.COLUMNS, choices, chosen=chosen, filterable=False, header_lines=1)

    def submit(self) -> None:
        """Choose the highlighted provider."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(provider.answer(self.state, self.wizard_app.backend, message.choice_id))
