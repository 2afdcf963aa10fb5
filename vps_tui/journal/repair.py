"""A new record made from a damaged one; what was there is kept under another name.

The new second copy takes its place before the new journal does. A repair that is killed in between is done
again, and loses nothing.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vps_tui.core.errors import Consequence
from vps_tui.files.safe_open import open_folder, sync_path, write_new
from vps_tui.journal import locks, seals, second_copy
from vps_tui.journal.database import make_folder, transaction
from vps_tui.journal.errors import failed, failure
from vps_tui.journal.salvage import Salvage, salvage
from vps_tui.journal.sql import column_names, insert_row


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
            raise failed(path, "another process repairs it", "Wait until that has ended.") from None
        sending = sorted((path.parent / "sending").glob("*.lock"))
        busy = next((lock.stem for lock in sending if locks.alive(lock)), "")
        if busy:
            raise failed(path, f"{busy} is being sent right now", "Wait until that has ended, then repair it.")
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
        yield _kept_copy(copy, _free(copy, name))
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


def _kept_copy(copy: Path, new: Path) -> Path:
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
