"""The journal's tables, version by version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vps_tui.journal import guarding, rows, seals, second_copy
from vps_tui.journal.errors import EMPTY, FOREIGN, OLDER, Damage, failure_of
from vps_tui.journal.sql import all_rows

if TYPE_CHECKING:
    import sqlite3

    from vps_tui.journal.seals import Seal
    from vps_tui.journal.second_copy import Tail

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE orders (
            reference TEXT NOT NULL PRIMARY KEY,
            state TEXT NOT NULL
                CHECK (state IN ('prepared', 'sending', 'placed', 'refused', 'not_sent', 'unknown')),
            created TEXT NOT NULL,
            owner TEXT NOT NULL,
            sent TEXT,
            finished TEXT,
            again TEXT NOT NULL,
            provider TEXT NOT NULL,
            account TEXT NOT NULL,
            digest TEXT NOT NULL,
            order_file TEXT NOT NULL,
            quote TEXT NOT NULL,
            bought TEXT NOT NULL,
            servers TEXT NOT NULL,
            before TEXT,
            server_time TEXT,
            message TEXT NOT NULL DEFAULT '',
            hint TEXT NOT NULL DEFAULT '',
            order_id TEXT NOT NULL DEFAULT '',
            invoice_id TEXT NOT NULL DEFAULT '',
            service_ids TEXT NOT NULL DEFAULT '[]',
            paid INTEGER,
            reply TEXT NOT NULL DEFAULT ''
        )
        """,
    ),
    ("ALTER TABLE orders ADD COLUMN settled_by TEXT NOT NULL DEFAULT ''",),
    (
        "ALTER TABLE orders ADD COLUMN kind TEXT NOT NULL DEFAULT 'order'",
        "ALTER TABLE orders ADD COLUMN change TEXT NOT NULL DEFAULT '{}'",
    ),
    (
        "ALTER TABLE orders ADD COLUMN key_files TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE orders ADD COLUMN logins TEXT NOT NULL DEFAULT '[]'",
    ),
    (
        "ALTER TABLE orders ADD COLUMN written INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE orders ADD COLUMN checksum TEXT NOT NULL DEFAULT ''",
        """
        CREATE TABLE seal (
            version INTEGER NOT NULL,
            writes INTEGER NOT NULL,
            rows INTEGER NOT NULL,
            total TEXT NOT NULL,
            before TEXT NOT NULL,
            mark TEXT NOT NULL
        )
        """,
    ),
)
"""The statements that lead from version n to n + 1. Append only: a released one is on people's disks."""

VERSION = len(MIGRATIONS)
SEALED = 5
"""The first version that has checksums and a second copy."""


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring the journal to `VERSION` with a checksum for every row, wholly or not at all."""
    while _version(db, path) < VERSION:
        db.execute("BEGIN IMMEDIATE")
        # Another process may have done it while this one waited for its turn.
        version = _version(db, path)
        if version < VERSION:
            _migrate(db, path, version)
        db.execute("COMMIT")


def _migrate(db: sqlite3.Connection, path: Path, version: int) -> None:
    """Take all steps from `version` on; only finish an earlier write where one is missing, which comes before."""
    copy = second_copy.path_of(path)
    if version < SEALED:
        tail, before, writes = _unseal(db, path, version), "", 0
        expected = tail.seal.mark if tail is not None and tail.seal.rows else ""
    else:
        seal, expected = _seal(db, copy, version)
        if seal is None:
            return
        before, writes = seal.mark, seal.writes
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {VERSION}")
    for row in all_rows(db):
        rows.entry_of(row, live=False)
    new = seals.seal_all(db, VERSION, writes + 1, before)
    if expected and new.mark != expected:
        raise Damage(OLDER)
    second_copy.replace(copy, all_rows(db), new)


def _unseal(db: sqlite3.Connection, path: Path, version: int) -> Tail | None:
    """Check a journal without checksums, new or of an earlier program; returns the end of a second copy, if any.

    There is one where a process was killed over this same migration; anything else that it says is later.
    """
    if version == 0:
        if db.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise Damage(FOREIGN)
        if guarding.recorded(path):
            raise Damage(EMPTY)
    seals.check_file(db)
    return second_copy.last(second_copy.path_of(path))


def _seal(db: sqlite3.Connection, path: Path, version: int) -> tuple[Seal | None, str]:
    """Check an earlier program's journal with checksums; returns its seal and the mark of an unfinished migration.

    Without a seal there was a write that only the second copy had: it is done now.
    """
    seal = guarding.check(db)
    with second_copy.locked(path) as copy:
        if guarding.compare(seal, copy.seal) is not guarding.Standing.AHEAD:
            return seal, ""
        if copy.seal.version > version:
            return seal, copy.seal.mark
        guarding.bring_up(db, copy)
        return None, ""


def _version(db: sqlite3.Connection, path: Path) -> int:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        tail = second_copy.last(second_copy.path_of(path))
        if tail is not None and tail.seal.version <= VERSION:
            raise Damage
        raise failure_of(path, "a newer version of this program has written it", "Update vps-tui, then retry.")
    if version < 0:
        raise Damage(FOREIGN)
    return version
