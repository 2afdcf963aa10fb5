"""What goes over the wire: one recorded request, and the reply to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from email.message import Message


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it arrived."""

    method: str
    path: str
    """As sent, with the query."""
    content_type: str
    """The media type alone, in lower case; empty when none was sent."""
    headers: Message
    """Looked up without regard to case; a missing one is `None`."""
    body: bytes

    @property
    def route(self) -> str:
        """The path without the query."""
        return self.path.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of a repeated one, the last."""
        return dict(parse_qsl(self.path.partition("?")[2], keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in JSON, before any fault touches it."""

    status: int
    body: Any
    headers: tuple[tuple[str, str], ...] = field(default=())


class RefusedError(Exception):
    """A request that gets an error reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"HTTP {reply.status}")
        self.reply = reply


def form_fields(request: Recorded) -> dict[str, str] | None:
    """Return the fields of a form body, of a repeated one the last, or `None` where it is not a form."""
    if request.content_type != "application/x-www-form-urlencoded":
        return None
    try:
        pairs = parse_qsl(request.body.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        return None
    return dict(pairs)


def json_object(request: Recorded) -> dict[str, Any] | None:
    """Return the object that a JSON body holds, or `None` where it holds anything else."""
    if request.content_type != "application/json":
        return None
    value = strict_json(request.body)
    return value if isinstance(value, dict) else None


def strict_json(text: str | bytes) -> Any:
    """Return the value of a JSON text, or `None` for a malformed one.

    `NaN`, `Infinity` and half a surrogate pair count as malformed: Python reads them, few others do.
    """
    try:
        value = json.loads(text, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value


def _no_constant(name: str) -> None:
    message = f"{name} is not JSON"
    raise ValueError(message)


def status_text(status: int) -> str:
    """Return a sentence for a status that no document describes."""
    try:
        return f"{HTTPStatus(status).phrase}."
    except ValueError:
        return f"HTTP status {status}."
