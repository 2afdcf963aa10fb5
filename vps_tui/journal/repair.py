"""A new record made from what can be read of a damaged one, which is kept under another name.

The new second copy takes its place before the new journal does: a repair that is killed in between is repeated.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vps_tui.core.errors import Consequence, VpsTuiError
from vps_tui.files.safe_open import open_folder, sync_path, write_new
from vps_tui.journal import guarding, locks, rows, seals, second_copy
from vps_tui.journal.database import make_folder, transaction
from vps_tui.journal.entry import ORDER, Entry, State
from vps_tui.journal.errors import Damage, failure, failure_of, program
from vps_tui.journal.second_copy import Contents
from vps_tui.journal.sql import Row, column_names, connect, insert_row

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair has come to."""

    found: Salvage
    kept: tuple[Path, ...]
    """Where the files are that were there before."""


def repair(path: Path, now: datetime) -> Repaired:
    """Make a new journal at `path` from what can be read; raises `JournalFailed` while an order is being sent."""
    try:
        with _alone(path):
            found = salvage(path)
            made = _build(path, found)
            kept = tuple(_exchange(path, made, f"damaged-{now:%Y%m%d-%H%M%S}"))
    except OSError as error:
        raise failure(path, error, Consequence.NOTHING_ORDERED) from error
    return Repaired(found, kept)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep every other repair away; raises `JournalFailed` where there is one, or an order is under way."""
    make_folder(path.parent)
    descriptor = open_folder(path.parent)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise failure_of(path, "another process repairs it", "Wait until that has ended.") from None
        sending = sorted((path.parent / "sending").glob("*.lock"))
        busy = next((lock.stem for lock in sending if locks.alive(lock)), "")
        if busy:
            raise failure_of(path, f"{busy} is being sent right now", "Wait until that has ended, then repair it.")
        yield
    finally:
        os.close(descriptor)


def _build(path: Path, found: Salvage) -> Path:
    """Make a journal of what was found in a folder of its own, and return its path."""
    made = path.parent / "repairing" / path.name
    make_folder(made.parent)
    for left in made.parent.iterdir():
        left.unlink()
    with transaction(made, write=True, make=True) as db:
        columns = set(column_names(db)) - {seals.CHECKSUM}
        for row in found.rows:
            insert_row(db, {name: value for name, value in row.items() if name in columns})
    return made


def _exchange(path: Path, made: Path, name: str) -> Iterator[Path]:
    """Put the new files in the places of the old ones; yields where the old ones are now."""
    copy, new_copy = second_copy.path_of(path), second_copy.path_of(made)
    if os.path.lexists(copy):
        yield _keep_copy(copy, _free(copy, name))
    new_copy.replace(copy)
    sync_path(path.parent)
    # A rollback journal that stayed beside the new file would be played back into it.
    rollback = path.with_name(f"{path.name}-journal")
    for old in (path, rollback):
        if os.path.lexists(old):
            new = _free(old, name)
            old.rename(new)
            if not new.is_symlink() and new.is_file():
                new.chmod(0o600)
            yield new
    made.replace(path)
    sync_path(path.parent)
    with suppress(OSError):
        made.parent.rmdir()


def _keep_copy(copy: Path, new: Path) -> Path:
    """Keep the old second copy as `new`, without a moment in which there is none under its own name."""
    if copy.is_symlink() or not copy.is_file():
        copy.rename(new)
        return new
    write_new(new, copy.read_bytes())
    return new


def _free(old: Path, name: str) -> Path:
    """Return a name that nothing has, such as journal.damaged-20261130-195712.sqlite."""
    number = 1
    while True:
        more = f"-{number}" if number > 1 else ""
        new = old.with_name(f"{old.stem}.{name}{more}{old.suffix}")
        if not os.path.lexists(new):
            return new
        number += 1


DOUBTFUL = "The record of it was damaged, so what became of it is not known for certain any more."


@dataclass(frozen=True, slots=True)
class Salvage:
    """The rows that can still be read, and what is missing."""

    rows: tuple[Row, ...]
    """The newest of each entry, oldest entry first; all of them can be turned into entries."""
    doubtful: frozenset[str]
    """References of those whose state cannot be trusted; they count as unknown."""
    lost: int
    """How many entries there were besides."""
    program: str
    """How a command about them begins."""

    def entries(self) -> tuple[Entry, ...]:
        return tuple(rows.entry_of(row, live=False, program=self.program) for row in reversed(self.rows))


@dataclass(frozen=True, slots=True)
class _Database:
    """What the journal's own file still gives."""

    whole: dict[str, Row]
    broken: dict[str, Row]
    count: int
    """How many rows it says that it has."""
    trusted: bool
    """Whether all of it is as it was left."""


