"""Two processes order the same at the same moment: one of them does.

For more races than in the ordinary run:

    FAULT_RACES=200 python -m pytest tests/faults/test_races.py
"""

from __future__ import annotations

import contextlib
import os
from threading import Barrier, BrokenBarrierError

import pytest
from providers.loopback import SECONDS, Answer, Request, Route

from vps_tui.sandbox.server import Sandbox

from .gate import Gate, Paid
from .processes import Processes
from .program import PROVIDERS, Program, names

RACES = int(os.environ.get("FAULT_RACES", "8"))


def together(gate: Gate) -> Route:
    """Return a route on which two processes meet between writing their orders down and sending them."""
    passing, barrier = gate.route, Barrier(2)

    def route(request: Request) -> Answer:
        if request.path == "/kvm/v2/get/services" or "label=" in request.path:
            with contextlib.suppress(BrokenBarrierError):
                barrier.wait(SECONDS)
        return passing(request)

    return route


@pytest.mark.parametrize("provider", PROVIDERS)
def test_two_processes_never_order_the_same(
    provider: str, program: Program, processes: Processes, gate: Gate, sandbox: Sandbox
) -> None:
    """The one that comes second sends nothing, and says which order of which process is in its way."""

    def act(paid: Paid) -> None:
        good = paid.receive()
        gate.go_on.wait(SECONDS)
        paid.send(good)

    gate.act, gate.route = act, together(gate)
    for number in range(RACES // 4 if provider == "edis" else RACES - RACES // 4):
        gate.go_on.clear()
        name = f"web{number}"
        command = program.command(program.file(provider, name))
        pids = processes.start(command, command)
        loser, refused = processes.end(*pids)
        gate.go_on.set()
        (winner,) = set(pids) - {loser}
        _, won = processes.end(winner)
        assert (won.code, won.document["outcome"]) == (0, "placed"), (won, refused)
        assert (refused.code, refused.document["outcome"]) == (1, "not_sent"), (won, refused)
        assert f"Order {won.document['reference']}" in refused.document["message"]
        assert ": being sent since " in refused.document["message"]
        assert f"process {winner}" in refused.document["message"]
        assert (names(sandbox).count(name), gate.paid) == (1, number + 1)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_even_who_insists_waits_for_an_order_that_is_being_sent(
    provider: str, program: Program, processes: Processes, gate: Gate
) -> None:
    """`--again` repeats what is over, not what is still under way."""

    def act(paid: Paid) -> None:
        good = paid.receive()
        gate.came.set()
        gate.go_on.wait(SECONDS)
        paid.send(good)

    gate.came.clear()
    gate.act = act
    file = program.file(provider)
    (pid,) = processes.start(program.command(file))
    assert gate.came.wait(SECONDS)
    (reference,) = program.journal()
    insisting = program.order(file, "--again", reference)
    settled = program("orders", "settle", reference, "--not-ordered", "--json")
    gate.go_on.set()
    _, won = processes.end(pid)
    assert (insisting.code, insisting.document["outcome"], gate.paid) == (1, "not_sent", 1), insisting
    assert f"process {pid}" in insisting.document["message"]
    assert settled.code == 2, settled
    assert (won.code, won.document["outcome"]) == (0, "placed")
    assert [entry["outcome"] for entry in program.journal().values()] == ["placed"]
