"""Signing in in lines: what is known is tried, the rest is asked, and no secret is shown or read from a pipe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from vps_tui.core.errors import UsageError
from vps_tui.core.steps import Step
from vps_tui.plain.run import run
from vps_tui.plain.terminal_io import Lines
from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox
from vps_tui.services.live_backend import LiveBackend
from vps_tui.wizard.controller import Flow

from .dialogue import After, fresh_folder, talk

EMAIL, PASSWORD = EDIS_ACCOUNT
WRONG = "s3ntinel-of-this-test"


@pytest.fixture
def server() -> Iterator[Sandbox]:
    with Sandbox(delivery_seconds=0) as running:
        yield running


def live(server: Sandbox, tmp_path: Path, **environment: str) -> LiveBackend:
    urls = {"VPS_TUI_EDIS_URL": server.edis_url, "VPS_TUI_EDIS_SESSION_URL": server.edis_url}
    return LiveBackend(urls | environment, tmp_path / "config", fresh_folder())


def test_a_wrong_password_is_told_and_asked_again_and_never_shown(server: Sandbox, tmp_path: Path) -> None:
    spoken = talk(
        live(server, tmp_path),
        "1",
        ":?",
        "",
        EMAIL,
        After("Password (not shown)", WRONG),
        After("Sign-in refused", ""),
        After("Password (not shown)", PASSWORD),
    )
    assert spoken.flow.state.step is Step.LOCATION, spoken.text
    assert "Where should the server stand?" in spoken.words
    assert spoken.words.count("Fill this in.") == 1
    assert "write :b, :q and :? instead" in spoken.words
    assert WRONG not in spoken.text
    assert PASSWORD not in spoken.text


def test_back_from_the_password_keeps_the_address(server: Sandbox, tmp_path: Path) -> None:
    spoken = talk(
        live(server, tmp_path), "1", EMAIL, After("(not shown)", ":b"), After(f"Enter for {EMAIL}", ":b"), "1"
    )
    assert spoken.words.count("Sign in to EDIS Global") == 2
    assert dict(spoken.flow.state.unsaved_text)["sign-in email"] == EMAIL


def test_known_credentials_that_are_refused_lead_to_the_question(server: Sandbox, tmp_path: Path) -> None:
    backend = live(server, tmp_path, VPS_TUI_EDIS_EMAIL=EMAIL, VPS_TUI_EDIS_PASSWORD=WRONG)
    spoken = talk(backend, "1", After("Sign in to EDIS Global", ""), After("Password (not shown)", PASSWORD))
    assert "Sign-in refused" in spoken.words
    assert spoken.flow.state.step is Step.LOCATION
    assert WRONG not in spoken.text


def test_from_a_pipe_no_secret_is_read(server: Sandbox, tmp_path: Path) -> None:
    """What stands in a pipe stands in a file or in a history too; a variable or a command is the way."""
    if os.path.exists("/dev/tty") and _has_terminal():  # noqa: PTH110 - it is a device
        pytest.skip("This test runs in a terminal, which would be asked.")
    source, target = os.pipe()
    out, shown = os.pipe()
    os.write(target, f"1\n{EMAIL}\n{PASSWORD}\n".encode())
    backend = live(server, tmp_path)
    try:
        with pytest.raises(UsageError) as raised:
            run(Flow(backend), Lines(source, shown))
    finally:
        backend.close()
        os.close(target)
        os.close(source)
        os.close(shown)
    with open(out, "rb") as file:  # noqa: PTH123 - a descriptor
        assert PASSWORD.encode() not in file.read()
    assert raised.value.title == "Nobody to ask"
    assert "VPS_TUI_EDIS_PASSWORD" in raised.value.hint


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
