"""Reads that fail or hang: the cause is told, nothing is lost, and one gets out of it."""

from __future__ import annotations

import pytest

from vps_tui.core.steps import Step

from .driver import (
    arrive,
    button,
    choices,
    choose,
    go_to,
    press,
    requests_to,
    sandbox_of,
    screen_text,
    settled,
    wait_until,
    wizard,
    wizard_of,
)


async def test_a_failed_read_names_the_cause_and_that_nothing_was_bought_and_can_be_tried_again() -> None:
    async with wizard(faults=["http-503:get/locations"]) as pilot:
        await go_to(pilot, Step.LOCATION)
        assert "Service Unavailable" in screen_text(pilot.app)
        assert "Nothing was ordered." in screen_text(pilot.app)
        assert button(pilot, "continue").label == "Try again"
        assert pilot.app.focused is button(pilot, "continue")
        before = len(requests_to(pilot.app, "get/locations"))
        await press(pilot, "enter")
        await wait_until(pilot, lambda: len(requests_to(pilot.app, "get/locations")) > before)
        await wait_until(pilot, lambda: button(pilot, "continue").label == "Try again")
        assert settled(pilot.app) is Step.LOCATION
        sandbox_of(pilot.app).set_faults([])
        await press(pilot, "enter")
        await wait_until(pilot, lambda: len(choices(pilot)._choices) == 48)
        assert "Service Unavailable" not in screen_text(pilot.app)
        assert button(pilot, "continue").label == "Continue"
        assert choices(pilot).has_focus
        await press(pilot, "enter", to=Step.PLAN)


@pytest.mark.parametrize(
    ("fault", "step"),
    [
        ("http-503:get/products", Step.PLAN),
        ("not-json:get/products", Step.PLAN),
        ("reset:get/products", Step.PLAN),
        ("http-503:get/paymentmethods", Step.COST),
        ("wrong-password:get/account-balance", Step.COST),
    ],
)
async def test_a_read_that_fails_at_a_later_step_keeps_every_answer(fault: str, step: Step) -> None:
    async with wizard(faults=[fault]) as pilot:
        await go_to(pilot, step)
        before = wizard_of(pilot).state.draft
        assert before.location == "100"
        assert button(pilot, "continue").label == "Try again"
        sandbox_of(pilot.app).set_faults([])
        await press(pilot, "enter")
        await wait_until(pilot, lambda: button(pilot, "continue").label == "Continue")
        await arrive(pilot, step)
        assert wizard_of(pilot).state.draft == before


async def test_escape_during_a_hanging_read_goes_back_at_once_and_entering_again_works() -> None:
    async with wizard(faults=["slow-30:get/locations"]) as pilot:
        await pilot.press("enter")
        await wait_until(pilot, lambda: "Asking EDIS Global for its locations" in screen_text(pilot.app))
        assert settled(pilot.app) is None
        sandbox_of(pilot.app).set_faults([])
        await press(pilot, "escape", to=Step.PROVIDER)
        await press(pilot, "enter", to=Step.LOCATION)
        assert len(choices(pilot)._choices) == 48


async def test_a_hanging_read_of_plans_is_left_with_escape_and_another_location_is_read() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        sandbox_of(pilot.app).set_faults(["slow-30:get/products"])
        await press(pilot, "enter")
        await wait_until(pilot, lambda: "Asking EDIS Global for the plans sold there" in screen_text(pilot.app))
        sandbox_of(pilot.app).set_faults([])
        await press(pilot, "escape", to=Step.LOCATION)
        await choose(pilot, "192", to=Step.PLAN)
        assert "Which plan in Austria, Vienna?" in screen_text(pilot.app)


async def test_help_and_leaving_work_during_a_hanging_read() -> None:
    async with wizard(faults=["slow-30:get/locations"]) as pilot:
        await pilot.press("enter")
        await wait_until(pilot, lambda: "Asking EDIS Global" in screen_text(pilot.app))
        await press(pilot, "f1")
        assert "nearer to those who use it" in " ".join(screen_text(pilot.app).replace("│", " ").split())
        await press(pilot, "escape", "ctrl+q", "ctrl+q")
        await wait_until(pilot, lambda: pilot.app.return_code == 3 or pilot.app.return_value == 3)
