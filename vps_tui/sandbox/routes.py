"""From a request to what is sent back: the provider's own answer, and what the faults make of it."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from vps_tui.sandbox import edis_errors
from vps_tui.sandbox.faults import ActiveFaults, Fault, Hit
from vps_tui.sandbox.messages import Recorded, Reply, strict_json
from vps_tui.sandbox.reply_faults import disturbed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vps_tui.sandbox.ledger import Ledger
    from vps_tui.sandbox.stand_ins import StandIn

CONTROL_BASE = "/_sandbox/"
STEERING = ("/_sandbox/faults", "/_sandbox/ledger")
"""The paths by which a script steers the sandbox."""
_FOLLOWED_BASE = "/_sandbox/redirected/"
_PAGE = b"<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the connection has to do with a reply."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    manner: str = ""
    """Empty to send it; else `reset`, `reply-lost`, `truncated` or `hang`."""
    seconds: float = 0.0
    """How long to wait before."""


@dataclass(frozen=True, slots=True)
class Call:
    """Whom a request is for, and what it asks."""

    stand_in: StandIn
    operation: str | None
    """`None` for a path that the provider does not have."""
    argument: str = ""
    """The id behind the operation's path."""


class Routes:
    """Answers every request of one sandbox."""

    def __init__(self, stand_ins: Mapping[str, StandIn], ledger: Ledger, faults: ActiveFaults) -> None:
        """Take the stand-ins by the beginning of their paths."""
        self._stand_ins = stand_ins
        self._ledger = ledger
        self._faults = faults
        self._redirected: list[Recorded] = []
        self._lock = threading.Lock()

    def respond(self, request: Recorded) -> Delivery:
        """Do what the request asks, and return what to send."""
        if request.route.startswith(_FOLLOWED_BASE):
            return self._follow(request)
        if request.route.startswith(CONTROL_BASE):
            return _sent(self._control(request))
        call = self._call(request.route)
        if call is None:
            return _sent(edis_errors.error_reply(None, 404))
        hit = self._faults.hit(call.operation) if call.operation else Hit()
        if hit.instead is not None and hit.instead.name == "reset":
            return Delivery(0, b"", manner="reset")
        reply = self._instead(request, call, hit.instead) if hit.instead else self._ask(request, call, hit)
        return _delivered(reply, call, hit)

    def _call(self, route: str) -> Call | None:
        """Return what the path `route` asks of whom; `None` outside all base paths."""
        for base, stand_in in self._stand_ins.items():
            if route.startswith(base):
                return Call(stand_in, *stand_in.call(route.removeprefix(base)))
        return None

    def _ask(self, request: Recorded, call: Call, hit: Hit) -> Reply:
        return call.stand_in.answer(request, call.operation, call.argument, hit.flags)

    def _instead(self, request: Recorded, call: Call, fault: Fault) -> Reply:
        if fault.name == "redirect":
            with self._lock:
                self._redirected.append(request)
                location = f"{_FOLLOWED_BASE}{len(self._redirected)}"
            return Reply(fault.status, _error(call, fault.status).body, (("Location", location),))
        if fault.name == "error-in-200":
            return replace(_error(call, 500), status=200)
        return _error(call, 401 if fault.name == "wrong-password" else fault.status)

    def _follow(self, request: Recorded) -> Delivery:
        """Take the order of a redirect that a client followed, whatever is left of the request by then."""
        number = request.route.removeprefix(_FOLLOWED_BASE)
        with self._lock:
            known = number.isdecimal() and 1 <= int(number) <= len(self._redirected)
            original = self._redirected[int(number) - 1] if known else None
        call = self._call(original.route) if original else None
        if original is None or call is None:
            return _sent(edis_errors.error_reply(None, 404))
        return _sent(self._ask(original, call, Hit()))

    def _control(self, request: Recorded) -> Reply:
        asked = (request.method, request.route.removeprefix(CONTROL_BASE))
        if asked == ("GET", "ledger"):
            return Reply(200, self._ledger.as_json())
        if asked != ("POST", "faults"):
            return Reply(404, {"error": "There are POST /_sandbox/faults and GET /_sandbox/ledger."})
        # A web page may send this content type to another origin only where that allows it: not here.
        names = strict_json(request.body) if request.content_type == "application/json" else None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return Reply(400, {"error": "Send a JSON list of faults, as application/json."})
        try:
            self._faults.replace(names)
        except ValueError as error:
            return Reply(400, {"error": str(error)})
        return Reply(200, {"faults": names})


def _error(call: Call, status: int) -> Reply:
    return call.stand_in.error(call.operation, status)


def _sent(reply: Reply) -> Delivery:
    return Delivery(reply.status, _encoded(reply.body), headers=reply.headers)


def _encoded(body: Any) -> bytes:
    return json.dumps(body).encode()


def _delivered(reply: Reply, call: Call, hit: Hit) -> Delivery:
    if hit.spoils == "no-id" and reply.status == 200:
        reply = replace(reply, body=call.stand_in.without_ids(reply.body))
    body = disturbed(reply.body, call.operation or "", hit.flags)
    sent = Delivery(reply.status, _encoded(body), headers=reply.headers, seconds=hit.seconds)
    if "text-plain" in hit.flags:
        sent = replace(sent, content_type="text/plain; charset=utf-8")
    if hit.spoils == "not-json":
        return replace(sent, status=200, body=_PAGE, content_type="text/html; charset=utf-8")
    if hit.spoils == "empty-reply":
        return replace(sent, status=200, body=b"")
    return replace(sent, manner=hit.spoils if hit.spoils in ("reply-lost", "truncated", "hang") else "")
