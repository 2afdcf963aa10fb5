"""`--log FILE`: what was asked of a provider and what came back, fit to be shared."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

from vps_tui.core.errors import UsageError
from vps_tui.core.text import clean

MAX_LINE_LENGTH = 4000
"""Characters of one line."""


class DebugLog:
    """Appends lines to a file of its owner's alone; may be used from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises `UsageError` where that is not possible, or where it is a link or not a file."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        try:
            descriptor = os.open(path.expanduser(), flags, 0o600)
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or "it is not a usable path"
            raise UsageError(
                f"The log {clean(str(path))} cannot be written: {reason}.", hint="Name another file."
            ) from None
        os.fchmod(descriptor, 0o600)
        self._file = os.fdopen(descriptor, "a", encoding="utf-8")
        self._lock = threading.Lock()

    def write(self, text: str) -> None:
        """Append `text` as one cleaned line with the time; a full disk must not stop an order."""
        line = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z {clean(text, MAX_LINE_LENGTH)}\n"
        with self._lock:
            try:
                self._file.write(line)
                self._file.flush()
            except OSError:
                return

    def close(self) -> None:
        self._file.close()
