"""EDIS's operations but for add/order: the documented replies, and every operation's refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox

from .calls import KEY, ORDER, Caller, shape, wait_for

if TYPE_CHECKING:
    from pathlib import Path

BAD_FIELDS = "Invalid parameters or missing fields."


def test_cycles_and_payment_methods_are_the_documented_replies(call: Caller) -> None:
    assert call.edis("get/billingcycles").json() == {
        "billingcycle": ["monthly", "quarterly", "semiannually", "annually"],
        "status": "success",
    }
    assert call.edis("get/paymentmethods").json() == {
        "paymentmethods": ["paypal", "alipay", "creditcard", "cryptomus"],
        "status": "success",
    }


def test_balance_has_the_documented_shape(call: Caller) -> None:
    assert call.edis("get/account-balance").json() == {
        "balance": {"amount": "50.00", "currency": "EUR"},
        "status": "success",
    }


def test_locations_are_all_those_documented_with_null_and_empty_headlines(call: Caller) -> None:
    locations = call.edis("get/locations").json()["locations"]
    assert len(locations) == 48
    assert [label for label, entry in locations.items() if label != "KVM " + entry["name"]] == []
    assert sum(entry["out_of_stock"] for entry in locations.values()) == 5
    assert locations["KVM Hong Kong"] == {
        "id": 22,
        "headline": None,
        "name": "Hong Kong",
        "country": "hk",
        "out_of_stock": False,
    }
    assert locations["KVM USA, Miami"]["headline"] == ""


def test_products_have_the_documented_shape_and_prices(call: Caller) -> None:
    body = call.edis("get/products", location_id="122").json()
    assert body["data"] is False
    assert body["status"] == "success"
    smart = body["products"]["KVM SMART"]
    assert {name: smart[name] for name in ("id", "description")} == {
        "id": 1702,
        "description": {
            "disk": {"size": 15, "unit": "GByte"},
            "ram": {"size": 1024, "unit": "MByte"},
            "cpu": {"size": 1, "unit": "core/socket"},
            "traffic": {"size": 1, "unit": "TByte"},
            "price": {
                "monthly": {"amount": "7.99", "currency": "EUR"},
                "quarterly": {"amount": "23.97", "currency": "EUR"},
                "semiannually": {"amount": "47.94", "currency": "EUR"},
                "annually": {"amount": "87.89", "currency": "EUR"},
            },
        },
    }
    addons = smart["addons"]
    assert addons["operating system"]["208"] == {"id": 208, "description": "Debian 12 (Bookworm) 64Bit"}
    assert addons["additional ram"]["416"] == {"id": 416, "description": "no"}
    assert addons["additional ram"]["396"]["price"] == {"monthly": {"amount": "5.00", "currency": "EUR"}}
    assert addons["additional ip"]["8"]["price"] == {"monthly": {"amount": "0.00", "currency": "EUR"}}
    assert "additional drive boost" not in addons
    boost = body["products"]["KVM STARTER"]["addons"]["additional drive boost"]
    assert boost["605"] == {
        "id": 605,
        "description": "100GB",
        "price": {"monthly": {"amount": "29.00", "currency": "EUR"}},
    }


def test_products_hold_an_entry_that_is_no_plan(call: Caller) -> None:
    products = call.edis("get/products", location_id="122").json()["products"]
    assert [name for name, entry in products.items() if not isinstance(entry.get("id"), int)] == ["global products"]
    assert len(products) == 13


def test_plan_ids_are_never_shared_between_locations(call: Caller) -> None:
    locations = call.edis("get/locations").json()["locations"].values()
    ids: list[int] = []
    plans = set()
    for location in locations:
        listed = call.edis("get/products", location_id=str(location["id"])).json()["products"]
        ids += [entry["id"] for entry in listed.values() if "id" in entry]
        plans.add(len(listed))
    assert len(set(ids)) == len(ids)
    assert plans == {13, 9, 7}, "some locations sell fewer plans"


def test_an_unknown_location_is_the_documented_404(call: Caller) -> None:
    for unknown in ("9999", "germany", "²"):
        reply = call.edis("get/products", location_id=unknown)
        assert reply.status_code == 404
        assert reply.json() == {
            "status": "error",
            "message": "The specified location ID does not exist.",
            "hint": "Please verify the location ID and ensure it is correct.",
        }


def test_products_want_location_id_and_an_address(call: Caller) -> None:
    reply = call.edis("get/products", location="122")
    assert reply.status_code == 400
    assert reply.json() == {
        "status": "error",
        "message": BAD_FIELDS,
        "errors": ["location ID is required"],
    }
    url = f"{call.sandbox.edis_url}/kvm/v2/get/products"
    reply = call.http.post(url, data={"email": "nobody", "pw": "x", "location_id": "122"})
    assert (reply.status_code, reply.json()["errors"]) == (400, ["invalid email format"])


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [
        ("get/paymentmethods", {"error": "Invalid WHMCS credentials."}),
        ("get/billingcycles", {"error": "Invalid WHMCS credentials.", "status": "error"}),
        ("get/account-balance", {"status": "error", "errormsg": "Invalid WHMCS credentials."}),
        ("get/kvmid", {"status": "error", "message": "Invalid WHMCS credentials."}),
        ("get/serviceid", {"status": "error", "message": "Invalid WHMCS credentials."}),
        (
            "get/locations",
            {
                "status": "error",
                "message": "Invalid WHMCS credentials.",
                "details": "The provided credentials are incorrect or expired.",
            },
        ),
        (
            "get/products",
            {
                "status": "error",
                "message": "Invalid WHMCS credentials provided.",
                "suggestion": "Please check your username and password and try again.",
            },
        ),
        (
            "add/order",
            {
                "status": "error",
                "message": "Invalid WHMCS credentials provided.",
                "suggestion": "Please verify your username and password and try again.",
            },
        ),
    ],
)
def test_a_wrong_password_is_refused_in_the_operations_own_shape(call: Caller, operation: str, refusal: Any) -> None:
    reply = call.edis(operation, pw="wrong", location_id="122", order=json.dumps(ORDER))
    assert (reply.status_code, reply.json()) == (401, refusal)
    assert call.sandbox.ledger.orders() == []


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [
        ("get/paymentmethods", {"error": BAD_FIELDS}),
        ("get/billingcycles", {"error": BAD_FIELDS, "status": "error"}),
        ("get/account-balance", {"status": "error", "errormsg": BAD_FIELDS}),
        ("get/services", {"status": "error", "errormsg": "Invalid email or password."}),
        ("get/kvmid", {"status": "error", "message": BAD_FIELDS}),
        (
            "get/locations",
            {
                "status": "error",
                "message": BAD_FIELDS,
                "errors": ["email is required", "password is required"],
            },
        ),
    ],
)
def test_the_wrong_content_type_is_refused_in_the_operations_own_shape(
    call: Caller, operation: str, refusal: Any
) -> None:
    fields = {"email": EDIS_ACCOUNT[0], "pw": EDIS_ACCOUNT[1]}
    url = f"{call.sandbox.edis_url}/kvm/v2/{operation}"
    wrong = call.http.post(url, data=fields) if operation == "get/services" else call.http.post(url, json=fields)
    assert (wrong.status_code, wrong.json()) == (400, refusal)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"email": 1, "pw": 2}', b'{"email": "\\ud800", "pw": "x"}'])
def test_malformed_json_is_refused(call: Caller, body: bytes) -> None:
    url = f"{call.sandbox.edis_url}/kvm/v2/get/services"
    reply = call.http.post(url, content=body, headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["errormsg"]) == (400, "Invalid email or password.")


def test_other_methods_and_paths_are_refused_as_json(call: Caller) -> None:
    reply = call.http.get(f"{call.sandbox.edis_url}/kvm/v2/add/order")
    assert (reply.status_code, reply.headers["Allow"], reply.json()["status"]) == (405, "POST", "error")
    for path in ("/", "//[", "/kvm/v2/get/nothing", "/kvm/v2/"):
        reply = call.http.post(call.sandbox.edis_url + path)
        assert (reply.status_code, reply.json()["status"]) == (404, "error")


def test_a_password_of_any_letters_arrives_intact(tmp_path: Path) -> None:
    awkward = 'a+b &c=d%20ü "€'
    with Sandbox(ledger=tmp_path / "ledger", edis_account=(EDIS_ACCOUNT[0], awkward)) as sandbox:
        call = Caller(sandbox)
        assert call.edis("get/billingcycles", pw=awkward).status_code == 200
        assert call.edis("get/billingcycles", pw=awkward.replace("+", " ")).status_code == 401
        assert call.edis("add/order", pw=awkward, order=json.dumps(ORDER)).status_code == 200
        call.http.close()
    assert awkward.encode() not in (tmp_path / "ledger").read_bytes()
    assert KEY.encode() not in (tmp_path / "ledger").read_bytes()


def test_a_service_gets_its_kvm_id_on_delivery() -> None:
    with Sandbox(delivery_seconds=0.3) as sandbox:
        call = Caller(sandbox)
        service_id = int(call.order().json()["serviceids"])
        waiting = call.services()[-1]
        assert (waiting["service_id"], waiting["kvm_id"], waiting["status"]) == (service_id, None, "pending")
        assert call.edis("get/kvmid", serviceid=str(service_id)).status_code == 404
        wait_for(lambda: call.services()[-1]["status"] == "active")
        there = call.services()[-1]
        assert shape(there) == {
            "service_id": int,
            "kvm_id": str,
            "status": str,
            "price": {"billingcycle": str, "amount": str, "currency": str},
            "creation_date": str,
            "key_date": str,
            "paymentmethod": str,
            "plan": str,
            "location": str,
        }
        assert there["price"] == {"billingcycle": "Monthly", "amount": "26.99", "currency": "EUR"}
        assert (there["plan"], there["location"]) == ("KVM STARTER", "Germany")
        assert there["creation_date"] < there["key_date"]
        call.http.close()


def test_kvm_id_and_service_id_lead_to_each_other(call: Caller) -> None:
    service_id = call.order().json()["serviceids"]
    found = call.edis("get/kvmid", serviceid=service_id).json()
    assert shape(found) == {"status": str, "kvmid": str, "serviceid": str}
    back = call.edis("get/serviceid", kvmid=found["kvmid"]).json()
    assert back == {"status": "success", "kvmid": found["kvmid"], "serviceid": int(service_id)}
    missing = call.edis("get/kvmid", serviceid="1")
    assert (missing.status_code, missing.json()["message"]) == (
        404,
        "The specified service ID does not exist.",
    )
    missing = call.edis("get/serviceid", kvmid="kvm_1_1")
    assert missing.json()["message"] == "The specified KVM instance does not exist."
    assert call.edis("get/kvmid").status_code == call.edis("get/serviceid").status_code == 400


def test_a_new_account_has_older_services(call: Caller) -> None:
    assert [one["status"] for one in call.services()] == ["active", "suspended"]


def test_services_refuse_a_wrong_password(call: Caller) -> None:
    url = f"{call.sandbox.edis_url}/kvm/v2/get/services"
    reply = httpx.post(url, json={"email": EDIS_ACCOUNT[0], "pw": "wrong"}, trust_env=False)
    assert reply.status_code == 401
    assert reply.json() == {"status": "error", "errormsg": "Invalid WHMCS credentials."}
