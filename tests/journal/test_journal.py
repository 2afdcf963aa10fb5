"""An order's way through the journal."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from vps_tui.core.errors import UsageError
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import Entry, Journal, JournalFailed, Repeated, State, database
from vps_tui.journal.database import transaction

from .child import PURCHASE, purchase
from .conftest import Clock

PLACED = Outcome(
    OutcomeKind.PLACED,
    "Taken.",
    "Wait.",
    order_id="5",
    invoice_id="6",
    service_ids=("7", "8"),
    paid=False,
    reply="{}",
)
REFUSED = Outcome(OutcomeKind.REFUSED, "No stock.")
NOT_SENT = Outcome(OutcomeKind.NOT_SENT, "No connection.")
UNKNOWN = Outcome(OutcomeKind.UNKNOWN, "No answer.", reply="<html>")
OUTCOMES = (PLACED, REFUSED, NOT_SENT, UNKNOWN)


def bring(journal: Journal, state: State) -> Entry:
    """Return a new entry in `state`."""
    entry = journal.prepare(purchase(f"to-{state}"))
    if state is not State.PREPARED:
        entry = journal.begin_sending(entry.reference, None, None)
    if state not in (State.PREPARED, State.SENDING):
        entry = journal.finish(entry.reference, Outcome(OutcomeKind(state.value), "first"))
    return entry


def row_seen_by_another(path: Path, reference: str) -> str:
    """Return the state of an order as a process that knows nothing of the program reads it."""
    query = "SELECT state FROM orders WHERE reference = ?"
    code = f"import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute({query!r}, sys.argv[2:]).fetchone())"
    done = subprocess.run([sys.executable, "-c", code, path, reference], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_nothing_is_made_by_looking(journal: Journal, path: Path) -> None:
    assert not journal.exists
    assert (journal.entries(), journal.unsettled(), journal.recover(), journal.repeats(PURCHASE)) == ((), (), (), ())
    with pytest.raises(UsageError, match="no order has been recorded yet"):
        journal.entry("1122-k7qf")
    assert not path.parent.exists()


def test_looking_whether_there_is_one_loads_no_database() -> None:
    code = (
        "import sys; from pathlib import Path; from vps_tui.journal import Journal;"
        "print(Journal(Path('/nonexistent/j')).exists, Journal(Path('/')).exists, 'sqlite3' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "False"]


def test_an_order_from_beginning_to_end(journal: Journal, path: Path, clock: Clock) -> None:
    prepared = journal.prepare(PURCHASE)
    assert journal.exists
    assert prepared.purchase == PURCHASE
    assert (prepared.state, prepared.live, prepared.unsettled) == (State.PREPARED, True, False)
    assert (prepared.created, prepared.sent, prepared.finished) == (clock.now, None, None)
    assert prepared.owner.endswith(f"@{os.uname().nodename}, process {os.getpid()}")
    assert prepared.outcome.kind is OutcomeKind.UNKNOWN
    assert "nothing has been sent yet" in prepared.outcome.message
    assert row_seen_by_another(path, prepared.reference) == "prepared"

    clock.move(seconds=5)
    server_time = datetime(2026, 11, 22, 5, 0, 4, tzinfo=timezone(timedelta(hours=2)))
    sending = journal.begin_sending(prepared.reference, ("7", "9"), server_time)
    assert (sending.state, sending.live, sending.unsettled) == (State.SENDING, True, False)
    assert (sending.sent, sending.before, sending.server_time) == (clock.now, ("7", "9"), server_time)
    assert sending.server_time is not None
    assert sending.server_time.tzinfo is UTC
    assert sending.outcome.kind is OutcomeKind.UNKNOWN
    assert sending.outcome.message.startswith("Being sent since ")
    assert row_seen_by_another(path, prepared.reference) == "sending"

    clock.move(seconds=5)
    placed = journal.finish(prepared.reference, PLACED)
    assert (placed.state, placed.live, placed.unsettled) == (State.PLACED, False, False)
    assert (placed.outcome, placed.finished, placed.settled_by) == (PLACED, clock.now, "reply")
    assert row_seen_by_another(path, prepared.reference) == "placed"
    assert (placed,) == journal.entries() == (journal.entry(placed.reference),)
    assert list(path.parent.rglob("*.lock")) == []


def test_servers_that_could_not_be_listed_are_not_no_servers(journal: Journal) -> None:
    assert journal.begin_sending(journal.prepare(purchase("a")).reference, None, None).before is None
    assert journal.begin_sending(journal.prepare(purchase("b")).reference, (), None).before == ()


def test_every_connection_is_durable(path: Path) -> None:
    """3 is EXTRA: the folder is synced, too, after the rollback journal has gone."""
    for write in (True, False):
        with transaction(path, write=write, make=True) as db:
            settings = {
                name: db.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("synchronous", "journal_mode", "fullfsync", "busy_timeout")
            }
        assert settings == {"synchronous": 3, "journal_mode": "delete", "fullfsync": 1, "busy_timeout": 5000}


def test_the_file_and_its_folders_are_synced_when_they_are_made(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real, copy = os.fsync, path.with_suffix(".copy")

    def fsync(descriptor: int) -> None:
        found = os.fstat(descriptor)
        if os.path.samestat(found, path.stat()):
            # To close this descriptor lets go of the locks of every thread that has connected meanwhile.
            assert database._making.locked()
        known = [each for each in (path, path.parent, path.parent.parent, copy) if each.exists()]
        names = [each.name for each in known if os.path.samestat(found, each.stat())]
        synced.extend(names or (["temporary"] if stat.S_ISREG(found.st_mode) else []))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    journal.prepare(PURCHASE)
    folder = path.parent.name
    assert synced == [path.name, folder, path.parent.parent.name, "temporary", folder, copy.name]


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: str(outcome.kind))
def test_finishing(journal: Journal, clock: Clock, state: State, outcome: Outcome) -> None:
    before = bring(journal, state)
    clock.move(minutes=1)
    after = journal.finish(before.reference, outcome, settled_by="hand")
    assert after == journal.entry(before.reference)
    if state in (State.PLACED, State.REFUSED, State.NOT_SENT):
        assert after == before
    else:
        assert (after.outcome, after.settled_by, after.finished) == (outcome, "hand", clock.now)


@pytest.mark.parametrize("state", [state for state in State if state is not State.PREPARED])
def test_an_order_is_sent_once(journal: Journal, state: State) -> None:
    before = bring(journal, state)
    with pytest.raises(Repeated, match=before.reference) as caught:
        journal.begin_sending(before.reference, (), None)
    assert caught.value.entries == (before,)
    assert journal.entry(before.reference) == before


@pytest.mark.parametrize("state", list(State))
def test_what_each_state_counts_as(journal: Journal, state: State) -> None:
    """While its process lives it is not known, even before it is sent: "not sent" could be wrong a moment later."""
    expected = {State.PREPARED: OutcomeKind.NOT_SENT, State.SENDING: OutcomeKind.UNKNOWN}
    entry = bring(journal, state)
    assert state.outcome is expected.get(state, OutcomeKind(str(entry.outcome.kind)))
    assert entry.outcome.kind is (OutcomeKind.UNKNOWN if entry.live else state.outcome)
    assert state in expected or state.outcome.value == state.value
    assert entry.unsettled is (state is State.UNKNOWN)
    assert journal.unsettled() == ((entry,) if state is State.UNKNOWN else ())


def test_an_earlier_answer_is_kept_where_a_look_brings_none(journal: Journal) -> None:
    entry = bring(journal, State.SENDING)
    journal.finish(entry.reference, UNKNOWN)
    journal.finish(entry.reference, replace(UNKNOWN, message="Not there yet.", reply=""), settled_by="reading")
    settled = journal.finish(entry.reference, replace(PLACED, reply=""), settled_by="reading")
    assert (settled.outcome.reply, settled.outcome.order_id, settled.settled_by) == ("<html>", "5", "reading")


def test_an_answer_is_kept_whatever_it_holds(journal: Journal) -> None:
    entry = bring(journal, State.SENDING)
    reply = "\ud800\0'\"" + "x" * 9000
    stored = journal.finish(entry.reference, Outcome(OutcomeKind.PLACED, "\udfff", reply=reply)).outcome
    assert (stored.message, stored.reply) == ("?", "?\0'\"" + "x" * 7996)


def test_entries_come_newest_first_and_open_ones_oldest_first(journal: Journal, clock: Clock) -> None:
    references = []
    for number in range(4):
        entry = journal.prepare(purchase(f"web{number}"))
        journal.begin_sending(entry.reference, None, None)
        journal.finish(entry.reference, UNKNOWN)
        references.append(entry.reference)
        clock.move(hours=number % 2)
    assert [entry.reference for entry in journal.unsettled()] == references
    assert [entry.reference for entry in journal.entries()] == references[::-1]


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: str(outcome.kind))
def test_an_outcome_that_cannot_be_kept_is_not_denied(journal: Journal, path: Path, outcome: Outcome) -> None:
    """Whatever keeps it from the disk, what is said about the money stays true."""
    said = {
        OutcomeKind.PLACED: "The order was placed.",
        OutcomeKind.UNKNOWN: "It is not known whether this was ordered.",
    }.get(outcome.kind, "Nothing was ordered.")
    reference = bring(journal, State.SENDING).reference
    path.chmod(0o666)
    with pytest.raises(JournalFailed, match="other users") as refused:
        journal.finish(reference, outcome)
    path.chmod(0o600)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("PRAGMA user_version = 99")
        other.execute("COMMIT")
    with pytest.raises(JournalFailed, match="damaged") as newer:
        journal.finish(reference, outcome)
    path.unlink()
    with pytest.raises(JournalFailed, match="the file is gone") as gone:
        journal.finish(reference, outcome)
    assert not path.exists()
    path.with_suffix(".copy").unlink()
    (path.parent / "sending" / f"{reference}.lock").rename(path.parent / "moved.lock")
    (path.parent / "sending").rmdir()
    journal.prepare(purchase("other"))
    with pytest.raises(JournalFailed, match=f"order {reference} is not in it") as replaced:
        journal.finish(reference, outcome)
    assert [error.value.money for error in (refused, newer, gone, replaced)] == [said] * 4


def test_files_are_for_the_owner_alone_whatever_the_umask(journal: Journal, path: Path) -> None:
    modes: dict[str, int] = {}

    def trace(_: object) -> None:
        for each in path.parent.rglob("*"):
            modes[each.name if each.suffix != ".lock" else "lock"] = stat.S_IMODE(each.stat().st_mode)

    earlier = os.umask(0)
    try:
        entry = journal.prepare(PURCHASE)
        with transaction(path, write=True) as db:
            db.set_trace_callback(trace)
            db.execute("UPDATE orders SET again = 'x'")
            db.execute("UPDATE orders SET again = ''")
            db.set_trace_callback(None)
        journal.begin_sending(entry.reference, None, None)
    finally:
        os.umask(earlier)
    private = dict.fromkeys(("journal.sqlite", "journal.sqlite-journal", "journal.copy", "lock"), 0o600)
    assert modes == {**private, "sending": 0o700}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_folders_above_are_made_for_the_owner_alone(tmp_path: Path) -> None:
    earlier = os.umask(0)
    try:
        Journal(tmp_path / "a" / "b" / "c.sqlite").prepare(PURCHASE)
    finally:
        os.umask(earlier)
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a", "a/b")] == [0o700, 0o700]


def test_a_file_that_another_process_makes_first_is_used(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Journal(path)
    real = database._make
    first: list[Entry] = []

    def make(wanted: Path) -> None:
        monkeypatch.setattr(database, "_make", real)
        monkeypatch.setattr(database, "_making", nullcontext())
        first.append(other.prepare(purchase("other")))
        real(wanted)

    monkeypatch.setattr(database, "_make", make)
    mine = journal.prepare(PURCHASE)
    assert {entry.reference for entry in journal.entries()} == {mine.reference, first[0].reference}


def test_a_purchase_that_cannot_be_written_leaves_nothing_behind(journal: Journal, path: Path) -> None:
    with pytest.raises(TypeError):
        journal.prepare(replace(PURCHASE, quote={"amount": object()}))
    assert journal.entries() == ()
    assert list(path.parent.rglob("*.lock")) == []


def test_no_descriptor_stays_open(journal: Journal) -> None:
    before = os.listdir("/dev/fd")  # noqa: PTH208 - a list of names is what is compared
    for outcome in OUTCOMES:
        entry = journal.prepare(purchase(outcome.kind))
        journal.begin_sending(entry.reference, None, None)
        journal.finish(entry.reference, outcome)
        with pytest.raises(Repeated):
            journal.begin_sending(entry.reference, None, None)
    journal.recover()
    assert os.listdir("/dev/fd") == before  # noqa: PTH208
