"""Step sign in, against a sandbox in the place of the real providers."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.steps import Step
from vps_tui.sandbox.data import LAYERSTACK_CATALOG
from vps_tui.sandbox.server import EDIS_ACCOUNT, LAYERSTACK_ACCOUNT, Sandbox
from vps_tui.services.live_backend import LiveBackend
from vps_tui.tui.app import WizardApp

from .driver import SIZE, arrive, press, screen_text, settled, type_text, wait_until, wizard_of

EMAIL, PASSWORD = EDIS_ACCOUNT


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox outside the program."""
    with Sandbox(delivery_seconds=0) as running:
        yield running
    assert running.failures == []


@pytest.fixture
def config_folder(tmp_path: Path) -> Path:
    """A configuration folder with LayerStack's catalogue in it."""
    shutil.copy(LAYERSTACK_CATALOG, tmp_path / "layerstack-catalog.toml")
    return tmp_path


@asynccontextmanager
async def live_wizard(
    sandbox: Sandbox, folder: Path, credentials: Mapping[str, str] | None = None
) -> AsyncIterator[Pilot[int]]:
    """Run the wizard as with the real providers, `sandbox` at their addresses, `credentials` in the environment."""
    environ = {
        "VPS_TUI_EDIS_URL": sandbox.edis_url,
        "VPS_TUI_EDIS_SESSION_URL": sandbox.edis_url,
        "VPS_TUI_LAYERSTACK_URL": sandbox.layerstack_url,
        **(credentials or {}),
    }
    app = WizardApp(LiveBackend(environ, folder, folder), folder / "no-keys")
    async with app.run_test(size=SIZE) as pilot:
        await wait_until(pilot, lambda: settled(app) is Step.PROVIDER)
        yield pilot
        await app.flow.drop_session()


def typed(pilot: Pilot[int]) -> list[str]:
    return [field.value for field in pilot.app.screen.query(Input)]


async def sign_in(pilot: Pilot[int], password: str) -> None:
    """Choose EDIS Global and type the credentials."""
    await press(pilot, "enter", to=Step.SIGN_IN)
    await type_text(pilot, EMAIL)
    await press(pilot, "enter")
    await type_text(pilot, password)
    await press(pilot, "enter")


async def test_the_right_credentials_go_on_and_are_tried_once(sandbox: Sandbox, config_folder: Path) -> None:
    async with live_wizard(sandbox, config_folder) as pilot:
        await sign_in(pilot, PASSWORD)
        await arrive(pilot, Step.LOCATION)
        assert [request.route for request in sandbox.requests].count("/kvm/v2/get/account-balance") == 1


async def test_a_wrong_password_is_told_and_what_was_typed_is_kept(sandbox: Sandbox, config_folder: Path) -> None:
    async with live_wizard(sandbox, config_folder) as pilot:
        await sign_in(pilot, "wrong")
        await wait_until(pilot, lambda: "Nothing was ordered" in screen_text(pilot.app))
        assert "EDIS Global" in screen_text(pilot.app)
        assert settled(pilot.app) is Step.SIGN_IN
        assert typed(pilot) == [EMAIL, "wrong"]
        assert [request.route for request in sandbox.requests] == ["/kvm/v2/get/account-balance"]
        await press(pilot, "end", *["backspace"] * 5)
        await type_text(pilot, PASSWORD)
        await press(pilot, "enter", to=Step.LOCATION)
        assert wizard_of(pilot).state.signed_in


async def test_a_password_is_never_drawn(sandbox: Sandbox, config_folder: Path) -> None:
    async with live_wizard(sandbox, config_folder) as pilot:
        await sign_in(pilot, "Sesame-1")
        await wait_until(pilot, lambda: "Nothing was ordered" in screen_text(pilot.app))
        assert EMAIL in screen_text(pilot.app)
        assert "Sesame" not in screen_text(pilot.app)
        assert "Sesame" not in repr(wizard_of(pilot).state)


