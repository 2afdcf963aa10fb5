"""Step sign in, when credentials come from elsewhere: skipped, tried, or asked with the reason."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.steps import Step
from vps_tui.credentials.config import Config
from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox
from vps_tui.services.live_backend import LiveBackend
from vps_tui.tui.app import WizardApp

from .driver import SIZE, arrive, press, screen_text, settled, type_text, wait_until, wizard_of

EMAIL, PASSWORD = EDIS_ACCOUNT
SECRET = "s3ntinel-of-this-test"
ENTRY = "entry vps-tui edis"

FAKE = """
from pathlib import Path
FOLDER = Path(__file__).parent
class BackEnd:
    priority = 5
def get_keyring():
    return BackEnd()
def get_password(service, name):
    path = FOLDER / f"entry {{service}} {{name}}"
    return path.read_text() if path.exists() else None
def set_password(service, name, value):
    {on_write}
    (FOLDER / f"entry {{service}} {{name}}").write_text(value)
"""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox outside the program."""
    with Sandbox(delivery_seconds=0) as running:
        yield running
    assert running.failures == []


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Put a keyring package on the path; returns the folder that holds its entries."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def put(on_write: str = "pass", **entries: str) -> Path:
        (folder / "keyring.py").write_text(FAKE.format(on_write=on_write))
        for name, value in entries.items():
            (folder / f"{ENTRY}.{name}").write_text(value)
        return folder

    yield put
    sys.modules.pop("keyring", None)


@asynccontextmanager
async def live_wizard(
    sandbox: Sandbox, folder: Path, environ: dict[str, str] | None = None, **config: Any
) -> AsyncIterator[Pilot[int]]:
    """Run the wizard as with the real providers, `sandbox` at their addresses."""
    places = {"VPS_TUI_EDIS_URL": sandbox.edis_url, "VPS_TUI_EDIS_SESSION_URL": sandbox.edis_url}
    known = {**places, "PATH": os.environ["PATH"], **(environ or {})}
    app = WizardApp(LiveBackend(known, folder, folder, Config(**config)), folder / "no-keys")
    async with app.run_test(size=SIZE) as pilot:
        await wait_until(pilot, lambda: settled(app) is Step.PROVIDER)
        yield pilot
        await app.flow.drop_session()


def balance_reads(sandbox: Sandbox) -> int:
    return [request.route for request in sandbox.requests].count("/kvm/v2/get/account-balance")


async def test_a_command_makes_the_step_go_away(sandbox: Sandbox, tmp_path: Path) -> None:
    commands = {"edis": {"password": ("printf", PASSWORD)}}
    config: dict[str, Any] = {"sign_in": {"edis": {"email": EMAIL}}, "commands": commands}
    async with live_wizard(sandbox, tmp_path, **config) as pilot:
        await press(pilot, "enter", to=Step.LOCATION)
        await wait_until(pilot, lambda: "Vienna" in screen_text(pilot.app))
        await press(pilot, "escape", to=Step.PROVIDER)


