"""LayerStack's cart and order: what is sent, field by field, and what the answers come to."""

from __future__ import annotations

import base64
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.draft import ChosenAddOn
from vps_tui.core.errors import InvalidValue
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.secret import Secret
from vps_tui.providers.protocol import Provider
from vps_tui.sandbox.messages import strict_json
from vps_tui.sandbox.server import Sandbox

from .conftest import Connect, Serve
from .loopback import Answer, Request, answering, in_turn, resetting
from .orders import CART_PATH, KEY, LAYERSTACK_DRAFT, LAYERSTACK_SERVER, ROOT_PASSWORDS, layerstack_draft, place

PASSWORD = ROOT_PASSWORDS["layerstack"]
PASSWORDS = (Secret("First-Sesame-1"), Secret("Second-Sesame-2"))
TWO = replace(LAYERSTACK_DRAFT, servers=(LAYERSTACK_SERVER, replace(LAYERSTACK_SERVER, plan="111")))


def lines(sandbox: Sandbox) -> list[str]:
    """Return method and path of every request."""
    return [f"{one.method} {one.path}" for one in sandbox.requests]


async def test_order_is_a_cart_item_and_an_order(layerstack: Provider, sandbox: Sandbox) -> None:
    """Two requests in JSON, both signed in by header, and no other."""
    await place(layerstack, LAYERSTACK_DRAFT, PASSWORD)
    assert lines(sandbox) == ["POST /api/order/add-to-cart", "POST /api/order"]
    for one in sandbox.requests:
        assert one.content_type == "application/json"
        assert (one.headers["Account"], one.headers["AccessToken"]) == ("XX-12345678", "sandbox-token")


async def test_cart_item_field_by_field(layerstack: Provider, sandbox: Sandbox) -> None:
    """Numbers are integers, add-ons a real list, the key base64 of its line, the password as typed."""
    await place(layerstack, LAYERSTACK_DRAFT, PASSWORD)
    item = strict_json(sandbox.requests[0].body)
    assert base64.b64decode(item.pop("custom_ssh_key"), validate=True).decode() == KEY
    assert item == {
        "billing_cycle": 1,
        "plan_id": 101,
        "plan_type": "cloud_servers_standard",
        "quantity": 1,
        "addons": [{"id": 6, "additional_value": 1}, {"id": 10, "additional_value": 5}],
        "password": PASSWORD[0].reveal(),
        "os_template_id": 12,
    }
    numbers = [item[name] for name in ("billing_cycle", "plan_id", "quantity", "os_template_id")]
    numbers += [value for add_on in item["addons"] for value in add_on.values()]
    assert {type(number) for number in numbers} == {int}


async def test_order_field_by_field(layerstack: Provider, sandbox: Sandbox) -> None:
    """`cartItems` holds the ids that the cart gave, and the currency is in small letters as documented."""
    outcome = await place(layerstack, LAYERSTACK_DRAFT, PASSWORD)
    order = strict_json(sandbox.requests[1].body)
    assert order == {
        "account": "XX-12345678",
        "currency": "usd",
        "label": "web1",
        "cartItems": [995],
        "payment_type": "ccard",
    }
    assert type(order["cartItems"][0]) is int
    (taken,) = sandbox.ledger.orders()
    assert replace(outcome, reply="") == Outcome(
        OutcomeKind.PLACED, order_id=str(taken.order_id), invoice_id=str(taken.invoice_id)
    )
    # 8.00 for the plan, 2.00 for backups, 5 x 1.00 for disk.
    assert taken.total == Decimal("15.00")


async def test_currency_is_left_out_when_it_is_not_known(layerstack: Provider, sandbox: Sandbox) -> None:
    """An account has one after its first order, and no document says what an empty one does."""
    await place(layerstack, LAYERSTACK_DRAFT, PASSWORD)
    outcome = await place(layerstack, layerstack_draft(currency=""), PASSWORD)
    assert "currency" not in strict_json(sandbox.requests[3].body)
    assert outcome.kind is OutcomeKind.PLACED


