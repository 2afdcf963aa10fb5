"""The outcome table for the five calls that change a server, through the whole program, and the program killed there.

The ordinary run takes the cells where the calls' answers are told apart. For all of them:

    FAULT_CHANGES=all python -m pytest tests/faults/test_paid_changes.py -k cell
"""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest
from providers.loopback import SECONDS

from vps_tui.sandbox.server import Sandbox

from .gate import Gate, Paid
from .misbehaviours import CELLS, NOT_SENT, PLACED, UNKNOWN, Misbehaviour
from .processes import Processes
from .program import EXIT, Program, Run, swept

KVM = "kvm_112234_312845"
CHANGES = {
    "upgrade": ("change", "edis", KVM, "--plan", "6846", "--allow-unknown-price"),
    "cancel at once": ("cancel", "edis", KVM, "--immediately"),
    "cancel at the end": ("cancel", "edis", "312845", "--at-end-of-period"),
    "switch": ("change", "layerstack", "db1", "--plan", "103"),
    "add-on": ("change", "layerstack", "db1", "--add", "vm_backup=1"),
}
every = pytest.mark.parametrize("name", CHANGES)

TOLD_APART = (
    "reset after the call, after",
    "answer cut at 50%",
    "HTML, after",
    "201 and good",
    "202 and good",
    "400 with a reason",
    "400 with a page",
    "200 with a reason",
    "500 with a reason, after",
    "307 to itself, after",
    "refused, secrets plainly",
)
TABLE = CELLS if os.environ.get("FAULT_CHANGES") == "all" else {name: CELLS[name] for name in TOLD_APART}

DENIALS = (
    *("not upgraded", "not cancelled", "not switched", "not added", "nothing was sent", "nothing reached"),
    *("trying again is safe", "nothing is charged", "nothing was changed"),
)
"""What may never be said of a change that the provider has made, in lower case."""


def command(program: Program, name: str, *options: str) -> list[str]:
    """Return the arguments with which a script makes the change called `name`."""
    return ["--config", str(program.config()), *CHANGES[name], "--yes", "--json", *options]


def judge(run: Run, outcome: str, sandbox: Sandbox) -> str:
    """Check what a run said of a change that came to `outcome`; returns its reference."""
    assert (run.document["outcome"], run.code) == (outcome, EXIT[outcome]), run
    if outcome not in (PLACED,):
        assert re.search(r"\w+ \w+ \w+", run.document["message"]), run
    if sandbox.ledger.changes():
        assert outcome in (PLACED, UNKNOWN)
        message = str(run.document["message"]).lower()
        assert not [words for words in DENIALS if words in message], run
    return str(run.document["reference"])


@every
@pytest.mark.parametrize(("case", "reached"), TABLE.values(), ids=TABLE)
def test_cell(name: str, case: Misbehaviour, reached: bool, program: Program, gate: Gate, sandbox: Sandbox) -> None:
    """One call reached the server; outcome, exit code, words and journal are those of the table."""
    gate.act, gate.reaches = case.act, reached
    program.set_timeout(case.read_timeout)
    run = program(*command(program, name))
    reference = judge(run, case.outcome, sandbox)
    assert case.words in run.said
    assert (gate.paid, len(sandbox.ledger.changes())) == (1, int(reached))
    assert {key: entry["outcome"] for key, entry in program.journal().items()} == {reference: case.outcome}
    assert swept(*program.printed) == {}


@every
def test_unknown_stands_in_the_way_until_told(name: str, program: Program, gate: Gate, sandbox: Sandbox) -> None:
    """The same change is stopped by the reference of the unknown one, and with `--again` sent exactly once more."""
    gate.act, gate.reaches = CELLS["closed after the call"][0].act, False
    reference = judge(program(*command(program, name)), UNKNOWN, sandbox)
    gate.act, gate.reaches = (lambda paid: paid.send(paid.receive())), True
    second = program(*command(program, name))
    assert (second.document["outcome"], second.code, gate.paid) == (NOT_SENT, 1, 1), second
    assert f"--again {reference}" in second.document["message"]
    told = program(*command(program, name, "--again", reference.upper()))
    assert (told.document["outcome"], told.code, gate.paid) == (PLACED, 0, 2), told
    assert len(sandbox.ledger.changes()) == 1


