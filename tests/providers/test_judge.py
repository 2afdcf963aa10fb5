"""What holds for every answer to a paid call: random JSON of the words in both providers' documents.

An order that may exist is never called refused or not sent, and nothing is called placed without an id. The ordinary
run takes few examples; `JUDGE_REPLIES=20000 python -m pytest tests/providers/test_judge.py` takes as many as it says.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import AsyncExitStack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vps_tui.core.outcome import ORDER, Outcome, OutcomeKind
from vps_tui.core.secret import Secret
from vps_tui.core.server_change import ChangeQuote
from vps_tui.providers import bodies
from vps_tui.providers.edis import changes as edis_changes
from vps_tui.providers.edis import client as edis_client
from vps_tui.providers.http import Reply
from vps_tui.providers.layerstack import changes as layerstack_changes
from vps_tui.providers.layerstack import wire
from vps_tui.providers.models import Connection
from vps_tui.providers.paid_call import Judged, judge
from vps_tui.providers.redaction import Redaction
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.data import LAYERSTACK_CATALOG

from .loopback import Answer, LoopbackServer, Request, answering
from .orders import CART_PATH, CREDENTIALS, DRAFTS, ROOT_PASSWORDS, place
from .test_changes import ADD, AT_END, AT_ONCE, QUOTED, SWITCH, UPGRADE

EXAMPLES = int(os.environ.get("JUDGE_REPLIES", "0"))
many = settings(max_examples=EXAMPLES or 120)
over_http = settings(max_examples=EXAMPLES // 100 or 12)

PLACED, REFUSED, NOT_SENT, UNKNOWN = OutcomeKind

CALLS: dict[str, Judged] = {
    "EDIS order": Judged("EDIS Global", edis_client._order_taken),
    "LayerStack order": Judged("LayerStack", wire.order_taken, ORDER, frozenset({"995", "XX-12345678", "web1"})),
    "upgrade": edis_changes._judge(UPGRADE, "EDIS Global"),
    "cancel at once": edis_changes._judge(AT_ONCE, "EDIS Global"),
    "cancel at the end": edis_changes._judge(AT_END, "EDIS Global"),
    "switch": layerstack_changes._judge(SWITCH, QUOTED, "LayerStack"),
    "add-on": layerstack_changes._judge(ADD, ChangeQuote(), "LayerStack"),
}

KEYS: tuple[str, ...] = (
    *("status", "result", "success", "message", "error", "errors", "errormsg", "code", "data", "details", "hint"),
    *("suggestion", "support", "available", "total", "currency", "date_from", "date_to", "clientid", "0", "label"),
    *(
        "orderid",
        "order_id",
        "id",
        "invoiceid",
        "invoice",
        "serviceid",
        "serviceids",
        "order",
        "kvmid",
        "invoicepaid",
    ),
    *("cartItems", "plan_id", "newproductname", "inapplicable_resources", "subscription_id", "captive", "login"),
)
"""Keys of both providers' documents, of WHMCS and of a captive portal."""

VALUES: tuple[Any, ...] = (
    *("success", "error", "failed", "pending", True, False, None, "", "0", "false", "null", 0, 1, 200, 201, 400, 422),
    *(500, "500", 995, 312845, "312845", "kvm_112234_457381", 118.68, "118.68", "hkd", "2021-03-09", "2021-03-28"),
    *("Invalid parameters provided.", "Invalid WHMCS credentials provided.", "Out of stock", "Order placed"),
    *(
        "An unexpected error occurred while processing the order.",
        "Cart Items added successfully",
        "web1",
        -1,
        [],
        {},
    ),
    *("Client ID Not Found", "Service ID Not Found", "The specified service ID does not exist.", 4158, "false, 0"),
)
"""Values that belong to no new order: the ids among them are those that the calls send."""

