"""Whole histories of a journal: orders, faults, kills, looking and settling in any order, and one thing that holds.

For more than in the ordinary run:

    FAULT_HISTORIES=500 python -m pytest tests/faults/test_histories.py

What the provider has is what the journal calls placed, and at most what it calls unknown besides.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from vps_tui.core.outcome import OutcomeKind
from vps_tui.journal import Entry
from vps_tui.sandbox.server import Sandbox

from .gate import Gate
from .misbehaviours import Misbehaviour, silent, table
from .processes import Processes
from .program import EXIT, PROVIDERS, Program, names, own_journal

FAULTS = [
    (case, reached)
    for case in table()
    for reached in case.reaches
    if case.read_timeout == 5.0 and case.name not in ("too large", "an endless line")
]
GOOD = Misbehaviour("nothing", lambda paid: paid.send(paid.receive()), "placed")
POINTS = ("after prepare", "before sending", "after sending", "after paid call", "before finish", "after finish")

HISTORIES = int(os.environ.get("FAULT_HISTORIES", "4"))

numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Given:
    """What the test has been given."""

    program: Program
    processes: Processes
    gate: Gate
    sandbox: Sandbox
    folder: Path
    patch: pytest.MonkeyPatch


class History(RuleBasedStateMachine):
    """One journal, from the first order on."""

    given: ClassVar[Given]
    number = 0
    provider = ""

    @initialize(provider=st.sampled_from(PROVIDERS))
    def begin(self, provider: str) -> None:
        self.number, self.provider = next(numbers), provider
        self.given.patch.setenv("XDG_STATE_HOME", str(self.given.folder / f"state{self.number}"))

    def name(self, server: int) -> str:
        return f"h{self.number}s{server}"

    def file(self, server: int) -> Path:
        return self.given.program.file(self.provider, self.name(server))

    def entries(self, server: int) -> list[Entry]:
        return [one for one in own_journal().entries() if one.purchase.servers[0][0] == self.name(server)]

    def unsettled(self, data: st.DataObject) -> Entry:
        return data.draw(st.sampled_from([one for one in own_journal().entries() if one.unsettled]))

    def taken(self) -> Counter[str]:
        return Counter(names(self.given.sandbox))

    @rule(
        server=st.integers(0, 1),
        fault=st.one_of(st.just((GOOD, True)), st.sampled_from(FAULTS)),
        again=st.booleans(),
    )
    def order(self, server: int, fault: tuple[Misbehaviour, bool], again: bool) -> None:
        """Order, and say so where it repeats something, or not."""
        gate, (case, reached) = self.given.gate, fault
        gate.act, gate.reaches = case.act, reached
        obstacles = [one.reference for one in self.entries(server) if one.unsettled or placed(one)]
        paid = gate.paid
        options = ["--again", ",".join(obstacles)] if again and obstacles else []
        run = self.given.program.order(self.file(server), *options)
        stopped = bool(obstacles) and not options
        expected = "not_sent" if stopped else case.outcome
        assert (run.document["outcome"], run.code) == (expected, EXIT[expected]), (case.name, run)
        assert gate.paid == paid + (0 if stopped else 1)

    @rule(server=st.integers(0, 1), point=st.sampled_from(POINTS))
    def killed(self, server: int, point: str) -> None:
        """Order, and die on the way; an order that is stopped may end before that."""
        self.given.gate.act, self.given.gate.reaches = GOOD.act, True
        self.given.processes.run(self.given.program.command(self.file(server)), point=point)

    @precondition(lambda self: any(one.unsettled for one in own_journal().entries()))
    @rule(data=st.data())
    def checked(self, data: st.DataObject) -> None:
        """Look for one at the provider."""
        entry, paid = self.unsettled(data), self.given.gate.paid
        run = self.given.program("orders", "check", entry.reference, "--json")
        assert (run.code, self.given.gate.paid) == (EXIT[run.document["outcome"]], paid), run

    @precondition(lambda self: any(one.unsettled for one in own_journal().entries()))
    @rule(data=st.data())
    def settled(self, data: st.DataObject) -> None:
        """Have somebody look who says how it is."""
        entry = self.unsettled(data)
        name = entry.purchase.servers[0][0]
        known = sum(one.purchase.servers[0][0] == name and placed(one) for one in own_journal().entries())
        there = "--ordered" if self.taken()[name] > known else "--not-ordered"
        run = self.given.program("orders", "settle", entry.reference, there, "--json")
        assert run.code == 0, run

    @invariant()
    def journal_and_provider_agree(self) -> None:
        taken = self.taken()
        for server in (0, 1) if self.provider else ():
            kinds = [one.outcome.kind for one in self.entries(server)]
            least = kinds.count(OutcomeKind.PLACED)
            assert least <= taken[self.name(server)] <= least + kinds.count(OutcomeKind.UNKNOWN), kinds


def placed(entry: Entry) -> bool:
    """Tell whether the journal calls it placed."""
    return entry.outcome.kind is OutcomeKind.PLACED


def test_journal_and_provider_agree_after_any_history(
    program: Program,
    processes: Processes,
    gate: Gate,
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    History.given = Given(program, processes, gate, sandbox, tmp_path, monkeypatch)
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=8,
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )


@pytest.mark.parametrize("first", ["placed by its answer", "settled by hand"])
def test_servers_of_another_order_are_not_taken_for_ones_own(
    first: str, program: Program, gate: Gate, sandbox: Sandbox
) -> None:
    """LayerStack's answer names no server: one that stands there may be that of either order."""
    file = program.file("layerstack")
    gate.act, gate.reaches = silent, False
    lost = program.order(file).document["reference"]
    gate.reaches = True
    if first == "placed by its answer":
        gate.act = GOOD.act
    other = program.order(file, "--again", lost).document["reference"]
    if first == "settled by hand":
        assert program("orders", "settle", other, "--ordered").code == 0
    checked = program("orders", "check", lost, "--json")
    assert (checked.code, checked.document["sighting"]) == (4, "unclear"), checked
    assert f"order {other}" in checked.document["found"]
    assert len(names(sandbox)) == 1
