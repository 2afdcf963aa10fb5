"""Step confirm: it says what is bought, and only the word yes from fingers orders it."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import pytest
from textual import events
from textual.pilot import Pilot

from vps_tui.core.steps import Step
from vps_tui.tui.bursts import CALM_SECONDS
from vps_tui.tui.screens.typed_word import TypedWordField

from .conftest import MadeKey
from .driver import (
    AT_ONCE,
    BY_HAND,
    arrive,
    drain,
    go_to,
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


async def test_it_says_what_is_bought_from_whom_for_how_much_and_from_which_money(
    ssh_folder: Path, made_key: MadeKey
) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.ADD_ONS)
        await press(pilot, "right", "enter", to=Step.SSH_KEY)
        await go_to(pilot, Step.CONFIRM)
        said = " ".join(screen_text(pilot.app).split())
        for part in (
            "Order this from EDIS Global?",
            "sandbox@example.test",
            "Now 15.49 EUR for 1 month, from account credit (34.51 EUR remain)",
            "Then 15.49 EUR per month, next on ",
            "Payment PayPal",
            "Location Australia",
            "Plan KVM SMART (1 vCPU, 1 GB RAM, 15 GB, 1 TB)",
            "Add-ons Additional RAM: ",
            "Debian 13",
            "Hostname web1",
            made_key.public.fingerprint,
        ):
            assert part in said
        assert pilot.app.focused is field(pilot)


async def test_layerstack_says_whose_price_it_is_and_shows_no_password() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.CONFIRM, provider="layerstack")
        said = " ".join(screen_text(pilot.app).split())
        for part in ("Order this from LayerStack?", "XX-12345678", "8.00 USD", "Credit card", "Label web1"):
            assert part in said
        password = wizard_of(pilot).state.root_password
        assert password is not None
        assert password.reveal() not in said


@pytest.mark.parametrize("answer", ["", "y", "no", "yess", "ýes"])
async def test_any_other_answer_orders_nothing_and_says_what_to_type(answer: str) -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, f"{answer}\n")
        await check_nothing_ordered(pilot)
        assert "Type the word yes" in words(pilot, "#complaint")
        assert pilot.app.focused is field(pilot)


@pytest.mark.parametrize("answer", ["YES", " yes "])
async def test_capitals_and_spaces_around_the_word_do_not_matter(answer: str) -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, f"{answer}\n")
        await arrive(pilot, Step.RECEIPT)
        assert len(paid_calls(pilot.app)) == 1


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


@pytest.mark.parametrize("typed", ["", "no"])
async def test_the_button_wants_the_word_too(typed: str) -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, typed)
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
