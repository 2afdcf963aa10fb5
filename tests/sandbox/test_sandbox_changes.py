"""Upgrades, cancellations, change orders and switches: the documented answers, types and refusals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
import pytest

from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox

from .calls import Caller

KVM = "kvm_112234_312845"
PREMIUM = 6846
UPGRADE = {"kvmid": KVM, "newpid": PREMIUM, "newbillingcycle": "monthly", "newpaymentmethod": "paypal"}
BACKUP = {"resource_name": "vm_backup", "delta_value": "1"}


def upgrade(call: Caller, **changes: Any) -> httpx.Response:
    """Upgrade the documented service in Vienna; `...` leaves a field out."""
    body = {"email": EDIS_ACCOUNT[0], "pw": EDIS_ACCOUNT[1], **UPGRADE, **changes}
    sent = {name: value for name, value in body.items() if value is not ...}
    return call.http.post(f"{call.sandbox.edis_url}/kvm/v2/add/upgrade", json=sent)


def change_order(call: Caller, *resources: Any, total: bool = False, subscription: Any = 4158) -> httpx.Response:
    body = {"subscription_id": subscription, "resources": list(resources)}
    return call.stack("PUT" if total else "POST", f"/order/changeorder{'/total' if total else ''}", body)


def switch(call: Caller, plan: Any = 103, *, subscription: Any = 4158) -> httpx.Response:
    return call.stack("PUT", f"/order/switch/{subscription}", {"plan_id": plan})


class TestUpgrade:
    def test_it_answers_as_documented_with_every_id_a_string(self, call: Caller) -> None:
        reply = upgrade(call)
        assert (reply.status_code, reply.json()) == (
            200,
            {
                "status": "success",
                "orderid": "240001",
                "serviceid": "312845",
                "invoiceid": "1650001",
                "oldproductname": "KVM BASIC",
                "newproductname": "KVM PREMIUM",
                "oldproductid": "6842",
                "newproductid": "6846",
            },
        )
        service = call.services()[0]
        assert (service["plan"], service["price"]["amount"]) == ("KVM PREMIUM", "40.99")
        assert service["paymentmethod"] == "paypal"

    def test_it_is_paid_from_credit_by_the_day(self, call: Caller) -> None:
        upgrade(call)
        (change,) = call.sandbox.ledger.changes()
        assert change.kind == "upgrade"
        assert Decimal(0) < change.total < Decimal("40.99")
        left = Decimal(call.edis("get/account-balance").json()["balance"]["amount"])
        assert left == Decimal("50.00") - change.total
        assert EDIS_ACCOUNT[1] not in str(call.sandbox.ledger.as_json()["changes"])

    def test_unpaid_it_changes_nothing_yet(self, call: Caller) -> None:
        call.sandbox.set_faults(["insufficient-credit"])
        assert upgrade(call).json()["status"] == "success"
        assert call.services()[0]["plan"] == "KVM BASIC"
        assert not call.sandbox.ledger.changes()[0].paid

    @pytest.mark.parametrize("cycle", ["monthly", "quarterly", "semi-annually", "annually"])
    def test_the_cycles_are_spelled_as_documented_there_alone(self, call: Caller, cycle: str) -> None:
        assert upgrade(call, newbillingcycle=cycle).status_code == 200
        assert call.services()[0]["price"]["billingcycle"].lower() == cycle.replace("-", "")

    @pytest.mark.parametrize(
        "changes",
        [
            {"kvmid": "kvm_1_1"},
            {"kvmid": 312845},
            {"kvmid": ...},
            {"newpid": str(PREMIUM)},
            {"newpid": True},
            {"newpid": 1707},
            {"newpid": 6842},
            {"newpid": 999_999},
            {"newpid": ...},
            {"newbillingcycle": "semiannually"},
            {"newbillingcycle": ...},
            {"newpaymentmethod": "cash"},
            {"newpaymentmethod": ...},
            {"serviceid": "312845"},
            {"pw": ...},
        ],
    )
    def test_whatever_is_wrong_is_refused_with_the_one_documented_text(self, call: Caller, changes: Any) -> None:
        reply = upgrade(call, **changes)
        assert (reply.status_code, reply.json()) == (
            400,
            {"status": "error", "message": "Invalid parameters provided."},
        )
        assert call.sandbox.ledger.changes() == []

    def test_it_takes_json_and_no_form(self, call: Caller) -> None:
        assert call.edis("add/upgrade", **{name: str(value) for name, value in UPGRADE.items()}).status_code == 400

    def test_a_wrong_password(self, call: Caller) -> None:
        reply = upgrade(call, pw="wrong")
        assert (reply.status_code, reply.json()["message"]) == (
            401,
            "Authentication failed. Invalid email or password.",
        )


class TestCancel:
    @pytest.mark.parametrize("named", [{"kvmid": KVM}, {"serviceid": "312845"}])
    def test_at_once_the_service_is_terminated(self, call: Caller, named: dict[str, str]) -> None:
        reply = call.edis("cancel/product", type="Immediate", **named)
        assert (reply.status_code, reply.json()) == (
            200,
            {"status": "success", "serviceid": 312845, "clientid": 123},
        )
        assert [service["status"] for service in call.services()] == ["terminated", "suspended"]
        again = call.edis("cancel/product", type="Immediate", **named)
        assert again.status_code == 400
        assert upgrade(call).status_code == 400

    def test_at_the_end_it_is_listed_as_before(self, call: Caller) -> None:
        before = call.services()
        assert call.edis("cancel/product", type="End of Billing Period", serviceid="312845").status_code == 200
        assert call.services() == before
        assert [change.kind for change in call.sandbox.ledger.changes()] == ["cancel"]
        assert "ends" in call.sandbox.ledger.services("edis")[0].details

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"type": "Immediate"}, "service ID is required"),
            ({"serviceid": "312845"}, "cancellation type is invalid"),
            ({"serviceid": "312845", "type": "immediate"}, "cancellation type is invalid"),
            ({"serviceid": "312845", "kvmid": KVM, "type": "Immediate"}, "give either the KVM ID or the service ID"),
            ({"serviceid": "312845", "type": "Immediate", "when": "now"}, "when is not a known field"),
        ],
    )
    def test_what_is_wrong_is_listed(self, call: Caller, fields: dict[str, str], problem: str) -> None:
        reply = call.edis("cancel/product", **fields)
        assert (reply.status_code, reply.json()["errors"]) == (400, [problem])
        assert reply.json()["message"] == "Invalid parameters or missing required fields."

    def test_a_service_that_is_not_there(self, call: Caller) -> None:
        reply = call.edis("cancel/product", serviceid="1", type="Immediate")
        assert (reply.status_code, reply.json()["hint"]) == (
            404,
            "Please verify the provided KVM ID or service ID and try again.",
        )

    def test_it_takes_a_form_and_no_json(self, call: Caller) -> None:
        body = {"email": EDIS_ACCOUNT[0], "pw": EDIS_ACCOUNT[1], "serviceid": "312845", "type": "Immediate"}
        assert call.http.post(f"{call.sandbox.edis_url}/kvm/v2/cancel/product", json=body).status_code == 400
        assert call.sandbox.ledger.changes() == []


class TestTotals:
    def test_each_answers_as_documented_and_changes_nothing(self, call: Caller) -> None:
        before = call.sandbox.ledger.as_json()
        added = change_order(call, BACKUP, total=True).json()
        switched = call.stack("PUT", "/order/switch/total", {"subscription_id": 4158, "plan_id": 103}).json()
        assert set(added) == {*switched, "inapplicable_resources"}
        assert set(switched) == {"available", "total", "currency", "date_from", "date_to"}
        assert (added["available"], added["currency"], added["inapplicable_resources"]) == (True, "usd", [])
        assert isinstance(added["total"], float)
        assert added["date_from"] < added["date_to"]
        assert call.sandbox.ledger.as_json() == before

    @pytest.mark.parametrize("path", ["/order/changeorder/total", "/order/switch/total", "/order/switch/4158"])
    def test_a_get_is_answered_with_the_method_that_is_right(self, call: Caller, path: str) -> None:
        reply = call.stack("GET", path)
        assert (reply.status_code, reply.headers["Allow"]) == (405, "PUT")

    def test_the_literal_total_is_no_subscription(self, call: Caller) -> None:
        assert switch(call, subscription="total").status_code == 400
        assert switch(call, subscription="9").status_code == 404
        assert switch(call, subscription="x").status_code == 404

    def test_what_cannot_be_had_twice_is_named(self, call: Caller) -> None:
        assert change_order(call, BACKUP).status_code == 200
        total = change_order(call, BACKUP, {"resource_name": "china_route", "delta_value": 1}, total=True)
        assert total.json()["inapplicable_resources"] == ["vm_backup"]
        assert change_order(call, BACKUP).status_code == 422

    def test_faults(self, call: Caller) -> None:
        call.sandbox.set_faults(["unavailable"])
        assert change_order(call, BACKUP, total=True).json()["available"] is False
        assert switch(call).json() == {"available": False}
        call.sandbox.set_faults(["inapplicable"])
        assert change_order(call, BACKUP, total=True).json()["inapplicable_resources"] == ["vm_backup"]
        call.sandbox.set_faults(["price-moved"])
        first, second = (change_order(call, BACKUP, total=True).json()["total"] for _ in range(2))
        assert second == pytest.approx(first + 3)
        assert call.sandbox.ledger.changes() == []


class TestChanges:
    def test_add_ons_are_charged_and_kept(self, call: Caller) -> None:
        total = change_order(call, BACKUP, total=True).json()["total"]
        reply = change_order(call, BACKUP)
        assert reply.json()["data"] == {"message": "Change order placed successfully", "code": 200}
        (change,) = call.sandbox.ledger.changes()
        assert (float(change.total), change.kind, change.order_id) == (total, "add_on", reply.json()["order_id"])
        assert call.sandbox.ledger.services("layerstack")[0].details["vm_backup"] == 1

    def test_a_switch_answers_like_its_total_and_gives_no_order_id(self, call: Caller) -> None:
        total = call.stack("PUT", "/order/switch/total", {"subscription_id": 4158, "plan_id": 103}).json()
        assert switch(call).json() == total
        assert (call.sandbox.ledger.changes()[0].order_id, len(call.sandbox.ledger.changes())) == (None, 1)
        server = call.stack("GET", "/cloudserver/8101/").json()
        assert (server["plan"], server["ram"], server["subscription_id"]) == ("S108-HK", 8192, 4158)

    @pytest.mark.parametrize(
        ("plan", "status"), [(102, 422), (201, 422), (112, 422), (999, 422), ("103", 400), (None, 400), (True, 400)]
    )
    def test_a_plan_must_be_another_of_the_same_type(self, call: Caller, plan: Any, status: int) -> None:
        assert switch(call, plan).status_code == status
        assert call.sandbox.ledger.changes() == []

    @pytest.mark.parametrize(
        ("resource", "status"),
        [
            ({"resource_name": "vm_gold", "delta_value": "1"}, 422),
            ({"resource_name": "vm_backup", "delta_value": "one"}, 422),
            ({"resource_name": "vm_backup", "delta_value": "0"}, 422),
            ({"resource_name": "vm_backup", "delta_value": -1}, 422),
            ({"resource_name": "vm_backup", "delta_value": 1.5}, 422),
            ({"resource_name": "vm_backup"}, 422),
            ("vm_backup", 422),
        ],
    )
    def test_a_resource_must_be_a_known_one_and_a_number(self, call: Caller, resource: Any, status: int) -> None:
        for total in (True, False):
            assert change_order(call, resource, total=total).status_code == status
        assert change_order(call, BACKUP, BACKUP).status_code == 422
        assert change_order(call).status_code == 422

    @pytest.mark.parametrize(("subscription", "status"), [(1, 404), ("4158", 400), (None, 400), (True, 400)])
    def test_the_subscription_must_be_the_accounts_own(self, call: Caller, subscription: Any, status: int) -> None:
        assert change_order(call, BACKUP, subscription=subscription).status_code == status


def test_a_ledger_of_an_earlier_program_is_continued(tmp_path: Any) -> None:
    path = tmp_path / "ledger.sqlite"
    with Sandbox(ledger=path) as first:
        first.ledger._db.execute("DROP TABLE changes")
    with Sandbox(ledger=path) as second:
        caller = Caller(second)
        assert upgrade(caller).status_code == 200
        caller.http.close()
        assert second.ledger.as_json()["changes"][0]["kind"] == "upgrade"