def salvage(path: Path) -> Salvage:
    """Return what can still be read of the journal at `path`; changes nothing."""
    copy, database, begins = _second_copy(path), _database(path), program(path)
    newest = dict(copy.rows)
    for reference, row in database.whole.items():
        if reference not in newest or row.get(seals.WRITTEN, 0) >= newest[reference].get(seals.WRITTEN, 0):
            newest[reference] = row
    kept = {reference: row for reference, row in newest.items() if _entry(row)}
    copy_trusted = copy.seal is not None and copy.damaged_after is None
    doubtful = set()
    if not (copy_trusted or database.trusted):
        # A later row may be among what is lost: it may have been sent since.
        doubtful = {reference for reference, row in kept.items() if row["state"] == State.PREPARED.value}
    providers = {row["provider"] for row in kept.values()}
    # A second copy that is whole has all of them, and its references are right.
    broken = {} if copy_trusted else database.broken
    for reference, row in broken.items():
        if reference not in kept and _usable(row, providers):
            kept[reference] = row
            doubtful.add(reference)
    for reference in doubtful:
        kept[reference] = _unknown(kept[reference], begins)
    expected = max(copy.seal.rows if copy.seal else 0, len(newest), 0 if copy_trusted else database.count)
    ordered = sorted(kept.values(), key=lambda row: str(row["created"]))
    return Salvage(tuple(ordered), frozenset(doubtful), max(0, expected - len(kept)), begins)


def in_words(found: Salvage) -> str:
    """Return how much can still be read, and which orders nobody knows the fate of."""
    total = len(found.rows) + found.lost
    entries = "entry" if total == 1 else "entries"
    if not total:
        return "Nothing that was recorded can be read."
    words = f"{len(found.rows)} of {total} {entries} can still be read."
    unknown = [
        f"{entry.reference} ({', '.join(entry.purchase.names)})"
        for entry in map(Entry.printable, found.entries())
        if entry.unsettled
    ]
    return f"{words} Not known: {', '.join(unknown)}." if unknown else words


def _second_copy(path: Path) -> Contents:
    try:
        return second_copy.contents(second_copy.path_of(path))
    except (Damage, OSError):
        return Contents()


def _database(path: Path) -> _Database:
    import sqlite3

    whole: dict[str, Row] = {}
    broken: dict[str, Row] = {}
    count, trusted = 0, False
    with suppress(sqlite3.Error, OSError, Damage, UnicodeDecodeError):
        if stat.S_ISREG(path.lstat().st_mode):
            # "ro" where only that is allowed; an unfinished write of a killed process needs "rw" to be taken back.
            with closing(connect(path, "rw" if os.access(path, os.W_OK) else "ro")) as db:
                db.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
                for row in _rows(db):
                    reference = row.get("reference")
                    if isinstance(reference, str):
                        (whole if _whole(row) else broken)[reference] = row
                count = len({*whole, *broken})
                count = max(count, seals.read_seal(db).rows)
                guarding.check(db)
                trusted = True
    return _Database(whole, broken, count, trusted)


def _rows(db: sqlite3.Connection) -> Iterator[Row]:
    """Yield all rows that SQLite can reach, from both ends: some twice where a page in between is damaged."""
    import sqlite3

    for direction in ("ASC", "DESC"):
        try:
            for row in db.execute(f"SELECT * FROM orders NOT INDEXED ORDER BY rowid {direction}"):  # noqa: S608 - one of the two above
                yield dict(row)
            return
        except (sqlite3.Error, UnicodeDecodeError, MemoryError, OverflowError):
            continue


def _whole(row: Row) -> bool:
    """Tell whether a row has its checksum; one of a program without checksums must make sense."""
    if seals.CHECKSUM not in row:
        return _entry(row) is not None
    return seals.is_whole(row)


def _entry(row: Row) -> Entry | None:
    try:
        return rows.entry_of(row, live=False)
    except Damage:
        return None


def _usable(row: Row, providers: set[str]) -> bool:
    """Tell whether enough of a damaged row makes sense to look for its order at the provider."""
    entry = _entry({**row, "state": State.UNKNOWN.value})
    if entry is None:
        return False
    if entry.purchase.kind != ORDER:
        return entry.purchase.provider in providers
    # Read where it is needed: most journals are whole, and their start waits for nothing.
    from vps_tui.core.order_file import parse
    from vps_tui.core.order_keys import OrderFileFormat

    text = entry.purchase.order_file
    try:
        draft = parse(text, name=entry.reference, known=OrderFileFormat(), partial=True).draft
    except VpsTuiError:
        return False
    return draft.provider == entry.purchase.provider


def _unknown(row: Row, begins: str) -> Row:
    hint = rows.find_out(row["reference"], begins)
    return {**row, "state": State.UNKNOWN.value, "message": DOUBTFUL, "hint": hint}
