"""LayerStack's operations: the one documented reply, the documented types, and the refusals."""

from __future__ import annotations

import base64
import tomllib
from decimal import Decimal
from typing import Any

import pytest

from vps_tui.sandbox.data import LAYERSTACK_CATALOG
from vps_tui.sandbox.server import LAYERSTACK_ACCOUNT, Sandbox

from .calls import KEY, Caller, wait_for


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_cart_item_answers_as_documented(call: Caller) -> None:
    reply = call.cart(custom_ssh_key=encoded(KEY), custom_script=encoded("#!/bin/sh\n"))
    assert reply.status_code == 200
    assert reply.json() == {"0": 995, "data": {"message": "Cart Items added successfully", "code": 200}}
    assert call.sandbox.ledger.orders() == []


@pytest.mark.parametrize(
    ("changes", "status", "problem"),
    [
        ({"billing_cycle": "1"}, 400, "billing_cycle must be an integer"),
        ({"billing_cycle": True}, 400, "billing_cycle must be an integer"),
        ({"billing_cycle": ...}, 400, "billing_cycle is required"),
        ({"billing_cycle": 6}, 422, "billing_cycle must be 1, 3 or 12"),
        ({"plan_id": "101"}, 400, "plan_id must be an integer"),
        ({"plan_id": 999}, 422, "plan_id is not a known plan"),
        ({"plan_type": "cloud_servers_highmemory"}, 422, "plan_type is not the type of this plan"),
        ({"quantity": 0}, 422, "quantity must be from 1 to 10"),
        ({"quantity": 11}, 422, "quantity must be from 1 to 10"),
        ({"quantity": 1.0}, 400, "quantity must be an integer"),
        ({"password": ...}, 400, "password is required"),
        ({"password": ""}, 400, "password must not be empty"),
        ({"os_template_id": 999}, 422, "os_template_id is not a known template"),
        ({"addons": {"0": {"id": 6}}}, 400, "addons must be a list of"),
        ({"addons": [{"id": 6, "additional_value": "1"}]}, 400, "addons must be a list of"),
        ({"addons": [{"id": 999, "additional_value": 1}]}, 422, "addons: 999 is not a known add-on"),
        ({"addons": [{"id": 6, "additional_value": 2}]}, 422, "addons: additional_value of 6"),
        ({"addons": [{"id": 9, "additional_value": 0}]}, 422, "addons: additional_value of 9"),
        ({"custom_ssh_key": KEY}, 422, "custom_ssh_key must be base64 of text"),
        ({"custom_ssh_key": encoded("hello")}, 422, "custom_ssh_key is not a public key"),
        ({"custom_script": "é"}, 422, "custom_script must be base64 of text"),
        ({"custom_script": 7}, 400, "custom_script must be a string"),
        ({"os_template_id": 31, "custom_ssh_key": encoded(KEY)}, 422, "custom_ssh_key is supported by"),
        ({"os_template_id": 41, "custom_script": encoded("x")}, 422, "custom_script is supported by"),
        ({"region": "HK"}, 400, "region is not a known field"),
    ],
)
def test_each_wrong_field_of_a_cart_item_is_named(call: Caller, changes: Any, status: int, problem: str) -> None:
    reply = call.cart(**changes)
    assert (reply.status_code, reply.json()["data"]["code"]) == (status, status)
    assert reply.json()["data"]["message"].startswith(problem)


def test_a_body_that_is_no_json_object_is_refused(call: Caller) -> None:
    headers = {"Account": LAYERSTACK_ACCOUNT[0], "AccessToken": LAYERSTACK_ACCOUNT[1]}
    url = f"{call.sandbox.layerstack_url}/order/add-to-cart"
    for body, kind in ((b"{", "application/json"), (b"[]", "application/json"), (b"{}", "text/plain")):
        reply = call.http.post(url, content=body, headers=headers | {"Content-Type": kind})
        assert reply.status_code == 400


@pytest.mark.parametrize("missing", ["Account", "AccessToken"])
def test_both_headers_are_required_and_checked(call: Caller, missing: str) -> None:
    headers = {"Account": LAYERSTACK_ACCOUNT[0], "AccessToken": LAYERSTACK_ACCOUNT[1]}
    url = f"{call.sandbox.layerstack_url}/cloudserver/"
    for wrong in ({missing: ""}, {missing: "XX-87654321"}):
        reply = call.http.get(url, headers=headers | wrong, params={"account_id": headers["Account"]})
        assert (reply.status_code, reply.json()["data"]["code"]) == (401, 401)
    del headers[missing]
    assert call.http.get(url, headers=headers).status_code == 401


def test_an_order_delivers_as_many_servers_as_its_items_ask_for() -> None:
    with Sandbox(delivery_seconds=0.3) as sandbox:
        call = Caller(sandbox)
        ids = [call.cart(quantity=2).json()["0"], call.cart(billing_cycle=3, addons=[]).json()["0"]]
        body = call.buy(*ids).json()
        (order,) = sandbox.ledger.orders()
        assert (body["order_id"], body["invoice_id"]) == (order.order_id, order.invoice_id)
        assert (order.labels, order.total) == (("web1",) * 3, 2 * Decimal("10.00") + Decimal("24.00"))
        assert (order.currency, order.paid) == ("usd", True)

        def servers() -> list[dict[str, Any]]:
            listed = call.stack("GET", "/cloudserver/", account_id=LAYERSTACK_ACCOUNT[0], label="web1")
            found: list[dict[str, Any]] = listed.json()
            return found

        assert [one["ip"] for one in servers()] == [None] * 3
        wait_for(lambda: all(one["ip"] for one in servers()))
        first = servers()[0]
        assert {name: first[name] for name in ("label", "ram", "cpu", "disk", "region")} == {
            "label": "web1",
            "ram": 2048,
            "cpu": 1,
            "disk": 40,
            "region": "HK",
        }
        shown = call.stack("GET", f"/cloudserver/{first['id']}/").json()
        assert shown == {**first, "subscription_id": 4159}
        call.http.close()


