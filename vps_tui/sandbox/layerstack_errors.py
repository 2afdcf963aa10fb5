"""LayerStack's error bodies, all of them invented: its documents show none."""

from __future__ import annotations

from typing import Any

from vps_tui.sandbox.messages import Reply, status_text


def envelope(status: int, message: str) -> dict[str, Any]:
    """Return a message in the one documented envelope (LayerStack API, add-to-cart)."""
    return {"data": {"message": message, "code": status}}


def error_reply(status: int, message: str = "") -> Reply:
    """Return an error in the invented form, with the status's own phrase where there is no message."""
    return Reply(status, envelope(status, message or status_text(status)))
