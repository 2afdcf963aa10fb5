"""The named faults: what the client sees, and what the ledger holds afterwards."""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from vps_tui.sandbox.reply_faults import POISON
from vps_tui.sandbox.server import Sandbox

from .calls import Caller, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable


def place_edis(call: Caller) -> httpx.Response:
    return call.order()


def place_layerstack(call: Caller) -> httpx.Response:
    return call.buy()


BOTH = pytest.mark.parametrize("place", [place_edis, place_layerstack])


def taken(call: Caller) -> int:
    return len(call.sandbox.ledger.orders())


@BOTH
@pytest.mark.parametrize("status", [400, 401, 402, 404, 418, 422, 429, 499, 500, 502, 504, 599])
def test_a_status_is_answered_without_taking_the_order(
    call: Caller, place: Callable[[Caller], httpx.Response], status: int
) -> None:
    call.sandbox.set_faults([f"http-{status}*1"])
    reply = place(call)
    assert reply.status_code == status
    assert isinstance(reply.json(), dict)
    assert taken(call) == 0
    assert place(call).status_code == 200
    assert taken(call) == 1


def test_a_documented_status_has_its_documented_body(call: Caller) -> None:
    call.sandbox.set_faults(["http-500"])
    assert call.order().json() == {
        "status": "error",
        "message": "An unexpected error occurred while processing the order.",
        "support": "Please contact support with the order details for assistance.",
    }


@BOTH
@pytest.mark.parametrize("fault", ["reply-lost", "truncated"])
def test_a_broken_off_reply_leaves_the_order_taken(
    call: Caller, place: Callable[[Caller], httpx.Response], fault: str
) -> None:
    call.sandbox.set_faults([fault])
    with pytest.raises(httpx.RemoteProtocolError):
        place(call)
    assert taken(call) == 1


@BOTH
def test_a_reset_connection_takes_nothing(call: Caller, place: Callable[[Caller], httpx.Response]) -> None:
    call.sandbox.set_faults(["reset"])
    with pytest.raises(httpx.ReadError):
        place(call)
    assert taken(call) == 0


@BOTH
def test_a_page_of_html_leaves_the_order_taken(call: Caller, place: Callable[[Caller], httpx.Response]) -> None:
    call.sandbox.set_faults(["not-json"])
    reply = place(call)
    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert reply.text.startswith("<!DOCTYPE html>")
    assert taken(call) == 1


@BOTH
def test_an_empty_reply_leaves_the_order_taken(call: Caller, place: Callable[[Caller], httpx.Response]) -> None:
    call.sandbox.set_faults(["empty-reply"])
    reply = place(call)
    assert (reply.status_code, reply.content) == (200, b"")
    assert taken(call) == 1


@pytest.mark.parametrize(
    ("place", "body"),
    [
        (place_edis, {"status": "success"}),
        (place_layerstack, {"data": {"message": "Order placed successfully", "code": 200}}),
    ],
)
def test_a_reply_without_ids_leaves_the_order_taken(
    call: Caller, place: Callable[[Caller], httpx.Response], body: Any
) -> None:
    call.sandbox.set_faults(["no-id"])
    assert place(call).json() == body
    assert taken(call) == 1


def test_an_error_under_status_200_takes_nothing(call: Caller) -> None:
    call.sandbox.set_faults(["error-in-200"])
    edis, stack = call.order(), call.buy()
    assert (edis.status_code, edis.json()["status"]) == (200, "error")
    assert (stack.status_code, stack.json()["data"]["code"]) == (200, 500)
    assert taken(call) == 0


@BOTH
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_the_order_only_when_it_is_followed(
    call: Caller, place: Callable[[Caller], httpx.Response], status: int
) -> None:
    call.sandbox.set_faults([f"redirect-{status}"])
    reply = place(call)
    assert reply.status_code == status
    assert taken(call) == 0
    assert reply.next_request is not None
    followed = call.http.send(reply.next_request)
    assert followed.status_code == 200
    assert taken(call) == 1


def test_out_of_stock_takes_nothing_and_keeps_the_cart(call: Caller) -> None:
    call.sandbox.set_faults(["out-of-stock"])
    assert call.order().json()["status"] == "failed"
    item = call.cart().json()["0"]
    assert call.buy(item).status_code == 422
    assert taken(call) == 0
    call.sandbox.set_faults([])
    assert call.buy(item).status_code == 200


@pytest.mark.parametrize("fault", ["insufficient-credit", "declined-card"])
def test_an_edis_order_that_cannot_be_paid_is_taken_unpaid(call: Caller, fault: str) -> None:
    call.sandbox.set_faults([fault])
    assert call.order().json()["invoicepaid"] is False
    (order,) = call.sandbox.ledger.orders()
    assert order.paid is False
    assert call.edis("get/account-balance").json()["balance"]["amount"] == "50.00"


