"""Saving the order as a file that a script can order."""

from __future__ import annotations

from pathlib import Path

from vps_tui.core.draft import Draft
from vps_tui.core.text import clean

TITLE = "Save this order as a file"
HINT = "It holds what is ordered and your public key, and no password."


def default_path(draft: Draft) -> str:
    """Return the path that is offered."""
    return f"./{draft.server.name or 'order'}.toml"


def saved_message(path: Path) -> str:
    """Return that it was saved, and what the file is good for."""
    return f"Saved as {clean(str(path), 60)}. It holds no secret; vps-tui order FILE orders it again."
