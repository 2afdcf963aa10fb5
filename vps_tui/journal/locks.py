"""Which orders a living process works on: a locked file for each, which the system unlocks when the process ends."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from threading import Lock

from vps_tui.files.safe_open import make_file

_mutex = Lock()
_held: dict[Path, int] = {}
"""The descriptors of this process by file; whichever `Journal` object took them."""


def take(path: Path) -> bool:
    """Make and lock a new file at `path` for this process; False where the name is taken. Raises `OSError`."""
    try:
        descriptor = make_file(path)
    except FileExistsError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        path.unlink()
        raise
    with _mutex:
        _held[path.resolve()] = descriptor
    return True


def holds(path: Path) -> bool:
    with _mutex:
        return path.resolve() in _held


def alive(path: Path) -> bool:
    """Tell whether some process holds the lock at `path`; where that is not known, it counts as held."""
    # Without this, on a network file system the test would let go of this process's own lock.
    if holds(path):
        return True
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        # Shared, so that two processes that look at the same time do not take each other for the holder.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def release(path: Path) -> None:
    """Let go of the lock at `path`, if this process holds it, and remove its file."""
    with _mutex:
        descriptor = _held.pop(path.resolve(), None)
    if descriptor is None:
        return
    # A file that stays behind is unlocked and says nothing; the next recovery removes it.
    with suppress(OSError):
        path.unlink()
    os.close(descriptor)


def _forget() -> None:
    """Let a forked child hold nothing: otherwise its parent's orders would look alive until the child ends."""
    global _mutex  # noqa: PLW0603 - the parent's may have been locked by a thread that the child does not have
    _mutex = Lock()
    for descriptor in _held.values():
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_forget)
