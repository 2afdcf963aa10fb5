"""Reads: tried again when they did not come through, never when they were answered, and bounded."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.errors import (
    NoReply,
    ProviderBroken,
    ProviderError,
    RequestRefused,
    SignInRefused,
    Unreachable,
    UnreadableReply,
)
from vps_tui.providers import http
from vps_tui.providers.models import Account
from vps_tui.providers.protocol import Provider
from vps_tui.providers.registry import provider_info
from vps_tui.services.session import Session

from .conftest import Connect, Serve
from .loopback import (
    SECONDS,
    Answer,
    Peer,
    Request,
    answering,
    holding,
    http_reply,
    in_turn,
    resetting,
    sending,
)
from .orders import EDIS_DRAFT

BALANCE = {"balance": {"amount": "20.00", "currency": "EUR"}, "status": "success"}
GOOD: dict[str, Any] = {"edis": BALANCE, "layerstack": []}
LINES = {
    "edis": "POST /kvm/v2/get/account-balance",
    "layerstack": "GET /api/cloudserver/?account_id=XX-12345678",
}
NAMES = {"edis": "sandbox@example.test", "layerstack": "XX-12345678"}
both = pytest.mark.parametrize("provider", ["edis", "layerstack"])

PASSING: dict[str, Answer] = {
    "reset": resetting(),
    "reset in the reply": resetting(http_reply(200, BALANCE)[:-3]),
    "close": sending(b""),
    "cut reply": sending(http_reply(200, BALANCE)[:-3]),
    "502": answering(502, b"<html>Bad gateway</html>"),
    "503": answering(503, {"status": "error", "message": "Busy."}),
    "504": answering(504, b""),
}
"""What the next try may well get past."""


@both
@pytest.mark.parametrize("case", PASSING)
async def test_read_is_tried_again(serve: Serve, connect: Connect, provider: str, case: str) -> None:
    """Twice more, with the very same request, and then the answer counts."""
    server = serve(in_turn(PASSING[case], PASSING[case], answering(200, GOOD[provider])))
    account = await connect(provider, server.url).account()
    assert account.name == NAMES[provider]
    assert server.lines == [LINES[provider]] * 3
    assert len({request.body for request in server.requests}) == 1


@both
@pytest.mark.parametrize("case", PASSING)
async def test_read_is_given_up_after_three_tries(serve: Serve, connect: Connect, provider: str, case: str) -> None:
    """With an error that tells a broken connection from a provider in trouble."""
    server = serve(in_turn(PASSING[case]))
    with pytest.raises(ProviderBroken if case.isdigit() else NoReply) as caught:
        await connect(provider, server.url).account()
    assert caught.value.hint
    assert server.lines == [LINES[provider]] * 3


ANSWERED: dict[int, type[ProviderError]] = {
    400: RequestRefused,
    401: SignInRefused,
    404: RequestRefused,
    409: RequestRefused,
    422: RequestRefused,
    429: ProviderBroken,
    500: ProviderBroken,
}


@both
@pytest.mark.parametrize("status", ANSWERED)
async def test_answered_read_is_not_repeated(serve: Serve, connect: Connect, provider: str, status: int) -> None:
    """The same question gets the same answer, and a wrong password asked often locks an account."""
    server = serve(in_turn(answering(status, {"status": "error", "message": "No."}), answering(200, GOOD[provider])))
    with pytest.raises(ANSWERED[status], match=r"No\."):
        await connect(provider, server.url).account()
    assert server.lines == [LINES[provider]]


@both
async def test_closed_port_is_unreachable(serve: Serve, connect: Connect, provider: str) -> None:
    """Nothing was sent, and the machine that could not be reached is named."""
    server = serve(in_turn(answering(200, GOOD[provider])))
    server.stop_listening()
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1") as caught:
        await connect(provider, server.url).account()
    assert caught.value.hint


@both
@pytest.mark.parametrize("sent", ["nothing", "half"])
async def test_silence_is_not_waited_for_again(serve: Serve, connect: Connect, provider: str, sent: str) -> None:
    """Three times the read timeout would be minutes before a person learns of it."""
    reply = http_reply(200, GOOD[provider])
    server = serve(in_turn(holding(reply[: len(reply) // 2] if sent == "half" else b"")))
    with pytest.raises(NoReply, match=r"within 0\.2 seconds"):
        await connect(provider, server.url, read_timeout=0.2).account()
    assert server.lines == [LINES[provider]]


@both
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_read_follows_no_redirect(serve: Serve, connect: Connect, provider: str, status: int) -> None:
    """Every read carries the credentials; they go to the provider's address alone."""
    elsewhere = serve(in_turn(answering(200, GOOD[provider])))
    server = serve(in_turn(answering(status, b"", {"Location": f"{elsewhere.url}/stolen"})))
    with pytest.raises(ProviderError):
        await connect(provider, server.url).account()
    assert elsewhere.connections == 0
    assert server.lines == [LINES[provider]]


