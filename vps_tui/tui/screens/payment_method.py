"""Side step: choose the payment method."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.rows import Choice, Column


class PaymentMethodScreen(StepScreen):
    """Asks how the invoices are paid."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "The method is used for the first invoice and for all renewals. It can be changed later with the provider."
    )

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return "How do you want to pay?", "Used for the first invoice and all renewals."

    def compose_body(self) -> Iterable[Widget]:
        """List the methods."""
        methods = self.state.terms.payment_methods if self.state.terms else ()
        choices = [Choice(method.id, (method.name, method.detail)) for method in methods]
        columns = (Column("PAYMENT METHOD"), Column("", flexible=True))
        yield ChoiceList(columns, choices, chosen=self.state.draft.payment_method, filterable=False, header_lines=1)

    def submit(self) -> None:
        """Choose the highlighted method."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(replace(self.state, draft=replace(self.state.draft, payment_method=message.choice_id)))
