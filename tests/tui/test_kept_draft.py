"""Leaving keeps what was chosen, and the next start offers it again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.draft import Draft
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.journal import State
from vps_tui.services.order_files import DAMAGED_NAME, DRAFT_NAME, keep_draft, kept_draft
from vps_tui.tui.screens.modals import ResumeScreen
from vps_tui.wizard.state import WizardState

from .driver import (
    arrive,
    button,
    ended,
    fresh_folder,
    go_to,
    paid_calls,
    press,
    said,
    settled,
    step_screen,
    type_text,
    wait_until,
    wizard,
    wizard_of,
)
from .shortcut import DRAFTS, EDIS, order_of_draft, written


@pytest.fixture
def folder() -> Path:
    """A state folder."""
    return fresh_folder()


async def leave(pilot: Pilot[int]) -> WizardState:
    """Leave an order that is not finished; returns how things stood."""
    await press(pilot, "ctrl+q", "ctrl+q")
    assert await ended(pilot) == 3
    return wizard_of(pilot).state


async def anywhere(pilot: Pilot[int]) -> Step:
    """Wait for whatever step is settled; returns it."""
    await wait_until(pilot, lambda: settled(pilot.app) is not None)
    step = settled(pilot.app)
    assert step is not None
    return step


LEFT_AT = [
    ("edis", Step.OS_IMAGE, Step.OS_IMAGE),
    ("edis", Step.NAME, Step.NAME),
    ("edis", Step.SSH_KEY, Step.SSH_KEY),
    ("edis", Step.COST, Step.COST),
    ("edis", Step.CONFIRM, Step.COST),
    ("layerstack", Step.NAME, Step.NAME),
    ("layerstack", Step.COST, Step.ROOT_PASSWORD),
]


@pytest.mark.parametrize(("provider", "left", "goes_on"), LEFT_AT, ids=str)
async def test_it_is_gone_on_with_at_what_is_missing(
    folder: Path, ssh_folder: Path, provider: str, left: Step, goes_on: Step
) -> None:
    async with wizard(folder=folder, ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, left, provider=provider)
        before = await leave(pilot)
    async with wizard(folder=folder, ssh_folder=ssh_folder, opens=ResumeScreen) as pilot:
        assert "unfinished order" in said(pilot.app)
        await press(pilot, "enter")
        step = await anywhere(pilot)
        if step is Step.SAVED_ORDER:
            await press(pilot, "enter")
            step = await anywhere(pilot)
        assert step is goes_on
        now = wizard_of(pilot).state.draft
        assert now.location == before.draft.location
        assert now.server.plan == before.draft.server.plan
        assert (now.server.os, now.server.name) == (before.draft.server.os, before.draft.server.name)
        assert now.server.ssh_key == before.draft.server.ssh_key
        assert paid_calls(pilot.app) == []


@pytest.mark.parametrize(
    ("provider", "left"), [("edis", Step.LOCATION), ("edis", Step.PLAN), ("layerstack", Step.PLAN)]
)
async def test_one_that_was_hardly_begun_names_no_mistakes(folder: Path, provider: str, left: Step) -> None:
    """What was never chosen is not "no longer offered"."""
    async with wizard(folder=folder) as pilot:
        await go_to(pilot, left, provider=provider)
        await leave(pilot)
    async with wizard(folder=folder, opens=ResumeScreen) as pilot:
        await press(pilot, "enter")
        step = await anywhere(pilot)
        assert "Not everything in it is offered now" not in said(pilot.app)
        assert step is left


async def test_what_was_typed_and_not_answered_is_kept_too(folder: Path) -> None:
    async with wizard(folder=folder) as pilot:
        await go_to(pilot, Step.NAME)
        await type_text(pilot, "web7")
        await leave(pilot)
    kept = kept_draft(folder)
    assert kept is not None
    assert kept.server.name == "web7"


@pytest.mark.parametrize("way", ["button", "escape"])
async def test_it_can_be_begun_anew(folder: Path, way: str) -> None:
    keep_draft(folder, EDIS)
    async with wizard(folder=folder, opens=ResumeScreen) as pilot:
        assert "for web1" in said(pilot.app)
        assert "EDIS Global" in said(pilot.app)
        assert pilot.app.focused is button(pilot, "resume")
        await press(pilot, *(["right", "enter"] if way == "button" else ["escape"]))
        await arrive(pilot, Step.PROVIDER)
        assert wizard_of(pilot).state == WizardState(credentials_known=True)


async def test_enter_pressed_many_times_over_the_offer_goes_no_further_than_the_word(folder: Path) -> None:
    keep_draft(folder, EDIS)
    async with wizard(folder=folder, opens=ResumeScreen) as pilot:
        for _ in range(4):
            await type_text(pilot, "\n" * 20, apart=0.03)
            await anywhere(pilot)
        assert wizard_of(pilot).state.step in (Step.COST, Step.CONFIRM)
        assert paid_calls(pilot.app) == []


@pytest.mark.parametrize(
    "text", [b"not toml [", b"\xff\xfe", b"version = 99\nprovider = 'edis'\n", b"version = 1\nprovider = 'x'\n"]
)
async def test_a_damaged_one_is_put_aside_and_stands_in_nobodys_way(folder: Path, text: bytes) -> None:
    (folder / DRAFT_NAME).write_bytes(text)
    async with wizard(folder=folder) as pilot:
        assert settled(pilot.app) is Step.PROVIDER
    assert (folder / DAMAGED_NAME).read_bytes() == text
    assert not (folder / DRAFT_NAME).exists()


async def test_a_plan_that_is_no_longer_sold_is_named_and_asked_for_again(folder: Path) -> None:
    keep_draft(folder, replace(EDIS, servers=(replace(EDIS.server, plan="99999"),)))
    async with wizard(folder=folder, opens=ResumeScreen) as pilot:
        await press(pilot, "enter", to=Step.SAVED_ORDER)
        assert "no plan 99999 is sold there" in said(pilot.app)
        await press(pilot, "enter", to=Step.PLAN)
        await press(pilot, "enter")
        assert await anywhere(pilot) in (Step.OS_IMAGE, Step.COST)
        assert wizard_of(pilot).state.server.name == "web1"


async def test_an_os_image_that_is_no_longer_offered_is_asked_for_again(folder: Path) -> None:
    keep_draft(folder, replace(EDIS, servers=(replace(EDIS.server, os="99999"),)))
    async with wizard(folder=folder, opens=ResumeScreen) as pilot:
        await press(pilot, "enter", to=Step.SAVED_ORDER)
        assert "OS image 99999" in said(pilot.app)
        await press(pilot, "enter", to=Step.OS_IMAGE)
        await press(pilot, "enter", to=Step.COST)


async def test_a_location_that_is_gone_is_asked_for_again(folder: Path) -> None:
    keep_draft(folder, replace(EDIS, location="99999"))
    async with wizard(folder=folder, opens=ResumeScreen) as pilot:
        await press(pilot, "enter", to=Step.SAVED_ORDER)
        assert "there is no location 99999" in said(pilot.app)
        await press(pilot, "enter", to=Step.LOCATION)


async def test_a_billing_cycle_and_a_payment_method_that_are_gone_lead_to_the_usual_ones(folder: Path) -> None:
    keep_draft(folder, replace(EDIS, billing_cycle=BillingCycle.MONTHLY, payment_method="gold"))
    async with wizard(folder=folder, opens=ResumeScreen) as pilot:
        await press(pilot, "enter", to=Step.SAVED_ORDER)
        assert "payment_method: it must be one of" in said(pilot.app)
        await press(pilot, "enter", to=Step.COST)
        assert step_screen(pilot).state.draft.payment_method not in ("", "gold")


async def test_a_read_that_fails_can_be_tried_again(folder: Path) -> None:
    keep_draft(folder, EDIS)
    async with wizard(["http-500:get/products*1"], folder=folder, opens=ResumeScreen) as pilot:
        await press(pilot, "enter", to=Step.SAVED_ORDER)
        assert button(pilot, "continue").label == "Try again"
        await press(pilot, "enter", to=Step.COST)


async def test_an_order_that_was_placed_is_not_offered_again(folder: Path) -> None:
    keep_draft(folder, EDIS)
    async with wizard(folder=folder, opens=ResumeScreen) as pilot:
        await press(pilot, "enter", to=Step.COST)
        await press(pilot, "enter", to=Step.CONFIRM)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        await press(pilot, "ctrl+q")
        assert await ended(pilot) == 0
    assert kept_draft(folder) is None


async def test_an_order_that_was_refused_is_offered_again(folder: Path) -> None:
    keep_draft(folder, EDIS)
    async with wizard(["http-422:add/order"], folder=folder, opens=ResumeScreen) as pilot:
        await press(pilot, "enter", to=Step.COST)
        await press(pilot, "enter", to=Step.CONFIRM)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        await press(pilot, "ctrl+q")
        assert await ended(pilot) == 1
    async with wizard(folder=folder, opens=ResumeScreen):
        pass


@pytest.mark.parametrize("draft", DRAFTS.values(), ids=DRAFTS)
async def test_one_that_was_killed_in_the_middle_and_found_later_is_not_offered_again(
    folder: Path, draft: Draft
) -> None:
    """The draft was on disk when the program died; by now it is bought."""
    keep_draft(folder, draft)
    await order_of_draft(folder, draft, ("reply-lost",))
    async with wizard(folder=folder, keep=True, opens=Step.RECEIPT) as pilot:
        await wait_until(pilot, lambda: outcome_of(pilot) is OutcomeKind.PLACED)
        await arrive(pilot, Step.RECEIPT)
        await press(pilot, "ctrl+q")
        assert await ended(pilot) == 0
    assert kept_draft(folder) is None


async def test_another_draft_is_kept_when_an_earlier_order_is_found(folder: Path) -> None:
    await order_of_draft(folder, EDIS, ("reply-lost",))
    other = replace(EDIS, servers=(replace(EDIS.server, name="web2"),))
    keep_draft(folder, other)
    async with wizard(folder=folder, keep=True, opens=Step.RECEIPT) as pilot:
        await wait_until(pilot, lambda: outcome_of(pilot) is OutcomeKind.PLACED)
        await arrive(pilot, Step.RECEIPT)
        await press(pilot, "ctrl+q")
        assert await ended(pilot) == 0
    kept = kept_draft(folder)
    assert kept is not None
    assert kept.server.name == "web2"


async def test_beside_an_unknown_order_nothing_is_said_of_what_was_not_ordered(folder: Path) -> None:
    """The draft may be the very order whose outcome nobody knows."""
    keep_draft(folder, EDIS)
    written(folder, State.UNKNOWN)
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        button(pilot, "fresh").focus()
        await press(pilot, "enter")
        await wait_until(pilot, lambda: isinstance(pilot.app.screen, ResumeScreen))
        assert "Nothing of it was ordered" not in said(pilot.app)
        await press(pilot, "enter", to=Step.COST)
        await press(pilot, "enter", to=Step.REPEAT)


async def test_a_draft_that_cannot_be_kept_is_told_of_at_the_end(folder: Path) -> None:
    async with wizard(folder=folder) as pilot:
        await go_to(pilot, Step.NAME)
        (folder / DRAFT_NAME).unlink(missing_ok=True)
        (folder / DRAFT_NAME).mkdir()
        await type_text(pilot, "web8")
        await leave(pilot)
        assert "could not be kept" in " ".join(wizard_of(pilot).flow.last_words())


async def test_no_secret_is_in_it(folder: Path) -> None:
    async with wizard(folder=folder) as pilot:
        await go_to(pilot, Step.COST, provider="layerstack")
        password = wizard_of(pilot).state.root_password
        assert password is not None
        await leave(pilot)
    text = (folder / DRAFT_NAME).read_text()
    assert password.reveal() not in text
    assert (folder / DRAFT_NAME).stat().st_mode & 0o777 == 0o600


def outcome_of(pilot: Pilot[int]) -> OutcomeKind | None:
    outcome = wizard_of(pilot).state.outcome
    return outcome.kind if outcome else None
