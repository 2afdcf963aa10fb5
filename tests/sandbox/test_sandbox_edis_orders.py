"""EDIS's add/order: what it takes, what it costs, and what it refuses."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from .calls import ITEM, KEY, Caller, shape


def test_an_order_answers_as_documented_and_is_recorded_once(call: Caller) -> None:
    reply = call.order()
    assert reply.status_code == 200
    body = reply.json()
    assert shape(body) == {
        "status": str,
        "orderid": int,
        "serviceids": str,
        "invoiceid": int,
        "invoicepaid": bool,
    }
    assert (body["status"], body["invoicepaid"]) == ("success", True)
    (order,) = call.sandbox.ledger.orders()
    assert (order.order_id, order.invoice_id) == (body["orderid"], body["invoiceid"])
    assert (order.total, order.currency, order.labels) == (Decimal("26.99"), "EUR", ("web1",))
    assert call.edis("get/account-balance").json()["balance"]["amount"] == "23.01"


def test_longer_cycles_multiply_plan_and_add_ons(call: Caller) -> None:
    call.order(billingcycle="annually")
    (order,) = call.sandbox.ledger.orders()
    assert order.total == 11 * (plan := Decimal("12.99")) + 12 * (Decimal("26.99") - plan)


def test_services_are_numbered_in_the_order_of_the_items(call: Caller) -> None:
    items = [ITEM | {"hostname": name, "additional_ram": ""} for name in ("b", "a", "c")]
    ids = call.order(item=items).json()["serviceids"].split(",")
    names = {str(one.service_id): one.name for one in call.sandbox.ledger.services()}
    assert [names[one] for one in ids] == ["b", "a", "c"]


def test_an_order_beyond_the_credit_stays_unpaid_and_unlisted(call: Caller) -> None:
    before = call.services()
    reply = call.order(item=[ITEM, ITEM])
    assert (reply.json()["status"], reply.json()["invoicepaid"]) == ("success", False)
    (order,) = call.sandbox.ledger.orders()
    assert (order.total, order.paid) == (Decimal("53.98"), False)
    assert call.services() == before
    assert call.edis("get/account-balance").json()["balance"]["amount"] == "50.00"


def test_a_sold_out_location_answers_failed_with_an_order_id(call: Caller) -> None:
    miami = call.edis("get/products", location_id="211").json()["products"]["KVM STARTER"]["id"]
    reply = call.order(item=[ITEM, ITEM | {"pid": miami}])
    assert (reply.status_code, shape(reply.json())) == (200, {"status": str, "orderid": int})
    assert reply.json()["status"] == "failed"
    assert call.sandbox.ledger.orders() == []
    (failed,) = call.sandbox.ledger.failed_orders()
    assert (failed.order_id, failed.service_ids) == (reply.json()["orderid"], ())


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"pid": ...}, "pid is required"),
        ({"pid": "1707"}, "pid is not a known plan id"),
        ({"pid": 1707.0}, "pid is not a known plan id"),
        ({"pid": 5}, "pid is not a known plan id"),
        ({"os": ...}, "os is required"),
        ({"os": True}, "os is not offered for this plan"),
        ({"os": 396}, "os is not offered for this plan"),
        ({"hostname": ...}, "hostname is required"),
        ({"hostname": " "}, "hostname must not be empty"),
        ({"hostname": 7}, "hostname must not be empty"),
        ({"additional_ram": 452}, "additional_ram is not an option of this plan"),
        ({"additional_ram": "396"}, "additional_ram is not an option of this plan"),
        ({"additional_vcpu": None}, "additional_vcpu is not an option of this plan"),
        ({"additional_ip": 1}, "additional_ip is not an option of this plan"),
        ({"pid": 1702, "additional_diskboost": 605}, "additional_diskboost is not an option of this plan"),
        (
            {"additional_diskboost": 605, "additional_driveboost": 605},
            "additional_diskboost and additional_driveboost are the same option",
        ),
        ({"ssh_pubkey": "-----BEGIN OPENSSH PRIVATE KEY-----"}, "ssh_pubkey is not a public key"),
        ({"ssh_pubkey": KEY + "\n" + KEY}, "ssh_pubkey is not a public key"),
        ({"adittional_ram": 396}, "adittional_ram is not a known field"),
    ],
)
def test_each_wrong_field_of_an_item_is_named(call: Caller, changes: Any, problem: str) -> None:
    reply = call.item(**changes)
    assert reply.status_code == 400
    assert reply.json() == {
        "status": "error",
        "message": "Invalid parameters or incorrect JSON format.",
        "errors": [f"item 0: {problem}"],
    }
    assert call.sandbox.ledger.orders() == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"billingcycle": "yearly"}, "billingcycle is invalid"),
        ({"billingcycle": []}, "billingcycle is invalid"),
        ({"paymentmethod": "cash"}, "paymentmethod is invalid"),
        ({"applycredit": "true"}, "applycredit must be true or false"),
        ({"item": []}, "item must be a list of at least one server"),
        ({"item": ITEM}, "item must be a list of at least one server"),
        ({"item": ["web1"]}, "item 0: must be an object"),
        ({"coupon": "x"}, "coupon is not a known field"),
    ],
)
def test_each_wrong_field_of_an_order_is_named(call: Caller, changes: Any, problem: str) -> None:
    reply = call.order(**changes)
    assert (reply.status_code, reply.json()["errors"]) == (400, [problem])
    assert call.sandbox.ledger.orders() == []


def test_every_problem_of_an_order_is_named_at_once(call: Caller) -> None:
    reply = call.edis("add/order", order=json.dumps({"item": [{}, ITEM | {"os": 1}]}))
    assert reply.json()["errors"] == [
        "billingcycle is required",
        "paymentmethod is required",
        "applycredit is required",
        "item 0: pid is required",
        "item 0: os is required",
        "item 0: hostname is required",
        "item 1: os is not offered for this plan",
    ]


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"item": NaN}', "[" * 100_000])
def test_an_order_that_is_no_json_object_is_refused(call: Caller, text: str) -> None:
    reply = call.edis("add/order", order=text)
    assert (reply.status_code, reply.json()["errors"]) == (400, ["invalid JSON structure"])


@pytest.mark.parametrize("spelling", ["additional_diskboost", "additional_driveboost"])
def test_both_documented_spellings_of_the_drive_boost_are_priced(call: Caller, spelling: str) -> None:
    assert call.item(**{spelling: 605, "additional_ram": ...}).status_code == 200
    (order,) = call.sandbox.ledger.orders()
    assert order.total == Decimal("12.99") + 29 + 4 + 5


def test_unwanted_add_ons_and_keys_may_be_empty_or_left_out(call: Caller) -> None:
    empty = dict.fromkeys(("additional_ram", "additional_vcpu", "additional_ip", "ssh_pubkey"), "")
    missing = dict.fromkeys(empty, ...)
    assert [call.item(**empty).status_code, call.item(**missing).status_code] == [200, 200]
    assert {order.total for order in call.sandbox.ledger.orders()} == {Decimal("12.99")}
