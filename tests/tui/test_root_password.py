"""Step root password: generated and shown, or one's own, never a weak one."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.root_password import problem
from vps_tui.core.steps import Step

from .driver import go_to, press, screen_text, settled, type_text, wizard, wizard_of, words

OWN = "My-own-Password-7"


def value_of(pilot: Pilot[int]) -> str:
    return pilot.app.screen.query_one(Input).value


async def test_a_good_password_is_generated_and_shown_and_used_with_enter() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.ROOT_PASSWORD, provider="layerstack")
        generated = value_of(pilot)
        assert problem(generated) is None
        assert generated in screen_text(pilot.app)
        await press(pilot, "enter", to=Step.COST)
        password = wizard_of(pilot).state.root_password
        assert password is not None
        assert password.reveal() == generated
        assert generated not in screen_text(pilot.app)
        assert generated not in repr(wizard_of(pilot).state)


async def test_typing_replaces_the_generated_password_and_it_is_kept_when_going_back() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.ROOT_PASSWORD, provider="layerstack")
        await type_text(pilot, OWN)
        assert value_of(pilot) == OWN
        await press(pilot, "escape", to=Step.SSH_KEY)
        await go_to(pilot, Step.ROOT_PASSWORD)
        assert value_of(pilot) == OWN
        await press(pilot, "enter", to=Step.COST)
        await press(pilot, "escape", to=Step.ROOT_PASSWORD)
        assert value_of(pilot) == OWN


async def test_a_generated_password_that_was_seen_is_the_one_that_is_there_after_going_back() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.ROOT_PASSWORD, provider="layerstack")
        generated = value_of(pilot)
        await press(pilot, "escape", to=Step.SSH_KEY)
        await go_to(pilot, Step.ROOT_PASSWORD)
        assert value_of(pilot) == generated


async def test_a_weak_password_is_refused_and_it_is_said_why() -> None:
    # Which passwords are weak, tests/core/test_root_password.py says.
    typed, advice = "all-small-letters-1", "Add a capital"
    async with wizard() as pilot:
        await go_to(pilot, Step.ROOT_PASSWORD, provider="layerstack")
        await type_text(pilot, f"{typed}\n")
        assert settled(pilot.app) is Step.ROOT_PASSWORD
        assert advice in words(pilot, "Field .help")
        assert wizard_of(pilot).state.root_password is None
