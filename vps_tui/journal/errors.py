"""Why an order is not recorded, or not recorded again."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from vps_tui.core.errors import Consequence, VpsTuiError
from vps_tui.core.text import clean, moment
from vps_tui.journal import under_way

if TYPE_CHECKING:
    import sqlite3

    from vps_tui.journal.entry import Entry

BUSY_SECONDS = 5.0
"""How long an operation waits for another process that is writing."""

_FULL = ("the disk is full", "Free some space, then retry.")
_READ_ONLY = ("its file system is read-only", "Make it writable, or choose another state folder, then retry.")
_NO_PERMISSION = ("this user has no permission to write there", "Give the file and its folder back, then retry.")
DAMAGED = "the file is damaged, or is no record of orders"
EMPTY = "the file is empty, and orders were recorded in it"
GONE = "the file is gone, and orders were recorded in it"
OLDER = "the file is an older one, and lacks what was recorded later"
FOREIGN = "another program has written it"
COPY = "its second copy beside it is missing, damaged or an older one"
"""What can be wrong with the record itself, as half a sentence."""

_BUSY = (f"another process has kept it busy for {BUSY_SECONDS:.0f} seconds", "Retry in a moment.")
_DISK = ("the disk reports an error", "Check the disk and its free space, then retry.")
_MEMORY = ("there is not enough memory", "Close other programs, then retry.")
_SQLITE = {"FULL": _FULL, "BUSY": _BUSY, "LOCKED": _BUSY, "IOERR": _DISK, "NOMEM": _MEMORY}
"""Every other error of SQLite means that the file is not what this program has written."""
_SYSTEM = {
    errno.ENOENT: ("the file is gone", "Bring it back, or start the program again."),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.EFBIG: _DISK,
    errno.EAGAIN: _BUSY,
}


class JournalFailed(VpsTuiError):
    """The journal cannot be read or written, so nothing may be ordered."""

    title = "No record can be kept"


class JournalDamaged(JournalFailed):
    """What was recorded is damaged, shortened, older or gone: `Journal.repair` makes of it what can be made."""


class Repeated(VpsTuiError):
    """The order would buy a server that an earlier order has bought, or may have bought."""

    title = "This may be ordered already"

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        super().__init__(" ".join(_obstacle(entry) for entry in entries), hint=_way_out(entries))
        self.entries = entries


class Damage(Exception):
    """The record is not as this program left it; becomes `JournalDamaged` where the path is known."""

    def __init__(self, reason: str = DAMAGED) -> None:
        super().__init__(reason)
        self.reason = reason


def failure_of(path: Path, reason: str, hint: str, money: Consequence = Consequence.NOTHING_ORDERED) -> JournalFailed:
    """Return the error for a journal at `path` that cannot be used because of `reason`, half a sentence."""
    return JournalFailed(_unusable(path, reason), hint=hint, money=money)


def _unusable(path: Path, reason: str) -> str:
    return f"The record of orders {clean(str(path), 300)} cannot be used: {reason}."


def damage_error(path: Path, reason: str, money: Consequence = Consequence.NOTHING_ORDERED) -> JournalDamaged:
    """Return the error for a journal at `path` that is not as this program left it, with the way on."""
    return JournalDamaged(
        _unusable(path, reason),
        hint=f"Run {program(path)} orders repair: it keeps what is there under another name, and makes a new record "
        "of all that can be read.",
        money=money,
    )


def program(path: Path) -> str:
    """Return how a command about the journal at `path` begins: the sandbox keeps its own in a folder of that name."""
    return "vps-tui --sandbox" if path.parent.name == "sandbox" else "vps-tui"


def failure(path: Path, error: sqlite3.Error | OSError | Damage, money: Consequence) -> JournalFailed:
    """Return what went wrong at `path` in words; nothing of SQLite's own, which may quote what was recorded."""
    if isinstance(error, Damage):
        return damage_error(path, error.reason, money)
    if isinstance(error, OSError):
        reason, hint = _SYSTEM.get(error.errno or 0, (clean(error.strerror or str(error)), _DISK[1]))
        return failure_of(path, reason, hint, money)
    name = (getattr(error, "sqlite_errorname", None) or "").removeprefix("SQLITE_")
    kind = name.partition("_")[0]
    if kind in ("READONLY", "CANTOPEN", "PERM", "AUTH"):
        refused = _refused_access(path)
        return failure_of(path, *refused, money) if refused else damage_error(path, DAMAGED, money)
    if kind not in _SQLITE or name == "IOERR_SHORT_READ":
        return damage_error(path, DAMAGED, money)
    return failure_of(path, *_SQLITE[kind], money)


def _refused_access(path: Path) -> tuple[str, str] | None:
    """Return why SQLite, which does not say, could not write at `path`; None where the system lets it."""
    try:
        if os.statvfs(path.parent).f_flag & os.ST_RDONLY:
            return _READ_ONLY
    except OSError:
        return _NO_PERMISSION
    usable = os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)
    return None if usable else _NO_PERMISSION


def _obstacle(entry: Entry) -> str:
    what = f"{entry.purchase.noun} {entry.reference} ({clean(', '.join(entry.purchase.names))})"
    when = moment(entry.sent or entry.created)
    if entry.live:
        return under_way.describe_sender(entry)
    if entry.unsettled:
        done = "placed" if entry.purchase.is_order else "taken"
        return f"It is not known whether {what} of {when} was {done}."
    state = entry.state.value.replace("_", " ")
    return f"{what[:1].upper()}{what[1:]} of {when} is in the journal as {state}."


def _way_out(entries: tuple[Entry, ...]) -> str:
    live = next((entry.check_command for entry in entries if entry.live), "")
    if live:
        return f"Ask with: {live}."
    open_ = next((entry.check_command for entry in entries if entry.unsettled), "")
    return f"Find out with: {open_}." if open_ else ""
