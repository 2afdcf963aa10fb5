"""Whatever is pressed while an order is under way, the provider is asked to sell once, and never unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.screens.modals import LeaveScreen
from vps_tui.tui.screens.paid_step import ConfirmScreen, TypedWordField

from .conftest import MadeKey
from .driver import (
    AT_ONCE,
    arrive,
    drain,
    go_to,
    paid_calls,
    press,
    sandbox_of,
    screen_text,
    settled,
    step_screen,
    type_text,
    wait_until,
    wizard,
    wizard_of,
)
from .shortcut import at_confirmation

SLOW = "slow-0.6:add/order"
"""Long enough for every key of a test, if nothing swallows it."""
HELD = 0.03
"""Seconds between the repetitions of a key that is held."""


async def begin_order(pilot: Pilot[int]) -> None:
    """Type the word and wait until the provider has the order and has not answered yet."""
    await at_confirmation(pilot)
    await type_text(pilot, "yes\n")
    await wait_until(pilot, lambda: len(paid_calls(pilot.app)) == 1)
    assert wizard_of(pilot).ordering


async def check_ordered_once(pilot: Pilot[int]) -> None:
    """Wait for the receipt and count, at the provider, what was sold."""
    await arrive(pilot, Step.RECEIPT)
    outcome = wizard_of(pilot).state.outcome
    assert outcome is not None
    assert outcome.kind is OutcomeKind.PLACED
    assert len(paid_calls(pilot.app)) == 1
    assert len(sandbox_of(pilot.app).ledger.orders()) == 1


@pytest.mark.parametrize(
    "keys",
    [
        ["escape"],
        ["ctrl+q", "ctrl+q"],
        ["ctrl+c"],
        ["f1"],
        ["tab", "tab", "enter"],
        ["y", "e", "s", "enter"],
    ],
    ids=" ".join,
)
async def test_keys_during_the_order_neither_stop_it_nor_repeat_it(keys: list[str]) -> None:
    async with wizard([SLOW]) as pilot:
        await begin_order(pilot)
        await press(pilot, *keys)
        assert wizard_of(pilot).ordering, "The order was over before the keys came."
        assert wizard_of(pilot).return_value is None
        await check_ordered_once(pilot)


@pytest.mark.parametrize("button", ["#back", "#continue"])
async def test_clicks_during_the_order_neither_stop_it_nor_repeat_it(button: str) -> None:
    async with wizard([SLOW]) as pilot:
        await begin_order(pilot)
        await pilot.click(button)
        await drain(pilot)
        assert wizard_of(pilot).ordering, "The order was over before the click came."
        await check_ordered_once(pilot)


async def test_the_screen_says_that_it_waits_and_for_whom() -> None:
    async with wizard([SLOW]) as pilot:
        await begin_order(pilot)
        assert "Ordering. Waiting for EDIS Global" in screen_text(pilot.app)
        assert pilot.app.screen.query_one(TypedWordField).disabled
        await check_ordered_once(pilot)


async def test_enter_twice_before_the_screen_has_changed_orders_once() -> None:
    """Both are on their way before the first one has been worked on."""
    async with wizard([SLOW]) as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, "yes\n\n\n")
        await check_ordered_once(pilot)


async def test_an_answer_given_twice_orders_once() -> None:
    """The last gate, behind everything that the screen itself holds back."""
    async with wizard([SLOW]) as pilot:
        await at_confirmation(pilot)
        screen = step_screen(pilot)
        assert isinstance(screen, ConfirmScreen)
        screen.answer(screen.state)
        screen.answer(screen.state)
        await wait_until(pilot, lambda: wizard_of(pilot).ordering)
        screen.answer(screen.state)
        screen.action_back()
        await drain(pilot)
        assert wizard_of(pilot).state.step is Step.CONFIRM
        await check_ordered_once(pilot)


@pytest.mark.parametrize("fault", ["reply-lost", "http-503:add/order", "reset"])
async def test_an_order_is_never_sent_again_by_itself(fault: str) -> None:
    async with wizard([fault]) as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        assert len(paid_calls(pilot.app)) == 1


async def test_layerstack_is_asked_once_too() -> None:
    async with wizard(["slow-0.6:order"]) as pilot:
        await go_to(pilot, Step.CONFIRM, provider="layerstack")
        await type_text(pilot, "yes\n\n")
        await wait_until(pilot, lambda: wizard_of(pilot).ordering)
        await press(pilot, "enter", "escape", "ctrl+q")
        await arrive(pilot, Step.RECEIPT)
        assert len(paid_calls(pilot.app)) == 1


async def test_a_price_that_moved_is_not_paid_before_it_was_seen() -> None:
    async with wizard(["price-moved"]) as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        outcome = wizard_of(pilot).state.outcome
        assert outcome is not None
        assert outcome.kind is OutcomeKind.NOT_SENT
        assert "10.49 EUR" in screen_text(pilot.app)
        assert "12.49 EUR" in screen_text(pilot.app)
        assert paid_calls(pilot.app) == []
        await press(pilot, "enter", to=Step.COST)
        assert "12.49 EUR for 1 month" in screen_text(pilot.app)
        await press(pilot, "enter", to=Step.CONFIRM)
        assert "12.49 EUR for 1 month" in screen_text(pilot.app)
        await type_text(pilot, "yes\n")
        await check_ordered_once(pilot)


async def test_a_plan_that_shrank_is_not_bought_before_it_was_seen() -> None:
    async with wizard(["smaller-plan"]) as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        assert "RAM: 1024 MB when you confirmed, 256 MB now." in " ".join(screen_text(pilot.app).split())
        assert paid_calls(pilot.app) == []
        await press(pilot, "enter", to=Step.COST)
        assert "256 MB RAM" in screen_text(pilot.app)
        await press(pilot, "enter", to=Step.CONFIRM)
        await type_text(pilot, "yes\n")
        await check_ordered_once(pilot)


@pytest.mark.parametrize("step", [Step.LOCATION, Step.NAME, Step.SSH_KEY, Step.COST])
async def test_a_key_pasted_as_keys_on_any_step_orders_nothing(
    step: Step, ssh_folder: Path, made_key: MadeKey
) -> None:
    line = made_key.public.line
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, step)
        await type_text(pilot, f"\n{line[:40]}\n{line[40:]}\n\n\n", apart=AT_ONCE)
        await check_nothing_ordered(pilot)


@pytest.mark.parametrize("step", [Step.NAME, Step.COST])
async def test_lines_of_yes_pasted_as_keys_order_nothing(step: Step, ssh_folder: Path) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, step)
        for _ in range(6):
            await type_text(pilot, "yes\n" * 2, apart=AT_ONCE)
        await check_nothing_ordered(pilot)


async def test_enter_held_from_the_first_step_orders_nothing(ssh_folder: Path) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        for step in (Step.PROVIDER, Step.LOCATION, Step.PLAN, Step.OS_IMAGE, Step.NAME):
            await wait_until(pilot, lambda: settled(pilot.app) is not None)
            if wizard_of(pilot).state.step is step:
                await type_text(pilot, "\n" * 20, apart=HELD)
        await type_text(pilot, "web1", apart=0.2)
        for step in (Step.NAME, Step.ADD_ONS, Step.SSH_KEY, Step.COST):
            await type_text(pilot, "\n" * 20, apart=HELD)
            await wait_until(pilot, lambda left=step: settled(pilot.app) not in (None, left))  # type: ignore[misc]
        assert wizard_of(pilot).state.step is Step.CONFIRM
        await type_text(pilot, "\n" * 20, apart=HELD)
        await check_nothing_ordered(pilot)


async def check_nothing_ordered(pilot: Pilot[int]) -> None:
    """Check that no order is under way or done, on whatever step or dialog the keys have ended."""
    await wait_until(pilot, lambda: settled(pilot.app) is not None or isinstance(pilot.app.screen, Dialog))
    app = wizard_of(pilot)
    assert (app.ordering, app.state.outcome) == (False, None)
    assert paid_calls(app) == []


async def test_an_answer_still_on_its_way_opens_nothing_over_the_question_before_leaving() -> None:
    """Keys come faster than screens change: Enter on the cost screen, then Ctrl+Q twice, all handled late."""
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await press(pilot, "escape")
        await arrive(pilot, Step.COST)
        app, screen = wizard_of(pilot), step_screen(pilot)
        await app.action_quit()
        screen.answer(screen.state)
        await drain(pilot)
        assert isinstance(app.screen, LeaveScreen)
        await app.leave()
        screen.answer(screen.state)
        await drain(pilot)
        assert app.state.step is Step.COST
