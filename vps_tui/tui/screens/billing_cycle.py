"""Side step: choose the billing cycle, all of them priced side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.wizard.questions import billing_cycle


class BillingCycleScreen(StepScreen):
    """Asks how often the server is paid for."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = billing_cycle.HELP

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return billing_cycle.heading()

    def compose_body(self) -> Iterable[Widget]:
        """List the cycles with their prices."""
        choices = billing_cycle.choices(self.state)
        chosen = self.state.draft.billing_cycle
        yield ChoiceList(billing_cycle.COLUMNS, choices, chosen=chosen, filterable=False, header_lines=1)

    def submit(self) -> None:
        """Choose the highlighted cycle."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Highlighted)
    def _highlighted(self, message: ChoiceList.Highlighted) -> None:
        if message.choice is not None:
            self.show_price(billing_cycle.answer(self.state, message.choice.id))

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(billing_cycle.answer(self.state, message.choice_id))
