"""Forward, back and forward again: every answer stays as it was given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.steps import Step

from .driver import go_to, press, settled, type_text, wait_until, wizard, wizard_of

WAYS = {
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
        Step.PROVIDER,
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


async def answer_unusually(pilot: Pilot[int], provider: str) -> None:
    """Go to the confirmation with an answer of one's own on every step."""
    if provider == "edis":
        await go_to(pilot, Step.LOCATION)
        await type_text(pilot, "germany")
        await press(pilot, "enter", to=Step.PLAN)
    else:
        await go_to(pilot, Step.PLAN, provider=provider)
    await press(pilot, "down", "enter", to=Step.OS_IMAGE)
    await press(pilot, "down", "enter", to=Step.NAME)
    await type_text(pilot, "db7.example.com")
    await press(pilot, "enter", to=Step.ADD_ONS)
    await press(pilot, "right", "down", "right", "enter", to=Step.SSH_KEY)
    await go_to(pilot, Step.CONFIRM)


@pytest.mark.parametrize("provider", WAYS)
async def test_all_the_way_back_and_forward_again_changes_nothing(provider: str, ssh_folder: Path) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        app, way = wizard_of(pilot), WAYS[provider]
        await answer_unusually(pilot, provider)
        before = app.state
        assert before.server.name == "db7.example.com"
        assert len(before.server.add_ons) == 2
        assert before.server.ssh_key
        for step in reversed(way[:-1]):
            await press(pilot, "escape", to=step)
            assert app.state.draft == before.draft, step
        for step in way[1:]:
            await press(pilot, "enter", to=step)
            assert app.state.draft == before.draft, step
        assert replace(app.state, unsaved_text=()) == replace(before, unsaved_text=())


@pytest.mark.parametrize("name", ["", "web 1", "x" * 64])
async def test_going_back_asks_for_nothing_and_a_wrong_name_waits(name: str) -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.NAME)
        await type_text(pilot, name)
        await press(pilot, "escape", to=Step.OS_IMAGE)
        await press(pilot, "enter", to=Step.NAME)
        assert pilot.app.screen.query_one(Input).value == name
        await press(pilot, "enter")
        assert settled(pilot.app) is Step.NAME


async def test_the_first_step_can_be_reached_from_everywhere_with_the_back_button() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.CONFIRM)
        for step in reversed(WAYS["edis"][:-1]):
            if step is not Step.SSH_KEY or wizard_of(pilot).state.facts.takes_ssh_key:
                await pilot.click("#back")
                await wait_until(pilot, lambda reached=step: settled(pilot.app) is reached)  # type: ignore[misc]
        assert wizard_of(pilot).state.server.name == "web1"


async def test_keys_pressed_ahead_of_the_screen_never_skip_a_question() -> None:
    """Enter pressed three times on one step answers that step, not the two after it."""
    async with wizard() as pilot:
        await go_to(pilot, Step.OS_IMAGE)
        await type_text(pilot, "\n\n\n")
        await wait_until(pilot, lambda: settled(pilot.app) is Step.NAME)
        assert wizard_of(pilot).state.server.name == ""
