"""Question: how often the server is paid for."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.state import WizardState

HELP = "A longer cycle is paid ahead in one sum and may be cheaper per month. What is paid ahead is not refunded."
COLUMNS = (
    Column("BILLING CYCLE", flexible=True),
    Column("PAID EACH TIME", right=True, spoken="paid each time"),
    Column("IS PER MONTH", right=True, spoken="per month"),
)


def heading() -> tuple[str, str]:
    """Return the question and a line that helps to answer it."""
    return "How often do you want to pay?", "The whole sum of a cycle is paid ahead."


def choices(state: WizardState) -> list[Choice]:
    """Return the cycles with their prices."""
    return [_choice(state, cycle) for cycle in (state.terms.billing_cycles if state.terms else ())]


def answer(state: WizardState, choice_id: str) -> WizardState:
    """Return the state with that cycle."""
    return replace(state, draft=replace(state.draft, billing_cycle=BillingCycle(choice_id)))


def _choice(state: WizardState, cycle: BillingCycle) -> Choice:
    quote = answer(state, cycle.value).quote()
    sums = (quote.recurring, quote.per_month) if quote else (None, None)
    each, month = (amount.words(estimate=quote.estimated) if quote and amount else "not known" for amount in sums)
    return Choice(cycle.value, (cycle.value, each, month))
