"""Step confirm: it says what is bought, and only the word yes from fingers orders it."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic

import pytest
from textual import events
from textual.pilot import Pilot

from vps_tui.core.steps import Step
from vps_tui.tui.bursts import CALM_SECONDS
from vps_tui.tui.screens.paid_step import TypedWordField
from vps_tui.wizard.questions import paid_step

from .driver import (
    AT_ONCE,
    BY_HAND,
    arrive,
    drain,
    paid_calls,
    press,
    screen_text,
    send,
    settled,
    type_text,
    wizard,
    wizard_of,
    words,
)
from .shortcut import at_confirmation

KEY_NAMES = {"\n": "enter", "\t": "tab"}


def field(pilot: Pilot[int]) -> TypedWordField:
    return pilot.app.screen.query_one(TypedWordField)


async def paste(pilot: Pilot[int], text: str) -> None:
    """Paste as a terminal does that marks it."""
    assert pilot.app._driver is not None
    pilot.app._driver.send_message(events.Paste(text))
    await drain(pilot)


async def check_nothing_ordered(pilot: Pilot[int]) -> None:
    """Check that no order is under way or done and the question still stands."""
    await drain(pilot)
    app = wizard_of(pilot)
    assert (app.ordering, app.state.outcome) == (False, None)
    assert settled(app) is Step.CONFIRM
    assert paid_calls(app) == []


async def order_by_hand(pilot: Pilot[int]) -> None:
    """Type the word and see the one order through."""
    await type_text(pilot, "yes\n")
    await arrive(pilot, Step.RECEIPT)
    assert len(paid_calls(pilot.app)) == 1


async def test_it_shows_the_whole_confirmation_and_asks_for_the_word() -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        said = " ".join(screen_text(pilot.app).split())
        asked = paid_step.confirmation(wizard_of(pilot).state, datetime.now(UTC))
        assert {"Now", "Then", "Payment", "Plan", "Hostname"} <= dict((*asked.money, *asked.details)).keys()
        for part in (*asked.heading, *map(" ".join, asked.money), *map(" ".join, asked.details), asked.question):
            assert " ".join(part.split()) in said
        assert pilot.app.focused is field(pilot)


async def test_any_other_answer_orders_nothing_and_says_what_to_type() -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, "yess\n")
        await check_nothing_ordered(pilot)
        assert "Type the word yes" in words(pilot, "#complaint")
        assert pilot.app.focused is field(pilot)


@pytest.mark.parametrize("pasted", ["yes\n", "s"])
async def test_a_paste_is_no_answer(pasted: str) -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        if pasted == "s":
            await type_text(pilot, "ye")
        await paste(pilot, pasted)
        assert field(pilot).value == ("ye" if pasted == "s" else "")
        await press(pilot, "enter")
        await check_nothing_ordered(pilot)


@pytest.mark.parametrize(
    ("keys", "apart"),
    [("yes\n", AT_ONCE), ("yes\n", 0.012), ("\nyes\n\n", AT_ONCE), ("yes\t\t\n", AT_ONCE)],
    ids=repr,
)
async def test_a_paste_that_comes_as_keys_is_no_answer(keys: str, apart: float) -> None:
    """Neither by Enter in the field, nor by Tab to the button and Enter there."""
    async with wizard() as pilot:
        await at_confirmation(pilot)
        moment = monotonic() + BY_HAND
        for number, char in enumerate(keys):
            send(wizard_of(pilot), KEY_NAMES.get(char, char), char, moment + number * apart)
        await check_nothing_ordered(pilot)
        assert "othing was ordered" in words(pilot, "#complaint")
        field(pilot).clear()
        field(pilot).focus()
        await order_by_hand(pilot)


async def test_enter_by_hand_right_behind_a_burst_is_no_answer() -> None:
    """A slow line may deliver the last key of a paste a little later than the others."""
    async with wizard() as pilot:
        await at_confirmation(pilot)
        moment = monotonic() + BY_HAND
        for char in "yes":
            send(wizard_of(pilot), char, char, moment)
        send(wizard_of(pilot), "enter", "\r", moment + CALM_SECONDS - 0.05)
        await check_nothing_ordered(pilot)
        assert field(pilot).value == ""


async def test_the_button_wants_the_word_too() -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await pilot.click("#continue")
        await check_nothing_ordered(pilot)
        assert "Type the word yes" in words(pilot, "#complaint")


async def test_the_button_orders_once_the_word_is_there() -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, "yes")
        await pilot.click("#continue")
        await arrive(pilot, Step.RECEIPT)
        assert len(paid_calls(pilot.app)) == 1


async def test_escape_goes_back_to_the_cost_with_everything_kept() -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        before = wizard_of(pilot).state.draft
        await type_text(pilot, "yes")
        await press(pilot, "escape", to=Step.COST)
        assert wizard_of(pilot).state.draft == before
        await press(pilot, "enter", to=Step.CONFIRM)
        assert field(pilot).value == ""
        assert paid_calls(pilot.app) == []


async def test_the_complaint_goes_when_typing_goes_on() -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, "no\n")
        assert words(pilot, "#complaint")
        await press(pilot, "backspace")
        assert not words(pilot, "#complaint")
