"""How the LayerStack client follows a server: by its label, and by what was not there before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from vps_tui.providers.delivery import Awaited, Delivery
from vps_tui.sandbox.server import LAYERSTACK_ACCOUNT, Sandbox

from .conftest import Connect, Serve
from .loopback import answering, in_turn
from .orders import LAYERSTACK_DRAFT, ROOT_PASSWORDS, place

AWAITED = Awaited(LAYERSTACK_DRAFT)


def entry(number: int, **changes: Any) -> dict[str, Any]:
    return {"id": number, "label": "web1", "ip": f"127.9.9.{number}"} | changes


async def test_the_list_is_asked_by_label_with_the_headers_of_every_call(connect: Connect, sandbox: Sandbox) -> None:
    client = connect("layerstack", sandbox.edis_url)
    await place(client, LAYERSTACK_DRAFT, ROOT_PASSWORDS["layerstack"])
    sandbox.requests.clear()
    (delivery,) = await client.deliveries(AWAITED)
    (service,) = [found for found in sandbox.ledger.services("layerstack") if found.order_id]
    assert delivery == Delivery("web1", str(service.service_id), address=service.ip)
    (request,) = sandbox.requests
    assert (request.method, request.route) == ("GET", "/api/cloudserver/")
    assert request.query == {"account_id": LAYERSTACK_ACCOUNT[0], "label": "web1"}
    assert (request.headers["Account"], request.headers["AccessToken"]) == LAYERSTACK_ACCOUNT


@pytest.mark.parametrize(
    ("listed", "others", "found"),
    [
        ([], frozenset(), ("", "", "LayerStack does not list it yet")),
        ([entry(5, ip=None)], frozenset(), ("5", "", "LayerStack lists it, without an address so far")),
        (
            [entry(5, ip=None, status="creating")],
            frozenset(),
            ("5", "", "LayerStack lists it as creating, without an address so far"),
        ),
        ([entry(5, ip="a name")], frozenset(), ("5", "", "LayerStack lists it, without an address so far")),
        ([entry(5)], frozenset({"5"}), ("", "", "LayerStack does not list it yet")),
        ([entry(5), entry(6)], frozenset({"5"}), ("6", "127.9.9.6", "")),
        ([entry(6, label="web10")], frozenset(), ("", "", "LayerStack does not list it yet")),
        ([entry(5), entry(6)], frozenset(), ("", "", "LayerStack does not tell which one it is")),
        ([entry(5)], None, ("", "", "LayerStack does not tell which one it is")),
    ],
)
async def test_what_was_there_before_is_never_taken_for_the_new_one(
    serve: Serve, connect: Connect, listed: list[Any], others: frozenset[str] | None, found: tuple[str, str, str]
) -> None:
    client = connect("layerstack", serve(in_turn(answering(200, listed))).url)
    (delivery,) = await client.deliveries(replace(AWAITED, others=others))
    assert (delivery.service_id, delivery.address, delivery.waiting_for) == found
    assert bool(delivery.look_for) == ("which one" in delivery.waiting_for)


async def test_several_with_one_label_are_taken_in_the_order_in_which_they_were_made(
    serve: Serve, connect: Connect
) -> None:
    three = replace(LAYERSTACK_DRAFT, servers=(replace(LAYERSTACK_DRAFT.server, quantity=3),))
    listed = [entry(101), entry(9), entry(100), entry(8)]
    client = connect("layerstack", serve(in_turn(answering(200, listed))).url)
    found = await client.deliveries(Awaited(three, (), frozenset({"8"})))
    assert [(one.name, one.service_id) for one in found] == [("web1", "9"), ("web1", "100"), ("web1", "101")]
    client = connect("layerstack", serve(in_turn(answering(200, listed[:2]))).url)
    found = await client.deliveries(Awaited(three, ("52001",), frozenset()))
    assert [one.service_id for one in found] == ["9", "101", ""], "An order's own number is no server's."
