"""Hand-made answers to a paid call, each over real HTTP with the one right word for it, for both providers.

The server took the order each time: so "refused" is right only where the answer says no and nothing else, and
"placed" only where it names the order and no error.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from typing import Any

import pytest

from vps_tui.core.outcome import OutcomeKind

from .conftest import Connect, Serve
from .loopback import answering
from .test_changes import CHANGES, answered
from .test_outcomes import PLACED, REFUSED, UNKNOWN, both, order

OK: dict[str, Any] = {"status": "success", "orderid": 880001}
"""What both providers' clients read as a plain success."""

WARNED = b"<br />\n<b>Warning</b>: mysqli_connect() in <b>/var/www/order.php</b><br />\n"


def js(value: Any, encoding: str = "utf-8") -> bytes:
    return json.dumps(value, ensure_ascii=False).encode(encoding)


BOTH: dict[str, tuple[int, Any, OutcomeKind]] = {
    # A success.
    "plain": (200, OK, PLACED),
    "created": (201, OK, PLACED),
    "number as text": (200, OK | {"orderid": "880001"}, PLACED),
    "errors that are none": (200, OK | {"error": None, "errors": [], "errorcode": 0, "errormsg": ""}, PLACED),
    "a warning": (200, OK | {"warnings": ["The welcome mail is late."]}, PLACED),
    "UTF-8 with a mark": (200, b"\xef\xbb\xbf" + js(OK), PLACED),
    "UTF-16": (200, js(OK, "utf-16"), PLACED),
    "UTF-16 without a mark": (200, js(OK, "utf-16-le"), PLACED),
    "UTF-32": (200, js(OK, "utf-32"), PLACED),
    "spaces around": (200, b"\r\n\t " + js(OK) + b" \r\n", PLACED),
    "the same value twice": (200, b'{"status": "success", "orderid": 880001, "orderid": 880001}', PLACED),
    # An order beside an error.
    "mail not sent": (200, {"data": {"message": "Order placed", "code": 200}, **OK, "errors": ["mail"]}, UNKNOWN),
    "payment failed": (200, {"status": "error", "message": "Failed", "orderid": 880001}, UNKNOWN),
    "failed": (200, {"status": "failed", "orderid": 880001}, UNKNOWN),
    "WHMCS": (200, {"result": "error", "message": "Module failed", "orderid": "880001"}, UNKNOWN),
    "refused with an order": (400, {"status": "error", "message": "No.", "orderid": 880001}, UNKNOWN),
    "declined with an invoice": (402, {"error": "Declined", "invoice": {"id": 73001}}, UNKNOWN),
    "conflict with services": (409, {"message": "Busy", "services": ["885001", "885002"]}, UNKNOWN),
    "validation with an id": (422, {"message": "Bad label", "id": 880002}, UNKNOWN),
    "an id under errors": (422, {"errors": [{"order_id": 880002, "title": "Mail"}]}, UNKNOWN),
    "orderId": (400, {"error": "x", "orderId": "ORD-880002"}, UNKNOWN),
    "Order-ID": (400, {"error": "x", "Order-ID": 880002}, UNKNOWN),
    "order number": (400, {"error": "x", "orderNumber": "A1"}, UNKNOWN),
    "nested": (400, {"error": "x", "data": {"result": {"order": {"details": {"id": 880002}}}}}, UNKNOWN),
    "a list of orders": (400, {"error": "x", "orders": [{"number": 880002}]}, UNKNOWN),
    "keyed by the order": (400, {"error": "x", "orders": {"880002": {"state": "new"}}}, UNKNOWN),
    "under a place": (400, {"0": 880002, "data": {"message": "x", "code": 422}}, UNKNOWN),
    "subscription": (400, {"error": "x", "subscription_id": 9001}, UNKNOWN),
    "transaction": (402, {"error": "x", "transactionId": "txn_5f3a"}, UNKNOWN),
    "in the message": (400, {"status": "error", "message": "Order #880002: mail failed"}, UNKNOWN),
    "in an address": (400, {"error": "x", "link": "https://panel.example/viewinvoice.php?id=73001"}, UNKNOWN),
    "JSON as text": (400, {"error": "x", "upstream": '{"result":"success","orderid":880002}'}, UNKNOWN),
    "a key that nobody knows": (400, {"error": "x", "so_number": "SO-1"}, UNKNOWN),
    "another language's key": (400, {"error": "x", "Bestellung": 880001}, UNKNOWN),
    "an address of a server": (400, {"error": "x", "server": {"ip": "203.0.113.5"}}, UNKNOWN),
    "a place of an invoice": (400, {"error": "x", "invoice_url": "https://panel.example/i/73001"}, UNKNOWN),
    "an id as an object": (400, {"error": "x", "orderid": {"$oid": "5f3a"}}, UNKNOWN),
    "an id in words": (400, {"error": "x", "orderid": "No. 880001"}, UNKNOWN),
    "a number in the message": (400, {"message": "880001 is yours, the mail failed"}, UNKNOWN),
    "charged": (402, {"error": "x", "amount_charged": "19.99"}, UNKNOWN),
    "paid": (402, {"error": "x", "invoicepaid": True}, UNKNOWN),
    "it exists already": (409, {"error": "An identical order was placed 3 seconds ago."}, UNKNOWN),
    "rejected": (200, OK | {"rejected": True}, UNKNOWN),
    "of the type error": (200, OK | {"type": "error"}, UNKNOWN),
    "success false": (200, OK | {"success": False}, UNKNOWN),
    "code 500 inside": (200, OK | {"code": 500}, UNKNOWN),
    "code as text": (200, OK | {"data": {"code": "422"}}, UNKNOWN),
    "error true": (200, OK | {"error": True}, UNKNOWN),
    "a failed payment inside": (200, OK | {"payment": {"status": "declined"}}, UNKNOWN),
    "message of a failure": (200, OK | {"message": "Payment was declined."}, UNKNOWN),
    # No order.
    "nothing": (200, {}, UNKNOWN),
    "a portal": (200, {"captive": True, "login": "http://portal.example/"}, UNKNOWN),
    "a portal's refusal": (403, {"captive": True, "login": "http://portal.example/"}, UNKNOWN),
    "id false": (200, {"status": "success", "orderid": False}, UNKNOWN),
    "id 0": (200, {"status": "success", "orderid": 0, "invoiceid": "0"}, UNKNOWN),
    "id null as text": (200, {"status": "success", "order_id": "null"}, UNKNOWN),
    "only id": (200, {"status": "success", "id": 880002}, UNKNOWN),
    "said and not numbered": (200, {"status": "success", "message": "Your order was placed."}, UNKNOWN),
    "placed and an error": (400, {"error": "The order was placed, but the mail failed."}, UNKNOWN),
    "success under 400": (400, {"status": "success", "message": "x"}, UNKNOWN),
    "code 200 under 400": (400, {"data": {"message": "x", "code": 200}}, UNKNOWN),
    "code 503 under 400": (400, {"message": "x", "code": 503}, UNKNOWN),
    "EDIS's text of 500": (200, {"status": "error", "message": "An unexpected error occurred."}, UNKNOWN),
    "payment": (200, {"status": "error", "message": "The payment gateway did not reply."}, UNKNOWN),
    "mail": (200, {"status": "error", "errors": ["The welcome mail could not be sent."]}, UNKNOWN),
    "another language": (200, {"status": "error", "message": "\u6263\u6b3e\u6210\u529f"}, UNKNOWN),
    "WHMCS, open": (200, {"result": "error", "message": "Try again later."}, UNKNOWN),
    "WHMCS, bare": (200, {"result": "error", "message": "No."}, UNKNOWN),
    # Bodies that are not one object.
    "a list": (200, [OK], UNKNOWN),
    "a list of errors": (400, [{"error": "x"}], UNKNOWN),
    "two documents": (200, js(OK) + js(OK), UNKNOWN),
    "lines": (400, js({"error": "x"}) + b"\n" + js({"orderid": 880002}) + b"\n", UNKNOWN),
    "garbage behind": (400, js({"error": "x"}) + b"<!-- 0.02 s -->", UNKNOWN),
    "a warning before": (200, WARNED + js(OK), UNKNOWN),
    "a call around": (200, b"callback(" + js(OK) + b");", UNKNOWN),
    "Latin-1": (400, js({"error": "gest\u00f6rt", "orderid": 880002}, "latin-1"), UNKNOWN),
    "two statuses": (200, b'{"status": "error", "orderid": 880001, "status": "success"}', UNKNOWN),
    "two ids": (400, b'{"error": "x", "orderid": 880001, "orderid": null}', UNKNOWN),
    "two ids, deeper": (400, b'{"error": "x", "data": {"id": 880001, "id": false}}', UNKNOWN),
    "true and 1": (200, b'{"status": "success", "orderid": 1, "orderid": true}', UNKNOWN),
    "cut": (200, js(OK)[:-1], UNKNOWN),
    "a digit too many": (200, b'{"status": "success", "orderid": 0880001}', UNKNOWN),
    "NaN": (200, b'{"status": "success", "orderid": NaN}', UNKNOWN),
    "text in text": (200, js(json.dumps(OK)), UNKNOWN),
    "XML": (400, b"<error><message>No.</message></error>", UNKNOWN),
    "a form": (400, b"status=error&message=No.", UNKNOWN),
    # Other statuses.
    "accepted": (202, OK, UNKNOWN),
    "no content": (204, b"", UNKNOWN),
    "a part": (206, OK, UNKNOWN),
    "several": (207, OK, UNKNOWN),
    "elsewhere": (303, OK, UNKNOWN),
    "too many": (429, {"error": "Slow down."}, UNKNOWN),
    "bad gateway": (502, {"error": "No."}, UNKNOWN),
    "unavailable": (503, OK, UNKNOWN),
    # A refusal that says so and nothing else.
    "invalid": (400, {"status": "error", "message": "Invalid parameters."}, REFUSED),
    "with errors": (400, {"status": "error", "message": "x", "errors": ["billingcycle is required"]}, REFUSED),
    "fields": (422, {"message": "x", "errors": {"order_id": ["The order id field is required."]}}, REFUSED),
    "credentials": (401, {"error": "Invalid WHMCS credentials."}, REFUSED),
    "a plan": (404, {"status": "error", "message": "x", "plan": {"id": 101, "name": "S102"}}, REFUSED),
    "a request": (400, {"error": "x", "request_id": "5f3a", "clientid": 123}, REFUSED),
    "a cart": (422, {"message": "x", "cartItems": [995], "data": {"cart": {"id": 17}}}, REFUSED),
    "ids that are none": (400, {"error": "x", "orderid": None, "invoiceid": 0, "serviceids": ""}, REFUSED),
    "invalid under 200": (200, {"status": "error", "message": "Invalid WHMCS credentials provided."}, REFUSED),
    "WHMCS, certain": (200, {"result": "error", "message": "Client ID Not Found"}, REFUSED),
}


