"""Errors under status 200, replies that never end, and connections that never come about."""

from __future__ import annotations

from typing import Any

import pytest

from vps_tui.providers import http

from .conftest import Connect, Serve
from .loopback import Answer, Peer, Request, answering, holding, http_reply, sending
from .orders import DRAFTS, ROOT_PASSWORDS, place
from .test_outcomes import PLACED, REFUSED, TAKEN, UNKNOWN, both, order

ERRORS: dict[str, dict[str, Any]] = {
    "status": {"status": "error", "message": "No."},
    "failed": {"status": "failed", "message": "No."},
    "error": {"error": "No."},
    "errormsg": {"status": "error", "errormsg": "No."},
    "error and status": {"error": "No.", "status": "error"},
    "success false": {"success": False, "message": "No."},
    "code": {"data": {"message": "No.", "code": 422}},
    "status inside": {"data": {"status": "error", "message": "No."}},
    "success inside": {"data": {"success": False, "message": "No."}},
    "errors": {"errors": {"cartItems": ["No."]}},
}
"""An error in every shape that either provider may use under status 200."""

SILENT: tuple[dict[str, Any], ...] = (
    {"status": "error"},
    {"success": False},
    {"data": {"code": 500}},
    {"error": True},
)


@both
@pytest.mark.parametrize("case", ERRORS)
async def test_error_under_200_is_refused(serve: Serve, connect: Connect, provider: str, case: str) -> None:
    """It says no, names no order, and its words leave nothing open."""
    ordered = await order(serve, connect, provider, answering(200, ERRORS[case]))
    ordered.came_to(REFUSED)
    assert "No." in ordered.outcome.message


@both
@pytest.mark.parametrize("body", SILENT)
async def test_error_under_200_without_a_reason_is_unknown(
    serve: Serve, connect: Connect, provider: str, body: dict[str, Any]
) -> None:
    """Nothing in it says how far the order got."""
    (await order(serve, connect, provider, answering(200, body))).came_to(UNKNOWN)


@pytest.mark.parametrize("word", ["error", "pending", "failed"])
async def test_error_with_an_order_id_is_no_refusal(serve: Serve, connect: Connect, word: str) -> None:
    """EDIS made an order: "nothing was ordered" would be wrong, whatever it says of it."""
    body = {"status": word, "message": "The payment is on hold.", "orderid": 7}
    ordered = await order(serve, connect, "edis", answering(200, body))
    ordered.came_to(UNKNOWN)
    assert ordered.outcome.order_id == "7"
    assert "order 7" in ordered.outcome.message
    assert "The payment is on hold." in ordered.outcome.message


@pytest.mark.parametrize("orderid", ["", None, False, True, [], {}, "  ", 0, "0", "false", "null", -1])
async def test_order_id_that_is_none(serve: Serve, connect: Connect, orderid: Any) -> None:
    """A success needs an id that can be looked up."""
    body = {"status": "success", "orderid": orderid, "invoicepaid": True}
    (await order(serve, connect, "edis", answering(200, body))).came_to(UNKNOWN)


@both
@pytest.mark.parametrize("depth", [300, 700])
async def test_very_deep_reason_is_unknown(serve: Serve, connect: Connect, provider: str, depth: int) -> None:
    """An answer comes to an outcome even when it is built to break the reader; what is not read proves nothing."""
    deep = "[" * depth + "]" * depth
    body = f'{{"status": "error", "message": {deep}, "error": "No."}}'.encode()
    (await order(serve, connect, provider, answering(400, body))).came_to(UNKNOWN)


@both
async def test_hostile_reason_is_cleaned(serve: Serve, connect: Connect, provider: str) -> None:
    """It goes to a terminal and into a log."""
    body = {"status": "error", "message": "\x1b]0;x\x07\u202eNo\r\n" + "A" * 5000}
    ordered = await order(serve, connect, provider, answering(400, body))
    ordered.came_to(REFUSED)
    assert ordered.outcome.message.isprintable()
    assert len(ordered.outcome.message) <= 200


@both
@pytest.mark.parametrize("case", ["no gzip", "cut gzip"])
async def test_broken_compression_is_unknown(serve: Serve, connect: Connect, provider: str, case: str) -> None:
    """It arrived whole and cannot be read."""
    data = {"no gzip": b"It works!", "cut gzip": b"\x1f\x8b\x08\x00"}[case]
    answer = answering(200, data, {"Content-Encoding": "gzip"})
    (await order(serve, connect, provider, answer)).came_to(UNKNOWN)


