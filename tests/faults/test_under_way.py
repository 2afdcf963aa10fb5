"""While one process waits for the answer to its paid call, every other one says the same sentence about it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import pytest
from providers.loopback import SECONDS

from vps_tui.core.errors import UsageError
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import Entry, State
from vps_tui.services.findings import Sighting
from vps_tui.services.reconcile import look
from vps_tui.services.session import Session
from vps_tui.wizard import start

from .gate import Gate, Paid
from .processes import Processes
from .program import PROVIDERS, Program, Run, own_journal
from .test_paid_changes import command as change_command
from .test_stops import stopped

CALLS = (*PROVIDERS, "upgrade", "cancel at once", "switch", "add-on")


@dataclass(frozen=True, slots=True)
class Sent:
    """A call whose answer is held back."""

    program: Program
    processes: Processes
    gate: Gate
    pid: int
    command: list[str]
    """The arguments of the process that sends it."""
    reference: str

    @property
    def entry(self) -> Entry:
        return own_journal().entry(self.reference)

    @property
    def sentence(self) -> str:
        """What has to be said of it."""
        sent = self.entry.sent
        assert sent is not None
        return f"being sent since {sent:%H:%M:%S} UTC by {self.entry.owner}; ask again later."

    def answer(self) -> Run:
        """Have it answered; returns what its process has printed."""
        self.gate.go_on.set()
        return self.processes.end(self.pid)[1]

    def ask(self, *arguments: str) -> Run:
        """Run another process."""
        return self.program("--config", str(self.program.config()), *arguments)


def hold_back(gate: Gate) -> None:
    """Take every paid call, and answer it once the test says so."""

    def act(paid: Paid) -> None:
        good = paid.receive()
        gate.came.set()
        gate.go_on.wait(SECONDS)
        paid.send(good)

    gate.came.clear()
    gate.act = act


@pytest.fixture
def sent(request: pytest.FixtureRequest, program: Program, processes: Processes, gate: Gate) -> Iterator[Sent]:
    """The call that the parameter names, being sent by another process."""
    name = request.param
    command = program.command(program.file(name)) if name in PROVIDERS else change_command(program, name)
    hold_back(gate)
    (pid,) = processes.start(command)
    assert gate.came.wait(SECONDS)
    (entry,) = own_journal().entries()
    assert (entry.state, entry.live) == (State.SENDING, True)
    yield Sent(program, processes, gate, pid, command, entry.reference)
    gate.go_on.set()


each = pytest.mark.parametrize("sent", CALLS, indirect=True)
one = pytest.mark.parametrize("sent", ["layerstack"], indirect=True)


@each
def test_one_sentence_everywhere(sent: Sent) -> None:
    """With one exit code for text and JSON, and without settling anything."""
    done = "ordered" if sent.entry.purchase.is_order else "taken"
    asked = {
        ("orders", "show", sent.reference): 4,
        ("orders", "check", sent.reference): 4,
        ("orders", "settle", sent.reference, f"--{done}"): 2,
        ("orders", "settle", sent.reference, f"--not-{done}"): 2,
        ("orders",): 0,
    }
    before = sent.entry
    for arguments, code in asked.items():
        for options in ((), ("--json",)):
            run = sent.ask(*arguments, *options)
            assert run.code == code, run
            assert sent.sentence in run.said.replace("utc", "UTC"), (arguments, options, run)
            assert "not known" not in run.said, run
            assert "it is there" not in run.said, run
            assert not options or json.loads(run.out or run.err)
    assert sent.entry == before
    assert sent.answer().document["outcome"] == "placed"


@each
def test_the_same_a_second_time_is_not_sent_and_no_way_around_is_offered(sent: Sent) -> None:
    """`--again` would do nothing now, and must not be advised."""
    for insisting in ((), ("--again", sent.reference)):
        for json_wanted in (True, False):
            command = [word for word in sent.command if json_wanted or word != "--json"]
            run = sent.program(*command, *insisting)
            assert (run.code, sent.gate.paid) == (1, 1), run
            assert sent.sentence in run.said.replace("utc", "UTC"), run
            assert f"orders check {sent.reference}" in run.said
            assert "--again" not in run.said, run
            assert not json_wanted or run.document["outcome"] == "not_sent"
    assert sent.answer().document["outcome"] == "placed"


@one
def test_a_wizard_opens_with_it_and_settles_nothing(sent: Sent) -> None:
    journal = own_journal()
    found = start.find_unsettled(journal)
    assert found is not None
    assert (found.reference, start.find_unsettled(journal, frozenset({sent.reference}))) == (sent.reference, None)
    session = cast(Session, None)  # It is not asked for anything.
    finding, entry = asyncio.run(look(session, journal, found))
    assert (finding.sighting, finding.message.lower()) == (Sighting.UNDER_WAY, sent.sentence.lower())
    with pytest.raises(UsageError, match=re.escape(sent.sentence)):
        journal.finish(entry.reference, Outcome(OutcomeKind.PLACED), settled_by="hand")
    assert sent.answer().document["outcome"] == "placed"


@one
def test_check_can_wait_for_the_answer(sent: Sent) -> None:
    (pid,) = sent.processes.start(
        ["--config", str(sent.program.config()), "orders", "check", sent.reference, "--wait", "1", "--json"]
    )
    assert sent.answer().document["outcome"] == "placed"
    run = sent.processes.end(pid)[1]
    assert (run.code, run.document["outcome"]) == (0, "placed"), run


@one
def test_watch_waits_for_the_answer_no_longer_than_was_said(sent: Sent) -> None:
    run = sent.ask("watch", sent.reference, "--timeout", "0.01", "--json")
    assert (run.code, run.document["outcome"], run.document["ready"]) == (4, "unknown", False), run
    assert sent.sentence in run.err


@one
def test_watch_goes_on_once_the_answer_is_there(sent: Sent) -> None:
    command = [sys.executable, "-m", "vps_tui", "watch", sent.reference]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stdout
        assert sent.sentence in watching.stdout.readline()
        assert watching.stdout.readline() == "Its answer is waited for.\n"
        assert sent.answer().document["outcome"] == "placed"
        assert watching.stdout.readline().startswith(f"{sent.reference}: LayerStack, sent ")
        watching.send_signal(signal.SIGINT)
        out, _ = watching.communicate(timeout=SECONDS)
    assert (watching.returncode, "the order stands" in out) == (3, True), out


@one
def test_watching_that_is_stopped_before_the_answer_promises_nothing(sent: Sent) -> None:
    command = [sys.executable, "-m", "vps_tui", "watch", sent.reference]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stdout
        assert sent.sentence in watching.stdout.readline()
        assert watching.stdout.readline() == "Its answer is waited for.\n"
        watching.send_signal(signal.SIGINT)
        out, _ = watching.communicate(timeout=SECONDS)
    assert (watching.returncode, "the order stands" in out) == (3, False), out
    assert sent.answer().document["outcome"] == "placed"


@one
def test_killed_meanwhile_it_is_unknown_and_can_be_looked_for(sent: Sent) -> None:
    (pid,) = sent.processes.start(
        ["--config", str(sent.program.config()), "orders", "check", sent.reference, "--wait", "1", "--json"]
    )
    os.kill(sent.pid, signal.SIGKILL)
    sent.processes.end(sent.pid)
    run = sent.processes.end(pid)[1]
    assert (run.code, run.document["outcome"], run.document["sighting"]) == (0, "placed", "found"), run


@one
def test_a_stopped_process_is_alive_and_called_stopped(sent: Sent) -> None:
    os.kill(sent.pid, signal.SIGSTOP)
    end = time.monotonic() + SECONDS
    while not stopped(sent.pid) and time.monotonic() < end:
        sent.gate.closing.wait(0.001)
    run = sent.ask("orders", "check", sent.reference)
    os.kill(sent.pid, signal.SIGCONT)
    assert run.code == 4
    assert re.search(
        rf"process {sent.pid}, which is stopped \(kill -CONT {sent.pid} lets it go on\); ask again later\.", run.out
    ), run
    assert sent.answer().document["outcome"] == "placed"