async def test_a_command_that_fails_brings_it_back_with_the_reason(sandbox: Sandbox, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    command = ("sh", "-c", f"echo x >> {runs}; echo {SECRET} >&2; exit 5")
    config: dict[str, Any] = {"sign_in": {"edis": {"email": EMAIL}}, "commands": {"edis": {"password": command}}}
    async with live_wizard(sandbox, tmp_path, **config) as pilot:
        await press(pilot, "enter")
        await arrive(pilot, Step.SIGN_IN)
        said = "The password_command sh ended with status 5."
        await wait_until(pilot, lambda: said in " ".join(screen_text(pilot.app).split()))
        assert SECRET not in screen_text(pilot.app)
        assert [field.value for field in pilot.app.screen.query(Input)] == [EMAIL, ""]
        await press(pilot, "tab")
        await type_text(pilot, PASSWORD)
        await press(pilot, "enter", to=Step.LOCATION)
        await press(pilot, "escape", to=Step.SIGN_IN)
        assert runs.read_text() == "x\n"


async def test_known_credentials_that_are_refused_bring_it_back_as_well(sandbox: Sandbox, tmp_path: Path) -> None:
    known = {"VPS_TUI_EDIS_EMAIL": EMAIL, "VPS_TUI_EDIS_PASSWORD": SECRET}
    async with live_wizard(sandbox, tmp_path, known) as pilot:
        await press(pilot, "enter")
        await arrive(pilot, Step.SIGN_IN)
        await wait_until(pilot, lambda: "does not accept" in screen_text(pilot.app))
        tried = balance_reads(sandbox)
        await press(pilot, "tab")
        await type_text(pilot, PASSWORD)
        await press(pilot, "enter", to=Step.LOCATION)
        assert balance_reads(sandbox) == tried + 1


async def test_the_keyring_is_tried_without_a_question(
    sandbox: Sandbox, tmp_path: Path, ring: Callable[..., Path]
) -> None:
    ring(email=EMAIL, password=PASSWORD)
    async with live_wizard(sandbox, tmp_path) as pilot:
        await press(pilot, "enter")
        await arrive(pilot, Step.LOCATION)
        assert balance_reads(sandbox) == 1
        await press(pilot, "escape", to=Step.PROVIDER)


async def test_a_stale_keyring_is_told_once_and_asked_over(
    sandbox: Sandbox, tmp_path: Path, ring: Callable[..., Path]
) -> None:
    folder = ring(email=EMAIL, password=SECRET)
    async with live_wizard(sandbox, tmp_path) as pilot:
        await press(pilot, "enter", to=Step.SIGN_IN)
        await wait_until(pilot, lambda: "does not accept" in screen_text(pilot.app))
        assert balance_reads(sandbox) == 1
        await wait_until(pilot, lambda: "Keep in the keyring" in screen_text(pilot.app))
        first, second = pilot.app.screen.query(Input)
        first.value, second.value = EMAIL, PASSWORD
        pilot.app.screen.query_one("#keep").focus()
        await press(pilot, "right", "enter", to=Step.LOCATION)
        assert (folder / f"{ENTRY}.password").read_text() == PASSWORD


async def test_what_is_typed_is_kept_only_when_wanted(
    sandbox: Sandbox, tmp_path: Path, ring: Callable[..., Path]
) -> None:
    folder = ring()
    for keys, kept in ((["enter"], False), (["right", "enter"], True)):
        state = tmp_path / f"state {kept}"
        state.mkdir()
        async with live_wizard(sandbox, state) as pilot:
            await press(pilot, "enter", to=Step.SIGN_IN)
            await wait_until(pilot, lambda: "Keep in the keyring" in screen_text(pilot.app))
            await type_text(pilot, EMAIL)
            await press(pilot, "tab")
            await type_text(pilot, PASSWORD)
            await press(pilot, "tab", *keys, to=Step.LOCATION)
        assert (folder / f"{ENTRY}.password").exists() is kept
    assert (folder / f"{ENTRY}.email").read_text() == EMAIL


async def test_a_keyring_that_cannot_be_written_is_told_before_going_on(
    sandbox: Sandbox, tmp_path: Path, ring: Callable[..., Path]
) -> None:
    ring(f"raise OSError('{SECRET}')")
    async with live_wizard(sandbox, tmp_path) as pilot:
        await press(pilot, "enter", to=Step.SIGN_IN)
        await wait_until(pilot, lambda: "Keep in the keyring" in screen_text(pilot.app))
        await type_text(pilot, EMAIL)
        await press(pilot, "tab")
        await type_text(pilot, PASSWORD)
        await press(pilot, "tab", "right", "enter")
        await wait_until(pilot, lambda: "could not be kept. The keyring failed (OSError)." in screen_text(pilot.app))
        assert SECRET not in screen_text(pilot.app)
        pilot.app.screen.query(Input).last().focus()
        await press(pilot, "enter", to=Step.LOCATION)


async def test_without_a_keyring_nothing_is_offered(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vps_tui.credentials.keyring.find_spec", lambda _: None)
    async with live_wizard(sandbox, tmp_path) as pilot:
        await press(pilot, "enter", to=Step.SIGN_IN)
        await type_text(pilot, EMAIL)
        assert "keyring" not in screen_text(pilot.app)


async def test_a_known_password_need_not_be_typed(sandbox: Sandbox, tmp_path: Path) -> None:
    async with live_wizard(sandbox, tmp_path, {"VPS_TUI_EDIS_PASSWORD": PASSWORD}) as pilot:
        await press(pilot, "enter", to=Step.SIGN_IN)
        await wait_until(pilot, lambda: getattr(pilot.app.screen, "_known", None) == {"password"})
        await type_text(pilot, EMAIL)
        await press(pilot, "enter", "enter", to=Step.LOCATION)


async def test_typed_secrets_are_wrapped_in_the_state(sandbox: Sandbox, tmp_path: Path) -> None:
    async with live_wizard(sandbox, tmp_path) as pilot:
        await press(pilot, "enter", to=Step.SIGN_IN)
        await type_text(pilot, EMAIL)
        await press(pilot, "tab")
        await type_text(pilot, SECRET)
        await press(pilot, "escape", to=Step.PROVIDER)
        state = wizard_of(pilot).state
        assert SECRET not in repr(state) + str(state.unsaved_text) + repr(state.unsaved_text)
        assert state.typed_text("sign-in password") == SECRET


async def test_the_program_can_be_left_while_a_command_hangs(sandbox: Sandbox, tmp_path: Path) -> None:
    commands = {"edis": {"password": ("sleep", "60")}}
    config: dict[str, Any] = {"sign_in": {"edis": {"email": EMAIL}}, "commands": commands}
    async with live_wizard(sandbox, tmp_path, **config) as pilot:
        await press(pilot, "enter")
        await wait_until(pilot, lambda: wizard_of(pilot).state.step is Step.LOCATION)
        begun = monotonic()
        await press(pilot, "escape", to=Step.PROVIDER)
        await wizard_of(pilot).leave()
        wizard_of(pilot).backend.close()
        assert monotonic() - begun < 5
