"""Neighbouring steps are made ready unseen: what is shown is what would have been made for the answer given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.steps import Step
from vps_tui.sandbox.server import Sandbox
from vps_tui.tui import prefetch

from .driver import (
    go_to,
    highlight,
    press,
    screen_text,
    settled,
    step_screen,
    type_text,
    wait_until,
    wizard,
    wizard_of,
)
from .test_flow import WAYS


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make ready at once: nobody is slowed down here."""
    monkeypatch.setattr(prefetch, "REST", 0.01)
    monkeypatch.setattr("vps_tui.tui.prefetch.LONG_REST", 0.01)


async def made_ready(pilot: Pilot[int], *steps: Step) -> None:
    """Wait until these steps, and no others, are ready."""
    ahead = wizard_of(pilot).ahead
    ahead.load()
    wanted = set(steps)
    await wait_until(pilot, lambda: not ahead._busy and {screen.state.step for screen in ahead._ready} == wanted)


async def one_made_ready(pilot: Pilot[int], step: Step) -> None:
    """Wait until that step is among those that are ready."""
    ahead = wizard_of(pilot).ahead
    ahead.load()
    await wait_until(pilot, lambda: any(screen.state.step is step for screen in ahead._ready))


async def texts(provider: str, ssh_folder: Path, *, ahead: bool) -> list[tuple[Step, str]]:
    """Return what every step of an order shows, made ready or not."""
    found = []
    async with wizard(ssh_folder=ssh_folder, ahead=ahead) as pilot:
        for step, following in zip(WAYS[provider], [*WAYS[provider][1:], None], strict=True):
            await go_to(pilot, step, provider=provider)
            if step is Step.PROVIDER:
                await highlight(pilot, provider)
            if ahead and following is not None:
                await one_made_ready(pilot, following)
            found.append((step, screen_text(pilot.app)))
    return found


@pytest.mark.parametrize("provider", WAYS)
async def test_every_step_shows_the_same_made_ready_or_not(provider: str, ssh_folder: Path) -> None:
    made = await texts(provider, ssh_folder, ahead=True)
    fresh = await texts(provider, ssh_folder, ahead=False)
    for (step, one), (_, other) in zip(made, fresh, strict=True):
        if step is not Step.ROOT_PASSWORD:
            assert one == other, step


async def test_a_screen_made_ready_is_the_one_that_is_shown() -> None:
    async with wizard(ahead=True) as pilot:
        await made_ready(pilot, Step.LOCATION)
        (ready,) = wizard_of(pilot).ahead._ready
        await press(pilot, "enter", to=Step.LOCATION)
        assert step_screen(pilot) is ready


async def test_another_provider_is_not_given_the_first_ones_next_step() -> None:
    async with wizard(ahead=True) as pilot:
        await made_ready(pilot, Step.LOCATION)
        (ready,) = wizard_of(pilot).ahead._ready
        await press(pilot, "down", "enter", to=Step.PLAN)
        assert step_screen(pilot) is not ready
        assert "LayerStack" in screen_text(pilot.app)


async def test_the_plans_are_those_of_the_location_that_was_chosen_in_the_end() -> None:
    async with wizard(ahead=True) as pilot:
        await go_to(pilot, Step.LOCATION)
        await made_ready(pilot, Step.PLAN, Step.PROVIDER)
        await type_text(pilot, "germany")
        await press(pilot, "enter", to=Step.PLAN)
        state = step_screen(pilot).state
        assert state.location_name == "Germany"
        assert state.catalog is not None
        assert {plan.location for plan in state.catalog.plans} == {state.draft.location}
        assert "Which plan in Germany?" in screen_text(pilot.app)


async def test_going_back_shows_the_answer_that_was_given(ssh_folder: Path) -> None:
    async with wizard(ssh_folder=ssh_folder, ahead=True) as pilot:
        await go_to(pilot, Step.NAME)
        await type_text(pilot, "db7")
        await press(pilot, "enter", to=Step.ADD_ONS)
        await made_ready(pilot, Step.SSH_KEY, Step.NAME)
        await press(pilot, "right", "escape", to=Step.NAME)
        assert step_screen(pilot).query_one(Input).value == "db7"
        await press(pilot, "enter", to=Step.ADD_ONS)
        assert step_screen(pilot).state.server.add_ons


async def test_no_confirmation_of_another_order_is_shown(ssh_folder: Path) -> None:
    async with wizard(ssh_folder=ssh_folder, ahead=True) as pilot:
        await go_to(pilot, Step.COST)
        await made_ready(pilot, Step.CONFIRM, Step.SSH_KEY)
        app = wizard_of(pilot)
        confirm = next(screen for screen in app.ahead._ready if screen.state.step is Step.CONFIRM)
        screen = step_screen(pilot)
        other = replace(
            screen.state, draft=replace(screen.state.draft, apply_credit=not screen.state.draft.apply_credit)
        )
        screen.state = other
        await press(pilot, "enter", to=Step.CONFIRM)
        assert step_screen(pilot) is not confirm
        assert step_screen(pilot).state.draft == other.draft


async def test_a_step_made_ready_for_another_size_fits_the_present_one() -> None:
    async with wizard(ahead=True) as pilot:
        await made_ready(pilot, Step.LOCATION)
        await pilot.resize_terminal(60, 20)
        await press(pilot, "enter", to=Step.LOCATION)
        lines = screen_text(pilot.app).rstrip("\n").split("\n")
        assert max(map(len, lines)) <= 60
        assert "Ctrl+Q leave" in lines[-1]


async def test_nothing_is_made_ready_after_an_order() -> None:
    """What lies before a receipt is a question that may not be asked again."""
    async with wizard(ahead=True) as pilot:
        await go_to(pilot, Step.CONFIRM)
        await type_text(pilot, "yes")
        await press(pilot, "enter", to=Step.RECEIPT)
        ahead = wizard_of(pilot).ahead
        await wait_until(pilot, lambda: not ahead._busy and not ahead._ready)
        assert settled(pilot.app) is Step.RECEIPT


async def test_a_slow_start_of_the_sandbox_is_waited_for_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The step is shown before its read is through; what the read began must not be given up with the waiting."""
    started = []
    start = Sandbox.start

    def slow(sandbox: Sandbox) -> None:
        started.append(sandbox)
        sleep(4 * prefetch.PATIENCE)
        start(sandbox)

    monkeypatch.setattr(Sandbox, "start", slow)
    async with wizard() as pilot:
        await press(pilot, "enter", to=Step.LOCATION)
    assert len(started) == 1
