"""Every transaction on the journal between a check of the whole and, for a write, the seal and the second copy.

A write goes into the second copy first and is committed then. A process that is killed between the two leaves
the copy one write ahead: the next one brings the journal up to it. Nothing else may differ.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from vps_tui.journal import seals, second_copy
from vps_tui.journal.errors import COPY, OLDER, Damage
from vps_tui.journal.seals import Seal
from vps_tui.journal.second_copy import SecondCopy
from vps_tui.journal.sql import all_rows, insert_row, update_row

if TYPE_CHECKING:
    import sqlite3

_mutex = Lock()
_checked: dict[Path, tuple[int, ...]] = {}
"""Files of this process that were found whole, with what the system says of them: another write changes that."""


class Standing(StrEnum):
    """How the second copy stands to the journal."""

    SAME = "same"
    AHEAD = "ahead"
    """It has one write more."""
    BEHIND = "behind"
    """It lacks the last write: its file was cut off or damaged there."""


def recorded(path: Path) -> bool:
    """Tell whether orders were recorded in the journal at `path`, by what lies beside it; raises `OSError`."""
    try:
        tail = second_copy.last(second_copy.path_of(path))
    except Damage:
        return True
    # The folder of locks is made after the first journal, and before the first order.
    return tail.seal.rows > 0 if tail else os.path.lexists(path.parent / "sending")


@contextmanager
def reading(db: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Begin a transaction that reads, once the whole is checked, and end it."""
    copy = second_copy.path_of(path)
    db.execute("BEGIN")
    seal = _checked_seal(db, path)
    tail = second_copy.last(copy)
    if tail is None:
        raise Damage(COPY)
    if compare(seal, tail.seal) is Standing.AHEAD and not second_copy.in_use(copy):
        # A process was killed over its last write. What a living one is about to commit is not waited for.
        db.execute("ROLLBACK")
        with writing(db, path):
            pass
        db.execute("BEGIN")
        _checked_seal(db, path)
    yield
    db.execute("COMMIT")


@contextmanager
def writing(db: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Begin a transaction that writes, once the whole is checked, and commit it with its seal and second copy."""
    while True:
        db.execute("BEGIN IMMEDIATE")
        with second_copy.locked(second_copy.path_of(path)) as copy:
            seal = check(db)
            standing = compare(seal, copy.seal)
            if standing is Standing.AHEAD:
                # A commit of its own: the copy is never more than one write ahead.
                bring_up(db, copy)
                db.execute("COMMIT")
                continue
            if standing is Standing.BEHIND:
                _complete(db, seal, copy)
            seals.watch_changes(db)
            yield
            _commit(db, path, seal, copy)
            return


def check(db: sqlite3.Connection) -> Seal:
    """Check the file, every row and their sum; returns the seal, raises `Damage`."""
    try:
        seals.check_file(db)
        seal = seals.read_seal(db)
        seals.check_rows(db, seal)
        if seal.version != int(db.execute("PRAGMA user_version").fetchone()[0]):
            raise Damage
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, MemoryError) as error:
        raise Damage from error
    return seal


def compare(seal: Seal, copy: Seal) -> Standing:
    """Return how the second copy's seal stands to the journal's; raises `Damage` where one of them is an old one."""
    if seal.mark == copy.mark:
        return Standing.SAME
    if copy.before == seal.mark:
        return Standing.AHEAD
    if seal.before == copy.mark:
        return Standing.BEHIND
    raise Damage(OLDER if seal.writes < copy.writes else COPY)


def bring_up(db: sqlite3.Connection, copy: SecondCopy) -> Seal:
    """Do once more the last write of the second copy; returns its seal, raises `Damage`."""
    for row in copy.last_rows():
        if db.execute("SELECT 1 FROM orders WHERE reference = ?", (row["reference"],)).fetchone():
            update_row(db, row["reference"], row)
        else:
            insert_row(db, row)
    seals.put_seal(db, copy.seal)
    return check(db)


def _complete(db: sqlite3.Connection, seal: Seal, copy: SecondCopy) -> None:
    """Add the last write, which the second copy lacks."""
    rows = db.execute("SELECT * FROM orders WHERE written = ?", (seal.writes,)).fetchall()
    copy.append([dict(row) for row in rows], seal)
    copy.keep()


def _commit(db: sqlite3.Connection, path: Path, seal: Seal, copy: SecondCopy) -> None:
    if not db.execute("SELECT 1 FROM changed").fetchone():
        db.execute("COMMIT")
        return
    new, rows = seals.seal_changes(db, seal)
    if copy.too_long(path.stat().st_size):
        second_copy.replace(second_copy.path_of(path), all_rows(db), new)
        db.execute("COMMIT")
        return
    copy.append(rows, new)
    try:
        db.execute("COMMIT")
    except BaseException:
        if _stands(db) != new.mark:
            copy.undo()
        raise


def _stands(db: sqlite3.Connection) -> str:
    """Return the mark of the journal as it is on disk, after a commit that failed; empty where it cannot be read."""
    import sqlite3

    try:
        if db.in_transaction:
            db.execute("ROLLBACK")
        return str(db.execute("SELECT mark FROM seal").fetchone()[0])
    except sqlite3.Error:
        return ""


def _checked_seal(db: sqlite3.Connection, path: Path) -> Seal:
    """Return the seal, after a check of the whole where this file has not been checked yet."""
    seal = seals.read_seal(db)  # Begins to read: from here on nobody else changes the file.
    found = path.stat()
    known = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    with _mutex:
        if _checked.get(path) == known:
            return seal
    check(db)
    with _mutex:
        _checked[path] = known
    return seal
