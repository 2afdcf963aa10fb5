"""The outcome table, cell by cell, for both providers: the right word, one paid call, no redirect followed.

Only "it cannot have arrived" is `not_sent`, and only a readable refusal is `refused`: everything else may
have been bought, and saying otherwise would have somebody buy it twice.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import Any

import pytest

from vps_tui.core.outcome import Outcome, OutcomeKind

from .conftest import Connect, Serve
from .loopback import (
    Answer,
    LoopbackServer,
    Peer,
    Request,
    answering,
    http_reply,
    resetting,
    sending,
)
from .orders import CART_PATH, DRAFTS, PAID_PATHS, ROOT_PASSWORDS, place

PLACED, REFUSED, NOT_SENT, UNKNOWN = OutcomeKind
PROVIDERS = ("edis", "layerstack")
both = pytest.mark.parametrize("provider", PROVIDERS)

TAKEN: dict[str, Any] = {
    "edis": {
        "status": "success",
        "orderid": 123456,
        "serviceids": "123456,123457",
        "invoiceid": 654321,
        "invoicepaid": True,
    },
    "layerstack": {"order_id": 52001, "invoice_id": 73001, "data": {"message": "Order placed", "code": 200}},
}
"""A success in the provider's form."""

WITHOUT_IDS: dict[str, Any] = {
    "edis": {"status": "success"},
    "layerstack": {"data": {"message": "Order placed", "code": 200}},
}
PAGE = b"<!DOCTYPE html><html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>"
ADDRESS = "/elsewhere"


def error(provider: str, status: int) -> dict[str, Any]:
    """Return an error body in the provider's form."""
    message = "It cannot be had."
    if provider == "edis":
        return {"status": "error", "message": message}
    return {"data": {"message": message, "code": status}}


@dataclass(frozen=True, slots=True)
class Ordered:
    """What came of an order, and what the server saw of it."""

    outcome: Outcome
    server: LoopbackServer
    cart: tuple[str, ...]
    """The requests that fill the cart, which come first."""
    paid: str
    """The paid call."""

    def came_to(self, kind: OutcomeKind) -> None:
        """Check the word and that one paid call was all that was sent for it, but for emptying the cart."""
        emptied = ("DELETE /api/order/cartItems/delete/995",) if self.cart and kind in (REFUSED, NOT_SENT) else ()
        assert self.outcome.kind is kind, self.outcome
        assert tuple(self.server.lines) == (*self.cart, self.paid, *emptied)
        # Every request has a connection to itself: a call that was sent again unread would be one more.
        assert self.server.connections == len(self.server.requests)


async def order(
    serve: Serve,
    connect: Connect,
    provider: str,
    answer: Answer,
    *,
    read_timeout: float = 5.0,
    order_timeout: float = 5.0,
) -> Ordered:
    """Order from a server that treats the paid call with `answer` and everything else well."""

    def route(request: Request) -> Answer:
        if request.path == CART_PATH:
            return answering(200, {"0": 995, "data": {"message": "Cart Items added successfully", "code": 200}})
        return answer if request.path == PAID_PATHS[provider] else answering(200, TAKEN[provider])

    server = serve(route)
    client = connect(provider, server.url, read_timeout=read_timeout, order_timeout=order_timeout)
    outcome = await place(client, DRAFTS[provider], ROOT_PASSWORDS[provider])
    cart = (f"POST {CART_PATH}",) if provider == "layerstack" else ()
    return Ordered(outcome, server, cart, f"POST {PAID_PATHS[provider]}")


@both
@pytest.mark.parametrize("status", [200, 201])
async def test_taken(serve: Serve, connect: Connect, provider: str, status: int) -> None:
    """The one good case, without which none of the others says anything."""
    ordered = await order(serve, connect, provider, answering(status, TAKEN[provider]))
    ordered.came_to(PLACED)
    assert (ordered.outcome.order_id, ordered.outcome.invoice_id) == {
        "edis": ("123456", "654321"),
        "layerstack": ("52001", "73001"),
    }[provider]


def slices(data: bytes) -> Answer:
    """Return an answer that sends `data` byte by byte."""

    def answer(peer: Peer) -> None:
        for byte in data:
            peer.send(bytes((byte,)))

    return answer


@both
@pytest.mark.parametrize("case", ["byte by byte", "after a 103", "gzip", "as text/plain", "no length"])
async def test_taken_however_it_is_told(serve: Serve, connect: Connect, provider: str, case: str) -> None:
    """What proxies may do to a good reply changes nothing."""
    body = json.dumps(TAKEN[provider]).encode()
    answer = {
        "byte by byte": slices(http_reply(200, body)),
        "after a 103": sending(b"HTTP/1.1 103 Early Hints\r\n\r\n" + http_reply(200, body)),
        "gzip": answering(200, gzip.compress(body), {"Content-Encoding": "gzip"}),
        "as text/plain": answering(200, body, {"Content-Type": "text/plain"}),
        "no length": sending(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body),
    }[case]
    (await order(serve, connect, provider, answer)).came_to(PLACED)


@both
async def test_closed_port_is_not_sent(serve: Serve, connect: Connect, provider: str) -> None:
    """The server goes away before the paid call: nothing reached it, and the cart cannot be emptied."""

    def route(_request: Request) -> Answer:
        def answer(peer: Peer) -> None:
            peer.server.stop_listening()
            peer.send(http_reply(200, {"0": 995, "data": {"code": 200}}))

        return answer

    server = serve(route)
    if provider == "edis":
        server.stop_listening()
    outcome = await place(connect(provider, server.url), DRAFTS[provider], ROOT_PASSWORDS[provider])
    assert outcome.kind is NOT_SENT
    assert server.lines == ([] if provider == "edis" else [f"POST {CART_PATH}"])


