"""Step receipt: each outcome in words, what to do next, and the exit code that a script sees."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.journal import State

from .driver import (
    arrive,
    button,
    choose,
    journal_of,
    paid_calls,
    press,
    requests_to,
    said,
    sandbox_of,
    screen_text,
    type_text,
    wait_until,
    wizard,
    wizard_of,
)
from .shortcut import at_confirmation

LISTED, LOOK, CHANGE = "What is listed?", "Look now", "Change and order again"
UNREAD = "http-500:get/services"
"""Keeps the list of servers from saying what became of an order."""
OUTCOMES = {
    "unpaid": ("insufficient-credit", OutcomeKind.PLACED, ("Ordered", "NOT paid yet"), LISTED, 0),
    "refused": (
        "http-422:add/order",
        OutcomeKind.REFUSED,
        ("Not ordered: the provider declined", "Nothing was bought."),
        CHANGE,
        1,
    ),
    "lost": (f"reply-lost {UNREAD}", OutcomeKind.UNKNOWN, ("It is not known", "do not order it again"), LOOK, 4),
}
"""The faults, and what the receipt says, offers and exits with."""


async def order(pilot: Pilot[int]) -> None:
    """Order from the confirmation and wait for the receipt."""
    await type_text(pilot, "yes\n")
    await arrive(pilot, Step.RECEIPT)


def outcome_of(pilot: Pilot[int]) -> OutcomeKind:
    outcome = wizard_of(pilot).state.outcome
    assert outcome is not None
    return outcome.kind


async def check_exit(pilot: Pilot[int], code: int) -> None:
    """Leave the receipt and check what a script sees."""
    await press(pilot, "ctrl+q")
    await wait_until(pilot, lambda: wizard_of(pilot).return_value is not None)
    assert wizard_of(pilot).return_value == code


@pytest.mark.parametrize(("faults", "kind", "parts", "second", "code"), OUTCOMES.values(), ids=OUTCOMES)
async def test_each_outcome_has_its_words_its_way_on_and_its_exit_code(
    faults: str, kind: OutcomeKind, parts: tuple[str, str], second: str, code: int
) -> None:
    async with wizard(faults.split()) as pilot:
        await at_confirmation(pilot)
        await order(pilot)
        assert outcome_of(pilot) is kind
        text = said(pilot.app)
        assert all(part in text for part in parts), text
        assert "web1" in text
        assert button(pilot, "continue").label == second
        assert pilot.app.focused is button(pilot, "back" if kind is OutcomeKind.PLACED else "continue")
        await check_exit(pilot, code)
        assert len(paid_calls(pilot.app)) == (0 if kind is OutcomeKind.NOT_SENT else 1)


async def test_a_provider_that_cannot_be_reached_is_not_ordered_from() -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        sandbox_of(pilot.app).close()
        await order(pilot)
        assert outcome_of(pilot) is OutcomeKind.NOT_SENT
        assert "nothing was sent" in screen_text(pilot.app)
        assert paid_calls(pilot.app) == []
        await check_exit(pilot, 1)


async def test_the_ids_are_those_that_the_provider_gave() -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await order(pilot)
        (placed,) = sandbox_of(pilot.app).ledger.orders()
        (service,) = placed.service_ids
        text = said(pilot.app)
        assert f"Order {placed.order_id} Invoice {placed.invoice_id} Service {service}" in text
        last = wizard_of(pilot).flow.last_words()[0]
        assert f"order {placed.order_id}" in last
        assert "sandbox: nothing was bought" in last


async def test_after_a_lost_reply_the_list_of_the_provider_tells_and_nothing_is_sent_again() -> None:
    async with wizard(["reply-lost"]) as pilot:
        await at_confirmation(pilot)
        await order(pilot)
        await wait_until(pilot, lambda: outcome_of(pilot) is OutcomeKind.PLACED)
        await arrive(pilot, Step.RECEIPT)
        (bought,) = sandbox_of(pilot.app).ledger.orders()
        assert "it was found in the list of servers" in said(pilot.app)
        assert f"Service {bought.service_ids[0]}" in said(pilot.app)
        (entry,) = journal_of(pilot).entries()
        assert (entry.state, entry.settled_by) == (State.PLACED, "reading")
        await check_exit(pilot, 0)
        assert len(paid_calls(pilot.app)) == 1


async def test_an_order_that_never_arrived_is_not_listed_and_stays_unknown() -> None:
    async with wizard(["reset"]) as pilot:
        await at_confirmation(pilot)
        await order(pilot)
        await wait_until(pilot, lambda: "Not listed yet" in said(pilot.app))
        before = len(requests_to(pilot.app, "get/services"))
        await press(pilot, "enter")
        await wait_until(pilot, lambda: len(requests_to(pilot.app, "get/services")) > before)
        assert outcome_of(pilot) is OutcomeKind.UNKNOWN
        assert journal_of(pilot).entries()[0].unsettled
        await check_exit(pilot, 4)
        assert len(paid_calls(pilot.app)) == 1


async def test_a_list_that_cannot_be_read_says_why_and_can_be_asked_for_again() -> None:
    async with wizard(["reset"]) as pilot:
        await at_confirmation(pilot)
        await order(pilot)
        sandbox_of(pilot.app).set_faults(["http-403:get/services"])
        await press(pilot, "enter")
        await wait_until(pilot, lambda: "Forbidden" in said(pilot.app))
        assert "Nothing was ordered" not in said(pilot.app), "Nobody knows that here."
        assert "It is still not known whether it was ordered." in said(pilot.app)
        sandbox_of(pilot.app).set_faults([])
        await press(pilot, "enter")
        await wait_until(pilot, lambda: "Not listed yet" in said(pilot.app))


async def test_what_is_listed_can_be_looked_at_after_an_order() -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await order(pilot)
        await press(pilot, "right", "enter")
        await wait_until(pilot, lambda: "EDIS Global lists:" in said(pilot.app))
        (bought,) = sandbox_of(pilot.app).ledger.orders()
        assert str(bought.service_ids[0]) in said(pilot.app).partition("lists:")[2]
        assert len(paid_calls(pilot.app)) == 1


async def test_change_and_order_again_keeps_every_answer() -> None:
    async with wizard(["http-422:add/order"]) as pilot:
        await at_confirmation(pilot)
        await order(pilot)
        assert outcome_of(pilot) is OutcomeKind.REFUSED
        refused = wizard_of(pilot).state
        assert (len(paid_calls(pilot.app)), button(pilot, "continue").label) == (1, CHANGE)
        await press(pilot, "enter", to=Step.COST)
        state = wizard_of(pilot).state
        assert (state.draft, state.root_passwords) == (refused.draft, refused.root_passwords)
        assert state.outcome is None
        sandbox_of(pilot.app).set_faults([])
        await choose(pilot, Step.NAME, to=Step.NAME)
        await type_text(pilot, "web2")
        await press(pilot, "enter", to=Step.COST)
        await press(pilot, "enter", to=Step.CONFIRM)
        await order(pilot)
        assert outcome_of(pilot) is OutcomeKind.PLACED
        assert len(paid_calls(pilot.app)) == 2
        assert b"web2" in paid_calls(pilot.app)[1].body


async def test_leaving_after_changing_ones_mind_about_a_refused_order_is_a_cancellation() -> None:
    async with wizard(["http-422:add/order"]) as pilot:
        await at_confirmation(pilot)
        await order(pilot)
        await press(pilot, "enter", to=Step.COST)
        await press(pilot, "ctrl+q", "ctrl+q")
        await wait_until(pilot, lambda: wizard_of(pilot).return_value is not None)
        assert wizard_of(pilot).return_value == 3


async def test_escape_on_the_receipt_leaves() -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await order(pilot)
        await press(pilot, "escape")
        await wait_until(pilot, lambda: wizard_of(pilot).return_value is not None)
        assert wizard_of(pilot).return_value == 0