@both
@pytest.mark.parametrize("case", BOTH)
async def test_order(serve: Serve, connect: Connect, provider: str, case: str) -> None:
    status, body, kind = BOTH[case]
    ordered = await order(serve, connect, provider, answering(status, body))
    ordered.came_to(kind)
    outcome = ordered.outcome
    assert (kind is not PLACED) or outcome.order_id
    assert (kind is not REFUSED) or not (outcome.order_id or outcome.invoice_id or outcome.service_ids)


PACKED: dict[str, tuple[bytes, Mapping[str, str]]] = {
    "gzip": (gzip.compress(js(OK | {"error": "x"})), {"Content-Encoding": "gzip"}),
    "deflate": (zlib.compress(js(OK | {"error": "x"})), {"Content-Encoding": "deflate"}),
    "gzip that is not said": (gzip.compress(js({"error": "x"})), {}),
    "a charset that is not so": (js({"error": "x", "id": 5}), {"Content-Type": "text/html; charset=utf-16"}),
}


@both
@pytest.mark.parametrize("case", PACKED)
async def test_order_in_another_wrapping(serve: Serve, connect: Connect, provider: str, case: str) -> None:
    body, headers = PACKED[case]
    (await order(serve, connect, provider, answering(400, body, headers))).came_to(UNKNOWN)