@pytest.mark.parametrize(
    ("cycle", "code"), [(BillingCycle.MONTHLY, 1), (BillingCycle.QUARTERLY, 3), (BillingCycle.ANNUALLY, 12)]
)
async def test_cycles_have_numbers(layerstack: Provider, sandbox: Sandbox, cycle: BillingCycle, code: int) -> None:
    """The number is that of the months."""
    await place(layerstack, layerstack_draft(cycle=cycle), PASSWORD)
    assert strict_json(sandbox.requests[0].body)["billing_cycle"] == code
    assert [order.billing_cycle for order in sandbox.ledger.orders()] == [cycle.value]


@pytest.mark.parametrize(
    "changes",
    [{"os": "31"}, {"os": "40"}, {"ssh_key": "", "without_key": True}],
    ids=["Windows", "an image of one's own", "no key"],
)
async def test_key_is_left_out_where_it_cannot_go(
    layerstack: Provider, sandbox: Sandbox, changes: dict[str, Any]
) -> None:
    """Only default Linux templates take one."""
    outcome = await place(layerstack, layerstack_draft(**changes), PASSWORD)
    assert "custom_ssh_key" not in strict_json(sandbox.requests[0].body)
    assert outcome.kind is OutcomeKind.PLACED


async def test_add_ons_are_left_out_when_there_are_none(layerstack: Provider, sandbox: Sandbox) -> None:
    """The field is optional."""
    await place(layerstack, layerstack_draft(add_ons=()), PASSWORD)
    assert "addons" not in strict_json(sandbox.requests[0].body)


async def test_each_server_is_a_cart_item_with_its_own_password(layerstack: Provider, sandbox: Sandbox) -> None:
    """One order takes them all, in the order of the draft."""
    outcome = await place(layerstack, TWO, PASSWORDS)
    assert lines(sandbox) == [f"POST {CART_PATH}", f"POST {CART_PATH}", "POST /api/order"]
    first, second, order = (strict_json(one.body) for one in sandbox.requests)
    assert [(one["plan_id"], one["password"]) for one in (first, second)] == [
        (101, "First-Sesame-1"),
        (111, "Second-Sesame-2"),
    ]
    assert order["cartItems"] == [995, 996]
    assert outcome.kind is OutcomeKind.PLACED


async def test_labels_that_differ_cannot_be_said_and_nothing_is_sent(layerstack: Provider, sandbox: Sandbox) -> None:
    """Create Order has one `label` and Create Cart Item none: the second server would get the first one's."""
    differing = replace(TWO, servers=(LAYERSTACK_SERVER, replace(LAYERSTACK_SERVER, name="db1")))
    with pytest.raises(InvalidValue) as caught:
        layerstack.request_text(differing)
    assert "same label" in f"{caught.value.message} {caught.value.hint}"
    with pytest.raises(InvalidValue):
        await layerstack.prepare(differing, PASSWORDS)
    assert lines(sandbox) == []


async def test_declined_card_is_refused_and_the_cart_emptied(layerstack: Provider, sandbox: Sandbox) -> None:
    """What stays in the cart could be bought by somebody who opens it later."""
    sandbox.set_faults(["declined-card"])
    outcome = await place(layerstack, LAYERSTACK_DRAFT, PASSWORD)
    assert (outcome.kind, outcome.message) == (OutcomeKind.REFUSED, "The card was declined.")
    assert lines(sandbox) == [
        f"POST {CART_PATH}",
        "POST /api/order",
        "DELETE /api/order/cartItems/delete/995",
    ]
    assert sandbox.ledger.cart("XX-12345678") == {}
    assert sandbox.ledger.orders() == []


async def test_refused_cart_item_stops_the_order(layerstack: Provider, sandbox: Sandbox) -> None:
    """The second server cannot be had: the first is taken out again and nothing is ordered."""
    wrong = replace(LAYERSTACK_SERVER, plan="111", add_ons=(ChosenAddOn("ip", "9", 99),))
    outcome = await place(layerstack, replace(TWO, servers=(LAYERSTACK_SERVER, wrong)), PASSWORDS)
    assert outcome.kind is OutcomeKind.REFUSED
    assert "additional_value of 9 is out of range" in outcome.message
    assert outcome.message.startswith("Server 2 of 2 (S102-HK): ")
    assert "Nothing was bought" in outcome.hint
    assert lines(sandbox) == [
        f"POST {CART_PATH}",
        f"POST {CART_PATH}",
        "DELETE /api/order/cartItems/delete/995",
    ]
    assert sandbox.ledger.cart("XX-12345678") == {}


