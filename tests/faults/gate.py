"""A server in front of a sandbox: it passes every read on, and does with the paid call as a test says."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from providers.loopback import SECONDS, Answer, LoopbackServer, Peer, Request, _read, http_reply

Act = Callable[["Paid"], None]
"""Does something with one paid call; the connection is closed when it returns."""

PAID = (
    *("POST /kvm/v2/add/order", "POST /api/order"),
    *("POST /kvm/v2/add/upgrade", "POST /kvm/v2/cancel/product"),
    *("POST /api/order/changeorder", "PUT /api/order/switch/4158"),
)
"""The calls that buy, change or end something."""

PAID_LINES = tuple(f"{call} HTTP/1.1\r\n".encode() for call in PAID)

KEPT_PLANS = (1707, 6842, 6846)
"""The plan that is ordered, and the two of the upgrade."""

_LEFT_OUT = ("connection", "content-length", "transfer-encoding", "server")


@dataclass(slots=True)
class Paid(Peer):
    """The connection of one paid call, of which nothing has been read yet."""

    reaches: bool = True
    """Whether the order reaches the sandbox, once it has arrived whole."""
    good: bytes = b""
    """The reply that a provider gives which takes the order; the sandbox's own where it was reached."""

    def receive(self) -> bytes:
        """Read the call, let the sandbox have it where it is to, and return the good reply."""
        request = self.connection_request()
        self.good = http_reply(200, TAKEN)
        if self.reaches:
            self.good = self.gate.passed_on(request)
        return self.good

    @property
    def body(self) -> bytes:
        """The good reply's body; only after `receive`."""
        return self.good.partition(b"\r\n\r\n")[2]

    @property
    def line(self) -> bytes:
        """The call's method and path; only after `receive`."""
        return self.request.line.encode() if self.request else b""

    @property
    def gate(self) -> Gate:
        """The server that this call came to."""
        assert isinstance(self.server, Gate)
        return self.server

    def connection_request(self) -> Request:
        """Read the call and do nothing with it."""
        request = _read(self.connection)
        assert request is not None, "the client left before its order was sent"
        self.request = request
        return request


TAKEN = {"status": "success", "orderid": 987, "order_id": 987, "invoiceid": 55, "serviceids": "44"}


@dataclass(eq=False)
class Gate(LoopbackServer):
    """Stands in front of the sandbox on `port`; paid calls are counted as soon as their first line is there."""

    route: Callable[[Request], Answer] = field(init=False)
    behind: int = 0
    """The sandbox's port."""
    act: Act = lambda paid: paid.send(paid.receive())
    reaches: bool = True
    paid: int = 0
    """How many paid calls have come."""
    garbage: Answer | None = None
    """What is done with every connection, unread, once it is set."""
    came: threading.Event = field(default_factory=threading.Event)
    """Set when a paid call has come."""
    go_on: threading.Event = field(default_factory=threading.Event)
    """For an `Act` to wait for."""

    def __post_init__(self) -> None:
        self.route = self._pass_on
        self.unread = lambda _number: self.garbage

    def _pass_on(self, request: Request) -> Answer:
        reply = self.passed_on(request)
        return lambda peer: peer.send(reply)

    def passed_on(self, request: Request) -> bytes:
        """Have the sandbox answer `request`, and return its reply."""
        connection = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=SECONDS)
        with contextlib.closing(connection):
            headers = {name: value for name, value in request.headers.items() if name != "connection"}
            connection.request(request.method, request.path, request.body, headers)
            reply = connection.getresponse()
            kept = {name: value for name, value in reply.getheaders() if name.lower() not in _LEFT_OUT}
            body = reply.read()
            if request.path == "/kvm/v2/get/products" and reply.status == 200:
                body = _fewer(body)
            return http_reply(reply.status, body, kept)

    def _serve(self, raw: socket.socket, number: int) -> None:
        raw.settimeout(SECONDS)
        if self.garbage is not None or self.tls is not None or _first_line(raw) not in PAID_LINES:
            super()._serve(raw, number)
            return
        self.paid += 1
        self.came.set()
        with raw, contextlib.suppress(OSError):
            self.act(Paid(raw, self, reaches=self.reaches))


def _fewer(body: bytes) -> bytes:
    """Leave few plans in the answer of get/products: reading the others, again and again, is most of an order."""
    found = json.loads(body)
    found["products"] = {label: plan for label, plan in found["products"].items() if plan.get("id") in KEPT_PLANS}
    return json.dumps(found).encode()


def _first_line(connection: socket.socket) -> bytes:
    """Return the first line that comes, without taking it; less of it when no more comes."""
    seen, size = b"", 1
    with contextlib.suppress(OSError):
        while b"\n" not in seen:
            # A peek does not wait for more than it has shown already, so each waits for one byte more.
            connection.recv(size, socket.MSG_PEEK | socket.MSG_WAITALL)
            found = connection.recv(65536, socket.MSG_PEEK)
            if len(found) < size:
                break
            seen, size = found, len(found) + 1
    return seen.partition(b"\n")[0] + b"\n" if b"\n" in seen else seen