@both
@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_body_that_is_no_answer(serve: Serve, connect: Connect, provider: str, coding: str) -> None:
    """A page of a captive portal, be it labelled as compressed, is not asked for again."""
    server = serve(in_turn(answering(200, b"<html>Welcome to our hotel</html>", {"Content-Encoding": coding})))
    with pytest.raises(NoReply if coding == "gzip" else UnreadableReply):
        await connect(provider, server.url).account()
    assert server.lines == [LINES[provider]]


@pytest.mark.parametrize("surplus", [0, 1])
async def test_largest_body_is_bounded(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, surplus: int
) -> None:
    """To the byte: the limit itself is still read, one more is not."""
    body = json.dumps(BALANCE).encode().ljust(4096 + surplus)
    monkeypatch.setattr(http, "MAX_BODY", 4096)
    client = connect("edis", serve(in_turn(answering(200, body))).url)
    if surplus:
        with pytest.raises(UnreadableReply, match="more than"):
            await client.account()
    else:
        assert (await client.account()).name == NAMES["edis"]


@pytest.mark.parametrize(
    "head", [b"Transfer-Encoding: chunked", b"Connection: close", b"Content-Length: 99999999999"]
)
async def test_endless_body_is_given_up(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    """However its length is announced; it is not read again either."""
    monkeypatch.setattr(http, "MAX_BODY", 100_000)
    chunk = b"2000\r\n" + b" " * 8192 + b"\r\n" if b"chunked" in head else b" " * 8192

    def endless(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")
        # It ends when the client closes the connection, by an error of `send`.
        while not peer.server.closing.is_set():
            peer.send(chunk)

    server = serve(in_turn(endless))
    with pytest.raises(UnreadableReply):
        await connect("edis", server.url).account()
    assert len(server.requests) == 1


BODIES: dict[str, Any] = {
    "/kvm/v2/get/account-balance": BALANCE,
    "/kvm/v2/get/billingcycles": {"billingcycle": ["monthly"], "status": "success"},
    "/kvm/v2/get/paymentmethods": {"paymentmethods": ["paypal"], "status": "success"},
    "/kvm/v2/get/locations": {"locations": {"KVM X": {"id": 1}}, "status": "success"},
}


def once_all_are_there(count: int) -> Callable[[Request], Answer]:
    """Return a route that answers nothing before `count` requests have arrived; a 500 when they do not."""
    together = threading.Barrier(count)

    def route(request: Request) -> Answer:
        try:
            together.wait(SECONDS / 2)
        except threading.BrokenBarrierError:
            return answering(500, {"status": "error", "message": "The other reads did not come."})
        return answering(200, BODIES[request.path])

    return route


async def test_independent_reads_run_at_once(serve: Serve, connect: Connect) -> None:
    """A person waits for the slowest of them, not for their sum."""
    server = serve(once_all_are_there(4))
    client = connect("edis", server.url)
    reads: tuple[Callable[[], Awaitable[Any]], ...] = (
        client.account,
        client.billing_cycles,
        client.payment_methods,
        client.locations,
    )
    account, cycles, methods, locations = await asyncio.gather(*(read() for read in reads))
    assert isinstance(account, Account)
    assert cycles == (BillingCycle.MONTHLY,)
    assert [method.id for method in methods] == ["paypal"]
    assert [location.id for location in locations] == ["1"]


async def test_session_starts_every_read_together(serve: Serve, connect: Connect) -> None:
    """Each is asked for once, although three of them are wanted again for the terms."""
    server = serve(once_all_are_there(4))
    session = Session(provider_info("edis"), connect("edis", server.url))
    session.begin()
    terms = await session.terms()
    assert [location.name for location in await session.locations()] == ["X"]
    assert (terms.account.name, terms.billing_cycles) == (NAMES["edis"], (BillingCycle.MONTHLY,))
    assert sorted(request.path for request in server.requests) == sorted(BODIES)


async def test_client_can_be_used_after_a_failed_read(serve: Serve, connect: Connect) -> None:
    """Trying again is what every hint says."""
    client: Provider = connect("edis", serve(in_turn(*[resetting()] * 3, answering(200, BALANCE))).url)
    with pytest.raises(NoReply):
        await client.account()
    assert (await client.account()).name == NAMES["edis"]


async def test_find_is_a_read_like_the_others(serve: Serve, connect: Connect) -> None:
    """It is what tells an unknown outcome from a lost order, so it has to get through."""
    places = answering(200, {"locations": {}, "status": "success"})
    server = serve(in_turn(places, resetting(), answering(200, {"services": [], "status": "success"})))
    assert (await connect("edis", server.url).find(EDIS_DRAFT)).servers == ()
    assert server.lines == ["POST /kvm/v2/get/locations", *["POST /kvm/v2/get/services"] * 2]
