"""What a change can come to, one that is not known at the next start, and what never makes one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual import events
from textual.pilot import Pilot

from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.journal import State
from vps_tui.tui.screens.modals import SettleScreen
from vps_tui.tui.screens.paid_step import TypedWordField

from .change_walk import change_calls, changed, confirm, kind_of, push, to_cost
from .driver import (
    AT_ONCE,
    arrive,
    button,
    drain,
    ended,
    fresh_folder,
    journal_of,
    press,
    requests_to,
    said,
    sandbox_of,
    settled,
    type_text,
    wait_until,
    wizard,
    wizard_of,
)

OUTCOMES = {
    "the reply is lost": ("add-on", "reply-lost", OutcomeKind.UNKNOWN, "not known whether this was added", 4),
    "refused": ("cancel", "http-422", OutcomeKind.REFUSED, "Not cancelled: the provider declined", 1),
}


@pytest.mark.parametrize(("action", "fault", "kind", "headline", "code"), OUTCOMES.values(), ids=OUTCOMES)
async def test_each_outcome_in_the_changes_own_words(
    action: str, fault: str, kind: OutcomeKind, headline: str, code: int
) -> None:
    async with wizard((fault,)) as pilot:
        await to_cost(pilot, action)
        await confirm(pilot, action)
        assert kind_of(pilot) is kind
        assert headline in said(pilot.app)
        assert (
            "order"
            not in " ".join(wizard_of(pilot).flow.last_words()).replace("vps-tui --sandbox orders", "").casefold()
        )
        assert len(change_calls(pilot.app)) == 1
        assert len(changed(pilot)) == (1 if fault == "reply-lost" else 0)
        await press(pilot, "f2", "f5")
        assert settled(pilot.app) is Step.CHANGE_RECEIPT, "A change is no order to save, and not listed from here."
        assert not pilot.app.screen.query("#save, #earlier")
        await push(pilot, "back")
        assert await ended(pilot) == code


async def test_a_price_that_moves_before_the_call_stops_it_and_shows_the_new_one() -> None:
    async with wizard(("price-moved:order/switch/total",)) as pilot:
        await to_cost(pilot, "switch")
        first = said(pilot.app)
        await confirm(pilot, "switch")
        assert kind_of(pilot) is OutcomeKind.NOT_SENT
        assert "The price has changed" in said(pilot.app)
        assert change_calls(pilot.app) == []
        assert button(pilot, "continue").label == "Back to the price"
        await press(pilot, "enter", to=Step.CHANGE_COST)
        assert said(pilot.app) != first
        await confirm(pilot, "switch")
        assert len(changed(pilot)) == 1


@pytest.mark.parametrize("name", ["upgrade", "cancel"])
async def test_a_server_that_has_changed_leads_to_the_list_and_can_be_changed_from_there(name: str) -> None:
    async with wizard() as pilot:
        await to_cost(pilot, name)
        with sandbox_of(pilot.app).ledger._transaction() as db:
            db.execute("UPDATE services SET price = '5.55' WHERE service_id = 312845")
        await confirm(pilot, name)
        assert "What the server costs has changed since you confirmed." in said(pilot.app)
        assert (kind_of(pilot), change_calls(pilot.app)) == (OutcomeKind.NOT_SENT, [])
        assert button(pilot, "continue").label == "Your servers"
        await press(pilot, "enter", to=Step.OWNED)
        await wait_until(pilot, lambda: "5.55 EUR" in said(pilot.app))
        chosen = wizard_of(pilot).flow.state.changing
        assert chosen is not None
        assert (chosen.offered, chosen.quote) == (None, None)


async def test_a_lost_reply_to_an_upgrade_is_found_by_reading() -> None:
    async with wizard(("reply-lost:add/upgrade",)) as pilot:
        await to_cost(pilot, "upgrade")
        await press(pilot, "enter", to=Step.CHANGE_CONFIRM)
        await type_text(pilot, "yes\n")
        await wait_until(pilot, lambda: kind_of(pilot) is OutcomeKind.PLACED and settled(pilot.app) is not None)
        assert "Its answer was lost, but: The server's plan is KVM ADVANCED PLUS now." in said(pilot.app)
        (entry,) = journal_of(pilot).entries()
        assert (entry.state, entry.settled_by) == (State.PLACED, "reading")


async def test_an_unknown_change_opens_the_next_start_and_is_settled_by_hand() -> None:
    folder = fresh_folder()
    async with wizard(("reply-lost",), folder=folder, keep=True) as pilot:
        await to_cost(pilot, "cancel later")
        await confirm(pilot, "cancel later")
    async with wizard(folder=folder, keep=True, opens=Step.CHANGE_RECEIPT) as pilot:
        assert "It is not known whether this was cancelled" in said(pilot.app)
        await wait_until(pilot, lambda: "settle it by hand" in said(pilot.app))
        assert change_calls(pilot.app) == []
        await push(pilot, "settle")
        assert isinstance(pilot.app.screen, SettleScreen)
        assert "whether the cancellation of" in said(pilot.app)
        assert button(pilot, "there").label == "It was made"
        await push(pilot, "absent")
        await wait_until(pilot, lambda: kind_of(pilot) is OutcomeKind.REFUSED and settled(pilot.app) is not None)
        (entry,) = journal_of(pilot).entries()
        assert (entry.state, entry.settled_by) == (State.REFUSED, "hand")
        assert button(pilot, "continue").label == "Your servers"
        await push(pilot, "back")
        assert await ended(pilot) == 1


async def test_an_unknown_change_can_be_left_for_something_else_and_is_named_at_the_end() -> None:
    folder = fresh_folder()
    async with wizard(("reset",), folder=folder, keep=True) as pilot:
        await to_cost(pilot, "add-on")
        await confirm(pilot, "add-on")
        (entry,) = journal_of(pilot).entries()
        await push(pilot, "fresh")
        await arrive(pilot, Step.PROVIDER)
        await press(pilot, "ctrl+q")
        assert await ended(pilot) == 4
        assert f"It is still not known what became of {entry.reference}" in wizard_of(pilot).flow.last_words()[0]


async def held(pilot: Pilot[int], word: str) -> None:
    await type_text(pilot, "\n" * 20, apart=0.03)


async def pasted(pilot: Pilot[int], word: str) -> None:
    pilot.app.screen.query_one(TypedWordField).post_message(events.Paste(f"{word}\n"))
    await drain(pilot)
    await press(pilot, "enter")


async def pasted_unmarked(pilot: Pilot[int], word: str) -> None:
    await type_text(pilot, f"{word}\n", apart=AT_ONCE)


SLIPS: dict[str, Callable[[Pilot[int], str], Awaitable[None]]] = {
    "enter held": held,
    "a paste": pasted,
    "a paste without brackets": pasted_unmarked,
}


@pytest.mark.parametrize("slip", SLIPS)
async def test_nothing_but_fingers_changes_anything(slip: str) -> None:
    """From the list on, and with the right word in the paste."""
    async with wizard() as pilot:
        await to_cost(pilot, "cancel")
        await press(pilot, "enter", to=Step.CHANGE_CONFIRM)
        await SLIPS[slip](pilot, "312845")
        await drain(pilot)
        assert not wizard_of(pilot).ordering
        assert settled(pilot.app) is Step.CHANGE_CONFIRM
        assert change_calls(pilot.app) == []
        assert journal_of(pilot).entries() == ()


async def test_while_a_change_is_under_way_nothing_else_happens() -> None:
    async with wizard(("slow-1.0:cancel/product",)) as pilot:
        await to_cost(pilot, "cancel")
        await press(pilot, "enter", to=Step.CHANGE_CONFIRM)
        await type_text(pilot, "312845\n")
        await wait_until(pilot, lambda: len(change_calls(pilot.app)) == 1)
        confirming = wizard_of(pilot).screen
        assert wizard_of(pilot).ordering
        assert "Sending the cancellation." in said(pilot.app)
        await type_text(pilot, "312845\n\n", apart=AT_ONCE)
        for key in ("ctrl+q", "ctrl+c", "escape", "f6", "enter"):
            await press(pilot, key)
            assert wizard_of(pilot).ordering
            assert wizard_of(pilot).screen is confirming
        await arrive(pilot, Step.CHANGE_RECEIPT)
        assert wizard_of(pilot).is_running
        assert len(change_calls(pilot.app)) == len(requests_to(pilot.app, "cancel/product")) == 1