def test_two_new_plans_for_one_server_are_not_sent_at_once(
    program: Program, processes: Processes, gate: Gate, sandbox: Sandbox
) -> None:
    """While one process waits for the answer, the other sends nothing and says who is in its way."""

    def act(paid: Paid) -> None:
        good = paid.receive()
        gate.came.set()
        gate.go_on.wait(SECONDS)
        paid.send(good)

    gate.came.clear()
    gate.act = act
    (pid,) = processes.start(command(program, "upgrade"))
    assert gate.came.wait(SECONDS)
    (reference,) = program.journal()
    plan = ("change", "edis", "312845", "--plan", "6842", "--allow-unknown-price", "--yes", "--json")
    for insisting in ((), ("--again", reference)):
        second = program("--config", str(program.config()), *plan, *insisting)
        assert (second.document["outcome"], second.code, gate.paid) == (NOT_SENT, 1, 1), second
        assert f"process {pid}" in second.document["message"]
    gate.go_on.set()
    assert judge(processes.end(pid)[1], PLACED, sandbox) == reference
    assert len(sandbox.ledger.changes()) == 1


POINTS: dict[str, tuple[list[str], int]] = {
    "after prepare": ([NOT_SENT], 0),
    "after sending": ([UNKNOWN], 0),
    "after paid call": ([UNKNOWN], 1),
    "after finish": ([PLACED], 1),
}
"""What the next start finds in the journal, and how many changes the provider has made."""


@pytest.mark.parametrize(
    ("name", "point"),
    [*(("cancel at the end", point) for point in POINTS), ("add-on", "after sending"), ("add-on", "after paid call")],
)
def test_killed_at(
    name: str, point: str, program: Program, processes: Processes, gate: Gate, sandbox: Sandbox
) -> None:
    """What was only prepared was not sent; from the moment on at which it may have left, it is unknown.

    These two look the same to the provider's list whether they were made or not, so the journal alone can tell.
    """
    found, made = POINTS[point]
    killed = processes.run(command(program, name), point=point)
    assert (killed.code, killed.out) == (-signal.SIGKILL, "")
    assert len(sandbox.ledger.changes()) == gate.paid == made
    journal = program.journal()
    assert [entry["outcome"] for entry in journal.values()] == found
    again = program(*command(program, name))
    if found == [NOT_SENT]:
        assert (again.document["outcome"], gate.paid) == (PLACED, made + 1), again
    else:
        assert (again.document["outcome"], again.code, gate.paid) == (NOT_SENT, 1, made), again
        # An add-on that is there already is refused before the journal is asked.
        assert next(iter(journal)) in again.document["message"] or name == "add-on"
    assert swept(killed.err) == {}


def test_killed_with_the_call_under_way(program: Program, processes: Processes, gate: Gate, sandbox: Sandbox) -> None:
    """The switch was made, half of its answer is on the wire: unknown, and found by looking."""

    def act(paid: Paid) -> None:
        # The call may come before the line below has told its process.
        gate.go_on.wait(SECONDS)
        good = paid.receive()
        paid.send(good[: len(good) // 2])
        os.kill(pids[0], signal.SIGKILL)

    gate.act = act
    pids = processes.start(command(program, "switch"))
    gate.go_on.set()
    assert processes.end(*pids)[1].code == -signal.SIGKILL
    (reference,) = program.journal()
    assert program("orders", "check", reference, "--json").document["outcome"] == PLACED
    assert (gate.paid, len(sandbox.ledger.changes())) == (1, 1)


def pending(pid: int) -> bool:
    """Tell whether a signal waits to be delivered to the process `pid` (proc(5), SigPnd and ShdPnd)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return any(int(mask, 16) for mask in re.findall(r"^S\w+Pnd:\s+(\w+)$", status, re.MULTILINE))


def test_a_signal_during_the_call(program: Program, processes: Processes, gate: Gate, sandbox: Sandbox) -> None:
    """It is heard and the answer waited for: what comes of a change is told, and called what it is."""

    def act(paid: Paid) -> None:
        gate.go_on.wait(SECONDS)
        good = paid.receive()
        os.kill(pid, signal.SIGTERM)
        while pending(pid):
            paid.server.closing.wait(0.001)
        paid.send(good)

    gate.act = act
    (pid,) = processes.start(command(program, "switch"))
    gate.go_on.set()
    run = processes.end(pid)[1]
    assert (run.document["outcome"], run.code, gate.paid) == (PLACED, 0, 1), run
    assert "plan switch is on its way" in run.said
    assert len(sandbox.ledger.changes()) == 1
