"""What can still be read of a record that is damaged: from the journal's file and from its second copy."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vps_tui.core.errors import VpsTuiError
from vps_tui.journal import guarding, rows, seals, second_copy
from vps_tui.journal.entry import ORDER, Entry, State
from vps_tui.journal.errors import Damage, program
from vps_tui.journal.second_copy import Contents
from vps_tui.journal.sql import Row, connect

if TYPE_CHECKING:
    import sqlite3

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
        """Return the rows as entries, newest first."""
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
    """Tell whether a row is as it was written; one of a program without checksums is, if it makes sense."""
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
