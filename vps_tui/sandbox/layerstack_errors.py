"""LayerStack's error bodies, all of them invented: its documents show none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vps_tui.sandbox.messages import Call, RefusedError, Reply, json_object, status_text


def envelope(status: int, message: str) -> dict[str, Any]:
    """Return a message in the one documented envelope (LayerStack API, add-to-cart)."""
    return {"data": {"message": message, "code": status}}


def error_reply(status: int, message: str = "") -> Reply:
    """Return an error in the invented form, with the status's own phrase where there is no message."""
    return Reply(status, envelope(status, message or status_text(status)))


def refuse(status: int, problems: Iterable[str]) -> None:
    """Raise `RefusedError` with all `problems`, if there are any."""
    message = "; ".join(problems)
    if message:
        raise RefusedError(error_reply(status, message))


def body_of(call: Call) -> dict[str, Any]:
    """Return the object that the body holds; raises `RefusedError` where it holds anything else."""
    body = json_object(call.request)
    if body is None:
        raise RefusedError(error_reply(400, "The body must be a JSON object."))
    return body