def test_the_order_path_may_end_in_a_slash(call: Caller) -> None:
    body: dict[str, Any] = {"account": LAYERSTACK_ACCOUNT[0], "currency": "usd", "label": "a"}
    body |= {"cartItems": [call.cart().json()["0"]], "payment_type": "ccard"}
    assert call.stack("POST", "/order/", body).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "problem"),
    [
        ({"account": "XX-87654321"}, 400, "account must be the account that is signed in"),
        ({"account": ...}, 400, "account must be the account that is signed in"),
        ({"label": ""}, 400, "label must not be empty"),
        ({"cartItems": []}, 400, "cartItems must be a list of cart item ids"),
        ({"cartItems": ["995"]}, 400, "cartItems must be a list of cart item ids"),
        ({"cartItems": [995, 995]}, 400, "cartItems names an item twice"),
        ({"cartItems": [4]}, 422, "cartItems: 4 is not in the cart"),
        ({"payment_type": "paypal"}, 400, "payment_type must be ccard"),
        ({"currency": ...}, 400, "currency is required for the first order of an account"),
        ({"currency": "xyz"}, 400, "currency: the sandbox's prices are in usd only"),
    ],
)
def test_each_wrong_field_of_an_order_is_named(call: Caller, changes: Any, status: int, problem: str) -> None:
    reply = call.buy(**changes)
    assert (reply.status_code, reply.json()["data"]) == (status, {"message": problem, "code": status})
    assert call.sandbox.ledger.orders() == []


def test_currency_is_required_once_and_ignored_afterwards(call: Caller) -> None:
    assert call.buy().status_code == 200
    assert call.buy(currency=...).status_code == 200
    assert call.buy(currency="xyz").status_code == 200
    assert [order.currency for order in call.sandbox.ledger.orders()] == ["usd"] * 3


def test_a_cart_item_is_ordered_once(call: Caller) -> None:
    item = call.cart().json()["0"]
    assert [call.buy(item).status_code, call.buy(item).status_code] == [200, 422]
    assert len(call.sandbox.ledger.orders()) == 1


def test_a_cart_item_that_goes_while_it_is_being_ordered_is_not_ordered_twice(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = call.cart().json()["0"]
    stale = call.sandbox.ledger.cart(LAYERSTACK_ACCOUNT[0])
    first = call.buy(item).json()["order_id"]
    monkeypatch.setattr(call.sandbox.ledger, "cart", lambda _account: stale)
    assert call.buy(item).status_code == 422
    assert [order.order_id for order in call.sandbox.ledger.orders()] == [first]
    monkeypatch.undo()
    assert call.buy().json()["order_id"] == first + 1, "nothing is left of the order that failed"


def test_a_deleted_cart_item_is_gone(call: Caller) -> None:
    item = call.cart().json()["0"]
    assert call.stack("DELETE", f"/order/cartItems/delete/{item}").status_code == 200
    assert call.stack("DELETE", f"/order/cartItems/delete/{item}").status_code == 404
    assert call.stack("DELETE", "/order/cartItems/delete/x").status_code == 404
    assert call.buy(item).status_code == 422


def test_servers_are_listed_for_the_own_account_only(call: Caller) -> None:
    own = call.stack("GET", "/cloudserver", account_id=LAYERSTACK_ACCOUNT[0])
    assert [one["label"] for one in own.json()] == ["db1"]
    assert call.stack("GET", "/cloudserver/").status_code == 400
    assert call.stack("GET", "/cloudserver/", account_id="XX-87654321").status_code == 403
    hidden = call.stack("GET", "/cloudserver/", account_id=LAYERSTACK_ACCOUNT[0], region="LA")
    assert hidden.json() == []


def test_other_methods_and_paths_are_refused_as_json(call: Caller) -> None:
    wrong = call.stack("GET", "/order")
    assert (wrong.status_code, wrong.headers["Allow"], wrong.json()["data"]["code"]) == (405, "POST", 405)
    for path in ("/nothing", "/cloudserver/1/", "/cloudserver/1/backups"):
        assert call.stack("GET", path).json()["data"]["code"] == 404


def test_the_catalogue_says_that_it_is_invented_and_prices_every_cycle() -> None:
    catalog = tomllib.loads(LAYERSTACK_CATALOG.read_text("utf-8"))
    assert catalog["note"] == "All invented."
    for entry in catalog["plan"] + catalog["add_on"]:
        assert set(entry["prices"]) == {"monthly", "quarterly", "annually"}
        assert all(Decimal(price) > 0 for price in entry["prices"].values())
    for table in ("plan", "os_image", "add_on"):
        ids = [entry["id"] for entry in catalog[table]]
        assert len(set(ids)) == len(ids)
    assert {image["family"] for image in catalog["os_image"]} == {"linux", "windows", "other"}
    assert len({plan["plan_type"] for plan in catalog["plan"]}) == 4
