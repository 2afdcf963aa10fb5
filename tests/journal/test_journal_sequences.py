"""Whatever is done, and whenever the process dies: one sender a server, and what is settled stays."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import Entry, Journal, JournalFailed, Purchase, Repeated, State, locks

from .child import purchase
from .conftest import Clock

SETTLED = (State.PLACED, State.REFUSED, State.NOT_SENT)
BLOCKING = (State.SENDING, State.UNKNOWN, State.PLACED)


class Orders(RuleBasedStateMachine):
    """One process after the other, each of which may die at any moment."""

    references = Bundle("references")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.journal = Journal(self.folder / "state" / "journal.sqlite", self.clock)
        self.settled: dict[str, Entry] = {}
        self.held: set[str] = set()
        self.sent: set[str] = set()

    def teardown(self) -> None:
        for reference in self.held:
            locks.release(self.folder / "state" / "sending" / f"{reference}.lock")
        shutil.rmtree(self.folder)

    def blocked(self, bought: Purchase, again: str, own: str = "") -> bool:
        """Tell from the entries alone, without the journal's own rule, whether `bought` must be refused."""
        for entry in self.journal.entries():
            if entry.purchase.servers != bought.servers or entry.reference == own or entry.state not in BLOCKING:
                continue
            if entry.state is State.SENDING and entry.reference in self.held:
                return True
            old = entry.finished is not None and (self.clock.now - entry.finished).total_seconds() >= 86400
            if entry.reference != again and not (entry.state is State.PLACED and old):
                return True
        return False

    @rule(target=references, name=st.sampled_from(["a", "b"]), data=st.data())
    def prepare(self, name: str, data: st.DataObject) -> object:
        known = [entry.reference for entry in self.journal.entries()]
        again = data.draw(st.sampled_from(["", *known]), label="again")
        expected = self.blocked(purchase(name), again)
        try:
            entry = self.journal.prepare(purchase(name), again=again)
        except Repeated:
            assert expected
            return multiple()
        assert not expected
        self.held.add(entry.reference)
        return entry.reference

    @rule(reference=references)
    def begin(self, reference: str) -> None:
        before = self.journal.entry(reference)
        expected = self.blocked(before.purchase, before.again, reference)
        allowed = before.state is State.PREPARED and reference in self.held and not expected
        if not allowed:
            with pytest.raises((Repeated, JournalFailed)):
                self.journal.begin_sending(reference, None, None)
            if before.state is State.PREPARED and reference in self.held:
                assert self.journal.entry(reference).state is State.NOT_SENT
                self.held.discard(reference)
            return
        assert self.journal.begin_sending(reference, None, None).state is State.SENDING
        assert reference not in self.sent
        self.sent.add(reference)

    @rule(reference=references, kind=st.sampled_from(list(OutcomeKind)))
    def finish(self, reference: str, kind: OutcomeKind) -> None:
        before = self.journal.entry(reference)
        after = self.journal.finish(reference, Outcome(kind))
        assert after.state is (before.state if before.state in SETTLED else State(kind.value))
        self.held.discard(reference)

    @rule()
    def recover(self) -> None:
        dying = {entry.reference: entry.state for entry in self.journal.entries() if entry.reference not in self.held}
        found = {entry.reference for entry in self.journal.recover()}
        assert found == {reference for reference, state in dying.items() if state is State.SENDING}
        for entry in self.journal.entries():
            if entry.reference not in self.held:
                assert entry.state not in (State.PREPARED, State.SENDING)

    @rule()
    def die(self) -> None:
        locks._forget()
        self.held.clear()

    @rule(hours=st.sampled_from([0.5, 25.0, -3.0]))
    def wait(self, hours: float) -> None:
        self.clock.move(hours=hours)

    @rule(reference=consumes(references))
    def forget(self, reference: str) -> None:
        """Leave an order as it is for the rest of the run."""

    @invariant()
    def one_living_sender_a_server(self) -> None:
        sending = [e.purchase.servers for e in self.journal.entries() if e.state is State.SENDING and e.live]
        assert len(sending) == len(set(sending))

    @invariant()
    def settled_never_changes(self) -> None:
        now = {entry.reference: entry for entry in self.journal.entries()}
        for reference, entry in self.settled.items():
            assert now[reference] == entry
        self.settled = {reference: entry for reference, entry in now.items() if entry.state in SETTLED}

    @invariant()
    def what_was_sent_is_never_forgotten(self) -> None:
        for entry in self.journal.entries():
            assert entry.live is (entry.reference in self.held and entry.state in (State.PREPARED, State.SENDING))
            if entry.reference in self.sent:
                assert entry.state is not State.PREPARED
                assert entry.sent is not None


TestOrders = Orders.TestCase
TestOrders.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
