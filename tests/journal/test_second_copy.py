"""The second copy and the journal: written one after the other, and brought together whatever comes between."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import Journal, JournalDamaged, JournalFailed, Repeated, State, guarding, schema, second_copy
from vps_tui.journal.seals import Seal
from vps_tui.journal.second_copy import SecondCopy

from .child import PURCHASE, purchase
from .conftest import Start

GOLDEN = Path(__file__).parents[1] / "data" / "journals" / "version-3.sqlite"
"""What the last version without checksums has written, byte by byte."""
UNKNOWN = Outcome(OutcomeKind.UNKNOWN, "No answer.")


@pytest.fixture
def golden(path: Path) -> Path:
    """Lay the journal of version 3 as that program left it."""
    (path.parent / "sending").mkdir(mode=0o700, parents=True)
    path.parent.chmod(0o700)
    shutil.copyfile(GOLDEN, path)
    path.chmod(0o600)
    return path


def copy_of(path: Path) -> bytes:
    return path.with_suffix(".copy").read_bytes()


def damage(path: Path, statement: str) -> None:
    """Change the journal at `path` behind the program's back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(statement)


def failing_after(call: Callable[..., object]) -> Callable[..., object]:
    """Return what does the same as `call`, and fails then."""

    def do(*arguments: object, **named: object) -> object:
        call(*arguments, **named)
        raise OSError(errno.EIO, "stopped here")

    return do


@pytest.mark.parametrize(
    ("write", "state", "sent"),
    [(1, State.NOT_SENT, False), (2, State.UNKNOWN, False), (3, State.PLACED, True)],
    ids=["prepare", "sending", "finish"],
)
def test_killed_between_the_second_copy_and_the_journal(
    journal: Journal, start: Start, write: int, state: State, sent: bool
) -> None:
    """The next process does what was not finished; an order that may have left is never called unsent."""
    process = start("killed", str(write))
    assert process.wait(20) == -signal.SIGKILL
    assert process.stdout
    assert process.stdout.read() == ("sent\n" if sent else "")
    unknown = journal.recover()
    (entry,) = journal.entries()
    assert (entry.state, unknown) == (state, (entry,) if state is State.UNKNOWN else ())
    assert journal.problem() is None
    if state is State.NOT_SENT:
        assert journal.prepare(PURCHASE).state is State.PREPARED
    else:
        with pytest.raises(Repeated):
            journal.prepare(PURCHASE)


@pytest.mark.parametrize("length", [1, 40, -1])
def test_killed_within_the_second_copy(journal: Journal, path: Path, length: int) -> None:
    """What is half written there was not written: the next write goes over it."""
    reference = journal.prepare(PURCHASE).reference
    before, at_first = copy_of(path), path.read_bytes()
    journal.begin_sending(reference, None, None)
    added = copy_of(path)[len(before) :]
    path.write_bytes(at_first)
    path.with_suffix(".copy").write_bytes(before + added[:length])
    assert journal.entry(reference).state is State.PREPARED
    assert journal.begin_sending(reference, None, None).state is State.SENDING
    assert copy_of(path).startswith(before)
    assert copy_of(path).count(b"\n") == (before + added).count(b"\n")


def test_a_line_that_the_second_copy_lost_is_added_again(journal: Journal, path: Path) -> None:
    reference = journal.prepare(PURCHASE).reference
    before = copy_of(path)
    journal.begin_sending(reference, None, None)
    path.with_suffix(".copy").write_bytes(before + b"\xff" * 50)
    journal.finish(reference, UNKNOWN)
    states = [row["state"] for row in second_copy.contents(path.with_suffix(".copy")).rows.values()]
    assert states == ["unknown"]
    assert b'"state":"sending"' in copy_of(path)


