"""From a request to what is sent back: the provider's own answer, and what the faults make of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from vps_tui.sandbox.faults import ActiveFaults, Fault, Hit
from vps_tui.sandbox.ledger import Ledger
from vps_tui.sandbox.messages import Call, Provider, Recorded, Reply, status_text, strict_json
from vps_tui.sandbox.reply_faults import disturb

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


_NOT_FOUND = Reply(404, {"status": "error", "message": status_text(404)})


class Routes:
    """Answers every request of one sandbox."""

    def __init__(self, providers: Sequence[Provider], ledger: Ledger, faults: ActiveFaults) -> None:
        self._providers = providers
        self._ledger = ledger
        self._faults = faults
        self._redirected: list[Recorded] = []
        self._lock = threading.Lock()

    def respond(self, request: Recorded) -> Delivery:
        """Do what the request asks, and return what to send."""
        if request.route.startswith(_FOLLOWED_BASE):
            return _deliver_now(self._follow(request))
        if request.route.startswith(CONTROL_BASE):
            return _deliver_now(self._control(request))
        provider = self._provider(request)
        if provider is None:
            return _deliver_now(_NOT_FOUND)
        call = provider.call_of(request, request.route.removeprefix(provider.base))
        hit = self._faults.hit(call.operation) if call.operation else Hit()
        if hit.instead is not None and hit.instead.name == "reset":
            return Delivery(0, b"", manner="reset")
        if hit.instead is not None:
            reply = self._instead(provider, call, hit.instead)
        else:
            reply = provider.answer(replace(call, flags=hit.flags))
        return _deliver(reply, provider, call, hit)

    def _provider(self, request: Recorded) -> Provider | None:
        return next((one for one in self._providers if request.route.startswith(one.base)), None)

    def _instead(self, provider: Provider, call: Call, fault: Fault) -> Reply:
        if fault.name == "redirect":
            with self._lock:
                self._redirected.append(call.request)
                location = f"{_FOLLOWED_BASE}{len(self._redirected)}"
            return replace(provider.error(call.operation, fault.status), headers=(("Location", location),))
        if fault.name == "error-in-200":
            return replace(provider.error(call.operation, 500), status=200)
        return provider.error(call.operation, 401 if fault.name == "wrong-password" else fault.status)

    def _follow(self, request: Recorded) -> Reply:
        """Take the order of a redirect that a client followed, whatever is left of the request by then."""
        number = request.route.removeprefix(_FOLLOWED_BASE)
        with self._lock:
            known = number.isdecimal() and 1 <= int(number) <= len(self._redirected)
            original = self._redirected[int(number) - 1] if known else None
        provider = self._provider(original) if original else None
        if original is None or provider is None:
            return _NOT_FOUND
        return provider.answer(provider.call_of(original, original.route.removeprefix(provider.base)))

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


def _deliver_now(reply: Reply) -> Delivery:
    return Delivery(reply.status, _encode(reply.body), headers=reply.headers)


def _encode(body: Any) -> bytes:
    return json.dumps(body).encode()


def _deliver(reply: Reply, provider: Provider, call: Call, hit: Hit) -> Delivery:
    if hit.spoils == "no-id" and reply.status == 200:
        reply = replace(reply, body=provider.without_ids(reply.body))
    body = disturb(reply.body, call.operation or "", hit.flags)
    sent = Delivery(reply.status, _encode(body), headers=reply.headers, seconds=hit.seconds)
    if "text-plain" in hit.flags:
        sent = replace(sent, content_type="text/plain; charset=utf-8")
    if hit.spoils == "not-json":
        return replace(sent, status=200, body=_PAGE, content_type="text/html; charset=utf-8")
    if hit.spoils == "empty-reply":
        return replace(sent, status=200, body=b"")
    return replace(sent, manner=hit.spoils if hit.spoils in ("reply-lost", "truncated", "hang") else "")
