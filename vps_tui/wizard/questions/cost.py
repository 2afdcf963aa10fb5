"""Question: is this what it may cost; every line can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.steps import OF_A_SERVER, Step
from vps_tui.services.session import Terms
from vps_tui.wizard import summary
from vps_tui.wizard.questions.choices import Choice
from vps_tui.wizard.state import WizardState

HELP = "Now is the first invoice, Then each renewal until you cancel."
KEPT = "you come back here with everything else kept."
WAITING_FOR = "payment methods and account credit"
SERVER = "server "
"""Begins the ids of the servers' lines where there are several; the index follows."""
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
    """Yield everything that makes up the order, each with the step that changes it, or its server, as its id."""
    lines = [Choice(line.step, (line.label, line.value, line.amount)) for line in summary.lines(state)]
    if state.several:
        shared = (Step.NAME,) if state.shares_name else ()
        yield from (line for line in lines if line.id not in OF_A_SERVER or line.id in shared)
        for index in range(len(state.draft.servers)):
            yield Choice(f"{SERVER}{index}", summary.server_row(state, index))
        yield Choice(Step.SERVERS, ("Servers", f"{len(state.draft.servers)}: add, copy or take away", ""))
    else:
        yield from lines
    yield Choice(Step.BILLING_CYCLE, ("Billing cycle", state.draft.billing_cycle.value, ""))
    yield Choice(Step.PAYMENT_METHOD, ("Payment", summary.payment_method(state), ""))
    balance = state.terms.account.balance if state.terms else None
    if balance is not None and state.info is not None and state.info.has_credit:
        use = "pays first" if state.draft.apply_credit else "not used"
        yield Choice(CREDIT, ("Account credit", f"{use} ({balance} there)", ""))
    if not state.several:
        yield Choice(Step.SERVERS, ("More servers", "none; add some to this order", ""))


def came_from(state: WizardState) -> str:
    """Return the id of the line that one comes back from; the plan's, or the first server's, for none."""
    step = state.position.after
    if state.several and (step is None or step in OF_A_SERVER) and not (step is Step.NAME and state.shares_name):
        return f"{SERVER}{state.at if step else 0}"
    return step or Step.PLAN


def server_of(choice_id: str) -> int | None:
    """Return the index of the server whose line was chosen, None for another line."""
    return int(choice_id.removeprefix(SERVER)) if choice_id.startswith(SERVER) else None


def with_other_credit(state: WizardState) -> WizardState:
    """Return the state with account credit used where it was not, and the other way round."""
    return replace(state, draft=replace(state.draft, apply_credit=not state.draft.apply_credit))


def problem(state: WizardState) -> str:
    """Return why the order cannot be confirmed although nothing is missing; empty when it can."""
    return "" if state.draft.payment_method else "There is no payment method to order with."
