"""The journal's file: made for its owner alone, opened so that what is committed survives a power cut."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from vps_tui.core.errors import Consequence, VpsTuiError
from vps_tui.files.safe_open import WRITERS, is_foreign, make_file, make_folders, sync_path, write_and_close
from vps_tui.journal import guarding
from vps_tui.journal.errors import BUSY_SECONDS, GONE, Damage, failure, failure_of
from vps_tui.journal.schema import migrate
from vps_tui.journal.sql import connect

if TYPE_CHECKING:
    import sqlite3

_GIVE_BACK = "Find out who changed it; then give it back to this user alone (chown, chmod 600), and retry."

# EXTRA syncs the folder, too, after the rollback journal is gone: without it a power cut could bring
# the rollback journal back, and with it undo a commit. "fullfsync" matters on macOS only.
_PRAGMAS = (
    "journal_mode = DELETE",
    "synchronous = EXTRA",
    "fullfsync = ON",
    "trusted_schema = OFF",
    "temp_store = MEMORY",
)

# SQLite's own locks belong to the process, not to the descriptor: closing any other descriptor of the file
# lets go of them. So none may be open while another thread connects, and a file that exists is never opened.
_making = Lock()


@contextmanager
def transaction(
    path: Path, *, write: bool, make: bool = False, money: Consequence = Consequence.NOTHING_ORDERED
) -> Iterator[sqlite3.Connection]:
    """Give a connection in one transaction: committed durably at the end, undone by any exception.

    Raises `JournalDamaged` for a journal that is not as it was left, else `JournalFailed`; both say `money`.
    A missing file is made if `make` says so and none was there before.
    """
    import sqlite3

    try:
        _ready(path, make)
        with closing(_connect(path)) as db:
            migrate(db, path)
            with guarding.writing(db, path) if write else guarding.reading(db, path):
                yield db
    except (sqlite3.Error, OSError, Damage) as error:
        raise failure(path, error, money) from error
    except UnicodeDecodeError as error:
        # What sqlite3 raises where SQLite's own message quotes a damaged name.
        raise failure(path, Damage(), money) from error
    except VpsTuiError as error:
        error.money = money
        raise


def _ready(path: Path, make: bool) -> None:
    """Make the file at `path` if there is none, and refuse one that others could have written."""
    with _making:
        make_folder(path.parent)
        try:
            status = path.lstat()
        except FileNotFoundError:
            # Looked at once more, because another process may have made it while the second copy was read.
            if guarding.recorded(path) and not os.path.lexists(path):
                raise Damage(GONE) from None
            if not make and not os.path.lexists(path):
                raise
            _make(path)
            status = path.lstat()
        _check(path, status)


def make_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it for this user alone; refuse one that others can write to."""
    make_folders(folder)
    _refuse_reachable(folder, folder.stat(), "the folder", "Take that from them (chmod 700), then retry.")


def _make(path: Path) -> None:
    try:
        write_and_close(make_file(path), ())
    except FileExistsError:
        return  # Another process was faster; its file is checked like any other.
    for folder in (path.parent, *path.parent.parents):
        if is_foreign(folder.stat()):
            break
        sync_path(folder)


def _check(path: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise failure_of(path, "it is a symbolic link", "Remove the link, then retry.")
    if not stat.S_ISREG(status.st_mode):
        raise failure_of(path, "it is not a file", "Move it away, then retry.")
    _refuse_reachable(path, status, "it", _GIVE_BACK)


def _refuse_reachable(path: Path, status: os.stat_result, name: str, hint: str) -> None:
    if is_foreign(status):
        raise failure_of(path, f"{name} belongs to another user", _GIVE_BACK)
    if status.st_mode & WRITERS:
        raise failure_of(path, f"other users may write to {name}", hint)


def _connect(path: Path) -> sqlite3.Connection:
    db = connect(path, timeout=BUSY_SECONDS)
    try:
        for pragma in _PRAGMAS:
            db.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException:
        db.close()
        raise
    return db
