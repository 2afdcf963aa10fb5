"""The program stopped with SIGSTOP during the paid call, for longer than any limit, as a closed lid does it.

For more of them, at random moments:

    FAULT_STOPS=200 python -m pytest tests/faults/test_stops.py -k random
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from providers.loopback import SECONDS

from vps_tui.sandbox.server import Sandbox

from .gate import Gate, Paid
from .processes import Processes
from .program import PROVIDERS, Program, Run, names
from .test_paid_changes import command as change_command

LIMIT = 0.9
"""Seconds without an answer that the program waits; twice that for the whole call."""

STOPPED = 2.5 * LIMIT
"""Seconds of a stop: more than both limits."""

STOPS = int(os.environ.get("FAULT_STOPS", "2"))

Start = Callable[[Program, Processes], int]


def stopped(pid: int) -> bool:
    """Tell whether the process `pid` is stopped (proc(5), stat)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


class Stop:
    """Stops the program once its paid call has come, answers meanwhile, and lets it go on."""

    def __init__(
        self, gate: Gate, answer: Callable[[Paid, bytes], None], *, after: float = 0.0, later: bool = False
    ) -> None:
        """Stop it `after` seconds of waiting; `answer` comes during the stop, or soon after it if it is `later`."""
        self.pid = 0
        self.went_on = 0.0
        """When the program went on."""
        self._gate, self._answer, self._after, self._later = gate, answer, after, later
        gate.act = self._act

    def run(self, processes: Processes, arguments: list[str]) -> Run:
        """Run the program with `arguments` and wait for its end."""
        (self.pid,) = processes.start(arguments)
        self._gate.go_on.set()
        return processes.end(self.pid)[1]

    def _act(self, paid: Paid) -> None:
        # The call may come before `run` knows its process.
        self._gate.go_on.wait(SECONDS)
        good = paid.receive()
        paid.server.closing.wait(self._after)
        os.kill(self.pid, signal.SIGSTOP)
        while not stopped(self.pid):
            paid.server.closing.wait(0.001)
        began = time.monotonic()
        try:
            if not self._later:
                self._answer(paid, good)
            paid.server.closing.wait(began + STOPPED - time.monotonic())
        finally:
            self.went_on = time.monotonic()
            os.kill(self.pid, signal.SIGCONT)
        if self._later:
            paid.server.closing.wait(LIMIT / 4)
            self._answer(paid, good)
        paid.hold()


def whole(paid: Paid, good: bytes) -> None:
    """Send all of the answer; the connection stays open."""
    paid.send(good)


def nothing(_paid: Paid, _good: bytes) -> None:
    """Send nothing, now or later."""


def half(paid: Paid, good: bytes) -> None:
    """Send half of the answer, and nothing more."""
    paid.send(good[: len(good) // 2])


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_answer_that_came_meanwhile_is_read(
    provider: str, program: Program, processes: Processes, gate: Gate, sandbox: Sandbox
) -> None:
    program.set_timeout(LIMIT)
    run = Stop(gate, whole).run(processes, program.command(program.file(provider)))
    assert (run.document["outcome"], run.code, gate.paid) == ("placed", 0, 1), run
    assert names(sandbox) == ["web1"]


def test_an_answer_that_comes_soon_after_is_waited_for(program: Program, processes: Processes, gate: Gate) -> None:
    """The stop is not taken from its time: a network, too, needs a moment after it."""
    program.set_timeout(LIMIT)
    run = Stop(gate, whole, later=True).run(processes, program.command(program.file("layerstack")))
    assert (run.document["outcome"], run.code, gate.paid) == ("placed", 0, 1), run


@pytest.mark.parametrize("name", ["upgrade", "switch"])
def test_so_is_the_answer_to_a_change(
    name: str, program: Program, processes: Processes, gate: Gate, sandbox: Sandbox
) -> None:
    program.set_timeout(LIMIT)
    run = Stop(gate, whole).run(processes, change_command(program, name))
    assert (run.document["outcome"], run.code, gate.paid) == ("placed", 0, 1), run
    assert len(sandbox.ledger.changes()) == 1


@pytest.mark.parametrize("answer", [nothing, half])
def test_an_answer_that_does_not_come_is_given_up_soon_after(
    answer: Callable[[Paid, bytes], None], program: Program, processes: Processes, gate: Gate
) -> None:
    """Within its limits from when the program goes on, and in words for people."""
    program.set_timeout(LIMIT)
    stop = Stop(gate, answer)
    run = stop.run(processes, program.command(program.file("layerstack")))
    assert time.monotonic() - stop.went_on < 2 * LIMIT + SECONDS / 2
    assert (run.document["outcome"], run.code, gate.paid) == ("unknown", 4, 1), run
    assert f"within {LIMIT} seconds" in run.document["message"]
    assert "error" not in run.said


def test_stopped_at_random_moments(program: Program, processes: Processes, gate: Gate, sandbox: Sandbox) -> None:
    """However much of the limit is used up."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    program.set_timeout(LIMIT)
    for number in range(STOPS):
        gate.go_on.clear()
        name, after = f"web{number}", chance.uniform(0, LIMIT * 0.8)
        run = Stop(gate, whole, after=after).run(processes, program.command(program.file("layerstack", name)))
        assert (run.code, gate.paid) == (0, number + 1), (seed, number, after, run)
    assert len(names(sandbox)) == STOPS
