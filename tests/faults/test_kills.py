"""The program killed with SIGKILL, at every step of an order and at random moments.

Half of these moments are uniform over a whole run, half of them while the paid call is answered and noted.
After each kill the next start is asked what became of the order, and the same order is given once more.
The ordinary run kills at a few dozen random moments. For more of them:

    FAULT_KILLS=3000 python -m pytest tests/faults/test_kills.py -k random
"""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from providers.loopback import SECONDS

from vps_tui.sandbox.server import Sandbox

from .gate import Gate, Paid
from .processes import Processes
from .program import PROVIDERS, Program, names, swept

ANSWER_SECONDS = 0.03

KILLS = int(os.environ.get("FAULT_KILLS", "12"))

NONE: list[str] = []
NOT_SENT, UNKNOWN, PLACED = ["not_sent"], ["unknown"], ["placed"]

POINTS: dict[str, tuple[list[str], int]] = {
    "before prepare": (NONE, 0),
    "after the row of prepare": (NONE, 0),
    "after the second copy": (NOT_SENT, 0),
    "after prepare": (NOT_SENT, 0),
    "before cart": (NOT_SENT, 0),
    "after cart": (NOT_SENT, 0),
    "before sending": (NOT_SENT, 0),
    "after the row of sending": (NOT_SENT, 0),
    "after sending": (UNKNOWN, 0),
    "before paid call": (UNKNOWN, 0),
    "after paid call": (UNKNOWN, 1),
    "before finish": (UNKNOWN, 1),
    "after the row of finish": (UNKNOWN, 1),
    "after finish": (PLACED, 1),
}
"""What the next start finds in the journal, and how many orders the provider has."""

CASES = [
    pytest.param(provider, point, id=f"{point}, {provider}")
    for point in POINTS
    for provider in PROVIDERS
    if provider == "layerstack" or point in ("after prepare", "after sending", "after paid call", "before finish")
]
"""LayerStack's way is the longer one; EDIS Global is killed where the answer changes."""


def once_more(program: Program, gate: Gate, file: Path, found: list[str]) -> None:
    """Give the same order again: it is sent only if nothing was, and else stopped by the reference in the way."""
    journal, paid = program.journal(), gate.paid
    assert [entry["outcome"] for entry in journal.values()] == found
    again = program.order(file)
    if found in (UNKNOWN, PLACED):
        assert (again.document["outcome"], again.code, gate.paid) == ("not_sent", 1, paid), again
        assert next(iter(journal)) in again.document["message"]
    else:
        assert (again.document["outcome"], again.code, gate.paid) == ("placed", 0, paid + 1), again


@pytest.mark.parametrize(("provider", "point"), CASES)
def test_killed_at(
    provider: str, point: str, program: Program, processes: Processes, gate: Gate, sandbox: Sandbox
) -> None:
    """What was only prepared was not sent; from the moment on at which it may have left, it is unknown."""
    found, orders = POINTS[point]
    file = program.file(provider)
    killed = processes.run(program.command(file), point=point)
    assert (killed.code, killed.out) == (-signal.SIGKILL, "")
    assert len(names(sandbox)) == gate.paid == orders
    once_more(program, gate, file, found)
    assert swept(killed.err) == {}


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("moment", ["first byte", "whole call", "half the answer"])
def test_killed_with_the_call_under_way(
    provider: str, moment: str, program: Program, processes: Processes, gate: Gate, sandbox: Sandbox
) -> None:
    """Bytes are on the wire, in one direction or the other."""

    def act(paid: Paid) -> None:
        # The call may come before the line below has told its process.
        gate.go_on.wait(SECONDS)
        if moment != "first byte":
            good = paid.receive()
            if moment != "whole call":
                paid.send(good[: len(good) // 2])
        os.kill(pids[0], signal.SIGKILL)

    gate.act = act
    file = program.file(provider)
    pids = processes.start(program.command(file))
    gate.go_on.set()
    assert processes.end(*pids)[1].code == -signal.SIGKILL
    assert gate.paid == 1
    gate.act = lambda paid: paid.send(paid.receive())
    once_more(program, gate, file, UNKNOWN)
    assert names(sandbox) == ([] if moment == "first byte" else ["web1"])


def test_killed_at_random_moments(
    program: Program,
    processes: Processes,
    gate: Gate,
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No order is lost and none is called unsent that the provider has, whenever the program dies."""

    def slowly(paid: Paid) -> None:
        # Otherwise the moments that matter would be too short to be met often.
        good = paid.receive()
        paid.server.closing.wait(ANSWER_SECONDS)
        paid.send(good)

    gate.act = slowly
    lasted = dict.fromkeys(PROVIDERS, 0.0)
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    met: list[str] = []
    for number in range(-4, KILLS):
        # Every fourth at EDIS Global, whose catalogue takes its time.
        provider, name = PROVIDERS[number % 4 != 0], f"web{number + 10}"
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / name))
        file, paid, taken = program.file(provider, name), gate.paid, len(names(sandbox))
        gate.came.clear()
        began = time.monotonic()
        pids = processes.start(program.command(file))
        if number < 0:
            processes.end(*pids)
        elif chance.random() < 0.5:
            processes.end(*pids, kill_after=chance.uniform(0, lasted[provider]))
        else:
            assert gate.came.wait(SECONDS)
            processes.end(*pids, kill_after=chance.uniform(0, 2 * ANSWER_SECONDS))
        lasted[provider] = lasted[provider] or time.monotonic() - began
        entries = program.journal()
        found = [entry["outcome"] for entry in entries.values()]
        ordered = names(sandbox)[taken:]
        situation = f"seed {seed}, kill {number}: {found}, {ordered}"
        assert found in (NONE, NOT_SENT, UNKNOWN, PLACED), situation
        assert len(ordered) <= gate.paid - paid <= 1, situation
        assert gate.paid == paid or found in (UNKNOWN, PLACED), situation
        assert found != PLACED or ordered == [name], situation
        once_more(program, gate, file, found)
        assert names(sandbox)[taken:].count(name) <= 1, situation
        met.append(found[0] if found else "none")
    assert KILLS < 100 or set(met) == {"none", "not_sent", "unknown", "placed"}, met
