"""Step: see what it costs, and change anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from vps_tui import summary
from vps_tui.core.catalog import BillingCycle
from vps_tui.core.steps import Step, missing
from vps_tui.session import Terms
from vps_tui.tui.screens.reading import ReadingStep
from vps_tui.tui.screens.saving import SavingStep
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.chrome import Pairs, PushButton, Words
from vps_tui.tui.widgets.rows import Choice, Column

CREDIT = "credit"


class CostScreen(SavingStep, ReadingStep[Terms]):
    """Leads with what leaves the account now; every line below can be changed in place."""

    AUTO_FOCUS = "#continue"
    keys: ClassVar[str] = "Enter continue  Up to change a line  F2 save  Esc back"
    help_text: ClassVar[str] = (
        "Now is the first invoice, Then each renewal until you cancel. Press Up to reach the lines and Enter to "
        "change one; you come back here with everything else kept."
    )
    shows_price: ClassVar[bool] = False
    waiting_for: ClassVar[str] = "payment methods and account credit"

    def heading(self) -> tuple[str, str]:
        """Return the title."""
        name = self.state.info.name if self.state.info else ""
        return f"What it costs at {name}", ""

    def compose_body(self) -> Iterable[Widget]:
        """Lay out totals, lines and notes."""
        yield Pairs(strong="Now", id="totals")
        columns = (Column(""), Column("CHOSEN", flexible=True), Column("PRICE", right=True))
        yield ChoiceList(columns, filterable=False, header_lines=1)
        yield Words("", id="notes")

    async def fetch(self) -> Terms:
        """Read how it can be paid."""
        session = await self.wizard_app.session()
        return await session.terms()

    def received(self, found: Terms) -> None:
        """Fill in the usual answers to what was not asked, and show everything."""
        draft = self.state.draft
        if draft.payment_method not in {method.id for method in found.payment_methods}:
            draft = replace(draft, payment_method=found.payment_methods[0].id if found.payment_methods else "")
        if draft.billing_cycle not in found.billing_cycles:
            draft = replace(draft, billing_cycle=next(iter(found.billing_cycles), BillingCycle.MONTHLY))
        self.state = replace(self.state, draft=draft, terms=found)
        self._show()
        if not isinstance(self.focused, ChoiceList):
            self.query_one("#continue", PushButton).focus()

    def submit(self) -> None:
        """Go on to the confirmation if there is a price to confirm and a way to pay."""
        unanswered = missing(self.state.facts)
        if unanswered is not None:
            self.post_message(self.JumpRequested(self.state, unanswered))
        elif not self.state.draft.payment_method:
            self.complain("There is no payment method to order with.")
        else:
            self.answer(self.state)

    def _show(self, chosen: str = Step.PLAN) -> None:
        state, quote = self.state, self.state.quote()
        if quote is None:
            return
        today = datetime.now(UTC).date()
        self.query_one("#totals", Pairs).update(summary.money_pairs(state, today))
        choices = self.query_one(ChoiceList)
        choices.retitle("", "CHOSEN", quote.billing_cycle.every.upper())
        choices.set_choices(list(self._choices()), chosen)
        self.query_one("#notes", Words).update(Content.styled("\n".join(summary.notes(state)), "dim"))

    def _choices(self) -> Iterable[Choice]:
        state = self.state
        for line in summary.lines(state):
            yield Choice(line.step, (line.label, line.value, line.amount))
        yield Choice(Step.BILLING_CYCLE, ("Billing cycle", state.draft.billing_cycle.value, ""))
        yield Choice(Step.PAYMENT_METHOD, ("Payment", summary.payment_method(state), ""))
        balance = state.terms.account.balance if state.terms else None
        if balance is not None and state.info is not None and state.info.has_credit:
            use = "pays first" if state.draft.apply_credit else "not used"
            yield Choice(CREDIT, ("Account credit", f"{use} ({balance} there)", ""))

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        if message.choice_id == CREDIT:
            draft = replace(self.state.draft, apply_credit=not self.state.draft.apply_credit)
            self.state = replace(self.state, draft=draft)
            self._show(CREDIT)
        else:
            self.post_message(self.JumpRequested(self.state, Step(message.choice_id)))
