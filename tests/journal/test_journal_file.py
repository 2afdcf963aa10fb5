"""The journal's file: earlier and later versions, damage, and what others could have written."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import Journal, JournalFailed, State, schema

from .child import PURCHASE

VERSION_1 = """
CREATE TABLE orders (
    reference TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'sending', 'placed', 'refused', 'not_sent', 'unknown')),
    created TEXT NOT NULL, owner TEXT NOT NULL, sent TEXT, finished TEXT, again TEXT NOT NULL,
    provider TEXT NOT NULL, account TEXT NOT NULL, digest TEXT NOT NULL, order_file TEXT NOT NULL,
    quote TEXT NOT NULL, bought TEXT NOT NULL, servers TEXT NOT NULL, before TEXT, server_time TEXT,
    message TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT '', order_id TEXT NOT NULL DEFAULT '',
    invoice_id TEXT NOT NULL DEFAULT '', service_ids TEXT NOT NULL DEFAULT '[]', paid INTEGER,
    reply TEXT NOT NULL DEFAULT ''
);
INSERT INTO orders VALUES (
    '1121-k7qf', 'unknown', '2026-11-21T08:00:00.000000+00:00', 'ops@box, process 9',
    '2026-11-21T08:00:01.000000+00:00', '2026-11-21T08:00:31.000000+00:00', '', 'edis', 'ops@example.com', 'ab',
    'version = 1', '{"currency": "EUR"}', '[["Plan", "KVM"]]', '[["web1", "1707"]]', '["3"]', NULL,
    'No answer.', 'Check.', '', '', '[]', NULL, ''
);
PRAGMA user_version = 1;
"""
VERSION_2 = f"""
{VERSION_1}
ALTER TABLE orders ADD COLUMN settled_by TEXT NOT NULL DEFAULT '';
PRAGMA user_version = 2;
"""
VERSION_3 = f"""
{VERSION_2}
ALTER TABLE orders ADD COLUMN kind TEXT NOT NULL DEFAULT 'order';
ALTER TABLE orders ADD COLUMN change TEXT NOT NULL DEFAULT '{{}}';
PRAGMA user_version = 3;
"""
VERSION_4 = f"""
{VERSION_3}
ALTER TABLE orders ADD COLUMN key_files TEXT NOT NULL DEFAULT '[]';
ALTER TABLE orders ADD COLUMN logins TEXT NOT NULL DEFAULT '[]';
PRAGMA user_version = 4;
"""
OLD = {1: VERSION_1, 2: VERSION_2, 3: VERSION_3, 4: VERSION_4}


def write(path: Path, script: str) -> None:
    """Make a database at `path` as an earlier program would have left it."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with closing(sqlite3.connect(path)) as db:
        db.executescript(script)
    path.chmod(0o600)


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.parametrize("old", OLD)
def test_a_journal_of_an_earlier_version_is_read_and_continued(journal: Journal, path: Path, old: int) -> None:
    write(path, OLD[old])
    (entry,) = journal.unsettled()
    assert version(path) == schema.VERSION
    assert (entry.purchase.kind, entry.purchase.change, entry.purchase.is_order) == ("order", {}, True)
    assert (entry.reference, entry.state, entry.settled_by) == ("1121-k7qf", State.UNKNOWN, "")
    assert entry.sent == datetime(2026, 11, 21, 8, 0, 1, tzinfo=UTC)
    assert entry.outcome == Outcome(OutcomeKind.UNKNOWN, "No answer.", "Check.")
    assert (entry.before, entry.purchase.servers) == (("3",), (("web1", "1707"),))
    assert [found.reference for found in journal.repeats(PURCHASE)] == ["1121-k7qf"]
    settled = journal.finish("1121-k7qf", Outcome(OutcomeKind.PLACED, order_id="4"), settled_by="reading")
    assert (settled.state, settled.settled_by) == (State.PLACED, "reading")


def test_the_tables_are_the_same_however_they_came_about(tmp_path: Path) -> None:
    columns = []
    for name, script in (("new", ""), ("old", VERSION_1)):
        write(tmp_path / name, script)
        Journal(tmp_path / name).entries()
        with closing(sqlite3.connect(tmp_path / name)) as db:
            columns.append(
                db.execute(
                    "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('orders')"
                ).fetchall()
            )
    assert columns[0] == columns[1]


def test_a_migration_happens_wholly_or_not_at_all(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(path, VERSION_1)
    before = path.read_bytes()
    broken = (*schema.MIGRATIONS[:-1], (*schema.MIGRATIONS[-1], "INSERT INTO missing VALUES (1)"))
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", broken)
        with pytest.raises(JournalFailed, match="damaged"):
            journal.entries()
    assert path.read_bytes() == before
    assert len(journal.entries()) == 1


def test_a_step_that_another_process_has_taken_is_not_taken_twice(journal: Journal, path: Path) -> None:
    write(path, VERSION_1)
    barrier = Barrier(6)

    def read(_: int) -> int:
        barrier.wait(10)
        return len(journal.entries())

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(read, range(6))) == [1] * 6


