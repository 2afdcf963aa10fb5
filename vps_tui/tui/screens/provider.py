"""Step: choose a provider."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.rows import Choice, Column


class ProviderScreen(StepScreen):
    """Asks who to order from."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue"
    help_text: ClassVar[str] = (
        "vps-tui orders a server from one of these providers, in your own account with them. "
        "You are asked for everything step by step, see the whole price, and nothing is bought "
        "until you type yes at the end."
    )

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return "Where do you want to order a server?", "Nothing is bought before you type yes at the end."

    def compose_body(self) -> Iterable[Widget]:
        """List the providers."""
        choices = [Choice(info.id, (info.name, info.summary)) for info in self.wizard_app.backend.providers()]
        chosen = self.state.info.id if self.state.info else ""
        columns = (Column("PROVIDER"), Column("WHAT THEY OFFER", flexible=True))
        yield ChoiceList(columns, choices, chosen=chosen, filterable=False, header_lines=1)

    def submit(self) -> None:
        """Choose the highlighted provider."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        backend = self.wizard_app.backend
        info = next(info for info in backend.providers() if info.id == message.choice_id)
        self.answer(self.state.with_provider(info, credentials_known=backend.credentials_known(info)))
