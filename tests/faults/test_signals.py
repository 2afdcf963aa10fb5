"""Ctrl+C, SIGTERM and the end of the terminal, before, during and after the paid call."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from providers.loopback import SECONDS, Answer, Peer, Request

from vps_tui.cli.commands import order, output
from vps_tui.journal import Journal, State
from vps_tui.sandbox.server import Sandbox
from vps_tui.services.session import Session
from vps_tui.terminal.signals import Interruption

from .gate import Gate, Paid
from .processes import Processes
from .program import Program, Run, names, own_journal

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
each = pytest.mark.parametrize("number", SIGNALS, ids=[number.name for number in SIGNALS])

WAITS = "The order is on its way; its answer is waited for."


def waiting(gate: Gate) -> None:
    """Have the paid call answered once the test says so."""

    def act(paid: Paid) -> None:
        good = paid.receive()
        gate.came.set()
        gate.go_on.wait(SECONDS)
        paid.send(good)

    gate.act = act


def start(program: Program, provider: str) -> subprocess.Popen[str]:
    """Start the program in a process of its own."""
    file = program.file(provider)
    command = [
        sys.executable,
        "-m",
        "vps_tui",
        "--config",
        str(program.config()),
        "order",
        str(file),
        "--yes",
        "--json",
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> Run:
    """Wait for the end of `process`."""
    out, err = process.communicate(timeout=SECONDS)
    return Run(process.returncode, out, err)


def read_until(process: subprocess.Popen[str], words: str) -> None:
    """Wait until standard error says `words`."""
    assert process.stderr
    line = process.stderr.readline()
    assert words in line, line


HELD = {"while it is priced": "/kvm/v2/get/products", "while it is checked once more": "/kvm/v2/get/services"}


@each
@pytest.mark.parametrize("when", HELD)
def test_before_the_paid_call_it_stops(
    number: signal.Signals, when: str, program: Program, processes: Processes, gate: Gate
) -> None:
    """Nothing was sent, nothing is left behind, and the exit code says that somebody stopped it."""
    passing = gate.route

    def route(request: Request) -> Answer:
        def hold(peer: Peer) -> None:
            gate.came.set()
            peer.hold()

        return hold if request.path == HELD[when] else passing(request)

    gate.route = route
    (pid,) = processes.start(
        ["--config", str(program.config()), "order", str(program.file("edis")), "--yes", "--json"]
    )
    assert gate.came.wait(SECONDS)
    os.kill(pid, number)
    _, run = processes.end(pid)
    assert (run.code, run.document["outcome"], gate.paid) == (3, "not_sent", 0), run
    assert "stopped before anything was sent" in run.document["message"]
    recorded = [entry["outcome"] for entry in program.journal().values()]
    assert recorded == ([] if when == "while it is priced" else ["not_sent"])


@pytest.mark.parametrize("times", [1, 2])
def test_during_the_paid_call(times: int, program: Program, gate: Gate, sandbox: Sandbox) -> None:
    """One signal is heard and the answer waited for; the second ends that, and nobody says "not ordered"."""
    waiting(gate)
    with start(program, "layerstack") as process:
        assert gate.came.wait(SECONDS)
        process.send_signal(signal.SIGTERM)
        read_until(process, WAITS)
        if times == 1:
            gate.go_on.set()
        else:
            process.send_signal(signal.SIGTERM)
        run = ended(process)
    gate.go_on.set()
    outcome, code = ("placed", 0) if times == 1 else ("unknown", 4)
    assert (run.code, run.document["outcome"], gate.paid) == (code, outcome, 1), run
    (entry,) = program.journal().values()
    assert (entry["outcome"], entry["reference"]) == (outcome, run.document["reference"])
    assert names(sandbox) == ["web1"]


@each
@pytest.mark.parametrize("times", [1, 2])
def test_every_signal_during_the_paid_call(number: signal.Signals, times: int, program: Program, gate: Gate) -> None:
    """It is the same for each of them."""

    def act(paid: Paid) -> None:
        good = paid.receive()
        for _ in range(times):
            signal.pthread_kill(threading.main_thread().ident or 0, number)
            # The second counts only once the first has been heard: two at once are one to the system.
            assert heard.wait(SECONDS)
        if times == 1:
            paid.send(good)
        else:
            paid.hold()

    heard, interrupt = threading.Event(), Interruption.interrupt

    def interrupting(interruption: Interruption, task: asyncio.Task[object]) -> None:
        interrupt(interruption, task)
        heard.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Interruption, "interrupt", interrupting)
        gate.act = act
        run = program.order(program.file("layerstack"))
    outcome, code = ("placed", 0) if times == 1 else ("unknown", 4)
    assert (run.code, run.document["outcome"], gate.paid) == (code, outcome, 1), run
    assert WAITS in run.err
    assert [entry["outcome"] for entry in program.journal().values()] == [outcome]


@each
@pytest.mark.parametrize("stage", ["recorded", "closed", "printed"])
def test_once_the_answer_is_there_nothing_stops_the_telling(
    number: signal.Signals, stage: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order that was placed is not called stopped because somebody was late."""
    finish, aclose, printing = Journal.finish, Session.aclose, output.order_document
    heard = threading.Semaphore(0)
    interrupt = Interruption.interrupt

    def interrupting(interruption: Interruption, task: asyncio.Task[object]) -> None:
        interrupt(interruption, task)
        heard.release()

    def recorded(*args: Any, **options: Any) -> Any:
        for _ in range(2):
            signal.pthread_kill(threading.main_thread().ident or 0, number)
            assert heard.acquire(timeout=SECONDS)
        return finish(*args, **options)

    async def closed(session: Session) -> None:
        for _ in range(2):
            signal.raise_signal(number)
            await asyncio.sleep(0)
        await aclose(session)

    def printed(*args: Any) -> Any:
        signal.raise_signal(number)
        return printing(*args)

    def until_now(journal: Journal, *args: Any) -> Any:
        # Reading the prices closes a session as well, which is not meant.
        monkeypatch.setattr(Session, "aclose", closed)
        return begin(journal, *args)

    monkeypatch.setattr(Interruption, "interrupt", interrupting)
    begin = Journal.begin_sending
    if stage == "recorded":
        monkeypatch.setattr(Journal, "finish", recorded)
    elif stage == "closed":
        monkeypatch.setattr(Journal, "begin_sending", until_now)
    else:
        monkeypatch.setattr(order, "order_document", printed)
    before = [signal.getsignal(one) for one in SIGNALS]
    run = program.order(program.file("layerstack"))
    assert (run.code, run.document["outcome"]) == (0, "placed"), run
    assert [entry.state for entry in own_journal().entries()] == [State.PLACED]
    assert [signal.getsignal(one) for one in SIGNALS] == before


def test_what_nohup_has_ignored_stays_ignored(program: Program, gate: Gate) -> None:
    """A program that was started to outlive its terminal does."""

    def act(paid: Paid) -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        paid.send(paid.receive())

    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        gate.act = act
        run = program.order(program.file("layerstack"))
    finally:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    assert (run.code, run.document["outcome"], run.err) == (0, "placed", ""), run


@pytest.mark.parametrize(("words", "outcome", "code"), [("json", "placed", 0), ("plain", "unknown", 4)])
def test_output_that_cannot_be_written_does_not_change_the_exit_code(
    words: str, outcome: str, code: int, program: Program, gate: Gate
) -> None:
    """A script that only looks at the code must not order again because its disk is full."""
    if outcome == "unknown":
        gate.act = lambda paid: None
    command = [sys.executable, "-m", "vps_tui", "order", str(program.file("layerstack")), "--yes"]
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [*command, *(["--json"] if words == "json" else [])],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert run.returncode == code, run
    assert "Standard output cannot be written" in run.stderr
    assert next(iter(program.journal())) in run.stderr
    assert "Traceback" not in run.stderr