def test_a_declined_card_takes_nothing_at_layerstack(call: Caller) -> None:
    call.sandbox.set_faults(["declined-card"])
    reply = call.buy()
    assert (reply.status_code, reply.json()["data"]["code"]) == (402, 402)
    assert taken(call) == 0


def test_a_hanging_order_is_taken_and_never_answered(call: Caller) -> None:
    call.sandbox.set_faults(["hang"])
    ended: list[str] = []

    def ask() -> None:
        try:
            call.order()
        except httpx.RemoteProtocolError:
            ended.append("closed")

    thread = threading.Thread(target=ask)
    thread.start()
    wait_for(lambda: taken(call) == 1)
    assert (thread.is_alive(), ended) == (True, [])
    started = time.monotonic()
    call.sandbox.close()
    thread.join(2)
    assert ended == ["closed"]
    assert time.monotonic() - started < 1


def test_a_slow_reply_comes_after_the_order_was_taken(call: Caller) -> None:
    call.sandbox.set_faults(["slow-0.2:add/order"])
    started = time.monotonic()
    assert call.order().status_code == 200
    assert time.monotonic() - started >= 0.2
    call.sandbox.set_faults(["slow-30:add/order"])
    with pytest.raises(httpx.ReadTimeout):
        call.http.post(
            f"{call.sandbox.edis_url}/kvm/v2/add/order", content=call.sandbox.requests[0].body,
            headers={"Content-Type": "application/x-www-form-urlencoded"}, timeout=0.2,
        )  # fmt: skip
    assert taken(call) == 2
    assert len({order.digest for order in call.sandbox.ledger.orders()}) == 1


def test_a_wrong_password_is_refused_everywhere(call: Caller) -> None:
    call.sandbox.set_faults(["wrong-password"])
    assert call.edis("get/locations").status_code == 401
    assert call.order().json()["message"] == "Invalid WHMCS credentials provided."
    assert call.cart().json()["data"]["code"] == 401
    assert taken(call) == 0


def test_ids_as_strings_looks_like_the_older_replies(call: Caller) -> None:
    call.sandbox.set_faults(["ids-as-strings"])
    body = call.order().json()
    (order,) = call.sandbox.ledger.orders()
    assert body == {
        "status": "success",
        "orderid": str(order.order_id),
        "serviceids": str(order.service_ids[0]),
        "invoiceid": str(order.invoice_id),
    }
    assert call.cart().json()["0"] == "995"
    assert call.edis("get/locations").json()["locations"]["KVM Germany"]["id"] == "122"


def test_text_plain_changes_the_label_alone(call: Caller) -> None:
    before = call.edis("get/locations")
    call.sandbox.set_faults(["text-plain"])
    after = call.edis("get/locations")
    assert after.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert after.content == before.content


def test_missing_fields_leaves_what_older_replies_had(call: Caller) -> None:
    call.sandbox.set_faults(["missing-fields"])
    locations = call.edis("get/locations").json()["locations"]
    assert locations["KVM Canada"] == {"id": 57, "headline": "Montreal, Canada"}
    plan = call.edis("get/products", location_id="122").json()["products"]["KVM STARTER"]
    assert list(plan["addons"]) == ["operating system", "additional ram", "additional ip"]
    assert "invoicepaid" not in call.order().json()


def test_hostile_text_reaches_names_and_messages_but_no_ids(call: Caller) -> None:
    plain = call.edis("get/locations").json()["locations"]
    call.sandbox.set_faults(["hostile-text"])
    hostile = call.edis("get/locations").json()["locations"]
    assert [entry["id"] for entry in hostile.values()] == [entry["id"] for entry in plain.values()]
    assert hostile["KVM Germany" + POISON]["name"] == "Germany" + POISON
    assert hostile["KVM Germany" + POISON]["country"] == "de"
    product = call.edis("get/products", location_id="122").json()["products"]["KVM STARTER" + POISON]
    assert product["addons"]["operating system"]["208"]["description"].endswith(POISON)
    assert product["description"]["price"]["monthly"]["amount"] == "12.99"
    refusal = call.item(os=1).json()
    assert POISON in refusal["message"]
    assert POISON in refusal["errors"][0]
    assert POISON in call.order().json()["message"]
    assert POISON in call.cart(plan_id=1).json()["data"]["message"]
    assert taken(call) == 1


def test_the_poison_holds_every_kind_of_trouble_in_one_kilobyte() -> None:
    for trouble in ("\x1b]8;;", "\x1b]52;", "\x9b", "\x00", "[/]", "[@click=app.quit]", "\u202e", "\u200b"):
        assert trouble in POISON
    assert len(POISON.encode()) == 1024


def test_a_moved_price_shows_from_the_second_look_on_and_is_charged(call: Caller) -> None:
    call.sandbox.set_faults(["price-moved"])

    def monthly() -> str:
        listed = call.edis("get/products", location_id="122").json()["products"]
        amount: str = listed["KVM STARTER"]["description"]["price"]["monthly"]["amount"]
        return amount

    assert [monthly(), monthly(), monthly()] == ["12.99", "14.99", "14.99"]
    call.order()
    (order,) = call.sandbox.ledger.orders()
    assert order.total == Decimal("28.99")


