"""Checksums over the journal: one for each row, and one seal over all rows and every write before.

A row's checksum covers every column, whatever they are, so that a column that is added later is covered, too.
The seal counts the rows and the writes, adds the checksums up, and names the seal before it. The second copy
keeps the same seal, so that a journal that is shorter, older or another one is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from vps_tui.journal.errors import Damage
from vps_tui.journal.sql import Row, column_names, insert_row

if TYPE_CHECKING:
    import sqlite3

CHECKSUM = "checksum"
"""The column of a row's checksum; it covers all columns but itself."""
WRITTEN = "written"
"""The column that has the number of the write that changed the row last."""

_BITS = 128
_FIELDS = ("version", "writes", "rows", "total", "before")
_NOTE = "BEGIN INSERT OR IGNORE INTO changed VALUES (NEW.rowid); END"
_CHANGES = (
    "CREATE TEMP TABLE changed (id INTEGER PRIMARY KEY)",
    f"CREATE TEMP TRIGGER added AFTER INSERT ON main.orders {_NOTE}",
    f"CREATE TEMP TRIGGER edited AFTER UPDATE ON main.orders {_NOTE}",
)


@dataclass(frozen=True, slots=True)
class Seal:
    """What all rows come to after one write."""

    version: int
    """The version of the tables."""
    writes: int
    rows: int
    total: str
    """The sum of all rows' checksums and that of the tables, as hexadecimal digits."""
    before: str
    """The mark of the seal before this one; empty for the first."""

    @property
    def mark(self) -> str:
        """The checksum of the seal itself."""
        return _hex(digest(tuple(getattr(self, name) for name in _FIELDS)))

    def document(self) -> dict[str, Any]:
        """Return the seal as the second copy keeps it."""
        return {name: getattr(self, name) for name in _FIELDS} | {"mark": self.mark}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Seal:
        """Return the seal in a row or a document; raises `Damage` where its mark is not right."""
        try:
            seal = cls(*(values[name] for name in _FIELDS))
            if seal.mark == values["mark"]:
                return seal
        except (LookupError, TypeError) as error:
            raise Damage from error
        raise Damage


def digest(values: Sequence[Any]) -> int:
    """Return the checksum of values of SQLite: text, bytes, whole numbers, floating ones and NULL.

    Python's literals are what is summed up: they tell types apart and where each value ends.
    """
    return int.from_bytes(blake2b(ascii(tuple(values)).encode(), digest_size=_BITS // 8).digest(), "big")


def checksum_of(row: Mapping[str, Any]) -> str:
    names = sorted(name for name in row.keys() if name != CHECKSUM)  # noqa: SIM118 - a row of SQLite yields its values
    return _checksums(names)([row[name] for name in names])


def _checksums(names: Sequence[str]) -> Callable[[Sequence[Any]], str]:
    """Return what gives the checksum of a row from its values in the order of `names`, which are summed up once."""
    begun = blake2b(f"{ascii(tuple(names))[:-1]}, ".encode(), digest_size=_BITS // 8)

    def checksum(values: Sequence[Any]) -> str:
        whole = begun.copy()
        whole.update(ascii(tuple(values))[1:].encode())
        return whole.hexdigest()

    return checksum


def is_whole(row: Mapping[str, Any]) -> bool:
    return bool(row[CHECKSUM] == checksum_of(row))


def watch_changes(db: sqlite3.Connection) -> None:
    """Note every row that is inserted or updated from now on, by any statement."""
    for statement in _CHANGES:
        db.execute(statement)


def seal_changes(db: sqlite3.Connection, seal: Seal) -> tuple[Seal, list[Row]]:
    """Give the rows that were changed their checksums; returns the new seal, written already, and these rows."""
    changed = [int(row[0]) for row in db.execute("SELECT id FROM changed")]
    for name in ("added", "edited"):
        db.execute(f"DROP TRIGGER temp.{name}")
    highest = db.execute("SELECT max(written) FROM orders").fetchone()[0]
    # A repair brings rows with higher numbers along: what it makes of them counts as newer.
    writes = max(seal.writes, int(highest or 0)) + 1
    rows = [_sealed_row(db, rowid, writes) for rowid in changed]
    return _write_seal(db, seal.version, writes, seal.mark), rows


def seal_all(db: sqlite3.Connection, version: int, writes: int, before: str) -> Seal:
    """Give every row its checksum, as a migration needs it; returns the new seal, written already."""
    for row in db.execute("SELECT rowid FROM orders").fetchall():
        _sealed_row(db, int(row[0]))
    return _write_seal(db, version, writes, before)


def _sealed_row(db: sqlite3.Connection, rowid: int, writes: int | None = None) -> Row:
    """Give a row its checksum, and where it is changed the number of the write; returns it."""
    row = dict(db.execute("SELECT * FROM orders WHERE rowid = ?", (rowid,)).fetchone())
    row[WRITTEN] = row[WRITTEN] if writes is None else writes
    row[CHECKSUM] = checksum_of(row)
    db.execute("UPDATE orders SET written = ?, checksum = ? WHERE rowid = ?", (row[WRITTEN], row[CHECKSUM], rowid))
    return row


def _write_seal(db: sqlite3.Connection, version: int, writes: int, before: str) -> Seal:
    checksums = [str(row[0]) for row in db.execute("SELECT checksum FROM orders NOT INDEXED")]
    seal = Seal(version, writes, len(checksums), _total(db, checksums), before)
    put_seal(db, seal)
    return seal


def put_seal(db: sqlite3.Connection, seal: Seal) -> None:
    db.execute("DELETE FROM seal")
    insert_row(db, seal.document(), "seal")


def read_seal(db: sqlite3.Connection) -> Seal:
    """Return the seal; raises `Damage` where there is none or several, or it is not right."""
    found = db.execute("SELECT * FROM seal").fetchall()
    if len(found) != 1:
        raise Damage
    return Seal.of(found[0])


def check_file(db: sqlite3.Connection) -> None:
    """Raise `Damage` where SQLite finds a fault in the file: a page, an index that misses a row."""
    if [tuple(row) for row in db.execute("PRAGMA integrity_check(1)")] != [("ok",)]:
        raise Damage


def check_rows(db: sqlite3.Connection, seal: Seal) -> None:
    """Raise `Damage` unless every row has its checksum and all of them together come to `seal`."""
    names = sorted(set(column_names(db)) - {CHECKSUM})
    quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in (*names, CHECKSUM))
    cursor = db.cursor()
    cursor.row_factory = None
    checksum, checksums = _checksums(names), []
    for *values, found in cursor.execute(f"SELECT {quoted} FROM orders NOT INDEXED"):  # noqa: S608 - the names are columns
        if checksum(values) != found:
            raise Damage
        checksums.append(found)
    if (len(checksums), _total(db, checksums)) != (seal.rows, seal.total):
        raise Damage


def _total(db: sqlite3.Connection, checksums: Sequence[str]) -> str:
    tables = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    total = digest([tuple(row) for row in tables]) + sum(int(checksum, 16) for checksum in checksums)
    return _hex(total % (1 << _BITS))


def _hex(number: int) -> str:
    return f"{number:0{_BITS // 4}x}"
