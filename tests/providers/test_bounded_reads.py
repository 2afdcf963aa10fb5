"""A read ends in bounded time, and a huge reply leaves the screen's thread free meanwhile."""

from __future__ import annotations

import contextlib
import json
import time

import pytest

from vps_tui.core.errors import NoReply

from .conftest import Connect, Serve
from .loop_waits import holds_up_the_loop
from .loopback import Peer, answering, in_turn

PLANS = 5000


def dripping(peer: Peer) -> None:
    """Answer without end, one byte every 50 ms, so that no pause is ever long."""
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    with contextlib.suppress(OSError):
        while not peer.server.closing.wait(0.05):
            peer.send(b" ")


async def test_a_byte_now_and_then_does_not_go_on_for_ever(serve: Serve, connect: Connect) -> None:
    client = connect("edis", serve(in_turn(dripping)).url, read_timeout=0.2)
    begin = time.monotonic()
    with pytest.raises(NoReply, match="had not finished"):
        await client.account()
    assert time.monotonic() - begin < 5


async def test_thousands_of_plans_do_not_hold_up_the_loop(serve: Serve, connect: Connect) -> None:
    """While they are read the loop goes on: its longest wait is a fraction of the whole."""
    client = connect("edis", serve(lambda _: answering(200, catalogue())).url, read_timeout=60)

    async def read() -> None:
        assert len((await client.catalog("122")).plans) == PLANS

    assert not await holds_up_the_loop(read)


def catalogue() -> bytes:
    """Return a reply of get/products with `PLANS` plans, some 6 MB."""
    images = {str(number): {"id": number, "description": f"Ubuntu {number}"} for number in range(20)}
    price = {"monthly": {"amount": "7.99", "currency": "EUR"}}
    plans = {
        f"KVM {number}": {"id": number, "description": {"price": price}, "addons": {"operating system": images}}
        for number in range(1, PLANS + 1)
    }
    return json.dumps({"products": plans, "status": "success"}).encode()
