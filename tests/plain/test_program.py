"""The line mode as a whole: faults of its own, hostile text, waiting, and what a second Ctrl+C may not change."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tui.shortcut import EDIS, order_of_draft

from vps_tui.cli import main
from vps_tui.core.errors import Unreachable
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.plain import prompter
from vps_tui.plain.loop import PlainWizard
from vps_tui.plain.prompter import Prompter
from vps_tui.plain.run import run
from vps_tui.plain.terminal_io import Lines
from vps_tui.wizard.controller import Flow

from .dialogue import After, fresh_folder, paid_calls, sandbox, talk


@pytest.fixture
def silent() -> Iterator[Lines]:
    """Lines that nobody types and nobody reads."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    yield Lines(nowhere, nowhere)
    os.close(nowhere)


def test_hostile_names_and_messages_stay_plain_lines() -> None:
    backend = sandbox(None, "hostile-text")
    spoken = talk(backend, "edis", "7", "1", "1", "web1", "", "", "", "", "no ssh", "", "yes", "l")
    assert spoken.flow.state.step is Step.RECEIPT, spoken.text
    assert not re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", spoken.text)
    assert len(paid_calls(backend)) == 1


def test_a_fault_of_the_program_ends_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(_wizard: PlainWizard) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(PlainWizard, "_begin", broken)
    assert main.main(["--sandbox", "--plain"]) == 1
    words = capsys.readouterr().err
    assert "Nothing was ordered. What you had chosen is kept" in words
    assert "Traceback" not in words


def test_a_fault_during_the_paid_call_leaves_it_unknown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(wizard: PlainWizard) -> None:
        wizard._flow.ordering = wizard._flow.sending = True
        raise ZeroDivisionError

    monkeypatch.setattr(PlainWizard, "_begin", broken)
    assert main.main(["--sandbox", "--plain"]) == 4
    assert "An order may have been sent" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "code"), [(OutcomeKind.PLACED, 0), (OutcomeKind.UNKNOWN, 4), (OutcomeKind.REFUSED, 1), (None, 3)]
)
def test_a_second_interruption_does_not_change_what_became_of_the_order(
    monkeypatch: pytest.MonkeyPatch, silent: Lines, kind: OutcomeKind | None, code: int
) -> None:
    async def interrupted(wizard: PlainWizard) -> int:
        outcome = Outcome(kind) if kind else None
        wizard._flow.state = replace(wizard._flow.state, outcome=outcome)
        raise KeyboardInterrupt

    monkeypatch.setattr(PlainWizard, "run", interrupted)
    assert run(Flow(sandbox()), silent) == code


def test_an_order_that_is_not_known_comes_first_and_is_found() -> None:
    folder = fresh_folder()
    lost = asyncio.run(order_of_draft(folder, EDIS, ("reply-lost",)))
    backend = sandbox(folder)
    spoken = talk(backend)
    assert "Where do you want" not in spoken.words
    assert "It is there: the order was taken." in spoken.words
    assert f"Recorded as {lost.reference}" in spoken.words
    assert (spoken.code, paid_calls(backend)) == (0, [])


def test_waiting_is_said_once_and_then_now_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompter, "AT_ONCE", 0.0)
    monkeypatch.setattr(prompter, "STILL_WAITING", 0.001)
    reading, writing = os.pipe()
    heard = b""

    async def answer() -> str:
        nonlocal heard
        while heard.count(b"Still waiting") < 2:
            await asyncio.sleep(0)
            os.set_blocking(reading, False)
            try:
                heard += os.read(reading, 4096)
            except BlockingIOError:
                continue
        return "here"

    ask = Prompter(Flow(sandbox()), Lines(reading, writing), Path())
    assert asyncio.run(ask.waited_for("Asking for it ...", answer)) == "here"
    assert heard.count(b"Asking for it ...") == 1
    os.close(reading)
    os.close(writing)


def test_a_quick_answer_is_not_announced(silent: Lines) -> None:
    said: list[str] = []
    ask = Prompter(Flow(sandbox()), silent, Path())
    ask.say = lambda *lines: said.extend(lines)  # type: ignore[method-assign]

    async def answer() -> str:
        return "here"

    assert asyncio.run(ask.waited_for("Asking for it ...", answer)) == "here"
    assert said == []


def test_a_site_that_cannot_be_reached_is_told_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    from vps_tui.plain import keys

    async def unreachable(host: str, user: str) -> None:
        raise Unreachable(f"{host} cannot be reached.", hint="Check the network.")

    monkeypatch.setattr(keys, "fetch_keys", unreachable)
    spoken = talk(sandbox(), "ssh key", "from a site", "", "somebody", After("cannot be reached", ":b"), saved=EDIS)
    assert "github.com cannot be reached. Check the network." in spoken.words
    assert spoken.flow.state.step is Step.SSH_KEY
