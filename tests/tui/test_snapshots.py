"""How five screens look at 80x24; `pytest --snapshot-update` accepts a change that is meant."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from vps_tui.core.steps import Step
from vps_tui.journal import store
from vps_tui.services import watch
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.tui.app import WizardApp
from vps_tui.tui.screens import cost, paid_step
from vps_tui.wizard import summary

from .driver import SIZE, arrive, fresh_folder, go_to, press, said, type_text, wait_until, wizard_of

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ops@box"
"""A key that is always the same, of a private half that nobody has."""


class FixedTime(datetime):
    """A clock that stands still, so that the date of the first renewal does not move."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> FixedTime:
        """Return noon on the last day of January: the next renewal is on the last of February."""
        return cls(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WizardApp]:
    """The wizard with a key, a date and a reference that are always the same."""
    for module in (cost, paid_step, summary, watch):
        monkeypatch.setattr(module, "datetime", FixedTime)
    monkeypatch.setattr(store, "new_reference", lambda _moment: "0131-abcd")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    (tmp_path / "id_ed25519.pub").write_text(f"{KEY}\n")
    backend = SandboxBackend(fresh_folder(), forget=True)
    wizard = WizardApp(backend, tmp_path)
    wizard.flow.journal = store.Journal(backend.folder / store.FILE_NAME, clock=lambda: FixedTime.now(UTC))
    yield wizard
    backend.close()


async def to_plan(pilot: Pilot[int]) -> None:
    """Show the plans of one location, the second one highlighted."""
    await go_to(pilot, Step.LOCATION)
    await type_text(pilot, "germany")
    await press(pilot, "enter", to=Step.PLAN)
    await press(pilot, "down")


async def to_cost(pilot: Pilot[int]) -> None:
    """Show the cost of that plan with one add-on and a key."""
    await to_plan(pilot)
    await press(pilot, "enter", to=Step.OS_IMAGE)
    await press(pilot, "enter", to=Step.NAME)
    await type_text(pilot, "web1.example.com")
    await press(pilot, "enter", to=Step.ADD_ONS)
    await press(pilot, "right", "enter", to=Step.SSH_KEY)
    await press(pilot, "enter", to=Step.COST)


async def to_confirm(pilot: Pilot[int]) -> None:
    """Show the question before that order, the answer typed."""
    await to_cost(pilot)
    await press(pilot, "enter", to=Step.CONFIRM)
    await type_text(pilot, "yes")


async def to_receipt(pilot: Pilot[int]) -> None:
    """Show what became of that order."""
    await to_confirm(pilot)
    await press(pilot, "enter", to=Step.RECEIPT)
    await wait_until(pilot, lambda: "lists it as pending" in said(pilot.app))


async def to_provider(pilot: Pilot[int]) -> None:
    """Show the first screen."""
    await arrive(pilot, Step.PROVIDER)


@pytest.mark.parametrize("show", [to_provider, to_plan, to_cost, to_confirm, to_receipt])
def test_it_looks_as_it_did(app: WizardApp, snap_compare: Any, show: Callable[[Pilot[int]], Awaitable[None]]) -> None:
    async def shown(pilot: Pilot[int]) -> None:
        await show(pilot)
        await wizard_of(pilot).flow.drop_session()

    assert snap_compare(app, run_before=shown, terminal_size=SIZE)
