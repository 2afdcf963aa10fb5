"""Every way in which the paid call is treated badly, and the one right word for what came of it."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from providers.loopback import http_reply

from .gate import Act, Paid
from .program import EDIS, LAYERSTACK, SERVER_PASSWORD

PLACED, REFUSED, NOT_SENT, UNKNOWN = "placed", "refused", "not_sent", "unknown"

PAGE = b"<!DOCTYPE html><html><head><title>Oops</title></head><body><h1>Bad gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """One cell of the outcome table."""

    name: str
    act: Act
    outcome: str
    reaches: tuple[bool, ...] = (True, False)
    """Whether the order gets to the sandbox: both, unless only one of them can be."""
    words: str = ""
    """What the message must hold, in lower case."""
    read_timeout: float = 5.0
    """Seconds that the program waits."""
    cuts_request: bool = False


def unread(paid: Paid) -> None:
    """End the connection with the whole call unread; the system makes a reset of it."""


def reset_unread(paid: Paid) -> None:
    paid.reset()


def cut_request(count: int) -> Act:
    """Return what takes `count` bytes of the call and closes."""

    def act(paid: Paid) -> None:
        left = count
        while left and (chunk := paid.connection.recv(left)):
            left -= len(chunk)

    return act


def silent(paid: Paid) -> None:
    paid.receive()


def reset(paid: Paid) -> None:
    paid.receive()
    paid.reset()


def hang(paid: Paid) -> None:
    paid.receive()
    paid.hold()


def hang_in_reply(paid: Paid) -> None:
    good = paid.receive()
    paid.send(good[:-5])
    paid.hold()


def hang_unread(paid: Paid) -> None:
    paid.hold()


def too_slow(paid: Paid) -> None:
    """Send a byte now and then: each in good time, all of them far too late."""
    for byte in paid.receive():
        if paid.server.closing.wait(0.1):
            break
        paid.send(bytes((byte,)))


def byte_by_byte(paid: Paid) -> None:
    for byte in paid.receive():
        paid.send(bytes((byte,)))


def cut_reply(part: float, *, reset: bool = False) -> Act:
    """Return what sends that part of the good reply, all but a byte at most, and ends the connection."""

    def act(paid: Paid) -> None:
        good = paid.receive()
        paid.send(good[: min(int(len(good) * part), len(good) - 1)])
        if reset:
            paid.reset()

    return act


def replying(status: int, body: Any = None, headers: dict[str, str] | None = None) -> Act:
    """Return what takes the call and sends that; without a body that of the good reply."""

    def act(paid: Paid) -> None:
        paid.receive()
        paid.send(http_reply(status, paid.body if body is None else body, headers))

    return act


def raw(before: bytes, after: bytes = b"") -> Act:
    """Return what takes the call and sends the good reply's body between these."""

    def act(paid: Paid) -> None:
        paid.receive()
        paid.send(before + paid.body + after)

    return act


def raw_only(data: bytes) -> Act:
    """Return what takes the call and sends `data`."""

    def act(paid: Paid) -> None:
        paid.receive()
        paid.send(data)

    return act


def truncated_json(paid: Paid) -> None:
    paid.receive()
    paid.send(http_reply(200, paid.body[:-3]))


def wrong_length(by: int) -> Act:
    """Return what announces `by` bytes more than there are."""

    def act(paid: Paid) -> None:
        paid.receive()
        length = len(paid.body) + by
        paid.send(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode() + paid.body)

    return act


def cut_chunks(paid: Paid) -> None:
    paid.receive()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    paid.send(head + f"{len(paid.body):x}\r\n".encode() + paid.body + b"\r\n")


def redirect(status: int) -> Act:
    """Return what points to the very same address, as a proxy in a loop does."""

    def act(paid: Paid) -> None:
        paid.receive()
        assert paid.request is not None
        paid.send(http_reply(status, b"", {"Location": f"{paid.gate.url}{paid.request.path}"}))

    return act