async def test_an_empty_field_is_named_before_anything_is_sent(sandbox: Sandbox, config_folder: Path) -> None:
    async with live_wizard(sandbox, config_folder) as pilot:
        await press(pilot, "enter", to=Step.SIGN_IN)
        await type_text(pilot, EMAIL)
        await press(pilot, "enter", "enter")
        assert screen_text(pilot.app).count("Fill this in.") == 1
        assert pilot.app.focused is list(pilot.app.screen.query(Input))[1]
        assert sandbox.requests == []


async def test_going_back_keeps_what_was_typed(sandbox: Sandbox, config_folder: Path) -> None:
    async with live_wizard(sandbox, config_folder) as pilot:
        await press(pilot, "enter", to=Step.SIGN_IN)
        await type_text(pilot, "half@")
        await press(pilot, "escape", to=Step.PROVIDER)
        await press(pilot, "enter", to=Step.SIGN_IN)
        assert typed(pilot) == ["half@", ""]
        assert sandbox.requests == []


async def test_back_from_the_locations_leads_to_the_sign_in_again(sandbox: Sandbox, config_folder: Path) -> None:
    async with live_wizard(sandbox, config_folder) as pilot:
        await sign_in(pilot, PASSWORD)
        await arrive(pilot, Step.LOCATION)
        await press(pilot, "escape", to=Step.SIGN_IN)
        assert typed(pilot) == [EMAIL, PASSWORD]
        await press(pilot, "end", "enter")
        await wait_until(pilot, lambda: settled(pilot.app) is Step.LOCATION or pilot.app.focused is not None)


async def test_escape_while_the_provider_thinks_goes_back_at_once(sandbox: Sandbox, config_folder: Path) -> None:
    sandbox.set_faults(["hang:get/account-balance*1"])
    async with live_wizard(sandbox, config_folder) as pilot:
        await sign_in(pilot, PASSWORD)
        await wait_until(pilot, lambda: len(sandbox.requests) == 1)
        await press(pilot, "escape", to=Step.PROVIDER)
        await press(pilot, "enter", to=Step.SIGN_IN)
        assert typed(pilot) == [EMAIL, PASSWORD]
        pilot.app.screen.query(Input).last().focus()
        await press(pilot, "enter", to=Step.LOCATION)


async def test_credentials_in_the_environment_skip_the_step_both_ways(sandbox: Sandbox, config_folder: Path) -> None:
    known = {"VPS_TUI_EDIS_EMAIL": EMAIL, "VPS_TUI_EDIS_PASSWORD": PASSWORD}
    async with live_wizard(sandbox, config_folder, known) as pilot:
        await press(pilot, "enter", to=Step.LOCATION)
        await press(pilot, "escape", to=Step.PROVIDER)


async def test_an_e_mail_in_the_environment_is_filled_in(sandbox: Sandbox, config_folder: Path) -> None:
    async with live_wizard(sandbox, config_folder, {"VPS_TUI_EDIS_EMAIL": EMAIL}) as pilot:
        await press(pilot, "enter", to=Step.SIGN_IN)
        assert typed(pilot) == [EMAIL, ""]


async def test_layerstack_takes_account_and_token(sandbox: Sandbox, config_folder: Path) -> None:
    async with live_wizard(sandbox, config_folder) as pilot:
        await press(pilot, "down", "enter", to=Step.SIGN_IN)
        for text in LAYERSTACK_ACCOUNT:
            await type_text(pilot, text)
            await press(pilot, "enter")
        await arrive(pilot, Step.PLAN)
        assert "S102-HK" in screen_text(pilot.app)


async def test_another_provider_asks_for_its_own_credentials(sandbox: Sandbox, config_folder: Path) -> None:
    known = {"VPS_TUI_EDIS_EMAIL": EMAIL, "VPS_TUI_EDIS_PASSWORD": PASSWORD}
    async with live_wizard(sandbox, config_folder, known) as pilot:
        await press(pilot, "enter", to=Step.LOCATION)
        await press(pilot, "escape", to=Step.PROVIDER)
        await press(pilot, "down", "enter", to=Step.SIGN_IN)
        assert "LayerStack" in screen_text(pilot.app)
        assert typed(pilot) == ["", ""]
        assert EMAIL not in screen_text(pilot.app)
