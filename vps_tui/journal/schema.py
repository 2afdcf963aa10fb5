"""The journal's tables, version by version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vps_tui.journal.errors import JournalFailed, failed

if TYPE_CHECKING:
    import sqlite3

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
)
"""The statements that lead from version n to n + 1. Append only: a released one is on people's disks."""

VERSION = len(MIGRATIONS)


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring the journal to `VERSION`, one transaction a step; raises `JournalFailed`, `sqlite3.Error`."""
    while _version(db, path) < VERSION:
        db.execute("BEGIN IMMEDIATE")
        # Another process may have taken the same step while this one waited for its turn.
        version = _version(db, path)
        if version == 0 and db.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise _foreign(path)
        if version < VERSION:
            for statement in MIGRATIONS[version]:
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {version + 1}")
        db.execute("COMMIT")


def _version(db: sqlite3.Connection, path: Path) -> int:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise failed(path, "a newer version of this program has written it", "Update vps-tui, then retry.")
    if version < 0:
        raise _foreign(path)
    return version


def _foreign(path: Path) -> JournalFailed:
    return failed(path, "another program has written it", "Move the file away, then retry.")
