"""A terminal of any size, changed at any moment: nothing that was typed or chosen is lost, and nothing crashes.

The ordinary run takes a few sizes; for more: `VPS_TUI_SIZES=1000 python -m pytest tests/tui/test_sizes.py`.
"""

from __future__ import annotations

import os
from random import Random

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.steps import Step
from vps_tui.tui.screens.step import WIDE
from vps_tui.tui.terminal.diff_app import SMALLEST
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import OrderPanel, PushButton

from .driver import (
    arrive,
    drain,
    go_to,
    highlighted,
    paid_calls,
    press,
    screen_lines,
    screen_text,
    settled,
    step_screen,
    type_text,
    wizard,
    wizard_of,
)
from .shortcut import DRAFTS, at_cost

SIZES = int(os.environ.get("VPS_TUI_SIZES", "24"))
SEED = int(os.environ.get("VPS_TUI_SIZES_SEED", "20261122"))
STEPS = (Step.LOCATION, Step.PLAN, Step.OS_IMAGE, Step.NAME, Step.ADD_ONS, Step.SSH_KEY, Step.COST, Step.CONFIRM)


async def resize(pilot: Pilot[int], columns: int, lines: int) -> None:
    """Change the size of the terminal and wait until the screen has it."""
    await pilot.resize_terminal(columns, lines)
    while tuple(pilot.app.screen.size) != (columns, lines):
        await drain(pilot)
    await drain(pilot)


def holds(pilot: Pilot[int]) -> tuple[object, ...]:
    """Return everything on the screen that somebody has typed or chosen there."""
    screen = step_screen(pilot)
    return (
        settled(pilot.app),
        [field.value for field in screen.query(Input)],
        [(rows.filter_text, rows.highlighted) for rows in screen.query(ChoiceList)],
        screen.typed_state(),
        screen.focused,
    )


async def test_nothing_is_lost_at_any_size() -> None:
    """Keys between the changes go on with the order; in a terminal that is too small they do nothing."""
    random = Random(SEED)
    async with wizard() as pilot:
        for number, step in enumerate(STEPS):
            await go_to(pilot, step)
            if step in (Step.LOCATION, Step.NAME, Step.CONFIRM):
                await type_text(pilot, {Step.LOCATION: "germ", Step.NAME: "web7", Step.CONFIRM: "yes"}[step])
            before = holds(pilot)
            for _ in range(SIZES // len(STEPS)):
                columns, lines = random.randint(1, 200), random.randint(1, 70)
                await resize(pilot, columns, lines)
                if wizard_of(pilot).too_small and random.random() < 0.4:
                    await type_text(pilot, random.choice(("\n", "x", "yes\n")))
                assert holds(pilot) == before, (number, columns, lines)
            await resize(pilot, 80, 24)
            if step is Step.NAME:
                await press(pilot, "enter", to=Step.ADD_ONS)
            if step is Step.LOCATION:
                await press(pilot, "enter", to=Step.PLAN)
        assert paid_calls(pilot.app) == []
        await press(pilot, "enter", to=Step.RECEIPT)
        assert len(paid_calls(pilot.app)) == 1
        assert wizard_of(pilot).state.server.name == "web7"


@pytest.mark.parametrize("provider", ["edis", "layerstack"])
async def test_the_smallest_terminal_has_room_for_field_price_buttons_and_keys(provider: str) -> None:
    async with wizard() as pilot:
        await resize(pilot, *SMALLEST)
        await at_cost(pilot, DRAFTS[provider])
        await go_to(pilot, Step.CONFIRM)
        shown = screen_text(pilot.app)
        total = wizard_of(pilot).state.quote()
        assert total is not None
        assert f"Now       {total.due_now}" in shown or f"Now            {total.due_now}" in shown
        assert "Type yes to order" in shown
        assert "Ctrl+Q leave" in "\n".join(screen_lines(pilot.app)[-2:])
        for button in step_screen(pilot).query(PushButton):
            assert button.region.width == len(button.label) + 4
            assert button.region.bottom <= SMALLEST.height


async def test_buttons_that_have_no_room_go_on_below() -> None:
    async with wizard() as pilot:
        await at_cost(pilot, DRAFTS["edis"])
        await press(pilot, "enter", to=Step.CONFIRM)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        assert len({button.region.y for button in step_screen(pilot).query(PushButton)}) == 1
        await resize(pilot, *SMALLEST)
        assert len({button.region.y for button in step_screen(pilot).query(PushButton)}) == 2


async def test_a_wide_terminal_shows_the_order_beside_the_question() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.ADD_ONS)
        assert not pilot.app.screen.query(OrderPanel)
        await resize(pilot, WIDE, 24)
        panel: OrderPanel = pilot.app.screen.query_one(OrderPanel)
        assert ("Hostname", "web1") in panel._pairs
        before = dict(panel._pairs)
        await press(pilot, "right")
        after = dict(panel._pairs)
        assert after["Add-ons"] != before.get("Add-ons")
        assert after["Now"] != before["Now"]
        assert after["Now"] in " ".join(panel.text.split("\n")[-2].split())
        await resize(pilot, WIDE - 1, 24)
        assert panel.styles.display == "none"
        await resize(pilot, WIDE, 40)
        assert panel.styles.display == "block"
        await press(pilot, "enter", to=Step.SSH_KEY)
        assert dict(pilot.app.screen.query_one(OrderPanel)._pairs) == after
        assert highlighted(pilot)
        await drain(pilot)
