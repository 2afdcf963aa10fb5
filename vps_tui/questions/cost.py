"""Question: is this what it may cost; every line can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vps_tui import summary
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.steps import Step
from vps_tui.questions.rows import Choice
from vps_tui.session import Terms
from vps_tui.wizard import WizardState

HELP = "Now is the first invoice, Then each renewal until you cancel."
KEPT = "you come back here with everything else kept."
WAITING_FOR = "payment methods and account credit"
CREDIT = "credit"
"""The choice that is changed at once instead of in a step of its own."""


def heading(state: WizardState) -> tuple[str, str]:
    """Return the title."""
    return f"What it costs at {state.info.name if state.info else ''}", ""


def received(state: WizardState, terms: Terms) -> WizardState:
    """Return the state with `terms` and the usual answers to what was not asked."""
    draft = state.draft
    if draft.payment_method not in {method.id for method in terms.payment_methods}:
        draft = replace(draft, payment_method=terms.payment_methods[0].id if terms.payment_methods else "")
    if draft.billing_cycle not in terms.billing_cycles:
        draft = replace(draft, billing_cycle=next(iter(terms.billing_cycles), BillingCycle.MONTHLY))
    return replace(state, draft=draft, terms=terms)


def choices(state: WizardState) -> Iterator[Choice]:
    """Yield everything that makes up the order, each with the step that changes it as its id."""
    for line in summary.lines(state):
        yield Choice(line.step, (line.label, line.value, line.amount))
    yield Choice(Step.BILLING_CYCLE, ("Billing cycle", state.draft.billing_cycle.value, ""))
    yield Choice(Step.PAYMENT_METHOD, ("Payment", summary.payment_method(state), ""))
    balance = state.terms.account.balance if state.terms else None
    if balance is not None and state.info is not None and state.info.has_credit:
        use = "pays first" if state.draft.apply_credit else "not used"
        yield Choice(CREDIT, ("Account credit", f"{use} ({balance} there)", ""))


def with_other_credit(state: WizardState) -> WizardState:
    """Return the state with account credit used where it was not, and the other way round."""
    return replace(state, draft=replace(state.draft, apply_credit=not state.draft.apply_credit))


def problem(state: WizardState) -> str:
    """Return why the order cannot be confirmed although nothing is missing; empty when it can."""
    return "" if state.draft.payment_method else "There is no payment method to order with."
