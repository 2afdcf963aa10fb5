"""The receipt follows the servers of a placed order until one can log in, and stops when it is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from vps_tui.core.draft import Draft
from vps_tui.core.steps import Step
from vps_tui.journal import State
from vps_tui.providers.registry import provider_info
from vps_tui.services.reconcile import draft_of
from vps_tui.tui.screens.copying import BareView
from vps_tui.tui.screens.following import AddressScreen, FollowingStep
from vps_tui.wizard.start import of_entry
from vps_tui.wizard.state import WizardState

from .driver import (
    arrive,
    button,
    ended,
    fresh_folder,
    paid_calls,
    press,
    requests_to,
    said,
    sandbox_of,
    shows,
    step_screen,
    type_text,
    wait_until,
    wizard,
    wizard_of,
    words,
)
from .shortcut import DRAFTS, EDIS, at_confirmation, deliver_quickly, order_of_draft, written


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_quickly(monkeypatch)


def at_entry(pilot: object, folder: Path, state: State = State.PLACED) -> WizardState:
    """Return the state at the receipt of an order that was made earlier."""
    entry = written(folder, state)
    return of_entry(entry, draft_of(entry), provider_info("edis"), credentials_known=True)


async def test_it_ends_with_the_command_and_the_host_key_to_be_copied() -> None:
    async with wizard() as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        await wait_until(pilot, lambda: "web1 is ready: ssh -p " in words(pilot, "#following"))
        (service,) = [one for one in sandbox_of(pilot.app).ledger.services("edis") if one.order_id]
        command = f"ssh -p {sandbox_of(pilot.app).ssh_port} root@{service.ip}"
        assert f"web1 is ready: {command} ED25519 key SHA256:" in said(pilot.app)
        assert "come by e-mail" not in said(pilot.app)
        asked = len(sandbox_of(pilot.app).requests)
        await press(pilot, "f3")
        await wait_until(pilot, lambda: isinstance(pilot.app.screen, BareView))
        assert f"Log in with: {command}" in said(pilot.app)
        assert f"Address: {service.ip}" in said(pilot.app)
        assert "Host key: SHA256:" in said(pilot.app)
        assert len(sandbox_of(pilot.app).requests) == asked, "What is ready is not asked about any more."
        assert len(paid_calls(pilot.app)) == 1
        await press(pilot, "escape", "escape")
        assert await ended(pilot) == 0
        assert any("watch " in line for line in wizard_of(pilot).flow.last_words())


@pytest.mark.parametrize("draft", DRAFTS.values(), ids=DRAFTS)
async def test_an_order_made_earlier_is_followed_where_it_is_opened(draft: Draft) -> None:
    folder = fresh_folder()
    entry = await order_of_draft(folder, draft)
    async with wizard(folder=folder, keep=True) as pilot:
        info = provider_info(draft.provider)
        await wizard_of(pilot).show(of_entry(entry, draft_of(entry), info, credentials_known=True))
        await arrive(pilot, Step.RECEIPT)
        await wait_until(pilot, lambda: "web1 is ready: ssh -p " in said(pilot.app))
        assert paid_calls(pilot.app) == []


async def test_where_the_api_does_not_tell_the_address_is_typed() -> None:
    folder = fresh_folder()
    entry = await order_of_draft(folder, EDIS)
    async with wizard(["no-api-access"], folder=folder, keep=True) as pilot:
        state = of_entry(entry, draft_of(entry), provider_info("edis"), credentials_known=True)
        await wizard_of(pilot).show(state)
        await wait_until(pilot, lambda: bool(pilot.app.screen.query("#address")))
        assert "its address comes by e-mail" in said(pilot.app)
        assert "Look for the e-mail from EDIS Global to sandbox@example.test" in said(pilot.app)
        button(pilot, "address").focus()
        await press(pilot, "enter")
        await wait_until(pilot, lambda: shows(wizard_of(pilot), AddressScreen))
        await type_text(pilot, "web1")
        await press(pilot, "enter")
        assert "That is not an IP address." in said(pilot.app)
        (service,) = [one for one in sandbox_of(pilot.app).ledger.services("edis") if one.order_id]
        sandbox_of(pilot.app)._doors.look()
        pilot.app.screen.query_one(Input).value = ""
        await type_text(pilot, f"{service.ip}\n")
        await wait_until(
            pilot, lambda: f"is ready: ssh -p {sandbox_of(pilot.app).ssh_port} root@{service.ip}" in said(pilot.app)
        )


async def test_trouble_is_said_and_passes() -> None:
    folder = fresh_folder()
    entry = await order_of_draft(folder, EDIS)
    async with wizard(["http-403:get/services"], folder=folder, keep=True) as pilot:
        state = of_entry(entry, draft_of(entry), provider_info("edis"), credentials_known=True)
        await wizard_of(pilot).show(state)
        await wait_until(pilot, lambda: "could not be asked, and is asked again" in said(pilot.app))
        sandbox_of(pilot.app).set_faults([])
        await wait_until(pilot, lambda: "web1 is ready" in said(pilot.app))
        assert "could not be asked" not in said(pilot.app)


async def test_wrong_credentials_end_it_and_the_order_stands() -> None:
    folder = fresh_folder()
    async with wizard(["wrong-password:get/services"], folder=folder, keep=True) as pilot:
        await wizard_of(pilot).show(at_entry(pilot, folder))
        await wait_until(pilot, lambda: "Sign-in refused" in said(pilot.app))
        assert "The order stands as it is." in said(pilot.app)
        assert "Nothing was ordered" not in said(pilot.app)
        asked = len(requests_to(pilot.app, "get/services"))
        await pilot.pause(0.2)
        assert len(requests_to(pilot.app, "get/services")) == asked == 1


async def test_leaving_the_receipt_ends_it() -> None:
    folder = fresh_folder()
    async with wizard(folder=folder) as pilot:
        await wizard_of(pilot).show(at_entry(pilot, folder))
        await wait_until(pilot, lambda: "EDIS Global does not list it yet" in said(pilot.app))
        receipt = step_screen(pilot)
        assert isinstance(receipt, FollowingStep)
        await wizard_of(pilot).show(WizardState())
        await arrive(pilot, Step.PROVIDER)
        await wait_until(pilot, lambda: receipt._ticker is None)
        assert not any(worker.group == "follow" and not worker.is_finished for worker in pilot.app.workers)
        asked = len(requests_to(pilot.app, "get/services"))
        await pilot.pause(0.3)
        assert len(requests_to(pilot.app, "get/services")) == asked


@pytest.mark.parametrize("state", [State.REFUSED, State.NOT_SENT])
async def test_an_order_that_was_not_taken_is_not_followed(state: State) -> None:
    folder = fresh_folder()
    async with wizard(folder=folder) as pilot:
        await wizard_of(pilot).show(at_entry(pilot, folder, state))
        await arrive(pilot, Step.RECEIPT)
        assert not pilot.app.screen.query_one("#following").display
        assert not any(worker.group == "follow" for worker in pilot.app.workers)