def two_answers(paid: Paid) -> None:
    paid.receive()
    paid.send(http_reply(500, {"status": "error", "message": "No."}) + paid.good)


def good_then_bad(paid: Paid) -> None:
    good = paid.receive()
    paid.send(good + http_reply(500, b"no"))


def echo(status: int, manner: str) -> Act:
    """Return what takes the call and says back, in that manner, every secret that the provider knows."""

    def act(paid: Paid) -> None:
        paid.receive()
        secrets: tuple[str, ...] = (EDIS[1],) if b"/kvm/v2/" in paid.line else (LAYERSTACK[1],)
        if paid.line == b"POST /api/order":
            secrets = (*secrets, SERVER_PASSWORD)
        if manner == "url-encoded":
            secrets = tuple(map(quote_plus, secrets))
        if manner == "base64":
            secrets = tuple(base64.b64encode(secret.encode()).decode() for secret in secrets)
        text = f"It cannot be had with {' '.join(secrets)}!"
        if manner == "page":
            paid.send(http_reply(status, f"<html><body><pre>{text}</pre></body></html>".encode()))
        elif manner == "body":
            assert paid.request is not None
            paid.send(http_reply(status, paid.request.body + text.encode()))
        elif manner == "keys":
            paid.send(http_reply(status, {"status": "error", "errors": {text: [text]}, "message": {text: text}}))
        else:
            body = {"status": "error", "message": text, "data": {"message": text, "code": status}}
            paid.send(http_reply(status, body))

    return act


def error(message: str = "It cannot be had.") -> dict[str, Any]:
    """Return an error body that both providers' rules know as one."""
    return {"status": "error", "message": message}


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LENGTHLESS = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
MEGABYTES = b" " * 17_000_000


def table() -> Iterator[Misbehaviour]:
    """Yield every cell."""
    yield from _connections()
    yield from _replies()
    yield from _statuses()
    yield from _echoes()


def _connections() -> Iterator[Misbehaviour]:
    never, always = (False,), (True,)
    yield Misbehaviour("closed with the call unread", unread, UNKNOWN, never)
    yield Misbehaviour("reset with the call unread", reset_unread, UNKNOWN, never)
    yield Misbehaviour("never read", hang_unread, UNKNOWN, never, "no answer within 0.5 seconds", read_timeout=0.5)
    for count in (1, 60, 200):
        yield Misbehaviour(f"closed at byte {count} of the call", cut_request(count), UNKNOWN, never)
    yield Misbehaviour("closed after the call", silent, UNKNOWN, words="closed before the answer was complete")
    yield Misbehaviour("reset after the call", reset, UNKNOWN)
    yield Misbehaviour("never answered", hang, UNKNOWN, words="no answer within 0.5 seconds", read_timeout=0.5)
    yield Misbehaviour("hangs within the answer", hang_in_reply, UNKNOWN, always, read_timeout=0.5)
    yield Misbehaviour("byte by byte, too slowly", too_slow, UNKNOWN, always, read_timeout=0.5)
    yield Misbehaviour("byte by byte", byte_by_byte, PLACED, always)
    for part in (0.02, 0.1, 0.25, 0.5, 0.75, 0.85, 0.95, 1.0):
        yield Misbehaviour(f"answer cut at {part:.0%}", cut_reply(part), UNKNOWN, always)
    yield Misbehaviour("answer cut by a reset", cut_reply(0.7, reset=True), UNKNOWN, always)


