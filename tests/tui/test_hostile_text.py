"""Names and messages full of what a terminal or markup would obey are drawn as text, or not at all."""

from __future__ import annotations

import unicodedata

import pytest

from vps_tui.core.steps import Step

from .driver import (
    arrive,
    choose,
    go_to,
    press,
    sandbox_of,
    screen_lines,
    screen_text,
    type_text,
    wait_until,
    wizard,
    wizard_of,
)
from .shortcut import at_confirmation
from .test_flow import WAYS

OBEYED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Unicode's categories of what is not drawn but does something."""


def check_harmless(app: object) -> None:
    """Check that the screen holds 24 lines of 80 cells of text that is drawn and nothing else."""
    lines = screen_lines(app)
    assert len(lines) == 24
    for line in lines:
        assert not {unicodedata.category(char) for char in line} & OBEYED, repr(line)


@pytest.mark.parametrize("provider", WAYS)
async def test_every_step_draws_it_as_text(provider: str) -> None:
    async with wizard(["hostile-text"]) as pilot:
        shown = ""
        for step in WAYS[provider]:
            await go_to(pilot, step, provider=provider)
            check_harmless(pilot.app)
            shown += screen_text(pilot.app)
            assert "F1 help" in screen_lines(pilot.app)[23]
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        check_harmless(pilot.app)
        assert wizard_of(pilot).fault is None
        if provider == "edis":  # LayerStack gives no names before the order: those are from the catalogue file
            assert "[@click=app.quit]quit[/]" in shown, "The hostile text never came, or was obeyed."


@pytest.mark.parametrize("step", [Step.BILLING_CYCLE, Step.PAYMENT_METHOD])
async def test_the_side_steps_draw_it_as_text(step: Step) -> None:
    async with wizard(["hostile-text"]) as pilot:
        await go_to(pilot, Step.COST)
        await choose(pilot, step, to=step)
        check_harmless(pilot.app)
        await press(pilot, "enter", to=Step.COST)


@pytest.mark.parametrize("fault", ["http-422:add/order", "out-of-stock"])
async def test_a_message_is_drawn_as_text_on_the_receipt_and_after_it(fault: str) -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        sandbox_of(pilot.app).set_faults(["hostile-text:add/order", fault])
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        check_harmless(pilot.app)
        for line in wizard_of(pilot).flow.last_words():
            assert not {unicodedata.category(char) for char in line} & OBEYED, repr(line)


async def test_a_list_of_servers_is_drawn_as_text() -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        sandbox_of(pilot.app).set_faults(["hostile-text"])
        await press(pilot, "right", "enter")
        await wait_until(pilot, lambda: "EDIS Global lists" in screen_text(pilot.app))
        check_harmless(pilot.app)


async def test_a_failed_read_is_drawn_as_text() -> None:
    async with wizard(["hostile-text", "http-403:get/locations"]) as pilot:
        await go_to(pilot, Step.LOCATION)
        assert "Nothing was ordered" in screen_text(pilot.app)
        check_harmless(pilot.app)