async def test_plan_that_the_catalogue_does_not_hold_is_not_sent(layerstack: Provider, sandbox: Sandbox) -> None:
    """Its type is not known, so there is nothing to send; what the cart holds already is taken out."""
    unknown = replace(LAYERSTACK_SERVER, plan="9999")
    outcome = await place(layerstack, replace(TWO, servers=(LAYERSTACK_SERVER, unknown)), PASSWORDS)
    assert outcome.kind is OutcomeKind.NOT_SENT
    assert "9999" in outcome.message
    assert lines(sandbox) == [f"POST {CART_PATH}", "DELETE /api/order/cartItems/delete/995"]


@pytest.mark.parametrize("fault", ["reply-lost:order/add-to-cart", "reset:order/add-to-cart"])
async def test_lost_cart_reply_buys_nothing(layerstack: Provider, sandbox: Sandbox, fault: str) -> None:
    """Filling a cart costs nothing, so this is not the unknown outcome: the order was never sent."""
    sandbox.set_faults([fault])
    outcome = await place(layerstack, LAYERSTACK_DRAFT, PASSWORD)
    assert outcome.kind is OutcomeKind.NOT_SENT
    assert lines(sandbox) == [f"POST {CART_PATH}"]


async def test_lost_cart_reply_takes_out_the_earlier_items(serve: Serve, connect: Connect) -> None:
    """Of two servers the second is lost on its way: the first must not stay behind."""
    cart = in_turn(answering(200, {"0": 995, "data": {"code": 200}}), resetting())

    def route(request: Request) -> Answer:
        return cart(request) if request.path == CART_PATH else answering(200, {})

    server = serve(route)
    outcome = await place(connect("layerstack", server.url), TWO, PASSWORDS)
    assert outcome.kind is OutcomeKind.NOT_SENT
    assert server.lines == [
        f"POST {CART_PATH}",
        f"POST {CART_PATH}",
        "DELETE /api/order/cartItems/delete/995",
    ]


@pytest.mark.parametrize("fault", ["reply-lost", "truncated", "not-json", "empty-reply", "http-500", "redirect-307"])
async def test_unknown_outcome_leaves_the_cart_alone(layerstack: Provider, sandbox: Sandbox, fault: str) -> None:
    """The order may be using its items."""
    sandbox.set_faults([fault])
    outcome = await place(layerstack, LAYERSTACK_DRAFT, PASSWORD)
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert lines(sandbox) == [f"POST {CART_PATH}", "POST /api/order"]


@pytest.mark.parametrize(
    ("reply", "items"),
    [
        ({"0": "995", "data": {"message": "Cart Items added successfully", "code": 200}}, [995]),
        ({"0": 995, "1": 996, "data": {"code": 200}}, [995, 996]),
        ({"data": {"code": 200}, "1": 996, "0": 995, "note": 7}, [996, 995]),
    ],
)
async def test_cart_ids_stand_under_numbered_keys(
    serve: Serve, connect: Connect, reply: dict[str, Any], items: list[int]
) -> None:
    """The sample is a PHP list merged with an envelope; its neighbours are no ids."""
    server = serve(lambda request: answering(200, reply if request.path == CART_PATH else {"order_id": 1}))
    outcome = await place(connect("layerstack", server.url), LAYERSTACK_DRAFT, PASSWORD)
    assert outcome.kind is OutcomeKind.PLACED
    assert strict_json(server.requests[1].body)["cartItems"] == items


@pytest.mark.parametrize(
    "reply", [{"data": {"message": "Queued", "code": 200}}, {"0": None}, {"\u00b2": "\u00b2"}, [995], 995]
)
async def test_cart_without_an_id_is_refused(serve: Serve, connect: Connect, reply: Any) -> None:
    """There is nothing to order then, whatever the status says."""
    server = serve(in_turn(answering(200, reply)))
    outcome = await place(connect("layerstack", server.url), LAYERSTACK_DRAFT, PASSWORD)
    assert outcome.kind is OutcomeKind.REFUSED
    assert server.lines == [f"POST {CART_PATH}"]