@both
@pytest.mark.parametrize("case", ["chunks", "no length", "headers"])
async def test_endless_reply_is_bounded(
    serve: Serve, connect: Connect, provider: str, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up as soon as it is longer than any reply can be."""
    monkeypatch.setattr(http, "MAX_BODY", 200_000)
    first, again = {
        "chunks": (b"Transfer-Encoding: chunked\r\n\r\n", b"2000\r\n" + b" " * 8192 + b"\r\n"),
        "no length": (b"Connection: close\r\n\r\n", b" " * 8192),
        "headers": (b"", b"X-More: and more\r\n"),
    }[case]

    def answer(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n" + first)
        # It ends when the client closes the connection, by an error of `send`.
        while not peer.server.closing.is_set():
            peer.send(again)

    (await order(serve, connect, provider, answer)).came_to(UNKNOWN)


@both
@pytest.mark.parametrize("sent", ["nothing", "half"])
async def test_silence_is_unknown(serve: Serve, connect: Connect, provider: str, sent: str) -> None:
    """The request arrived; how long the other side takes says nothing about what it does."""
    reply = http_reply(200, TAKEN[provider])
    answer = holding(reply[: len(reply) // 2] if sent == "half" else b"")
    ordered = await order(serve, connect, provider, answer, read_timeout=60, order_timeout=0.3)
    ordered.came_to(UNKNOWN)
    assert "within 0.3 seconds" in ordered.outcome.message


@both
async def test_a_byte_now_and_then_does_not_go_on_for_ever(serve: Serve, connect: Connect, provider: str) -> None:
    """Each is in good time; that the answer will be whole one day helps nobody."""

    def dripping(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not peer.server.closing.wait(0.05):
            peer.send(b" ")

    ordered = await order(serve, connect, provider, dripping, read_timeout=60, order_timeout=0.2)
    ordered.came_to(UNKNOWN)
    assert "had not finished after 0.4 seconds" in ordered.outcome.message


@both
async def test_order_is_waited_for_longer_than_a_read(serve: Serve, connect: Connect, provider: str) -> None:
    """A provider takes its time to charge a card, and giving up early makes a good order an unknown one."""

    def late(peer: Peer) -> None:
        peer.server.closing.wait(0.4)
        peer.send(http_reply(200, TAKEN[provider]))

    (await order(serve, connect, provider, late, read_timeout=0.1, order_timeout=5.0)).came_to(PLACED)


@both
@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"\x16\x03\x01\x02\x00",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"\r\n\r\n",
        b"HTTP/1.1 2\r\n\r\n",
    ],
)
async def test_other_protocol_is_unknown(serve: Serve, connect: Connect, provider: str, data: bytes) -> None:
    """Whoever is there read the order."""
    (await order(serve, connect, provider, sending(data))).came_to(UNKNOWN)


@both
async def test_what_is_not_known_is_said_with_what_to_do(serve: Serve, connect: Connect, provider: str) -> None:
    """A person who reads "unknown" must learn why, and where to look; a success needs no words."""
    lost = (await order(serve, connect, provider, sending(b""))).outcome
    assert "may have taken the order" in lost.message
    assert "the connection was closed before the answer was complete" in lost.message
    assert lost.hint
    taken = (await order(serve, connect, provider, answering(200, TAKEN[provider]))).outcome
    assert (taken.message, taken.hint) == ("", "")


@both
async def test_each_paid_call_has_a_connection_of_its_own(serve: Serve, connect: Connect, provider: str) -> None:
    """One that was kept from an earlier call may be dead already, and then the call is lost for nothing."""
    reads: dict[str, Any] = {
        "/kvm/v2/get/account-balance": {"balance": {"amount": "1.00", "currency": "EUR"}},
        "/api/cloudserver/": [],
    }

    def route(request: Request) -> Answer:
        body = reads.get(request.path.partition("?")[0], {"0": 995} | TAKEN[provider])
        return answering(200, body, {"Connection": "keep-alive"})

    server = serve(route, keep_alive=True)
    client = connect(provider, server.url)
    await client.account()
    await client.account()
    assert (server.connections, len(server.requests)) == (1, 2)
    for _ in range(2):
        assert (await place(client, DRAFTS[provider], ROOT_PASSWORDS[provider])).kind is PLACED
    calls = {"edis": 2, "layerstack": 4}[provider]
    assert (server.connections, len(server.requests)) == (1 + calls, 2 + calls)