def _replies() -> Iterator[Misbehaviour]:
    always = (True,)
    yield Misbehaviour("only a 100", raw_only(b"HTTP/1.1 100 Continue\r\n\r\n"), UNKNOWN)
    yield Misbehaviour("truncated JSON", truncated_json, UNKNOWN)
    yield Misbehaviour("HTML", replying(200, PAGE), UNKNOWN)
    yield Misbehaviour("empty", replying(200, b""), UNKNOWN)
    yield Misbehaviour("a list", replying(200, [1]), UNKNOWN, always)
    yield Misbehaviour("too large", replying(200, MEGABYTES), UNKNOWN, always, "more than 16 mb")
    yield Misbehaviour("length too great", wrong_length(7), UNKNOWN, always)
    yield Misbehaviour("length too small", wrong_length(-7), UNKNOWN, always)
    yield Misbehaviour("no length", raw(LENGTHLESS), PLACED, always)
    yield Misbehaviour("chunks without an end", cut_chunks, UNKNOWN, always)
    yield Misbehaviour("chunks that are none", raw_only(CHUNKED + b"zz\r\n"), UNKNOWN, always)
    two_lengths = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\n"
    yield Misbehaviour("two lengths", raw(two_lengths), UNKNOWN, always)
    twice = b"Content-Type: application/json\r\n" * 2 + b"Set-Cookie: a=b; expires=never\r\nDate: x\r\n" * 2
    yield Misbehaviour("headers twice", raw(b"HTTP/1.1 200 OK\r\n" + twice + b"\r\n"), PLACED, always)
    yield Misbehaviour("no gzip", replying(200, None, {"Content-Encoding": "gzip"}), UNKNOWN, always)
    cut = gzip.compress(json.dumps(error()).encode())[:30]
    yield Misbehaviour("cut gzip", replying(200, cut, {"Content-Encoding": "gzip"}), UNKNOWN)
    yield Misbehaviour("not HTTP", raw_only(b"SSH-2.0-OpenSSH_9.9\r\n"), UNKNOWN)
    yield Misbehaviour("an endless line", raw_only(b"HTTP/1.1 200 " + b"O" * 300_000), UNKNOWN)
    yield Misbehaviour("bad, then good", two_answers, UNKNOWN)
    yield Misbehaviour("good, then bad", good_then_bad, PLACED, always)


def _statuses() -> Iterator[Misbehaviour]:
    never, always = (False,), (True,)
    yield Misbehaviour("201 and good", replying(201), PLACED, always)
    yield Misbehaviour("202 and good", replying(202), UNKNOWN, always)
    yield Misbehaviour("204", replying(204, b""), UNKNOWN, always)
    for status in (400, 401, 402, 422):
        yield Misbehaviour(f"{status} with a reason", replying(status, error()), REFUSED, never, "it cannot be had.")
    for status in (400, 403):
        yield Misbehaviour(f"{status} with a page", replying(status, PAGE), UNKNOWN, always)
    yield Misbehaviour("200 with a reason", replying(200, error()), REFUSED, never, "it cannot be had.")
    for status in (408, 429, 500, 502, 520):
        yield Misbehaviour(f"{status} with a reason", replying(status, error()), UNKNOWN, words=f"http {status}")
    yield Misbehaviour("503 with a page", replying(503, PAGE, {"Retry-After": "1"}), UNKNOWN, always)
    yield Misbehaviour("500 and good", replying(500), UNKNOWN, always)
    for status in (301, 302, 303, 307, 308):
        yield Misbehaviour(f"{status} to itself", redirect(status), UNKNOWN, words="never followed")


def _echoes() -> Iterator[Misbehaviour]:
    never, always = (False,), (True,)
    for manner in ("plainly", "url-encoded", "base64", "keys"):
        yield Misbehaviour(f"refused, secrets {manner}", echo(400, manner), REFUSED, never)
        yield Misbehaviour(f"failed, secrets {manner}", echo(500, manner), UNKNOWN, always)
    for manner in ("page", "body"):
        yield Misbehaviour(f"failed, secrets in the {manner}", echo(200, manner), UNKNOWN, always)


CELLS = {
    f"{one.name}{', after' if reached and len(one.reaches) > 1 else ''}": (one, reached)
    for one in table()
    for reached in one.reaches
}
"""By what each cell is called, the misbehaviour, and whether the order reaches the sandbox."""
