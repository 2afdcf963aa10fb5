"""Step SSH key: the keys found on this machine, a file, or none."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.steps import Step
from vps_tui.tui.screens.key_dialogs import KeyFileScreen

from .conftest import MadeKey
from .driver import (
    choices,
    choose,
    go_to,
    highlight,
    highlighted,
    press,
    screen_text,
    settled,
    type_text,
    wait_until,
    wizard,
    wizard_of,
    words,
)


async def test_the_fingerprint_of_a_found_key_is_that_of_ssh_keygen(ssh_folder: Path) -> None:
    program = shutil.which("ssh-keygen")
    if program is None:
        assert not os.environ.get("CI"), "ssh-keygen is missing: install openssh-client"
        pytest.skip("ssh-keygen is not installed")
    command = [program, "-lf", str(ssh_folder / "id_ed25519.pub")]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    bits, fingerprint, *_ = printed.split()
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.SSH_KEY)
        assert words(pilot, "#details") == f"ED25519, {bits} bits\n{fingerprint}"
        assert fingerprint in screen_text(pilot.app)
        assert "ops@box" in screen_text(pilot.app)
        assert "~/.ssh/id_ed25519.pub" in screen_text(pilot.app)


async def test_a_found_key_is_taken_with_enter_and_kept_when_coming_back(ssh_folder: Path, made_key: MadeKey) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.SSH_KEY)
        await press(pilot, "enter", to=Step.COST)
        assert wizard_of(pilot).state.server.ssh_key == made_key.public.line
        await press(pilot, "escape", to=Step.SSH_KEY)
        assert highlighted(pilot) == made_key.public.line


async def test_what_looks_like_a_key_and_is_none_is_left_out_with_the_reason(
    ssh_folder: Path, made_key: MadeKey
) -> None:
    (ssh_folder / "bad.pub").write_text("no key at all\n")
    (ssh_folder / "wrong.pub").write_text(made_key.private)
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.SSH_KEY)
        assert [choice.id for choice in choices(pilot)._choices] == [
            made_key.public.line,
            "paste",
            "file",
            "web",
            "pair",
            "none",
        ]
        await highlight(pilot, "paste")
        assert "bad.pub is left out: " in words(pilot, "#details")
        assert "wrong.pub is left out: The file holds a PRIVATE key (OpenSSH)." in words(pilot, "#details")


async def test_no_key_says_how_one_logs_in_and_is_remembered(ssh_folder: Path) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.SSH_KEY)
        await highlight(pilot, "none")
        assert "root password by e-mail" in screen_text(pilot.app)
        await press(pilot, "enter", to=Step.COST)
        server = wizard_of(pilot).state.server
        assert (server.ssh_key, server.without_key) == ("", True)
        await press(pilot, "escape", to=Step.SSH_KEY)
        assert highlighted(pilot) == "none"


async def test_a_key_from_a_file_is_shown_with_the_first_enter_and_used_with_the_second(
    tmp_path: Path, made_key: MadeKey
) -> None:
    path = tmp_path / "elsewhere.pub"
    path.write_text(made_key.public.line)
    async with wizard() as pilot:
        await go_to(pilot, Step.SSH_KEY)
        await choose(pilot, "file")
        await give_path(pilot, path)
        await wait_until(pilot, lambda: made_key.public.fingerprint in words(pilot, "#verdict"))
        assert isinstance(pilot.app.screen, KeyFileScreen)
        assert wizard_of(pilot).state.server.ssh_key == ""
        await press(pilot, "enter", to=Step.COST)
        assert wizard_of(pilot).state.server.ssh_key == made_key.public.line
        await press(pilot, "escape", to=Step.SSH_KEY)
        assert highlighted(pilot) == "chosen"
        assert made_key.public.fingerprint in words(pilot, "#details")
        await press(pilot, "enter", to=Step.COST)
        assert wizard_of(pilot).state.server.ssh_key == made_key.public.line


async def test_a_path_changed_after_it_was_read_has_to_be_read_again(tmp_path: Path, made_key: MadeKey) -> None:
    path = tmp_path / "elsewhere.pub"
    path.write_text(made_key.public.line)
    async with wizard() as pilot:
        await go_to(pilot, Step.SSH_KEY)
        await choose(pilot, "file")
        await give_path(pilot, path)
        await wait_until(pilot, lambda: made_key.public.fingerprint in words(pilot, "#verdict"))
        await press(pilot, "x")
        assert words(pilot, "#verdict") == ""
        await press(pilot, "enter")
        await wait_until(pilot, lambda: "cannot be read" in words(pilot, "#verdict"))
        assert isinstance(pilot.app.screen, KeyFileScreen)


@pytest.mark.parametrize("name", ["private", "nothing", "folder"])
async def test_a_path_that_leads_to_no_public_key_is_refused(tmp_path: Path, made_key: MadeKey, name: str) -> None:
    (tmp_path / "private").write_text(made_key.private)
    (tmp_path / "folder").mkdir()
    expected = {"private": "The file holds a PRIVATE key (OpenSSH).", "nothing": "No such file", "folder": "not"}
    async with wizard() as pilot:
        await go_to(pilot, Step.SSH_KEY)
        await choose(pilot, "file")
        await give_path(pilot, tmp_path / name)
        await wait_until(pilot, lambda: expected[name] in words(pilot, "#verdict"))
        await pilot.click("#use")
        await wait_until(pilot, lambda: expected[name] in words(pilot, "#verdict"))
        assert type(pilot.app.screen) is KeyFileScreen
        secret = [line for line in made_key.private.splitlines() if not line.startswith("-")]
        assert not any(line[:12] in screen_text(pilot.app) for line in secret)
        await press(pilot, "escape")
        assert settled(pilot.app) is Step.SSH_KEY
        assert wizard_of(pilot).state.server.ssh_key == ""


async def give_path(pilot: Pilot[int], path: Path) -> None:
    pilot.app.screen.query_one(Input).value = ""
    await type_text(pilot, f"{path}\n")