@both
@pytest.mark.parametrize("ending", ["close", "reset"])
async def test_connection_that_ends_unread_is_unknown(
    serve: Serve, connect: Connect, provider: str, ending: str
) -> None:
    """Ended at the first byte: how much more of the request had left by then, nobody can tell."""
    paid = {"edis": 1, "layerstack": 2}[provider]

    def leave(peer: Peer) -> None:
        peer.connection.recv(1)
        if ending == "reset":
            peer.reset()

    def unread(number: int) -> Answer | None:
        return leave if number >= paid else None

    server = serve(lambda request: answering(200, {"0": 995, "data": {"code": 200}}), unread)
    outcome = await place(connect(provider, server.url), DRAFTS[provider], ROOT_PASSWORDS[provider])
    assert outcome.kind is UNKNOWN
    assert server.connections == paid


@both
@pytest.mark.parametrize("ending", ["close", "reset"])
@pytest.mark.parametrize("sent", ["0", "1", "10", "half", "all-1"])
async def test_cut_reply_is_unknown(serve: Serve, connect: Connect, provider: str, sent: str, ending: str) -> None:
    """The order was taken and the reply ends early, wherever that is."""
    reply = http_reply(200, TAKEN[provider])
    count = {"half": len(reply) // 2, "all-1": len(reply) - 1}.get(sent) or int(sent)
    end = resetting if ending == "reset" else sending
    (await order(serve, connect, provider, end(reply[:count]))).came_to(UNKNOWN)


@both
@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
async def test_redirect_is_unknown_and_never_followed(
    serve: Serve, connect: Connect, provider: str, status: int
) -> None:
    """307 and 308 would send the order again; even a GET there would be a call that nobody asked for."""
    server = serve(lambda request: answering(200, TAKEN[provider]))
    answer = answering(status, TAKEN[provider], {"Location": f"{server.url}{ADDRESS}"})
    (await order(serve, connect, provider, answer)).came_to(UNKNOWN)
    assert server.requests == []


@both
@pytest.mark.parametrize("address", [ADDRESS, "http://[", "https://ex\u00e4mple.invalid:99999/", "", "\u00a0://"])
async def test_redirect_address_is_not_even_read(serve: Serve, connect: Connect, provider: str, address: str) -> None:
    """One that cannot be understood is no reason to fail in another way."""
    (await order(serve, connect, provider, answering(307, b"", {"Location": address}))).came_to(UNKNOWN)


@both
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422])
async def test_readable_refusal_is_refused(serve: Serve, connect: Connect, provider: str, status: int) -> None:
    """These are decided before the order is worked on, and the provider's reason is kept."""
    ordered = await order(serve, connect, provider, answering(status, error(provider, status)))
    ordered.came_to(REFUSED)
    assert ordered.outcome.message == "It cannot be had."


@both
@pytest.mark.parametrize("body", [PAGE, b"", b"{}", b"[]", b'{"status": "error", "mess'])
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422])
async def test_refusal_that_the_provider_did_not_write_is_unknown(
    serve: Serve, connect: Connect, provider: str, status: int, body: bytes
) -> None:
    """A proxy in between may answer so for an order that went through."""
    (await order(serve, connect, provider, answering(status, body))).came_to(UNKNOWN)


@both
@pytest.mark.parametrize("status", [408, 425, 429, 499, 500, 501, 502, 503, 504, 520, 524, 599])
async def test_failure_is_unknown_whatever_it_says(
    serve: Serve, connect: Connect, provider: str, status: int
) -> None:
    """A well-formed error does not tell how far the order had got; its reason is shown all the same."""
    ordered = await order(serve, connect, provider, answering(status, error(provider, status)))
    ordered.came_to(UNKNOWN)
    assert "It cannot be had." in ordered.outcome.message
    assert str(status) in ordered.outcome.message


@both
@pytest.mark.parametrize("status", [202, 203, 204, 206, 207, 500])
async def test_success_under_another_status_is_unknown(
    serve: Serve, connect: Connect, provider: str, status: int
) -> None:
    """Body and status contradict each other, or the status says that it is not all."""
    (await order(serve, connect, provider, answering(status, TAKEN[provider]))).came_to(UNKNOWN)


BODIES: dict[str, bytes] = {
    "a page": PAGE,
    "nothing": b"",
    "white space": b" \r\n",
    "a list": b'[{"status": "success", "orderid": 1}]',
    "a text": b'"success"',
    "a number": b"123456",
    "null": b"null",
    "two objects": b"{}{}",
    "a warning before": b"<b>Warning</b>: mysqli in /var/www<br />\n",
    "bytes that are no text": b'{"orderid": "\xff\xfe\xfd"}',
    "a very deep list": b"[" * 100_000,
}


@both
@pytest.mark.parametrize("case", BODIES)
async def test_success_that_cannot_be_read_is_unknown(
    serve: Serve, connect: Connect, provider: str, case: str
) -> None:
    """A 200 says that something was done."""
    body = BODIES[case]
    if case == "a warning before":
        body += json.dumps(TAKEN[provider]).encode()
    (await order(serve, connect, provider, answering(200, body))).came_to(UNKNOWN)


@both
async def test_cut_json_under_a_whole_reply_is_unknown(serve: Serve, connect: Connect, provider: str) -> None:
    """The length is right and the text is not."""
    body = json.dumps(TAKEN[provider]).encode()
    (await order(serve, connect, provider, answering(200, body[:-2]))).came_to(UNKNOWN)


@both
async def test_success_without_ids_is_unknown(serve: Serve, connect: Connect, provider: str) -> None:
    """What names no order cannot be looked up, and a captive portal answers like that too."""
    (await order(serve, connect, provider, answering(200, WITHOUT_IDS[provider]))).came_to(UNKNOWN)
