"""A loopback server that treats each connection exactly as a test says, below what an HTTP library allows."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self

SECONDS = 10.0
"""How long a thread of the server waits for a peer that should long have come or gone."""

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Request:
    """One request that arrived whole."""

    method: str
    path: str
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes

    @property
    def line(self) -> str:
        """Method and path, as in "POST /order"."""
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class Peer:
    """The connection that a request came in on, for an `Answer` to do with as it likes."""

    connection: socket.socket
    server: LoopbackServer
    request: Request | None = None

    def send(self, data: bytes) -> None:
        """Send all of `data`."""
        self.connection.sendall(data)

    def reset(self) -> None:
        """Have the connection end with a reset instead of an orderly close."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)

    def hold(self) -> None:
        """Keep the connection open until the server is closed."""
        self.server.closing.wait(SECONDS)


Answer = Callable[[Peer], None]
"""Answers one request; the connection is closed when it returns, unless the server keeps it."""

Route = Callable[[Request], Answer]
"""Chooses the answer to a request."""

Unread = Callable[[int], Answer | None]
"""Chooses what to do with a connection, by its number from 1, before anything is read from it."""


@dataclass(eq=False)
class LoopbackServer:
    """Serves `route` on a free port until `close`; a connection carries one request unless `keep_alive`."""

    route: Route
    unread: Unread = lambda number: None
    tls: ssl.SSLContext | None = None
    keep_alive: bool = False
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, name="accept")]
        self.port: int = self._listener.getsockname()[1]
        self._threads[0].start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Base address, without a path."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def lines(self) -> list[str]:
        """Method and path of every request, in order of arrival."""
        return [request.line for request in self.requests]

    def stop_listening(self) -> None:
        """Refuse every further connection; those that are open stay."""
        # A plain close would wait for the thread that accepts.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End every connection and thread; raises AssertionError for a thread that stays."""
        self.closing.set()
        self.stop_listening()
        self._threads[0].join(SECONDS)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(SECONDS)
        assert not any(thread.is_alive() for thread in self._threads)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection, self.connections), name="peer")
            with self._lock:
                self._open.append(connection)
                self._threads.append(thread)
            thread.start()

    def _serve(self, raw: socket.socket, number: int) -> None:
        # A client that has seen enough leaves in the middle; that is its right.
        with raw, contextlib.suppress(OSError):
            raw.settimeout(SECONDS)
            before = self.unread(number)
            if before is not None:
                before(Peer(raw, self))
                return
            connection = self.tls.wrap_socket(raw, server_side=True) if self.tls else raw
            with connection:
                while (request := _read(connection)) is not None:
                    self.requests.append(request)
                    self.route(request)(Peer(connection, self, request))
                    if not self.keep_alive:
                        break


def _read(connection: socket.socket) -> Request | None:
    """Return the request, or None when the client closes before it is whole."""
    head = end = body = b""
    while not end:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        head, end, body = (head + chunk).partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        chunk = connection.recv(65536)
        if not chunk:
            return None
        body += chunk
    method, path, _version = first.split(" ")
    return Request(method, path, headers, body)


def http_reply(status: int, body: Any = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """Return the bytes of a reply; `body` is sent as it is when it is bytes, else as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    kept = {"Content-Type": "application/json", "Connection": "close", **(headers or {})}
    if status not in (204, 304):
        kept["Content-Length"] = str(len(data))
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unassigned"
    head = "".join(f"{name}: {value}\r\n" for name, value in kept.items())
    return f"HTTP/1.1 {status} {phrase}\r\n{head}\r\n".encode("latin-1") + (b"" if status in (204, 304) else data)


def answering(status: int, body: Any = b"", headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer that sends that reply."""
    return sending(http_reply(status, body, headers))


def sending(data: bytes) -> Answer:
    """Return an answer that sends `data`, be it HTTP or not, and closes."""
    return lambda peer: peer.send(data)


def resetting(data: bytes = b"") -> Answer:
    """Return an answer that sends `data` and resets the connection."""

    def answer(peer: Peer) -> None:
        peer.send(data)
        peer.reset()

    return answer


def holding(data: bytes = b"") -> Answer:
    """Return an answer that sends `data` and then nothing more, without closing."""

    def answer(peer: Peer) -> None:
        peer.send(data)
        peer.hold()

    return answer


def in_turn(*answers: Answer) -> Route:
    """Return a route that gives the answers one after the other, the last one for ever."""
    left = list(answers)

    def route(_request: Request) -> Answer:
        return left.pop(0) if len(left) > 1 else left[0]

    return route


def by_path(bodies: Mapping[str, Any]) -> Route:
    """Return a route that answers 200 with the body under the request's path, and 404 elsewhere."""

    def route(request: Request) -> Answer:
        path = request.path.partition("?")[0]
        if path not in bodies:
            return answering(404, {"status": "error", "message": f"no {path} here"})
        return answering(200, bodies[path])

    return route
