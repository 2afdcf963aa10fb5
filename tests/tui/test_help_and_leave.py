"""Help on every step, the question before leaving, and screens that fit a terminal of 80x24."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from vps_tui.core.steps import Step
from vps_tui.tui.screens.modals import HelpScreen, LeaveScreen
from vps_tui.tui.screens.paid_step import TypedWordField
from vps_tui.tui.terminal.diff_app import SMALLEST
from vps_tui.tui.widgets.frame import PushButton, Words

from .change_walk import to_cost
from .driver import (
    button,
    drain,
    go_to,
    press,
    screen_lines,
    settled,
    step_screen,
    type_text,
    wait_until,
    wizard,
    wizard_of,
)

STEPS = {
    "edis": [
        Step.PROVIDER,
        Step.LOCATION,
        Step.PLAN,
        Step.OS_IMAGE,
        Step.NAME,
        Step.ADD_ONS,
        Step.SSH_KEY,
        Step.COST,
        Step.CONFIRM,
    ],
    "layerstack": [
        Step.PLAN,
        Step.OS_IMAGE,
        Step.NAME,
        Step.ADD_ONS,
        Step.SSH_KEY,
        Step.ROOT_PASSWORD,
        Step.COST,
        Step.CONFIRM,
    ],
}


def flat(lines: list[str]) -> str:
    return " ".join("".join(lines).replace("│", " ").split())


@pytest.mark.parametrize("provider", ["edis", "layerstack"])
async def test_every_step_fits_on_80x24_and_has_help(provider: str, ssh_folder: Path) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        for step in STEPS[provider]:
            await go_to(pilot, step, provider=provider)
            screen, focused = step_screen(pilot), pilot.app.focused
            lines = screen_lines(pilot.app)
            keys = f"{screen.keys}  F1 help  Ctrl+Q leave"
            assert lines[23].strip() == keys, step
            assert f"[ {button(pilot, 'back').label} ]" in lines[22], step
            assert f"[ {button(pilot, 'continue').label} ]" in lines[22], step
            priced = step not in (Step.PROVIDER, Step.LOCATION, Step.COST, Step.CONFIRM)
            assert ("per month" in lines[21]) == priced, step
            assert [widget for widget in screen.query(Widget) if widget.region.right > 80] == [], step
            await press(pilot, "f1")
            assert isinstance(pilot.app.screen, HelpScreen), step
            assert " ".join(screen.help_text.split()) in flat([f"{line} " for line in screen_lines(pilot.app)]), step
            await press(pilot, {Step.PLAN: "f1", Step.NAME: "enter"}.get(step, "escape"))
            assert settled(pilot.app) is step
            assert pilot.app.focused is focused, step


@pytest.mark.parametrize("action", ["upgrade", "cancel", "add-on"])
async def test_every_step_of_a_change_fits_on_80x24_and_has_help(action: str) -> None:
    """From the price back to the list, then the confirmation; in the smallest terminal no button is lost."""
    async with wizard() as pilot:
        await to_cost(pilot, action)
        while settled(pilot.app) is not Step.PROVIDER:
            await check_frame(pilot)
            await press(pilot, "escape")
            await wait_until(pilot, lambda: settled(pilot.app) is not None)
        await to_cost(pilot, action)
        await press(pilot, "enter", to=Step.CHANGE_CONFIRM)
        await check_frame(pilot)
        await pilot.resize_terminal(*SMALLEST)
        await wait_until(pilot, lambda: tuple(pilot.app.screen.size) == tuple(SMALLEST))
        field = pilot.app.screen.query_one(TypedWordField)
        assert field.region.width >= 4
        assert field.region.right <= SMALLEST.width
        for one in step_screen(pilot).query(PushButton):
            assert one.region.bottom <= SMALLEST.height


async def check_frame(pilot: Pilot[int]) -> None:
    """Check that buttons and keys stand at the bottom, nothing is too wide, and F1 explains the step."""
    screen, focused, step = step_screen(pilot), pilot.app.focused, settled(pilot.app)
    lines = screen_lines(pilot.app)
    assert lines[23].strip() == f"{screen.keys}  F1 help  Ctrl+Q leave", step
    assert f"[ {button(pilot, 'back').label} ]  [ {button(pilot, 'continue').label} ]" in lines[22], step
    assert [widget for widget in screen.query(Widget) if widget.region.right > 80] == [], step
    await press(pilot, "f1")
    assert isinstance(pilot.app.screen, HelpScreen), step
    assert screen.help_words() in [words.text for words in pilot.app.screen.query(Words)], step
    assert len(screen.help_words()) > 60, step
    await press(pilot, "escape")
    assert pilot.app.focused is focused, step


async def test_leaving_asks_first_once_something_was_chosen_and_staying_changes_nothing() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.NAME)
        await type_text(pilot, "web1")
        await press(pilot, "ctrl+q")
        assert isinstance(pilot.app.screen, LeaveScreen)
        assert pilot.app.focused is button(pilot, "stay")
        for key in ("enter", "escape"):
            await press(pilot, key)
            assert settled(pilot.app) is Step.NAME
            assert wizard_of(pilot).is_running
            await press(pilot, "ctrl+q")
            assert isinstance(pilot.app.screen, LeaveScreen)
        await press(pilot, "escape", "enter", to=Step.ADD_ONS)
        assert wizard_of(pilot).state.server.name == "web1"


@pytest.mark.parametrize("way", ["ctrl+q twice", "ctrl+c", "button", "click"])
async def test_leaving_ends_with_exit_code_3_and_says_that_nothing_was_ordered(way: str) -> None:
    async with wizard() as pilot:
        app = wizard_of(pilot)
        await go_to(pilot, Step.LOCATION)
        await press(pilot, "ctrl+c" if way == "ctrl+c" else "ctrl+q")
        assert isinstance(app.screen, LeaveScreen)
        if way == "click":
            await pilot.click("#leave")
            await drain(pilot)
        elif way == "button":
            await press(pilot, "right", "enter")
        else:
            await press(pilot, "ctrl+q")
        await wait_until(pilot, lambda: app.return_value is not None)
        assert app.return_value == 3
        assert app.flow.last_words() == ["Nothing was ordered."]


@pytest.mark.parametrize("key", ["escape", "ctrl+q"])
async def test_on_the_first_screen_nothing_is_lost_so_leaving_does_not_ask(key: str) -> None:
    async with wizard() as pilot:
        await press(pilot, key)
        await wait_until(pilot, lambda: wizard_of(pilot).return_value is not None)
        assert wizard_of(pilot).return_value == 3
