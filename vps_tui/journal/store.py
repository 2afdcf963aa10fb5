"""The journal: every order is recorded before it is sent, and its outcome after."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vps_tui.core.errors import Consequence
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.text import clean
from vps_tui.journal import locks, rows, under_way
from vps_tui.journal.database import make_folder, transaction
from vps_tui.journal.entry import Entry, Purchase, State, find_reference, new_reference, split_references
from vps_tui.journal.errors import JournalDamaged, Repeated, failure_of, program
from vps_tui.journal.guarding import recorded
from vps_tui.journal.repair import Repaired, Salvage, in_words, repair, salvage

if TYPE_CHECKING:
    import sqlite3

    from vps_tui.core.login import Login

FILE_NAME = "journal.sqlite"
RECENT = timedelta(hours=24)
"""How long a placed order stands in the way of the same one."""

_MONEY = {
    OutcomeKind.PLACED: Consequence.ORDER_PLACED,
    OutcomeKind.UNKNOWN: Consequence.ORDER_UNKNOWN,
}
_TRIES = 50
_OPEN = "SELECT * FROM orders WHERE state IN ('prepared', 'sending') ORDER BY created, rowid"
_UNSETTLED = "SELECT * FROM orders WHERE state IN ('sending', 'unknown') ORDER BY created, rowid"
_NEWEST_FIRST = "SELECT * FROM orders ORDER BY created DESC, rowid DESC LIMIT ?"
_LATEST = (
    "SELECT * FROM orders WHERE rowid IN (SELECT id FROM (SELECT rowid AS id, row_number() OVER"
    " (PARTITION BY provider ORDER BY created DESC, rowid DESC) AS place FROM orders WHERE kind = 'order')"
    " WHERE place = 1) ORDER BY created DESC, rowid DESC"
)
_BLOCKING = "SELECT * FROM orders WHERE state IN ('sending', 'unknown', 'placed') ORDER BY created DESC, rowid DESC"


def utc_now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """The record of orders in one file; may be used from several threads and processes at once.

    Every operation opens the file and blocks, for seconds while another process writes: call it off the event loop.
    All but `exists` raise `JournalFailed`.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] = utc_now) -> None:
        """Take the file's path, which need not exist, and a clock that gives aware times."""
        self.path = path
        self._clock = clock

    @property
    def exists(self) -> bool:
        """Whether there is anything to read, or was; costs a look or two at the folder."""
        try:
            return os.path.lexists(self.path) or recorded(self.path)
        except OSError:
            return True  # There may be, and reading it will say what is wrong.

    def prepare(self, purchase: Purchase, *, again: str = "") -> Entry:
        """Record that `purchase` is about to be ordered, knowingly like the orders in `again`; raises `Repeated`."""
        reference = ""
        try:
            with self._transaction(write=True, make=True) as db:
                obstacles = self._obstacles(db, purchase, again)
                if obstacles:
                    raise Repeated(obstacles)
                reference = self._take_new(db)
                knowingly = ",".join(split_references(again))
                rows.insert(db, reference, purchase, created=self._clock(), owner=_owner(), again=knowingly)
                entry = self._one(db, reference)
        except BaseException:
            locks.release(self._lock(reference))
            raise
        return entry

    def begin_sending(self, reference: str, before: Sequence[str] | None, server_time: datetime | None) -> Entry:
        """Record that the request leaves now; after any exception nothing may be sent.

        Raises `Repeated` where the same server has been ordered meanwhile: the order is `NOT_SENT` then.
        """
        with self._transaction(write=True) as db:
            entry = self._one(db, reference)
            if entry.state is not State.PREPARED:
                raise Repeated((entry,))
            if not locks.holds(self._lock(entry.reference)):
                raise failure_of(self.path, f"another process prepared {entry.reference}", "Start the order anew.")
            obstacles = self._obstacles(db, entry.purchase, entry.again)
            if obstacles:
                refusal = Repeated(obstacles)
                outcome = Outcome(OutcomeKind.NOT_SENT, refusal.message, refusal.hint)
                self._write(db, entry.reference, outcome, "")
            else:
                rows.mark_sending(db, entry.reference, sent=self._clock(), before=before, server_time=server_time)
            entry = self._one(db, entry.reference)
        if obstacles:
            locks.release(self._lock(entry.reference))
            raise Repeated(obstacles)
        return entry

    def finish(self, reference: str, outcome: Outcome, *, settled_by: str = "reply") -> Entry:
        """Record an outcome, unless there is one; raises `UsageError` while another process sends the order."""
        with self._transaction(write=True, money=_MONEY.get(outcome.kind, Consequence.NOTHING_ORDERED)) as db:
            entry = self._one(db, reference)
            lock = self._lock(entry.reference)
            if not entry.state.settled:
                if entry.live and not locks.holds(lock):
                    raise under_way.refusal(entry)
                self._write(db, entry.reference, outcome, settled_by)
                entry = self._one(db, entry.reference)
        locks.release(lock)
        return entry

    def note_logins(self, reference: str, logins: Sequence[Login]) -> Entry:
        """Record where the servers of an order answer, in place of what was recorded before."""
        with self._transaction(write=True, money=Consequence.ORDER_UNTOUCHED) as db:
            entry = self._one(db, reference)
            rows.write_logins(db, entry.reference, logins)
            return self._one(db, entry.reference)

    def repeats(self, purchase: Purchase, again: str = "") -> tuple[Entry, ...]:
        """Return the open and recent entries that `purchase` would repeat unknowingly, newest first."""
        if not self.exists:
            return ()
        with self._transaction() as db:
            return self._obstacles(db, purchase, again)

    def recover(self) -> tuple[Entry, ...]:
        """Settle what dead processes left, and return what is unknown through that, oldest first."""
        if not self.exists or not self._left_behind():
            return ()
        unknown = []
        with self._transaction(write=True) as db:
            for entry in self._all(db, _OPEN):
                if entry.live:
                    continue
                begun = entry.state is State.SENDING
                outcome = rows.left_behind(entry)
                self._write(db, entry.reference, outcome, "interrupted")
                if begun:
                    unknown.append(self._one(db, entry.reference))
            # Inside the transaction, because files of orders that are just being prepared look alike.
            for lock in self._lock_files():
                if not locks.alive(lock):
                    lock.unlink(missing_ok=True)
        return tuple(unknown)

    def sent_elsewhere(self) -> tuple[Entry, ...]:
        """Return the entries that other living processes are preparing or sending, oldest first."""
        found = self._read(_OPEN)
        return tuple(entry for entry in found if entry.live and not locks.holds(self._lock(entry.reference)))

    def unsettled(self) -> tuple[Entry, ...]:
        """Return the entries whose outcome somebody must find out, oldest first."""
        return tuple(entry for entry in self._read(_UNSETTLED) if entry.unsettled)

    def entries(self, newest: int = -1) -> tuple[Entry, ...]:
        """Return all entries, or as many as `newest` says, newest first."""
        return self._read(_NEWEST_FIRST, newest)

    def latest(self) -> tuple[Entry, ...]:
        """Return the newest order of each provider, newest first; costs little however long the journal is."""
        return self._read(_LATEST)

    def entry(self, reference: str) -> Entry:
        """Return the entry that `reference` names or begins; raises `UsageError` naming the nearest."""
        if not self.exists:
            find_reference(reference, ())
        with self._transaction() as db:
            known = [str(row["reference"]) for row in db.execute("SELECT reference FROM orders")]
            return self._one(db, find_reference(reference, known))

    def problem(self) -> JournalDamaged | None:
        """Return what is wrong with the record itself, None where nothing is; raises `JournalFailed` for all else."""
        if not self.exists:
            return None
        try:
            with self._transaction():
                return None
        except JournalDamaged as error:
            return error

    def salvaged(self) -> Salvage:
        return salvage(self.path)

    def repair(self) -> Repaired:
        """Make a new record from what can be read of a damaged one, and keep the damaged one beside it."""
        repaired = repair(self.path, self._clock())
        self.recover()
        return repaired

    def _read(self, query: str, *values: Any) -> tuple[Entry, ...]:
        """Return the entries that `query` gives, none where nothing was ever recorded."""
        if not self.exists:
            return ()
        with self._transaction() as db:
            return self._all(db, query, *values)

    @contextmanager
    def _transaction(
        self, *, write: bool = False, make: bool = False, money: Consequence = Consequence.NOTHING_ORDERED
    ) -> Iterator[sqlite3.Connection]:
        """Give a connection; where the record is damaged, the error also says what can still be read."""
        try:
            with transaction(self.path, write=write, make=make, money=money) as db:
                yield db
        except JournalDamaged as error:
            error.message = f"{error.message} {in_words(salvage(self.path))}"
            raise

    def _all(self, db: sqlite3.Connection, query: str, *values: Any) -> tuple[Entry, ...]:
        return tuple(rows.entry_of(row, self._live(row), program(self.path)) for row in db.execute(query, values))

    def _one(self, db: sqlite3.Connection, reference: str) -> Entry:
        found = self._all(db, "SELECT * FROM orders WHERE reference = ?", reference)
        if not found:
            raise failure_of(
                self.path, f"order {clean(reference)} is not in it", "Find out what happened to the file."
            )
        return found[0]

    def _write(self, db: sqlite3.Connection, reference: str, outcome: Outcome, settled_by: str) -> None:
        rows.write_outcome(db, reference, outcome, finished=self._clock(), settled_by=settled_by)

    def _obstacles(self, db: sqlite3.Connection, purchase: Purchase, again: str) -> tuple[Entry, ...]:
        """Return what stands in the way of `purchase`, newest first."""
        allowed = split_references(again)
        return tuple(
            entry
            for entry in self._all(db, _BLOCKING)
            if (entry.purchase.repeats(purchase) or (_open(entry) and entry.purchase.stands_in_the_way_of(purchase)))
            and (entry.live or (self._counts(entry) and entry.reference not in allowed))
        )

    def _counts(self, entry: Entry) -> bool:
        # An order from the future, because the clock was put back, counts as recent.
        last = entry.finished or entry.sent or entry.created
        return entry.unsettled or self._clock() - last < RECENT

    def _left_behind(self) -> bool:
        """Tell whether there is anything to recover, without writing: most starts find nothing."""
        with self._transaction() as db:
            open_ = self._all(db, _OPEN)
        names = {entry.reference for entry in open_}
        return not all(entry.live for entry in open_) or any(lock.stem not in names for lock in self._lock_files())

    def _live(self, row: sqlite3.Row) -> bool:
        return row["state"] in (State.PREPARED, State.SENDING) and locks.alive(self._lock(row["reference"]))

    def _take_new(self, db: sqlite3.Connection) -> str:
        """Return a reference that nobody has, locked for this process."""
        make_folder(self._lock("").parent)
        for _ in range(_TRIES):
            reference = new_reference(self._clock())
            taken = db.execute("SELECT 1 FROM orders WHERE reference = ?", (reference,)).fetchone()
            if not taken and locks.take(self._lock(reference)):
                return reference
        raise failure_of(self.path, "no free reference was found", "Retry.")

    def _lock(self, reference: str) -> Path:
        return self.path.parent / "sending" / f"{reference}.lock"

    def _lock_files(self) -> list[Path]:
        return list(self._lock("").parent.glob("*.lock"))


def _open(entry: Entry) -> bool:
    """Tell whether the outcome of `entry` is not known yet: its process may be waiting for the answer."""
    return entry.unsettled or entry.live


def _owner() -> str:
    import pwd

    user = os.geteuid()
    try:
        name = pwd.getpwuid(user).pw_name
    except KeyError:
        name = f"user {user}"
    return clean(f"{name}@{os.uname().nodename}, process {os.getpid()}")
