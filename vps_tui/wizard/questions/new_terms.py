"""Questions: how often and by what the server is paid for after its plan was changed."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.questions.owned_servers import changing, server
from vps_tui.wizard.state import WizardState

CYCLE_HELP = (
    "The present billing cycle stays unless you choose another. A longer one is paid ahead in one sum; what is paid "
    "ahead is not refunded."
)
CYCLE_COLUMNS = (
    Column("BILLING CYCLE"),
    Column("LIST PRICE", right=True, spoken="list price"),
    Column("", flexible=True),
)
PAYMENT_HELP = (
    "How the invoice of the change and all later ones are paid. The present way stays unless you choose another."
)
PAYMENT_COLUMNS = (Column("PAYMENT METHOD"), Column("", flexible=True))
NOW = "as now"


def cycle_heading(state: WizardState) -> tuple[str, str]:
    """Return the question."""
    name = changing(state).plan_name or f"plan {changing(state).plan}"
    return f"How often do you want to pay for {name}?", "The whole sum of a cycle is paid ahead."


def cycles(state: WizardState) -> list[Choice]:
    """Return the cycles with the new plan's list prices."""
    found = changing(state)
    if found.offered is None:
        return []
    plan, now = found.offered.plan(found.plan), server(state).billing_cycle
    rows = []
    for cycle in found.offered.billing_cycles:
        price = plan.prices.get(cycle) if plan is not None else None
        words = f"{price} {cycle.every}" if price else "not known"
        rows.append(Choice(cycle.value, (cycle.value, words, NOW if cycle == now else "")))
    return rows


def chosen_cycle(state: WizardState) -> str:
    """Return the cycle that was chosen before, else the present one."""
    return changing(state).billing_cycle or server(state).billing_cycle or ""


def answer_cycle(state: WizardState, choice_id: str) -> WizardState:
    """Return the state with that cycle."""
    cycle = BillingCycle(choice_id)
    return replace(state, changing=replace(changing(state), billing_cycle=cycle, quote=None))


def payment_heading(state: WizardState) -> tuple[str, str]:
    """Return the question."""
    return f"How is {server(state).display_name} paid for from now on?", ""


def payments(state: WizardState) -> list[Choice]:
    """Return the ways to pay."""
    found, now = changing(state).offered, server(state).payment_method
    methods = zip(found.payment_methods, found.payment_names, strict=True) if found is not None else ()
    return [Choice(method, (name, NOW if method == now else "")) for method, name in methods]


def chosen_payment(state: WizardState) -> str:
    """Return the way that was chosen before, else the present one."""
    return changing(state).payment_method or server(state).payment_method


def answer_payment(state: WizardState, choice_id: str) -> WizardState:
    """Return the state with that way to pay."""
    return replace(state, changing=replace(changing(state), payment_method=choice_id, quote=None))
