"""Step repeat: what was ordered already is ordered again only by somebody who says so in a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.journal import FILE_NAME, State
from vps_tui.tui.screens.paid_step import TypedWordField

from .driver import (
    AT_ONCE,
    arrive,
    button,
    choose,
    drain,
    fresh_folder,
    journal_of,
    paid_calls,
    press,
    said,
    settled,
    type_text,
    wait_until,
    wizard,
    wizard_of,
    words,
)
from .shortcut import EDIS, at_cost, written

HOURS_AGO = timedelta(hours=3)


@pytest.fixture
def folder() -> Path:
    """A state folder."""
    return fresh_folder()


async def order(pilot: Pilot[int]) -> OutcomeKind:
    """Order from the confirmation; returns what came of it."""
    await type_text(pilot, "yes\n")
    await arrive(pilot, Step.RECEIPT)
    outcome = wizard_of(pilot).state.outcome
    assert outcome is not None
    return outcome.kind


async def pass_unknown(pilot: Pilot[int]) -> None:
    """Leave the unknown order that the wizard opens with as it is."""
    button(pilot, "fresh").focus()
    await press(pilot, "enter", to=Step.PROVIDER)


async def test_a_placed_order_is_named_and_both_words_are_needed_to_repeat_it(folder: Path) -> None:
    first = written(folder, State.PLACED, ago=HOURS_AGO)
    async with wizard(folder=folder) as pilot:
        await at_cost(pilot)
        await press(pilot, "enter", to=Step.REPEAT)
        assert "You have ordered this already" in said(pilot.app)
        assert first.reference in said(pilot.app)
        await type_text(pilot, "again\n")
        await arrive(pilot, Step.CONFIRM)
        assert paid_calls(pilot.app) == [], "The first word orders nothing."
        assert await order(pilot) is OutcomeKind.PLACED
        assert len(paid_calls(pilot.app)) == 1
        second = journal_of(pilot).entries()[0]
        assert (second.state, second.again) == (State.PLACED, first.reference)


async def test_nothing_but_its_own_word_goes_on(folder: Path) -> None:
    written(folder, State.PLACED, ago=HOURS_AGO)
    async with wizard(folder=folder) as pilot:
        await at_cost(pilot)
        await press(pilot, "enter", to=Step.REPEAT)
        await type_text(pilot, "yes\n")
        assert settled(pilot.app) is Step.REPEAT
        assert "Type the word again" in words(pilot, "#complaint")
        assert paid_calls(pilot.app) == []


async def test_a_paste_is_not_the_word(folder: Path) -> None:
    written(folder, State.PLACED, ago=HOURS_AGO)
    async with wizard(folder=folder) as pilot:
        await at_cost(pilot)
        await press(pilot, "enter", to=Step.REPEAT)
        await type_text(pilot, "again\n", apart=AT_ONCE)
        assert settled(pilot.app) is Step.REPEAT
        assert "as fast as a paste" in words(pilot, "#complaint")
        assert paid_calls(pilot.app) == []


async def test_an_unknown_order_is_a_warning(folder: Path) -> None:
    first = written(folder, State.UNKNOWN, ago=timedelta(days=9))
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        await pass_unknown(pilot)
        await at_cost(pilot)
        await press(pilot, "enter", to=Step.REPEAT)
        assert "This may be ordered already" in said(pilot.app)
        assert f"It is not known whether order {first.reference}" in said(pilot.app)
        assert "start again" in said(pilot.app)
        await type_text(pilot, "again\n")
        await arrive(pilot, Step.CONFIRM)
        assert await order(pilot) is OutcomeKind.PLACED
        assert journal_of(pilot).entry(first.reference).state is State.UNKNOWN


async def test_an_order_that_is_being_sent_at_this_moment_cannot_be_repeated(folder: Path) -> None:
    first = written(folder, State.SENDING)
    async with wizard(folder=folder) as pilot:
        await at_cost(pilot)
        await press(pilot, "enter")
        await wait_until(pilot, lambda: wizard_of(pilot).state.step is Step.REPEAT)
        await drain(pilot)
        assert f"Order {first.reference} (web1): being sent since " in said(pilot.app)
        assert not pilot.app.screen.query(TypedWordField)
        await type_text(pilot, "again\n")
        button(pilot, "continue").focus()
        await press(pilot, "enter")
        assert "Nothing can be ordered beside it" in words(pilot, "#complaint")
        assert wizard_of(pilot).state.step is Step.REPEAT
        await press(pilot, "escape", to=Step.COST)
        assert paid_calls(pilot.app) == []


async def test_back_leads_to_the_cost_and_another_name_asks_nothing(folder: Path) -> None:
    written(folder, State.PLACED, ago=HOURS_AGO)
    async with wizard(folder=folder) as pilot:
        await at_cost(pilot)
        await press(pilot, "enter", to=Step.REPEAT)
        await press(pilot, "escape", to=Step.COST)
        await choose(pilot, Step.NAME, to=Step.NAME)
        await type_text(pilot, "2")
        await press(pilot, "enter", to=Step.COST)
        await press(pilot, "enter", to=Step.CONFIRM)
        await press(pilot, "escape", to=Step.COST)
        assert paid_calls(pilot.app) == []


async def test_the_word_is_asked_for_again_after_going_back_from_the_confirmation(folder: Path) -> None:
    written(folder, State.PLACED, ago=HOURS_AGO)
    async with wizard(folder=folder) as pilot:
        await at_cost(pilot)
        await press(pilot, "enter", to=Step.REPEAT)
        await type_text(pilot, "again\n")
        await arrive(pilot, Step.CONFIRM)
        await press(pilot, "escape", to=Step.REPEAT)
        assert pilot.app.screen.query_one(TypedWordField).value == ""
        await press(pilot, "enter")
        assert settled(pilot.app) is Step.REPEAT


@pytest.mark.parametrize(
    ("state", "ago"),
    [(State.PLACED, timedelta(days=2)), (State.REFUSED, HOURS_AGO), (State.NOT_SENT, HOURS_AGO)],
)
async def test_what_is_long_ago_or_was_not_ordered_is_in_nobodys_way(
    folder: Path, state: State, ago: timedelta
) -> None:
    written(folder, state, ago=ago)
    async with wizard(folder=folder) as pilot:
        await at_cost(pilot)
        await press(pilot, "enter", to=Step.CONFIRM)


async def test_another_plan_or_account_is_in_nobodys_way(folder: Path) -> None:
    written(folder, State.PLACED, replace(EDIS, servers=(replace(EDIS.server, plan="1712"),)), ago=HOURS_AGO)
    written(folder, State.PLACED, account="other@example.org", ago=HOURS_AGO)
    async with wizard(folder=folder) as pilot:
        await at_cost(pilot)
        await press(pilot, "enter", to=Step.CONFIRM)


async def test_what_another_process_orders_after_the_cost_was_accepted_stops_the_order(folder: Path) -> None:
    async with wizard(folder=folder) as pilot:
        await at_cost(pilot)
        await press(pilot, "enter", to=Step.CONFIRM)
        other = written(folder, State.PLACED)
        assert await order(pilot) is OutcomeKind.NOT_SENT
        assert other.reference in said(pilot.app)
        assert paid_calls(pilot.app) == []
        await press(pilot, "enter", to=Step.COST)
        await press(pilot, "enter", to=Step.REPEAT)


async def test_without_a_record_nothing_is_ordered(folder: Path) -> None:
    async with wizard(folder=folder) as pilot:
        await at_cost(pilot)
        await press(pilot, "enter", to=Step.CONFIRM)
        (folder / FILE_NAME).write_bytes(b"no database" * 400)
        assert await order(pilot) is OutcomeKind.NOT_SENT
        assert "No record can be kept" in said(pilot.app)
        assert "the file is damaged" in said(pilot.app)
        assert paid_calls(pilot.app) == []


async def test_a_record_that_cannot_be_read_is_told_of_on_the_cost(folder: Path) -> None:
    async with wizard(folder=folder) as pilot:
        await at_cost(pilot)
        (folder / FILE_NAME).write_bytes(b"no database" * 400)
        await press(pilot, "enter")
        await wait_until(pilot, lambda: "No record can be kept" in words(pilot, "#complaint"))
        assert settled(pilot.app) is Step.COST
