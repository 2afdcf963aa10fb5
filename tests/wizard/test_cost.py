"""The cost of an order and of a change: its lines, the usual answers, and what lets nobody go on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.draft import ServerDraft
from vps_tui.core.server_change import ChangeKind, ChangeQuote
from vps_tui.core.steps import Position, Step
from vps_tui.wizard.questions import cost
from vps_tui.wizard.state import WizardState

from .paid_states import NOW, ORDER, SERVER, STACK_ORDER, changed, money

UPGRADE, CANCEL = changed(ChangeKind.UPGRADE), changed(ChangeKind.CANCEL)
NAME = SERVER.display_name
SEVERAL = replace(ORDER, draft=replace(ORDER.draft, servers=(*ORDER.draft.servers, ServerDraft("web2"))))


def ids(state: WizardState) -> list[str]:
    return [choice.id for choice in cost.choices(state)]


def quoted(state: WizardState, quote: ChangeQuote) -> WizardState:
    return cost.with_quote(state, quote)


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (ORDER, "What it costs at EDIS Global"),
        (UPGRADE, f"What the upgrade costs for {NAME}"),
        (changed(ChangeKind.SWITCH), f"What the plan switch costs for {NAME}"),
        (changed(ChangeKind.ADD_ON), f"What the add-ons cost for {NAME}"),
        (CANCEL, f"What cancelling {NAME} means"),
    ],
)
def test_it_says_what_costs_or_what_it_means(state: WizardState, title: str) -> None:
    assert cost.heading(state) == (title, "")


def test_each_has_its_own_help_and_is_waited_for_by_its_name() -> None:
    states = (ORDER, UPGRADE, CANCEL)
    assert len({cost.help_text(state) for state in states}) == 3
    assert [cost.waiting_for(state) for state in states] == [
        "payment methods and account credit",
        "the price of the change",
        "what the cancellation means",
    ]


def test_every_answer_has_a_line_that_leads_to_its_step() -> None:
    assert ids(ORDER) == [
        Step.LOCATION,
        Step.PLAN,
        Step.OS_IMAGE,
        Step.NAME,
        Step.SSH_KEY,
        Step.BILLING_CYCLE,
        Step.PAYMENT_METHOD,
        cost.CREDIT,
        Step.SERVERS,
    ]
    own = {Step.QUANTITY, Step.ROOT_PASSWORD, Step.START_UP_SCRIPT}
    assert set(ids(STACK_ORDER)) ^ set(ids(ORDER)) == own | {Step.LOCATION, cost.CREDIT}


def test_several_servers_have_a_line_each_and_what_is_one_servers_own_has_none() -> None:
    found = ids(SEVERAL)
    assert [cost.server_of(line) for line in found if cost.server_of(line) is not None] == [0, 1]
    assert Step.PLAN not in found
    assert cost.server_of(Step.PLAN) is None


def test_credit_has_a_line_only_where_the_provider_has_credit() -> None:
    assert cost.CREDIT in ids(ORDER)
    assert cost.CREDIT not in ids(STACK_ORDER)
    other = cost.with_other_credit(ORDER)
    assert other.draft.apply_credit is not ORDER.draft.apply_credit
    assert cost.with_other_credit(other) == ORDER


def test_the_line_of_the_step_before_is_highlighted() -> None:
    assert cost.came_from(ORDER) == Step.PLAN
    assert cost.came_from(replace(ORDER, position=Position(Step.COST, after=Step.NAME))) == Step.NAME
    assert cost.came_from(SEVERAL) == "server 0"
    assert (
        cost.came_from(replace(SEVERAL, server_index=1, position=Position(Step.COST, after=Step.OS_IMAGE)))
        == "server 1"
    )


def test_terms_fill_in_what_was_not_asked_and_keep_what_is_offered() -> None:
    assert ORDER.terms is not None
    assert cost.with_terms(ORDER, ORDER.terms).draft == ORDER.draft
    gone = replace(ORDER.draft, payment_method="gone", billing_cycle=BillingCycle.ANNUALLY)
    found = cost.with_terms(replace(ORDER, draft=gone), ORDER.terms)
    assert (found.draft.payment_method, found.draft.billing_cycle) == ("cryptomus", BillingCycle.MONTHLY)


def test_without_a_payment_method_nobody_goes_on() -> None:
    assert cost.problem(ORDER) == ""
    assert "no payment method" in cost.problem(replace(ORDER, draft=replace(ORDER.draft, payment_method="")))


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        (ChangeQuote(inapplicable=("vm_backup",), total=money("1.00")), "cannot have this: vm_backup"),
        (ChangeQuote(available=False, total=money("1.00")), "not available"),
    ],
)
def test_what_the_provider_would_not_do_has_no_price_and_goes_no_further(quote: ChangeQuote, said: str) -> None:
    state = quoted(UPGRADE, quote)
    assert said in cost.problem(state)
    assert "Nothing was changed." in cost.problem(state)
    assert cost.money(state, NOW) == []


def test_a_change_says_what_is_paid_now_for_which_days_and_from_then_on() -> None:
    assert cost.problem(UPGRADE) == ""
    assert dict(cost.money(UPGRADE, NOW)) == {
        "Now": "31.00 EUR",
        "For": "22 Nov 2026 to 21 Dec 2026, both included",
        "Then": "35.99 EUR per month, reckoned from the price list, at each renewal",
    }
    assert cost.notes(UPGRADE) == ["The server restarts."]
    assert UPGRADE.changing is not None
    unread = replace(UPGRADE, changing=replace(UPGRADE.changing, quote=None))
    assert (cost.money(unread, NOW), cost.notes(unread), cost.problem(unread)) == ([], [], "")