IDS: tuple[Any, ...] = (880001, "880001", "ORD-880001", " 880001 ", [880001], ["880001", "880002"], "880001,880002")
NAMED = (
    *("order_id", "orderid", "orderId", "Order-ID", "ORDER_ID", "order", "orders", "orderNumber", "new_order"),
    *("invoice_id", "invoiceid", "invoiceId", "invoice", "serviceids", "service_ids", "serviceId", "subscription_id"),
)
"""Keys that say by themselves that their value is the id of something new."""

SIGNS: list[dict[str, Any]] = [
    *({key: value} for key in NAMED for value in IDS),
    *({key: {"id": 880001}} for key in ("order", "invoice", "service", "Order", "new_order", "subscription")),
    {"orders": [{"id": 880001, "status": "Pending"}]},
    {"orders": {"880001": {"status": "Pending"}}},
    {"order": {"details": {"number": "880001"}}},
    {"note": "Order #880001 was placed"},
    {"log": '{"result":"success","orderid":880001}'},
    {"link": "https://panel.example/viewinvoice.php?id=880001"},
]
"""What a server adds that took the order, wherever it adds it."""

ERRORS: list[dict[str, Any]] = [
    {"status": "error"},
    {"status": "failed"},
    {"result": "error"},
    {"success": False},
    {"error": "mail could not be sent"},
    {"errors": ["mail could not be sent"]},
    {"errors": {"mail": "x"}},
    {"errormsg": "x"},
    {"code": 500},
    {"code": "422"},
    {"payment": {"status": "declined"}},
    {"message": "Payment failed"},
    {"exception": "PDOException"},
]
STATUSES = (
    200,
    200,
    200,
    201,
    202,
    204,
    206,
    301,
    303,
    307,
    400,
    401,
    402,
    403,
    404,
    408,
    409,
    422,
    429,
    500,
    502,
    503,
)

values = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=8,
)
documents = st.dictionaries(st.sampled_from(KEYS), values, max_size=6)
wrappers = st.lists(
    st.sampled_from(("data", "result", "response", "error", "errors", "meta", "x", "items")), max_size=6
)
calls = st.sampled_from(sorted(CALLS))
statuses = st.sampled_from(STATUSES)


def within(document: dict[str, Any], path: list[str], addition: dict[str, Any]) -> dict[str, Any]:
    """Return `document` with `addition` below `path`, in a list where the path has "items"."""
    if not path:
        return {**document, **addition}
    inner = document.get(path[0])
    deeper = within(inner if isinstance(inner, dict) else {}, path[1:], addition)
    return {**document, path[0]: [deeper] if path[0] == "items" else deeper}


def read(call: str, status: int, raw: bytes) -> Outcome:
    """Return what `raw` comes to as the answer to `call`."""
    body = bodies.of_paid_call(raw, Redaction([Secret("a secret")]))
    return judge(CALLS[call], Reply(status, body.value, flaws=body.flaws, extra=body.extra))


def names_one(outcome: Outcome) -> bool:
    return bool(outcome.order_id or outcome.invoice_id or outcome.service_ids)


@many
@given(calls, statuses, documents, wrappers, st.sampled_from(SIGNS))
def test_an_order_is_never_called_refused(
    call: str, status: int, document: dict[str, Any], path: list[str], sign: dict[str, Any]
) -> None:
    outcome = read(call, status, json.dumps(within(document, path, sign)).encode())
    assert outcome.kind in (PLACED, UNKNOWN), outcome
    assert outcome.kind is UNKNOWN or status in (200, 201)
    assert outcome.kind is UNKNOWN or names_one(outcome) or call == "switch"


@many
@given(calls, statuses, documents, wrappers, st.sampled_from(SIGNS), wrappers, st.sampled_from(ERRORS))
def test_an_order_beside_an_error_is_unknown(
    call: str,
    status: int,
    document: dict[str, Any],
    path: list[str],
    sign: dict[str, Any],
    other_path: list[str],
    error: dict[str, Any],
) -> None:
    """The error comes first, so that nothing of the order is replaced by it."""
    failed = within(document, [name for name in other_path if name != "x"], error)
    body = within(failed, ["x", *path], sign)
    if error.keys() & {"status", "code"}:
        # A status deeper down may be that of something else.
        body = {**body, **error}
    assert read(call, status, json.dumps(body).encode()).kind is UNKNOWN


