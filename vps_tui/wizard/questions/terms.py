"""Questions: how often and by what a server is paid for, when ordered and from a change on, and when it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.server_change import CancelWhen
from vps_tui.core.text import day
from vps_tui.wizard.questions.choices import Choice, Column, ListQuestion
from vps_tui.wizard.questions.owned_servers import changing, server, with_change
from vps_tui.wizard.state import WizardState

NOW = "as now"
_PAID_AHEAD = "The whole sum of a cycle is paid ahead."


def _with_cycle(state: WizardState, choice_id: str) -> WizardState:
    return replace(state, draft=replace(state.draft, billing_cycle=BillingCycle(choice_id)))


def _cycle_row(state: WizardState, cycle: BillingCycle) -> Choice:
    quote = _with_cycle(state, cycle.value).quote()
    sums = (quote.recurring, quote.per_month) if quote else (None, None)
    each, month = (amount.words(estimate=quote.estimated) if quote and amount else "not known" for amount in sums)
    return Choice(cycle.value, (cycle.value, each, month))


BILLING_CYCLE = ListQuestion(
    word="Billing cycle",
    heading=("How often do you want to pay?", _PAID_AHEAD),
    help="A longer cycle is paid ahead in one sum and may be cheaper per month. What is paid ahead is not refunded.",
    columns=(
        Column("BILLING CYCLE", flexible=True),
        Column("PAID EACH TIME", right=True, spoken="paid each time"),
        Column("IS PER MONTH", right=True, spoken="per month"),
    ),
    rows=lambda state: [_cycle_row(state, cycle) for cycle in (state.terms.billing_cycles if state.terms else ())],
    chosen=lambda state: state.draft.billing_cycle,
    answer=_with_cycle,
    rows_priced=True,
)


def _method_rows(state: WizardState) -> list[Choice]:
    methods = state.terms.payment_methods if state.terms else ()
    return [Choice(method.id, (method.name, method.detail)) for method in methods]


PAYMENT_METHOD = ListQuestion(
    word="Payment method",
    heading=("How do you want to pay?", "Used for the first invoice and all renewals."),
    help="The method is used for the first invoice and for all renewals. It can be changed later with the provider.",
    columns=(Column("PAYMENT METHOD"), Column("", flexible=True)),
    rows=_method_rows,
    chosen=lambda state: state.draft.payment_method,
    answer=lambda state, choice_id: replace(state, draft=replace(state.draft, payment_method=choice_id)),
)


def _new_cycle_heading(state: WizardState) -> tuple[str, str]:
    name = changing(state).plan_name or f"plan {changing(state).plan}"
    return f"How often do you want to pay for {name}?", _PAID_AHEAD


def _new_cycle_rows(state: WizardState) -> list[Choice]:
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


NEW_CYCLE = ListQuestion(
    word="Billing cycle",
    heading=_new_cycle_heading,
    help="The present billing cycle stays unless you choose another. A longer one is paid ahead in one sum; what is "
    "paid ahead is not refunded.",
    columns=(
        Column("BILLING CYCLE"),
        Column("LIST PRICE", right=True, spoken="list price"),
        Column("", flexible=True),
    ),
    rows=_new_cycle_rows,
    chosen=lambda state: changing(state).billing_cycle or server(state).billing_cycle or "",
    answer=lambda state, choice_id: with_change(state, billing_cycle=BillingCycle(choice_id)),
    priced=False,
)


def _new_payment_rows(state: WizardState) -> list[Choice]:
    found, now = changing(state).offered, server(state).payment_method
    methods = zip(found.payment_methods, found.payment_names, strict=True) if found is not None else ()
    return [Choice(method, (name, NOW if method == now else "")) for method, name in methods]


NEW_PAYMENT = ListQuestion(
    word="Payment method",
    heading=lambda state: (f"How is {server(state).display_name} paid for from now on?", ""),
    help="How the invoice of the change and all later ones are paid. The present way stays unless you choose "
    "another.",
    columns=(Column("PAYMENT METHOD"), Column("", flexible=True)),
    rows=_new_payment_rows,
    chosen=lambda state: changing(state).payment_method or server(state).payment_method,
    answer=lambda state, choice_id: with_change(state, payment_method=choice_id),
    priced=False,
)


def _end_rows(state: WizardState) -> list[Choice]:
    """Return the ways that the provider has, the one that loses less first."""
    found = changing(state).offered
    offered = found.cancel if found is not None else ()
    ways = (CancelWhen.AT_END_OF_PERIOD, CancelWhen.IMMEDIATELY)
    return [_end_row(state, when) for when in ways if when in offered]


def _end_row(state: WizardState, when: CancelWhen) -> Choice:
    if when is CancelWhen.IMMEDIATELY:
        now = datetime.now(UTC)
        today, _ = state.info.today(now) if state.info is not None else (now.date(), False)
        return Choice(when, ("At once", f"today, {day(today)}"))
    end = server(state).next_due
    return Choice(when, ("At the end of the paid period", day(end) if end else "the provider does not tell when"))


CANCEL_WHEN = ListQuestion(
    word="When",
    heading=lambda state: (
        f"When should {server(state).display_name} end?",
        "What is lost, and when, is said next.",
    ),
    help="At the end of the paid period you use up what is paid for; at once the server stops now, and what is paid "
    "is not given back. What is lost, and when, is said next. This program cannot take a cancellation back.",
    columns=(Column("WHEN"), Column("LAST DAY", flexible=True)),
    rows=_end_rows,
    chosen=lambda state: changing(state).when or "",
    answer=lambda state, choice_id: with_change(state, when=CancelWhen(choice_id)),
    priced=False,
)
