"""The wizard that is given an order file opens at its cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from vps_tui.core.draft import Draft
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.services.order_files import keep_draft

from .driver import (
    arrive,
    fresh_folder,
    paid_calls,
    press,
    requests_to,
    said,
    type_text,
    wait_until,
    wizard,
    wizard_of,
)
from .shortcut import DRAFTS, EDIS


@pytest.fixture
def folder() -> Path:
    """A state folder."""
    return fresh_folder()


def outcome_of(pilot: Pilot[int]) -> OutcomeKind | None:
    outcome = wizard_of(pilot).state.outcome
    return outcome.kind if outcome else None


@pytest.mark.parametrize(
    ("draft", "first"), [(DRAFTS["edis"], Step.COST), (DRAFTS["layerstack"], Step.ROOT_PASSWORD)]
)
async def test_the_wizard_opens_at_its_cost(draft: Draft, first: Step) -> None:
    async with wizard(saved=draft, opens=first) as pilot:
        if first is Step.ROOT_PASSWORD:
            await press(pilot, "enter", to=Step.COST)
        assert "web1" in said(pilot.app)
        assert draft.server.plan_name in said(pilot.app)
        assert wizard_of(pilot).state.to_order().servers == draft.servers
        await press(pilot, "enter", to=Step.CONFIRM)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        assert outcome_of(pilot) is OutcomeKind.PLACED
        assert len(paid_calls(pilot.app)) == 1


async def test_it_comes_before_a_kept_draft(folder: Path) -> None:
    keep_draft(folder, replace(EDIS, servers=(replace(EDIS.server, name="web2"),)))
    async with wizard(folder=folder, saved=EDIS, opens=Step.COST) as pilot:
        assert wizard_of(pilot).state.server.name == "web1"
        assert len(requests_to(pilot.app, "get/products")) == 1


async def test_escape_while_it_is_looked_up_leads_to_the_provider() -> None:
    async with wizard(["hang:get/products"], saved=EDIS, opens=None) as pilot:
        await wait_until(pilot, lambda: "what your saved order names" in said(pilot.app))
        await press(pilot, "escape", to=Step.PROVIDER)


async def test_one_with_something_that_is_not_offered() -> None:
    wrong = replace(EDIS, servers=(replace(EDIS.server, plan="99999", os="1"),))
    async with wizard(saved=wrong, opens=Step.SAVED_ORDER) as pilot:
        assert "server[1].plan" in said(pilot.app)
        await press(pilot, "enter", to=Step.PLAN)