def test_a_commit_that_fails_is_taken_out_of_the_second_copy(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vps_tui.journal.database.BUSY_SECONDS", 0.05)
    reference = journal.prepare(PURCHASE).reference
    before = copy_of(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM orders").fetchall()
        with pytest.raises(JournalFailed, match="busy"):
            journal.begin_sending(reference, None, None)
    assert copy_of(path) == before
    assert journal.entry(reference).state is State.PREPARED
    assert journal.begin_sending(reference, None, None).state is State.SENDING


def test_a_commit_that_fails_and_cannot_be_taken_out_counts_as_sent(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vps_tui.journal.database.BUSY_SECONDS", 0.05)
    monkeypatch.setattr(SecondCopy, "undo", lambda _: None)
    reference = journal.prepare(PURCHASE).reference
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM orders").fetchall()
        with pytest.raises(JournalFailed, match="busy"):
            journal.begin_sending(reference, None, None)
    assert journal.entry(reference).state is State.SENDING


def test_a_second_copy_that_another_process_keeps_is_not_waited_for_without_end(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_copy, "BUSY_SECONDS", 0.02)
    reference = journal.prepare(PURCHASE).reference
    with path.with_suffix(".copy").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        with pytest.raises(JournalFailed, match="busy"):
            journal.begin_sending(reference, None, None)
        assert journal.entry(reference).state is State.PREPARED
    assert journal.begin_sending(reference, None, None).state is State.SENDING


@pytest.mark.parametrize("call", ["pwrite", "fsync", "ftruncate"])
@pytest.mark.parametrize(
    ("number", "reason"), [(errno.ENOSPC, "the disk is full"), (errno.EIO, "Input/output error")]
)
def test_without_a_second_copy_there_is_no_order(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, reason: str
) -> None:
    reference = journal.prepare(PURCHASE).reference
    before = copy_of(path), path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(JournalFailed, match=reason):
            journal.begin_sending(reference, None, None)
    assert (copy_of(path), path.read_bytes()) == before
    assert journal.begin_sending(reference, None, None).state is State.SENDING


def test_a_long_second_copy_is_written_afresh(journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_copy, "_SPARE", 0)
    monkeypatch.setattr(second_copy, "_TIMES", 0.2)
    longest = 0
    for number in range(6):
        reference = journal.prepare(purchase(f"web{number}")).reference
        journal.begin_sending(reference, None, None)
        journal.finish(reference, UNKNOWN)
        assert journal.problem() is None
        longest = max(longest, len(copy_of(path)))
    found = second_copy.contents(path.with_suffix(".copy"))
    assert set(found.rows) == {entry.reference for entry in journal.entries()}
    assert len(copy_of(path).splitlines()) < 3 * 6
    assert [each.name for each in path.parent.iterdir() if each.name.endswith(".tmp")] == []


def test_reading_beside_two_processes_that_write(
    journal: Journal, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    # They write without a pause, as nobody does: the disk is theirs most of the time.
    monkeypatch.setattr("vps_tui.journal.database.BUSY_SECONDS", 60)
    processes = [start("orders"), start("orders")]
    seen = 0
    while seen < 12:
        journal.unsettled()
        found = journal.entries()
        assert len(found) >= seen
        seen = len(found)
    for process in processes:
        process.kill()
        process.wait()
    journal.recover()
    assert journal.problem() is None


def test_what_decides_about_an_order_checks_the_whole_each_time(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read checks a file once that nobody has changed since, a write always."""
    checks: list[object] = []
    real = guarding.check

    def check(db: sqlite3.Connection) -> Seal:
        checks.append(db)
        return real(db)

    monkeypatch.setattr(guarding, "check", check)
    entry = journal.prepare(PURCHASE)
    journal.begin_sending(entry.reference, None, None)
    journal.finish(entry.reference, UNKNOWN)
    assert len(checks) == 3
    for _ in range(3):
        journal.unsettled()
        journal.repeats(PURCHASE)
    assert len(checks) == 4
    for number in (5, 6):
        with pytest.raises(Repeated):
            journal.prepare(PURCHASE)
        assert len(checks) == number


class TestEarlierVersions:
    def test_the_last_one_without_checksums_is_read_as_it_was(self, golden: Path) -> None:
        journal = Journal(golden)
        assert [(entry.reference, entry.state.value, entry.purchase.kind) for entry in journal.entries()] == [
            ("1122-dddd", "placed", "cancel"),
            ("1122-cccc", "refused", "order"),
            ("1122-bbbb", "unknown", "order"),
            ("1122-aaaa", "placed", "order"),
        ]
        first = journal.entry("1122-aaaa")
        assert first.outcome == Outcome(
            OutcomeKind.PLACED, "Taken.", "Wait.", "5", "6", ("7",), paid=False, reply='{"orderid": 5}'
        )
        assert journal.entry("1122-dddd").purchase.names == ("web0",)
        assert [entry.reference for entry in journal.unsettled()] == ["1122-bbbb"]
        assert set(second_copy.contents(golden.with_suffix(".copy")).rows) == {
            "1122-aaaa",
            "1122-bbbb",
            "1122-cccc",
            "1122-dddd",
        }

    def test_a_migration_that_was_cut_short_is_done_again(
        self, golden: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = second_copy.replace

        def cut_short(*arguments: object) -> None:
            real(*arguments)  # type: ignore[arg-type]
            raise OSError(errno.EIO, "stopped here")

        journal = Journal(golden)
        with monkeypatch.context() as patch:
            patch.setattr(second_copy, "replace", cut_short)
            with pytest.raises(JournalFailed):
                journal.entries()
        assert golden.read_bytes() == GOLDEN.read_bytes()
        assert len(journal.entries()) == 4

    def test_another_one_in_place_of_one_whose_migration_was_cut_short_is_refused(
        self, golden: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        journal = Journal(golden)
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", failing_after(os.replace))
            with pytest.raises(JournalFailed):
                journal.entries()
        damage(golden, "DELETE FROM orders WHERE state = 'unknown'")
        with pytest.raises(JournalDamaged, match="older"):
            journal.prepare(purchase("web1"))

    def test_put_back_after_a_later_write_it_is_refused(self, golden: Path) -> None:
        journal = Journal(golden)
        journal.finish(journal.prepare(purchase("later")).reference, Outcome(OutcomeKind.NOT_SENT))
        shutil.copyfile(GOLDEN, golden)
        with pytest.raises(JournalDamaged, match="older"):
            journal.prepare(purchase("more"))
        assert len(journal.repair().found.rows) == 5

    def test_emptied_before_it_was_migrated_it_is_missed(self, golden: Path) -> None:
        golden.write_bytes(b"")
        with pytest.raises(JournalDamaged, match="is empty"):
            Journal(golden).prepare(PURCHASE)

    def test_damaged_before_it_was_migrated_it_is_repaired_as_far_as_it_makes_sense(self, golden: Path) -> None:
        damage(golden, "UPDATE orders SET servers = '[' WHERE state = 'refused'")
        damage(golden, "UPDATE orders SET paid = 'yes' WHERE order_id = '5'")
        journal = Journal(golden)
        with pytest.raises(JournalDamaged, match="damaged"):
            journal.prepare(PURCHASE)
        done = journal.repair()
        assert (len(done.found.rows), done.found.lost) == (2, 2)
        assert [entry.reference for entry in journal.unsettled()] == ["1122-bbbb"]

    def test_a_later_column_is_covered(self, golden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        journal = Journal(golden)
        assert len(journal.entries()) == 4
        sealed = golden.read_bytes()
        later = (*schema.MIGRATIONS, ("ALTER TABLE orders ADD COLUMN later TEXT NOT NULL DEFAULT '[]'",))
        monkeypatch.setattr(schema, "MIGRATIONS", later)
        monkeypatch.setattr(schema, "VERSION", len(later))
        assert len(journal.entries()) == 4
        journal.prepare(purchase("more"))
        whole = golden.read_bytes()
        damage(golden, "UPDATE orders SET later = '[1]' WHERE state = 'refused'")
        with pytest.raises(JournalDamaged, match="damaged"):
            journal.entries()
        golden.write_bytes(sealed)
        with pytest.raises(JournalDamaged, match="older"):
            journal.entries()
        golden.write_bytes(whole)
        assert len(journal.entries()) == 5
        assert "later" in next(iter(second_copy.contents(golden.with_suffix(".copy")).rows.values()))

    def test_a_later_migration_that_was_cut_short_is_done_again(
        self, golden: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        journal = Journal(golden)
        reference = journal.prepare(PURCHASE, again="1122-bbbb").reference
        # A write that is in the second copy alone has to come before the migration.
        before = golden.read_bytes()
        journal.begin_sending(reference, None, None)
        golden.write_bytes(before)
        later = (*schema.MIGRATIONS, ("ALTER TABLE orders ADD COLUMN later TEXT NOT NULL DEFAULT '[]'",))
        monkeypatch.setattr(schema, "MIGRATIONS", later)
        monkeypatch.setattr(schema, "VERSION", len(later))
        real = second_copy.replace

        def cut_short(*arguments: object) -> None:
            real(*arguments)  # type: ignore[arg-type]
            raise OSError(errno.EIO, "stopped here")

        with monkeypatch.context() as patch:
            patch.setattr(second_copy, "replace", cut_short)
            with pytest.raises(JournalFailed):
                journal.entries()
        assert journal.entry(reference).state is State.SENDING
        assert journal.problem() is None