def test_what_is_sold_differs_from_the_second_look_on(call: Caller) -> None:
    def look() -> tuple[str, int, str, str]:
        listed = call.edis("get/products", location_id="122").json()["products"]
        name, plan = next((name, plan) for name, plan in listed.items() if plan.get("id") == 1707)
        image = plan["addons"]["operating system"]["208"]["description"]
        return name, plan["description"]["ram"]["size"], image, plan["description"]["price"]["monthly"]["amount"]

    first = ("KVM STARTER", 2048, "Debian 12 (Bookworm) 64Bit", "12.99")
    for fault, number, later in (
        ("smaller-plan", 1, 512),
        ("renamed-plan", 0, "KVM STARTER II"),
        ("other-image", 2, "Ubuntu LTS 22.04 64Bit"),
        ("renamed-image", 2, "DEBIAN  12  (BOOKWORM)  64BIT"),
    ):
        call.sandbox.set_faults([fault])
        assert look() == first
        assert look() == look() == (*first[:number], later, *first[number + 1 :])


def test_prices_may_not_go_together(call: Caller) -> None:
    def currencies() -> tuple[str, str]:
        plan = call.edis("get/products", location_id="122").json()["products"]["KVM STARTER"]
        add_on = plan["addons"]["additional ip"]["9"]
        return plan["description"]["price"]["monthly"]["currency"], add_on["price"]["monthly"]["currency"]

    found = []
    for fault in ("mixed-currencies", "no-currency"):
        call.sandbox.set_faults([fault])
        found.append(currencies())
    assert found == [("EUR", "USD"), ("\u20ac", "EUR")]


def test_terms_may_be_withdrawn_one_or_both(call: Caller) -> None:
    call.sandbox.set_faults(["terms-withdrawn:get/billingcycles"])
    cycles = [call.edis("get/billingcycles").json()["billingcycle"] for _ in range(2)]
    methods = [call.edis("get/paymentmethods").json()["paymentmethods"] for _ in range(2)]
    assert (len(cycles[0]), cycles[1], methods[0]) == (4, ["annually"], methods[1])


def test_a_fault_without_an_operation_spares_the_reads(call: Caller) -> None:
    call.sandbox.set_faults(["http-503", "reply-lost"])
    assert call.edis("get/locations").status_code == 200
    assert call.cart().status_code == 200
    assert call.order().status_code == 503


def test_a_fault_with_an_operation_hits_that_one_alone(call: Caller) -> None:
    call.sandbox.set_faults(["http-503:get/products", "out-of-stock:order"])
    assert call.edis("get/products", location_id="122").status_code == 503
    assert call.order().json()["status"] == "success"
    assert call.buy().status_code == 422


def test_counted_faults_follow_each_other(call: Caller) -> None:
    call.sandbox.set_faults(["http-500*1", "http-502*2"])
    assert [call.order().status_code for _ in range(4)] == [500, 502, 502, 200]


def test_two_faults_of_different_kinds_act_together(call: Caller) -> None:
    call.sandbox.set_faults(["http-400", "hostile-text", "text-plain"])
    reply = call.order()
    assert (reply.status_code, reply.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert POISON in reply.json()["message"]


def test_scripts_set_faults_and_read_the_ledger_over_http(call: Caller) -> None:
    url = f"{call.sandbox.edis_url}/_sandbox"
    assert call.http.post(f"{url}/faults", json=["no-id"]).json() == {"faults": ["no-id"]}
    assert call.order().json() == {"status": "success"}
    ledger = call.http.get(f"{url}/ledger").json()
    assert [(one["labels"], one["total"]) for one in ledger["orders"]] == [(["web1"], "26.99")]
    assert len(ledger["services"]) == 4
    assert len(call.sandbox.requests) == 1, "steering is not recorded"


@pytest.mark.parametrize("body", [b'["no-such"]', b"{}", b"[1]", b"["])
def test_scripts_are_told_what_is_wrong_with_their_faults(call: Caller, body: bytes) -> None:
    call.sandbox.set_faults(["no-id"])
    url = f"{call.sandbox.edis_url}/_sandbox/faults"
    reply = call.http.post(url, content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400
    assert reply.json()["error"]
    assert call.order().json() == {"status": "success"}, "the faults in force stay"


def test_a_web_page_cannot_set_faults(call: Caller) -> None:
    url = f"{call.sandbox.edis_url}/_sandbox/faults"
    reply = call.http.post(url, content=b'["no-id"]', headers={"Content-Type": "text/plain"})
    assert reply.status_code == 400


def test_a_sandbox_refuses_an_unknown_fault_before_it_opens_anything() -> None:
    with pytest.raises(ValueError, match="reply-lost"):
        Sandbox(faults=["reply-loss"])