SHOWN: dict[str, tuple[int, Any, tuple[str, str, tuple[str, ...]], str]] = {
    "beside an error": (
        200,
        {"status": "error", "message": "Payment failed", "orderid": 880001, "serviceids": "885001,885002"},
        ("880001", "", ("885001", "885002")),
        "its answer names order 880001, services 885001, 885002 beside an error. {} says: Payment failed",
    ),
    "after a line of PHP": (200, WARNED + js(OK), ("880001", "", ()), "is not one JSON document and names order"),
    "replaced by a later one": (
        400,
        b'{"error": "x", "orderid": 880001, "orderid": null}',
        ("880001", "", ()),
        'gives "orderid" twice',
    ),
    "under a 500": (500, {"error": "x", "invoice": {"id": 73001}}, ("", "73001", ()), "names invoice 73001"),
    "an id of nobody's": (400, {"error": "x", "id": 880002}, ("", "", ()), "names id 880002"),
}


@both
@pytest.mark.parametrize("case", SHOWN)
async def test_ids_and_words_are_shown(serve: Serve, connect: Connect, provider: str, case: str) -> None:
    """Without its number nobody can look the order up."""
    status, body, ids, words = SHOWN[case]
    outcome = (await order(serve, connect, provider, answering(status, body))).outcome
    assert (outcome.order_id, outcome.invoice_id, outcome.service_ids) == ids
    assert words.format({"edis": "EDIS Global", "layerstack": "LayerStack"}[provider]) in outcome.message
    assert "Look for" in outcome.hint


