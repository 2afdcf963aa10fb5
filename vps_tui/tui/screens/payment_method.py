"""Side step: choose the payment method."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.wizard.questions import payment_method


class PaymentMethodScreen(StepScreen):
    """Asks how the invoices are paid."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = payment_method.HELP

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return payment_method.heading()

    def compose_body(self) -> Iterable[Widget]:
        """List the methods."""
        choices = payment_method.choices(self.state)
        chosen = self.state.draft.payment_method
        yield ChoiceList(payment_method.COLUMNS, choices, chosen=chosen, filterable=False, header_lines=1)

    def submit(self) -> None:
        """Choose the highlighted method."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(payment_method.answer(self.state, message.choice_id))
