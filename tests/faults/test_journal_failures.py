"""No journal, no order: whatever keeps the record from being written keeps the order from being sent."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vps_tui.core.errors import Consequence
from vps_tui.journal import Journal
from vps_tui.journal.errors import failure
from vps_tui.sandbox.server import Sandbox

from .gate import Gate
from .processes import Processes
from .program import PROVIDERS, Program, Run, names

both = pytest.mark.parametrize("provider", PROVIDERS)
STEPS = ("prepare", "begin_sending")


def outcomes(program: Program) -> dict[str, str]:
    """Return what the journal says, by reference."""
    return {reference: entry["outcome"] for reference, entry in program.journal().items()}


def not_sent(run: Run, gate: Gate, words: str) -> None:
    """Check that no paid call was made, and why."""
    assert (run.code, run.document["outcome"], gate.paid) == (1, "not_sent", 0), run
    assert words in run.said, run
    assert "record" in run.said
    assert "traceback" not in run.said


@both
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "no permission"),
        (errno.EROFS, "read-only"),
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EIO, "input/output error"),
    ],
)
def test_error_of_the_system(
    provider: str,
    step: str,
    number: int,
    words: str,
    program: Program,
    gate: Gate,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was put into a cart for it is taken out again."""
    monkeypatch.setattr(Journal, step, failing(number))
    not_sent(program.order(program.file(provider)), gate, words)
    assert sandbox.ledger.cart("XX-55501234") == {}
    assert [entry["outcome"] for entry in program.journal().values()] == ([] if step == "prepare" else ["not_sent"])


def failing(number: int) -> Callable[..., Any]:
    """Return a journal's operation that meets the system's error `number`."""

    def operation(journal: Journal, *_arguments: object, **_options: object) -> Any:
        error = OSError(number, os.strerror(number))
        raise failure(journal.path, error, Consequence.NOTHING_ORDERED) from error

    return operation


@both
@pytest.mark.parametrize("step", ["prepare", "sending"])
def test_no_room(provider: str, step: str, program: Program, processes: Processes, gate: Gate) -> None:
    """The file system really takes nothing more from that step on."""
    file = program.file(provider)
    run = processes.run(program.command(file), prepare=f"no room before {step}")
    not_sent(run, gate, "cannot be used")
    assert [entry["outcome"] for entry in program.journal().values()] in ([], ["not_sent"])
    assert program.order(file).code == 0


@pytest.mark.parametrize("locked", ["vps-tui", "vps-tui/journal.sqlite", "vps-tui/sending", "."])
def test_no_permission(locked: str, program: Program, processes: Processes, gate: Gate) -> None:
    """Files and folders that their owner may only read, as a restored backup may leave them."""
    folder = Path(os.environ["XDG_STATE_HOME"])
    folder.mkdir(parents=True)
    if locked != ".":
        assert program.order(program.file("edis", "web0")).code == 0
    paid = gate.paid
    path = folder / locked
    mode = path.stat().st_mode
    path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        run = processes.run(program.command(program.file("edis")), prepare="no rights")
    finally:
        path.chmod(mode)
    assert (run.code, gate.paid) == (1, paid), run
    assert "permission" in run.said
    assert "traceback" not in run.said


@both
def test_only_the_outcome_cannot_be_recorded(
    provider: str, program: Program, processes: Processes, gate: Gate, sandbox: Sandbox
) -> None:
    """It was ordered, and that is what is said; the record says later that it is not known, never that it was not."""
    file = program.file(provider)
    run = processes.run(program.command(file), prepare="no room before finish")
    assert (run.code, run.document["outcome"], gate.paid) == (0, "placed", 1), run
    assert run.document["order_id"]
    assert "could not be recorded" in run.document["message"]
    assert {key: entry["outcome"] for key, entry in program.journal().items()} == {
        run.document["reference"]: "unknown"
    }
    again = program.order(file)
    assert (again.code, again.document["outcome"], gate.paid) == (1, "not_sent", 1), again
    assert names(sandbox) == ["web1"]


def test_interrupted_and_not_recorded_is_still_unknown(
    program: Program, gate: Gate, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two things go wrong at once while the call is under way: the exit code must not become that of "not sent"."""

    def act(paid: Any) -> None:
        paid.receive()
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        paid.hold()

    gate.act = act
    monkeypatch.setattr(Journal, "finish", failing(errno.ENOSPC))
    run = program.order(program.file("layerstack"))
    assert (run.code, run.document["outcome"], names(sandbox)) == (4, "unknown", ["web1"]), run
    assert run.document["reference"]


def test_mistake_of_the_program_with_the_call_under_way_is_unknown(
    program: Program, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception that nobody foresaw ends with the exit code of "not known", and with a reference."""
    from vps_tui.providers.layerstack import client

    def broken(*_arguments: object) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(client, "judge", broken)
    run = program.order(program.file("layerstack"))
    assert (run.code, run.document["outcome"], gate.paid) == (4, "unknown", 1), run
    assert {key: entry["outcome"] for key, entry in program.journal().items()} == {
        run.document["reference"]: "unknown"
    }
