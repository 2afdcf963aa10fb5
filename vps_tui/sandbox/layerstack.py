"""LayerStack's API (LayerStack API, Order and Cloud Server, base path /api).

Its documents show one reply, that of add-to-cart. Every other body here is an invention of the sandbox's:
errors use that reply's `{"data": {"message", "code"}}`, the status codes are those of the Introduction.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vps_tui.sandbox.data import LAYERSTACK_CATALOG, load_layerstack_catalog
from vps_tui.sandbox.layerstack_cart import CYCLES, find, form_problems, order_problems, unit_price, value_problems
from vps_tui.sandbox.layerstack_changes import LayerstackChanges, subscription_id
from vps_tui.sandbox.layerstack_errors import envelope, error_reply
from vps_tui.sandbox.ledger import CartChangedError, Ledger
from vps_tui.sandbox.messages import Recorded, RefusedError, Reply, json_object
from vps_tui.sandbox.public_keys import LOGIN_KEY, fingerprint
from vps_tui.sandbox.records import NewServer, Placement, Service
from vps_tui.sandbox.stand_ins import StandInInfo

if TYPE_CHECKING:
    from collections.abc import Callable

PROVIDER = "layerstack"
_METHODS = {
    "order": "POST",
    "order/add-to-cart": "POST",
    "order/cartItems/delete": "DELETE",
    "order/changeorder": "POST",
    # The table says GET, the text PUT; it takes a body.
    "order/changeorder/total": "PUT",
    "order/switch": "PUT",
    "order/switch/total": "PUT",
    "cloudserver": "GET",
}

_WITH_ID = ("order/cartItems/delete", "order/switch", "cloudserver")
"""Operations behind whose path an id comes; the servers' list has none."""


class Layerstack:
    """The operations of one sandbox, for one account."""

    def __init__(
        self, ledger: Ledger, account: tuple[str, str], delivery: timedelta, revealed: Callable[[], None]
    ) -> None:
        """Take what is told when somebody has learnt the address of a server."""
        self._ledger = ledger
        self._revealed = revealed
        self._account, self._token = account
        self._delivery = delivery
        changes = LayerstackChanges(ledger, self._account)
        self._operations: dict[str, Callable[[Recorded, str, frozenset[str]], Reply]] = {
            "order": self._order,
            "order/add-to-cart": self._add_to_cart,
            "order/cartItems/delete": self._delete_item,
            "order/changeorder": changes.add_ons,
            "order/changeorder/total": changes.add_ons_total,
            "order/switch": changes.switch,
            "order/switch/total": changes.switch_total,
            "cloudserver": self._servers,
        }

    def call(self, path: str) -> tuple[str | None, str]:
        """Return the operation at `path`; the documents' tables write a trailing slash where its texts have none."""
        path = path.removesuffix("/")
        if path in _METHODS and path not in _WITH_ID:
            return path, ""
        for operation in _WITH_ID:
            argument = path.removeprefix(operation + "/")
            if argument != path and argument and "/" not in argument:
                return operation, argument
        return (path, "") if path == "cloudserver" else (None, "")

    def error(self, _operation: str | None, status: int) -> Reply:
        """Return an error of that status."""
        return error_reply(status)

    def without_ids(self, body: Any) -> Any:
        """Return what the answer says besides the ids."""
        return {"data": body["data"]} if isinstance(body, dict) and "data" in body else {}

    def answer(self, request: Recorded, operation: str | None, argument: str, flags: frozenset[str]) -> Reply:
        """Answer one request; `argument` is the id that followed the operation in the path, or empty."""
        if operation is None or operation not in self._operations:
            return error_reply(404)
        if request.method != _METHODS[operation]:
            refusal = error_reply(405)
            return Reply(405, refusal.body, (("Allow", _METHODS[operation]),))
        # The header names are those of a working client; the text at hand ends before it names them.
        given = (request.headers["Account"] or "", request.headers["AccessToken"] or "")
        right = [
            hmac.compare_digest(one.encode(), two.encode())
            for one, two in zip(given, (self._account, self._token), strict=True)
        ]
        if not all(right):
            return error_reply(401, "Authentication failed.")
        try:
            return self._operations[operation](request, argument, flags)
        except RefusedError as refused:
            return refused.reply

    def _add_to_cart(self, request: Recorded, _argument: str, _flags: frozenset[str]) -> Reply:
        item = _body(request)
        _refuse(400, form_problems(item))
        _refuse(422, list(value_problems(item)))
        kept = {name: value for name, value in item.items() if name not in _SECRET}
        key = base64.b64decode(item.get("custom_ssh_key", "")).decode()
        item_id = self._ledger.add_to_cart(self._account, kept | {LOGIN_KEY: fingerprint(key)})
        return Reply(200, {"0": item_id, **envelope(200, "Cart Items added successfully")})

    def _delete_item(self, _request: Recorded, argument: str, _flags: frozenset[str]) -> Reply:
        item_id = _id(argument)
        if item_id is None or not self._ledger.remove_from_cart(self._account, item_id):
            return error_reply(404, "The cart item does not exist.")
        return Reply(200, envelope(200, "Cart item deleted successfully"))

    def _order(self, request: Recorded, _argument: str, flags: frozenset[str]) -> Reply:
        order = _body(request)
        currency = self._ledger.currency(PROVIDER, self._account)
        _refuse(400, list(order_problems(order, self._account, currency)))
        cart = self._ledger.cart(self._account)
        _refuse(422, [f"cartItems: {one} is not in the cart" for one in order["cartItems"] if one not in cart])
        if "out-of-stock" in flags:
            # No document says how a sold-out plan shows; the cart stays as it is.
            return error_reply(422, "The plan is out of stock.")
        if "declined-card" in flags:
            # Neither is it said what a declined card looks like.
            return error_reply(402, "The card was declined.")
        items = tuple(cart[one] for one in order["cartItems"])
        placement = self._placement(order, items, currency, request.body)
        placement = placement.without_last() if "partial" in flags else placement
        try:
            taken = self._ledger.take(placement, from_credit=False, cart=tuple(order["cartItems"]))
        except CartChangedError:
            return error_reply(422, "cartItems: an item is not in the cart any more")
        ids = {"order_id": taken.order_id, "invoice_id": taken.invoice_id}
        return Reply(200, ids | envelope(200, "Order placed successfully"))

    def _placement(
        self, order: dict[str, Any], items: tuple[dict[str, Any], ...], currency: str | None, body: bytes
    ) -> Placement:
        servers = tuple(_new_server(order["label"], item) for item in items for _ in range(item["quantity"]))
        now = datetime.now(UTC)
        return Placement(
            provider=PROVIDER,
            account=self._account,
            billing_cycle=" and ".join(dict.fromkeys(CYCLES[item["billing_cycle"]] for item in items)),
            payment_method=order["payment_type"],
            items=tuple({name: value for name, value in item.items() if name != LOGIN_KEY} for item in items),
            servers=servers,
            total=sum((server.price for server in servers), Decimal(0)),
            currency=currency or load_layerstack_catalog()["currency"],
            created=now,
            ready=now + self._delivery,
            digest=hashlib.sha256(body).hexdigest(),
        )

    def _servers(self, request: Recorded, argument: str, _flags: frozenset[str]) -> Reply:
        own = [one for one in self._ledger.services(PROVIDER) if one.account == self._account]
        now = datetime.now(UTC)
        if argument:
            # No document promises the field; it is how a client could learn it.
            found = [
                _shown(one, now) | {"subscription_id": subscription_id(one)}
                for one in own
                if one.service_id == _id(argument)
            ]
            return Reply(200, found[0]) if found else error_reply(404, "The cloud server does not exist.")
        query = request.query
        account = query.pop("account_id", "")
        if not account:
            return error_reply(400, "account_id is required.")
        if account != self._account:
            return error_reply(403, "account_id is not the account that is signed in.")
        listed = [_shown(one, now) for one in own]
        found = [one for one in listed if _matches(one, query)]
        # Nearly every read lists all servers; who asks for a label is looking for one of them.
        if "label" in query and any(one["ip"] for one in found):
            self._revealed()
        return Reply(200, found)


