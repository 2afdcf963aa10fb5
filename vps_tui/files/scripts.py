"""Start-up scripts on this machine's disk."""

from __future__ import annotations

from pathlib import Path

from vps_tui.core.startup_script import MAX_GIVEN_BYTES, StartupScript, parse_startup_script
from vps_tui.files.private import read_given


def read_script(path: Path) -> StartupScript:
    """Return the script in the file at `path`; raises `InvalidValue`. It waits, so call it off the event loop."""
    return parse_startup_script(read_given(path, MAX_GIVEN_BYTES + 1))
