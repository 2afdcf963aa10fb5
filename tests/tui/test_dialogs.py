"""What lies over a step closes once, however many keys come at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from vps_tui.core.steps import Step
from vps_tui.tui.screens.key_dialogs import KeyFileScreen, KeyPasteScreen
from vps_tui.tui.screens.modals import HelpScreen, LeaveScreen
from vps_tui.tui.screens.step import StepScreen

from .driver import PATIENCE, arrive, choose, go_to, press, wait_until, wizard, wizard_of


def closing(pilot: Pilot[int]) -> Callable[[], None]:
    """Return what the key that closes the dialog on the screen does."""
    screen = pilot.app.screen
    assert isinstance(screen, HelpScreen | LeaveScreen | KeyPasteScreen | KeyFileScreen)
    return screen.action_give_up


async def check_closed_once(pilot: Pilot[int]) -> None:
    """Close the dialog twice before the first time has come to effect; the step must stay underneath.

    Nothing is waited for with the pilot: its pause counts on widgets that are just being taken away.
    """
    dialog, close = pilot.app.screen, closing(pilot)

    def twice() -> None:
        close()
        close()

    dialog.call_next(twice)
    async with asyncio.timeout(PATIENCE):
        while dialog.is_running:
            await asyncio.sleep(0.01)
    app = wizard_of(pilot)
    assert (app.fault, app.return_value) == (None, None)
    assert len(app.screen_stack) == 2, "The step was closed together with what lay over it."
    assert isinstance(app.screen, StepScreen)


@pytest.mark.parametrize("key", ["f1", "ctrl+q"])
async def test_help_and_the_question_before_leaving_close_once(key: str) -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await press(pilot, key)
        await wait_until(pilot, lambda: len(pilot.app.screen_stack) == 3)
        await check_closed_once(pilot)
        await arrive(pilot, Step.LOCATION)
        await press(pilot, "enter", to=Step.PLAN)


@pytest.mark.parametrize("way", ["paste", "file"])
async def test_the_ways_to_give_a_key_close_once(way: str, ssh_folder: Path) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.SSH_KEY)
        await choose(pilot, way)
        await wait_until(pilot, lambda: len(pilot.app.screen_stack) == 3)
        await check_closed_once(pilot)
        await arrive(pilot, Step.SSH_KEY)