_SECRET = ("password", "custom_ssh_key", "custom_script")
_FILTERS = ("label", "ip", "region", "ostemplate", "iswindows")


def _matches(server: dict[str, Any], query: dict[str, str]) -> bool:
    return all(str(server[name]) == query[name] for name in _FILTERS if name in query)


def _body(request: Recorded) -> dict[str, Any]:
    body = json_object(request)
    if body is None:
        raise RefusedError(error_reply(400, "The body must be a JSON object."))
    return body


def _refuse(status: int, problems: list[str]) -> None:
    if problems:
        raise RefusedError(error_reply(status, "; ".join(problems)))


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _new_server(label: str, item: dict[str, Any]) -> NewServer:
    plan, image = find("plan", item["plan_id"]) or {}, find("os_image", item["os_template_id"]) or {}
    details = {
        "ram": plan["ram_mb"],
        "cpu": plan["vcpu"],
        "disk": plan["disk_gb"],
        "ostemplate": image["id"],
        "iswindows": int(image["family"] == "windows"),
        LOGIN_KEY: item.get(LOGIN_KEY, ""),
    }
    return NewServer(label, plan["name"], plan["region"], image["name"], unit_price(item), details)


def _shown(server: Service, now: datetime) -> dict[str, Any]:
    """Return one cloud server: Cloud Server, info names most of these properties, the form is invented.

    No state is named there either, so a server without an address is the sign of one being set up.
    """
    return {
        "id": server.service_id,
        "label": server.name,
        "ip": server.ip if server.delivered(now) else None,
        "ram": server.details["ram"],
        "cpu": server.details["cpu"],
        "disk": server.details["disk"],
        "region": server.location,
        "ostemplate": server.details["ostemplate"],
        "iswindows": server.details["iswindows"],
        "plan": server.plan,
        "created_at": server.created.isoformat(timespec="seconds"),
    }


STAND_IN = StandInInfo(
    "LayerStack",
    Layerstack,
    ("XX-12345678", "sandbox-token"),
    "/api/",
    url_path="/api",
    variables=("VPS_TUI_LAYERSTACK_URL", "VPS_TUI_LAYERSTACK_ACCOUNT", "VPS_TUI_LAYERSTACK_TOKEN"),
    catalog_file=LAYERSTACK_CATALOG,
)
