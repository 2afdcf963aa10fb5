"""Question: is this what an order or a change may cost, or what a cancellation may lose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from vps_tui.core import change_words
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.server_change import ChangeKind, ChangeQuote
from vps_tui.core.steps import OF_A_SERVER, ChangeAction, Step
from vps_tui.services.session import Terms
from vps_tui.wizard import summary
from vps_tui.wizard.questions.choices import Choice
from vps_tui.wizard.questions.owned_servers import changing, server
from vps_tui.wizard.state import WizardState

HELP = "Now is the first invoice, Then each renewal until you cancel."
KEPT = "you come back here with everything else kept."
SERVER = "server "
"""Begins the ids of the servers' lines where there are several; the index follows."""
CREDIT = "credit"
"""The choice that is changed at once instead of in a step of its own."""
_CHANGE_HELP = (
    "Now is what the change itself costs: asked of the provider where its API tells it, else reckoned here and "
    "marked with about. For are the days that this pays for, Then is each renewal from then on. It is asked for "
    "once more before the change is made, and nothing is changed if anything has moved."
)
_CANCEL_HELP = "Nothing is charged for a cancellation. Read what is lost and when: this program cannot take it back."


def heading(state: WizardState) -> tuple[str, str]:
    """Return the title."""
    if state.changing is None:
        return f"What it costs at {state.info.name if state.info else ''}", ""
    name = server(state).display_name
    if _cancels(state):
        return f"What cancelling {name} means", ""
    kind = state.changing.change.kind
    title = "What the add-ons cost" if kind is ChangeKind.ADD_ON else f"What the {kind.noun} costs"
    return f"{title} for {name}", ""


def help_text(state: WizardState) -> str:
    """Return what helps to read it."""
    if state.changing is None:
        return HELP
    return _CANCEL_HELP if _cancels(state) else _CHANGE_HELP


def waiting_for(state: WizardState) -> str:
    """Return what is being asked for."""
    if state.changing is None:
        return "payment methods and account credit"
    return "what the cancellation means" if _cancels(state) else "the price of the change"


def money(state: WizardState, now: datetime) -> list[tuple[str, str]]:
    """Return what is paid now and from then on; of a change also for which days."""
    if state.changing is None:
        return summary.money_pairs(state, now)
    quote = state.changing.quote
    return change_words.money_lines(quote) if quote is not None and not problem(state) else []


def notes(state: WizardState) -> list[str]:
    """Return what has to be known about price and consequences."""
    if state.changing is None:
        return summary.notes(state)
    return list(state.changing.quote.notes) if state.changing.quote is not None else []


def problem(state: WizardState) -> str:
    """Return why it cannot be confirmed although nothing is missing; empty when it can."""
    if state.changing is None:
        return "" if state.draft.payment_method else "There is no payment method to order with."
    quote, name = state.changing.quote, state.info.name if state.info else "The provider"
    if quote is not None and quote.inapplicable:
        return f"{name} says that the server cannot have this: {', '.join(quote.inapplicable)}. Nothing was changed."
    if quote is not None and not quote.available:
        return f"{name} says that this change is not available. Nothing was changed."
    return ""


def with_terms(state: WizardState, terms: Terms) -> WizardState:
    """Return the state of an order with `terms` and the usual answers to what was not asked."""
    draft = state.draft
    if draft.payment_method not in {method.id for method in terms.payment_methods}:
        draft = replace(draft, payment_method=terms.payment_methods[0].id if terms.payment_methods else "")
    if draft.billing_cycle not in terms.billing_cycles:
        draft = replace(draft, billing_cycle=next(iter(terms.billing_cycles), BillingCycle.MONTHLY))
    return replace(state, draft=draft, terms=terms)


def with_quote(state: WizardState, quote: ChangeQuote) -> WizardState:
    """Return the state of a change with what the provider says now."""
    return replace(state, changing=replace(changing(state), quote=quote))


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
    """Return the id of the line that the step before belongs to; the plan's, or the first server's, for none."""
    step = state.position.after
    if state.several and (step is None or step in OF_A_SERVER) and not (step is Step.NAME and state.shares_name):
        return f"{SERVER}{state.server_index if step else 0}"
    return step or Step.PLAN


def server_of(choice_id: str) -> int | None:
    """Return the index of the server whose line was chosen, None for another line."""
    return int(choice_id.removeprefix(SERVER)) if choice_id.startswith(SERVER) else None


def with_other_credit(state: WizardState) -> WizardState:
    """Return the state with account credit used where it was not, and the other way round."""
    return replace(state, draft=replace(state.draft, apply_credit=not state.draft.apply_credit))


def describe(state: WizardState) -> list[tuple[str, str]]:
    """Return what is changed; add-ons by their titles."""
    offered = changing(state).offered
    titles = {one.id: one.title for one in offered.resources} if offered is not None else {}
    found = []
    for label, value in change_words.describe_change(changing(state).change):
        name, _, count = value.rpartition(" +")
        title = titles.get(name) if label == "Add" else None
        found.append((label, f"{title} ({name}) +{count}" if title else value))
    return found


def _cancels(state: WizardState) -> bool:
    return changing(state).action is ChangeAction.CANCEL
