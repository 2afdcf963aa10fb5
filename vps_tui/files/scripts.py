"""Start-up scripts on this machine's disk."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from vps_tui.core.errors import InvalidValue
from vps_tui.core.startup_script import MAX_GIVEN_BYTES, StartupScript, parse_startup_script


def read_script(path: Path) -> StartupScript:
    """Return the script in the file at `path`; raises `InvalidValue`, also for a file that cannot be read.

    It reads a file, so call it off the event loop.
    """
    try:
        content = _read(path.expanduser())
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a usable path"
        raise InvalidValue(f"The file cannot be read: {reason}.", hint="Check the path.") from None
    return parse_startup_script(content)


def _read(path: Path) -> bytes:
    """Return the file up to just above the limit; a pipe is refused, because reading it could wait for ever."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - the descriptor is open already
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("not a file")
        return file.read(MAX_GIVEN_BYTES + 1)