@both
async def test_a_warning_beside_a_success_is_shown(serve: Serve, connect: Connect, provider: str) -> None:
    body = OK | {"warnings": ["The welcome mail is \x1b[31mlate."]}
    outcome = (await order(serve, connect, provider, answering(200, body))).outcome
    assert outcome.kind is PLACED
    assert "The welcome mail is [31mlate." in outcome.message


SWITCH_QUOTE = CHANGES["switch"][2]
CHANGED: dict[str, tuple[str, int, Any, OutcomeKind]] = {
    "the service that was asked for": (
        "cancel at once",
        404,
        {"status": "error", "message": "The specified service ID does not exist.", "serviceid": 312845},
        REFUSED,
    ),
    "the machine that was asked for": (
        "upgrade",
        400,
        {"status": "error", "message": "Invalid parameters provided.", "kvmid": "kvm_112234_457381"},
        REFUSED,
    ),
    "the service in words": (
        "cancel at the end",
        400,
        {"status": "error", "message": "Service 312845 is terminated already."},
        REFUSED,
    ),
    "another service": ("cancel at once", 400, {"status": "error", "message": "x", "serviceid": 312846}, UNKNOWN),
    "cancelled, and an error": ("cancel at once", 200, CHANGES["cancel at once"][2] | {"errors": ["x"]}, UNKNOWN),
    "cancelled, without the service": ("cancel at the end", 200, {"status": "success"}, UNKNOWN),
    "an upgrade's order under 400": ("upgrade", 400, {"status": "error", "orderid": "228300"}, UNKNOWN),
    "an upgrade, and an error": ("upgrade", 200, CHANGES["upgrade"][2] | {"error": "x"}, UNKNOWN),
    "an unpaid invoice before": (
        "upgrade",
        200,
        {"result": "error", "message": "Unable to accept new upgrade order. Previous upgrade invoice is unpaid."},
        REFUSED,
    ),
    "a switch, and an error": ("switch", 200, SWITCH_QUOTE | {"errors": ["x"]}, UNKNOWN),
    "a switch, and code 422": ("switch", 200, SWITCH_QUOTE | {"data": {"code": 422, "message": "x"}}, UNKNOWN),
    "not available": ("switch", 200, {"available": False}, REFUSED),
    "not available, and a sum": ("switch", 200, SWITCH_QUOTE | {"available": False}, UNKNOWN),
    "an add-on not available, and a sum": ("add-on", 200, SWITCH_QUOTE | {"available": False}, UNKNOWN),
    "not available, and an order": ("add-on", 200, {"available": False, "order_id": 5}, UNKNOWN),
    "the subscription that was asked for": ("switch", 404, {"message": "x", "subscription_id": 4158}, REFUSED),
    "another subscription": ("switch", 404, {"message": "x", "subscription_id": 4159}, UNKNOWN),
    "an add-on's quote": ("add-on", 200, SWITCH_QUOTE, UNKNOWN),
    "an add-on's order": ("add-on", 200, SWITCH_QUOTE | {"order_id": 5}, PLACED),
    "an add-on's order, and an error": ("add-on", 422, {"message": "x", "orderId": 5}, UNKNOWN),
}


@pytest.mark.parametrize("case", CHANGED)
async def test_change(serve: Serve, connect: Connect, case: str) -> None:
    name, status, body, kind = CHANGED[case]
    outcome, server = await answered(serve, connect, name, answering(status, body))
    assert (outcome.kind, len(server.requests)) == (kind, 1), outcome
