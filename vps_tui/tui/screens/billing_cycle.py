"""Side step: choose the billing cycle, all of them priced side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.core.catalog import BillingCycle
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.rows import Choice, Column
from vps_tui.wizard import WizardState


class BillingCycleScreen(StepScreen):
    """Asks how often the server is paid for."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "A longer cycle is paid ahead in one sum and may be cheaper per month. What is paid ahead is not refunded."
    )

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return "How often do you want to pay?", "The whole sum of a cycle is paid ahead."

    def compose_body(self) -> Iterable[Widget]:
        """List the cycles with their prices."""
        cycles = self.state.terms.billing_cycles if self.state.terms else ()
        columns = (
            Column("BILLING CYCLE", flexible=True),
            Column("PAID EACH TIME", right=True),
            Column("IS PER MONTH", right=True),
        )
        choices = [self._choice(cycle) for cycle in cycles]
        yield ChoiceList(columns, choices, chosen=self.state.draft.billing_cycle, filterable=False, header_lines=1)

    def submit(self) -> None:
        """Choose the highlighted cycle."""
        self.query_one(ChoiceList).action_choose()

    def _choice(self, cycle: BillingCycle) -> Choice:
        quote = self._with(cycle).quote()
        about = "about " if quote and quote.estimated else ""
        each = f"{about}{quote.recurring}" if quote and quote.recurring else "not known"
        month = f"{about}{quote.per_month}" if quote and quote.per_month else "not known"
        return Choice(cycle.value, (cycle.value, each, month))

    def _with(self, cycle: BillingCycle) -> WizardState:
        return replace(self.state, draft=replace(self.state.draft, billing_cycle=cycle))

    @on(ChoiceList.Highlighted)
    def _highlighted(self, message: ChoiceList.Highlighted) -> None:
        if message.choice is not None:
            self.show_price(self._with(BillingCycle(message.choice.id)))

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(self._with(BillingCycle(message.choice_id)))
