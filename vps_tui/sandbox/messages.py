"""What goes over the wire, and what both providers do alike with it."""

from __future__ import annotations

import hmac
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl


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


@dataclass(frozen=True, slots=True)
class Call:
    """What a request asks of a provider."""

    request: Recorded
    operation: str | None
    """The path below the provider's base path; `None` for one that the provider does not have."""
    argument: str = ""
    """The id behind the operation's path."""
    flags: frozenset[str] = frozenset()
    """The faults that bear on it."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """What the body holds; empty before the provider has read it."""


class Provider(ABC):
    """One provider's API, for one account."""

    base: str
    """The path below which it is."""
    methods: Mapping[str, str]
    """The HTTP method of each operation that takes another one than POST."""

    def __init__(self) -> None:
        self._operations: dict[str, Callable[[Call], Reply]] = {}

    @abstractmethod
    def call_of(self, request: Recorded, path: str) -> Call:
        """Return what `path`, without the base path, asks."""

    @abstractmethod
    def sign_in(self, call: Call) -> Call:
        """Return `call` with its fields; raises `RefusedError` where the credentials are wrong."""

    @abstractmethod
    def error(self, operation: str | None, status: int) -> Reply:
        """Return the error with that status in the form of the operation."""

    @abstractmethod
    def without_ids(self, body: Any) -> Any:
        """Return the body of a paid call's reply as it is without any id."""

    def answer(self, call: Call) -> Reply:
        """Answer one request."""
        handler = self._operations.get(call.operation or "")
        if handler is None:
            return self.error(None, 404)
        method = self.methods.get(call.operation or "", "POST")
        if call.request.method != method:
            return replace(self.error(call.operation, 405), headers=(("Allow", method),))
        try:
            return handler(self.sign_in(call))
        except RefusedError as refused:
            return refused.reply


def are_equal(given: Iterable[str], right: Iterable[str]) -> bool:
    """Tell whether what was given is right, in a time that does not depend on where it is wrong."""
    same = [hmac.compare_digest(one.encode(), two.encode()) for one, two in zip(given, right, strict=True)]
    return all(same)


def whole_number(value: Any) -> int:
    """Return a JSON integer, or -1, which is no id, for anything else (booleans and floats included)."""
    return value if type(value) is int else -1


def id_in(text: str) -> int:
    """Return the id that `text` is, or -1, which is none, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else -1


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
