"""Why an order is not recorded, or not recorded again."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from vps_tui.core.text import clean
from vps_tui.errors import NOTHING_ORDERED, VpsTuiError
from vps_tui.journal import under_way

if TYPE_CHECKING:
    import sqlite3

    from vps_tui.journal.entry import Entry

BUSY_SECONDS = 5.0
"""How long an operation waits for another process that is writing."""

_FULL = ("the disk is full", "Free some space, then retry.")
_READ_ONLY = ("its file system is read-only", "Make it writable, or choose another state folder, then retry.")
_NO_PERMISSION = ("this user has no permission to write there", "Give the file and its folder back, then retry.")
_DAMAGED = (
    "the file is damaged, or is no record of orders",
    "Check the provider's customer area for recent orders, then move the file away and retry.",
)
_BUSY = (f"another process has kept it busy for {BUSY_SECONDS:.0f} seconds", "Retry in a moment.")
_DISK = ("the disk reports an error", "Check the disk and its free space, then retry.")
_SQLITE = {
    "FULL": _FULL,
    "CORRUPT": _DAMAGED,
    "NOTADB": _DAMAGED,
    "BUSY": _BUSY,
    "LOCKED": _BUSY,
    "IOERR": _DISK,
}
_SYSTEM = {
    errno.ENOENT: ("the file is gone", "Bring it back, or start the program again."),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
}


class JournalFailed(VpsTuiError):
    """The journal cannot be read or written, so nothing may be ordered."""

    title = "No record can be kept"


class Repeated(VpsTuiError):
    """The order would buy a server that an earlier order has bought, or may have bought."""

    title = "This may be ordered already"

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        """Take the entries that stand in the way, one at least."""
        super().__init__(" ".join(_obstacle(entry) for entry in entries), hint=_way_out(entries))
        self.entries = entries


class UnreadableRow(Exception):
    """A row that this program cannot have written; becomes `JournalFailed` where the path is known."""


def failed(path: Path, reason: str, hint: str, money: str = NOTHING_ORDERED) -> JournalFailed:
    """Return the error for a journal at `path` that cannot be used because of `reason`, half a sentence."""
    return JournalFailed(
        f"The record of orders {clean(str(path), 300)} cannot be used: {reason}.", hint=hint, money=money
    )


def failure(path: Path, error: sqlite3.Error | OSError | UnreadableRow, money: str) -> JournalFailed:
    """Return what went wrong at `path` in words."""
    if isinstance(error, UnreadableRow):
        return failed(path, *_DAMAGED, money)
    if isinstance(error, OSError):
        reason, hint = _SYSTEM.get(error.errno or 0, (clean(error.strerror or str(error)), _DISK[1]))
        return failed(path, reason, hint, money)
    kind = (getattr(error, "sqlite_errorname", None) or "").removeprefix("SQLITE_").partition("_")[0]
    if kind in ("READONLY", "CANTOPEN", "PERM", "AUTH"):
        return failed(path, *_refused_access(path), money)
    reason, hint = _SQLITE.get(kind, (clean(str(error)), _DISK[1]))
    return failed(path, reason, hint, money)


def _refused_access(path: Path) -> tuple[str, str]:
    """Return why SQLite, which does not say, could not write at `path`."""
    try:
        read_only = os.statvfs(path.parent).f_flag & os.ST_RDONLY
    except OSError:
        read_only = 0
    return _READ_ONLY if read_only else _NO_PERMISSION


def _obstacle(entry: Entry) -> str:
    what = f"{entry.purchase.noun} {entry.reference} ({clean(', '.join(entry.purchase.names))})"
    when = f"{entry.sent or entry.created:%Y-%m-%d %H:%M} UTC"
    if entry.live:
        return under_way.named(entry)
    if entry.unsettled:
        done = "placed" if entry.purchase.is_order else "taken"
        return f"It is not known whether {what} of {when} was {done}."
    state = entry.state.value.replace("_", " ")
    return f"{what[:1].upper()}{what[1:]} of {when} is in the journal as {state}."


def _way_out(entries: tuple[Entry, ...]) -> str:
    live = next((entry.reference for entry in entries if entry.live), "")
    if live:
        return f"Ask with: vps-tui orders check {live}."
    open_ = next((entry.reference for entry in entries if entry.unsettled), "")
    return f"Find out with: vps-tui orders check {open_}." if open_ else ""