@many
@given(calls, statuses, documents)
def test_nothing_is_placed_without_an_id(call: str, status: int, document: dict[str, Any]) -> None:
    """Not even where every word of the answer is one of success."""
    outcome = read(call, status, json.dumps({**document, "status": "success", "success": True}).encode())
    if outcome.kind is PLACED:
        assert status in (200, 201)
        assert call == "switch" or names_one(outcome)
        text = json.dumps(document)
        ids = (*outcome.order_id.split(", "), *outcome.invoice_id.split(", "), *outcome.service_ids)
        assert all(one in text for one in ids)
    else:
        assert outcome.kind in (UNKNOWN, REFUSED)
    assert outcome.kind is not REFUSED, "it says that it went well"


@many
@given(
    calls, st.sampled_from((200, 201, 400, 422)), documents, st.sampled_from(SIGNS), st.sampled_from((None, "", 0))
)
def test_what_a_second_key_replaces_is_not_lost(
    call: str, status: int, document: dict[str, Any], sign: dict[str, Any], later: Any
) -> None:
    """A parser that keeps the last of two values would never show the order."""
    ((key, value),) = sign.items()
    first, rest = json.dumps({key: value})[:-1], json.dumps({**document, key: later})[1:]
    assert read(call, status, f"{first}, {rest}".encode()).kind is UNKNOWN


@many
@given(calls, st.sampled_from((200, 201, 400, 422)), documents, st.sampled_from(SIGNS), st.integers(0, 3))
def test_what_is_not_one_document_is_unknown(
    call: str, status: int, document: dict[str, Any], sign: dict[str, Any], manner: int
) -> None:
    one, two = json.dumps(document), json.dumps(sign)
    text = (f"{one}{two}", f"{two}\n{one}\n", f"Warning: x in /var/www\n{two}", f"[{one}, {two}]")[manner]
    assert read(call, status, text.encode()).kind is UNKNOWN


@many
@given(calls, statuses, st.binary(max_size=60))
def test_bytes_of_any_kind_come_to_an_outcome(call: str, status: int, raw: bytes) -> None:
    assert read(call, status, raw).kind is not PLACED
    assert read(call, status, b'{"message": "' + raw + b'"}').kind is not PLACED


@pytest.mark.parametrize("provider", ["edis", "layerstack"])
def test_over_real_http(provider: str) -> None:
    """The same through the client, from a server that took the order each time: one paid call, and an honest word."""

    @over_http
    @given(st.sampled_from([one for one in STATUSES if one != 204]), documents, wrappers, st.sampled_from(SIGNS))
    def check(status: int, document: dict[str, Any], path: list[str], sign: dict[str, Any]) -> None:
        outcome, lines = asyncio.run(ordered(provider, status, within(document, path, sign)))
        assert outcome.kind in (PLACED, UNKNOWN), outcome
        assert outcome.kind is UNKNOWN or names_one(outcome)
        assert len(lines) == (1 if provider == "edis" else 2)

    check()


async def ordered(provider: str, status: int, body: dict[str, Any]) -> tuple[Outcome, list[str]]:
    """Order from a server that takes the order and answers so; returns the outcome and every request."""

    def route(request: Request) -> Answer:
        return answering(200, {"0": 995}) if request.path == CART_PATH else answering(status, body)

    with LoopbackServer(route) as server:
        info = provider_info(provider)
        base = f"{server.url}/api" if provider == "layerstack" else server.url
        credentials = {key: Secret(value) for key, value in CREDENTIALS[provider].items()}
        async with AsyncExitStack() as stack:
            client = info.connect(Connection(dict.fromkeys(info.urls, base), credentials, LAYERSTACK_CATALOG))
            stack.push_async_callback(client.aclose)
            outcome = await place(client, DRAFTS[provider], ROOT_PASSWORDS[provider])
        return outcome, server.lines