def newer(path: Path) -> None:
    write(path, VERSION_4 + "PRAGMA user_version = 99;")


def foreign(path: Path) -> None:
    write(path, "CREATE TABLE songs (title);")


def negative(path: Path) -> None:
    write(path, "PRAGMA user_version = -1;")


def no_database(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(b"no database at all\n" * 100)
    path.chmod(0o600)


def torn(path: Path) -> None:
    write(path, VERSION_4)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


def odd_row(path: Path) -> None:
    write(path, VERSION_4 + "UPDATE orders SET state = 'sending', servers = '[1]';")


def odd_time(path: Path) -> None:
    write(path, VERSION_4 + "UPDATE orders SET state = 'sending', created = 'yesterday';")


def odd_kind(path: Path) -> None:
    write(path, VERSION_4 + "UPDATE orders SET state = 'sending', kind = 'gift';")


def odd_change(path: Path) -> None:
    write(path, VERSION_4 + "UPDATE orders SET state = 'sending', kind = 'cancel', change = '[';")


def link(path: Path) -> None:
    write(path.with_name("elsewhere"), VERSION_1)
    path.symlink_to(path.with_name("elsewhere"))


def dangling_link(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    path.symlink_to(path.with_name("elsewhere"))


def pipe(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    os.mkfifo(path, 0o600)


def open_to_group(path: Path) -> None:
    write(path, VERSION_1)
    path.chmod(0o620)


def open_to_all(path: Path) -> None:
    write(path, VERSION_1)
    path.chmod(0o602)


def open_folder(path: Path) -> None:
    write(path, VERSION_1)
    path.parent.chmod(0o770)


def in_a_file(path: Path) -> None:
    path.parent.write_text("not a folder")
    path.parent.chmod(0o600)


UNUSABLE: dict[str, tuple[Callable[[Path], None], str]] = {
    "newer": (newer, "a newer version of this program has written it"),
    "foreign": (foreign, "another program has written it"),
    "negative version": (negative, "another program has written it"),
    "no database": (no_database, "damaged"),
    "torn": (torn, "damaged"),
    "odd row": (odd_row, "damaged"),
    "odd time": (odd_time, "damaged"),
    "odd kind": (odd_kind, "damaged"),
    "odd change": (odd_change, "damaged"),
    "link": (link, "symbolic link"),
    "dangling link": (dangling_link, "symbolic link"),
    "pipe": (pipe, "not a file"),
    "group may write": (open_to_group, "other users may write to it"),
    "all may write": (open_to_all, "other users may write to it"),
    "folder is open": (open_folder, "other users may write to the folder"),
    "no folder": (in_a_file, "Not a directory"),
}


@pytest.mark.parametrize(("make", "reason"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_journal_that_cannot_be_trusted_is_refused_and_left_alone(
    journal: Journal, path: Path, make: Callable[[Path], None], reason: str
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    assert journal.exists
    calls: tuple[Callable[[], object], ...] = (
        lambda: journal.prepare(PURCHASE),
        journal.recover,
        journal.unsettled,
        journal.entries,
        lambda: journal.repeats(PURCHASE),
        lambda: journal.entry("1121-k7qf"),
        lambda: journal.finish("1121-k7qf", Outcome(OutcomeKind.NOT_SENT)),
        lambda: journal.begin_sending("1121-k7qf", None, None),
    )
    for call in calls:
        with pytest.raises(JournalFailed, match=reason) as caught:
            call()
        error = caught.value
        assert error.title == "No record can be kept"
        assert str(path.parent) in error.message
        assert error.hint
        assert error.money == "Nothing was ordered."
    assert (path.read_bytes() if path.is_file() else b"") == before


@pytest.mark.parametrize("whose", ["file", "folder"])
def test_what_belongs_to_somebody_else_is_refused(
    journal: Journal, path: Path, whose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(path, VERSION_1)
    if os.geteuid() == 0:
        os.chown(path if whose == "file" else path.parent, 65534, 65534)
    elif whose == "file":
        pytest.skip("only root can give a file away")
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 65534)
    with pytest.raises(JournalFailed, match="belongs to another user"):
        journal.entries()


def test_an_empty_file_that_a_killed_process_left_is_used(journal: Journal, path: Path) -> None:
    write(path, "")
    assert path.stat().st_size == 0
    assert journal.prepare(PURCHASE).state is State.PREPARED


def test_a_process_that_writes_for_too_long_is_named_as_the_reason(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vps_tui.journal.database.BUSY_SECONDS", 0.05)
    reference = journal.prepare(PURCHASE).reference
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalFailed, match="busy for 5 seconds"):
            journal.begin_sending(reference, None, None)
    assert journal.begin_sending(reference, None, None).state is State.SENDING
