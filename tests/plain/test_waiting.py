"""The line mode waits until one can log in, says what changes, and stops at Enter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tui.shortcut import EDIS, deliver_quickly

from vps_tui.ssh.key_pair import make_pair

from .dialogue import After, fresh_folder, paid_calls, sandbox, talk


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_quickly(monkeypatch)


def test_it_waits_until_one_can_log_in_and_says_how() -> None:
    backend = sandbox()
    spoken = talk(backend, "", "yes", After("w waits until you can log in", "w"), After("is ready", ""), saved=EDIS)
    assert "web1: ready: one can log in" in spoken.words
    assert "web1 is ready: ssh -p " in spoken.words
    assert "ED25519 key SHA256:" in spoken.words
    assert "\x1b" not in spoken.text
    assert (spoken.code, spoken.unanswered, len(paid_calls(backend))) == (0, 1, 1)


def test_the_command_names_the_key_that_was_made_here(own_environment: Path) -> None:
    pair = make_pair(own_environment / ".ssh")
    server = replace(EDIS.server, ssh_key=pair.key.line, ssh_key_file=pair.key.file, without_key=False)
    answers = ("", "yes", After("w waits until you can log in", "w"), After("is ready", ""))
    spoken = talk(sandbox(), *answers, saved=replace(EDIS, servers=(server,)))
    assert f"web1 is ready: ssh -i {pair.path} -o IdentitiesOnly=yes -p " in spoken.words


def test_enter_stops_the_waiting_and_the_order_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_quickly(monkeypatch, ssh_delay=3600)
    backend = sandbox()
    waits = After("waiting for SSH at 127.", "", amid=True)
    spoken = talk(backend, "", "yes", "w", waits, After("Stopped waiting.", ""), saved=EDIS)
    assert spoken.words.count("waiting for SSH at") <= 2, "What has not changed is not said again."
    assert "web1 is ready" not in spoken.words
    assert (spoken.code, spoken.unanswered) == (0, 1)


def test_the_end_of_the_terminal_ends_the_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_quickly(monkeypatch, ssh_delay=3600)
    spoken = talk(sandbox(), "", "yes", "w", After("waiting for SSH at 127.", "\x04", amid=True), saved=EDIS)
    assert (spoken.code, spoken.unanswered) == (0, 1)


def test_an_address_from_the_mail_is_typed() -> None:
    backend = sandbox(fresh_folder(), "no-api-access")
    spoken = talk(
        backend, "", "yes", "w", After("Look for the e-mail", "", amid=True), "a", After("IP address", "web1"),
        After("That is not an IP address", "a"), After("IP address", "127.77.207.174"),
        After("waiting for SSH at 127.77.207.174", "", amid=True), saved=EDIS,
    )  # fmt: skip
    assert "The order stands as it is." in spoken.words
    assert spoken.code == 0


def test_wrong_credentials_are_said() -> None:
    backend = sandbox(None, "http-401:get/services")
    spoken = talk(backend, "", "yes", "w", After("Sign-in refused", ""), saved=EDIS)
    assert "The order stands as it is." in spoken.words
    assert spoken.code == 0
