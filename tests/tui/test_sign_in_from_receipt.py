"""Looking after an order whose credentials are not known: sign in, and come back to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.journal import State
from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox
from vps_tui.services.live_backend import LiveBackend
from vps_tui.tui.app import WizardApp

from .change_walk import kind_of
from .driver import (
    SIZE,
    arrive,
    button,
    close,
    ended,
    fresh_folder,
    journal_of,
    press,
    said,
    settled,
    type_text,
    wait_until,
    wizard_of,
)
from .shortcut import EDIS, order_of_draft, written


@pytest.fixture
def folder() -> Path:
    """A state folder."""
    return fresh_folder()


@pytest.fixture
def sandbox(folder: Path) -> Iterator[Sandbox]:
    """A sandbox outside the program, with the ledger of `folder`."""
    with Sandbox(ledger=folder / "ledger.sqlite", delivery_seconds=0) as running:
        yield running
    assert running.failures == []


@asynccontextmanager
async def stranger(sandbox: Sandbox, folder: Path, email: str = "") -> AsyncIterator[Pilot[int]]:
    """Open the wizard on an unknown order, `sandbox` in the providers' place and no password known."""
    environ = {"VPS_TUI_EDIS_URL": sandbox.edis_url, "VPS_TUI_EDIS_SESSION_URL": sandbox.edis_url}
    if email:
        environ["VPS_TUI_EDIS_EMAIL"] = email
    app = WizardApp(LiveBackend(environ, folder, folder), folder / "no-keys")
    async with app.run_test(size=SIZE) as pilot:
        await arrive(pilot, Step.RECEIPT)
        yield pilot
        await close(app)


async def sign_in(pilot: Pilot[int], *texts: str) -> None:
    """Type `texts` into the fields that are empty."""
    for text in texts:
        await type_text(pilot, text)
        await press(pilot, "enter")


async def test_it_is_looked_for_after_signing_in_and_the_way_leads_back_to_it(folder: Path, sandbox: Sandbox) -> None:
    lost = await order_of_draft(folder, EDIS, ("reply-lost",))
    async with stranger(sandbox, folder) as pilot:
        assert sandbox.requests == []
        await press(pilot, "enter", to=Step.SIGN_IN)
        await sign_in(pilot, *EDIS_ACCOUNT)
        await wait_until(pilot, lambda: journal_of(pilot).entry(lost.reference).state is State.PLACED)
        await wait_until(pilot, lambda: kind_of(pilot) is OutcomeKind.PLACED)
        await arrive(pilot, Step.RECEIPT)
        assert "it was found in the list of servers" in said(pilot.app)


async def test_a_wrong_password_is_told_and_the_order_stays_unknown(folder: Path, sandbox: Sandbox) -> None:
    lost = written(folder, State.UNKNOWN)
    async with stranger(sandbox, folder, EDIS_ACCOUNT[0]) as pilot:
        await press(pilot, "enter", to=Step.SIGN_IN)
        pilot.app.screen.query(Input).last().focus()
        await sign_in(pilot, "wrong")
        await wait_until(pilot, lambda: "Nothing was ordered" in said(pilot.app) or "refused" in said(pilot.app))
        assert settled(pilot.app) is Step.SIGN_IN
        assert journal_of(pilot).entry(lost.reference).unsettled


async def test_escape_on_the_way_to_signing_in_comes_back_to_the_order(folder: Path, sandbox: Sandbox) -> None:
    lost = written(folder, State.UNKNOWN)
    async with stranger(sandbox, folder) as pilot:
        await press(pilot, "enter", to=Step.SIGN_IN)
        await press(pilot, "escape")
        await wait_until(
            pilot, lambda: settled(pilot.app) is Step.RECEIPT or wizard_of(pilot).return_value is not None
        )
        assert settled(pilot.app) is Step.RECEIPT
        assert f"Recorded as {lost.reference}" in said(pilot.app)


async def test_another_accounts_list_says_nothing(folder: Path, sandbox: Sandbox) -> None:
    lost = written(folder, State.UNKNOWN, account="ops@example.org")
    async with stranger(sandbox, folder) as pilot:
        await press(pilot, "enter", to=Step.SIGN_IN)
        await sign_in(pilot, *EDIS_ACCOUNT)
        await arrive(pilot, Step.RECEIPT)
        await wait_until(pilot, lambda: "was made with the account ops@example.org" in said(pilot.app))
        assert journal_of(pilot).entry(lost.reference).unsettled


async def test_it_is_settled_by_hand_without_signing_in(folder: Path, sandbox: Sandbox) -> None:
    lost = written(folder, State.UNKNOWN)
    async with stranger(sandbox, folder) as pilot:
        for name in ("settle", "there"):
            button(pilot, name).focus()
            await press(pilot, "enter")
        await wait_until(pilot, lambda: journal_of(pilot).entry(lost.reference).state is State.PLACED)
        await arrive(pilot, Step.RECEIPT)
        await press(pilot, "ctrl+q")
        assert await ended(pilot) == 0
    assert sandbox.requests == []
