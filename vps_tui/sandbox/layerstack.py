"""LayerStack's API (LayerStack API, Order and Cloud Server, base path /api).

Its documents show one reply, that of add-to-cart. Every other body here is an invention of the sandbox's:
errors use that reply's `{"data": {"message", "code"}}`, the status codes are those of the Introduction.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from vps_tui.sandbox.data import LAYERSTACK_CATALOG, load_layerstack_catalog
from vps_tui.sandbox.layerstack_cart import CYCLES, find, form_problems, order_problems, unit_price, value_problems
from vps_tui.sandbox.layerstack_changes import LayerstackChanges, subscription_id
from vps_tui.sandbox.layerstack_errors import body_of, envelope, error_reply, refuse
from vps_tui.sandbox.ledger import CartChangedError, Ledger
from vps_tui.sandbox.messages import Call, Provider, Recorded, RefusedError, Reply, are_equal, id_in
from vps_tui.sandbox.public_keys import LOGIN_KEY, fingerprint
from vps_tui.sandbox.records import NewServer, Placement, Service
from vps_tui.sandbox.stand_ins import StandInInfo

PROVIDER = "layerstack"
_WITH_ARGUMENT = ("order/cartItems/delete", "order/switch", "cloudserver")
"""Operations whose path may end with an id."""
_NEEDS_ARGUMENT = ("order/cartItems/delete", "order/switch")


class Layerstack(Provider):
    """The operations of one sandbox."""

    base = "/api/"
    methods = MappingProxyType(
        {
            "order/cartItems/delete": "DELETE",
            # The table says GET, the text PUT; it takes a body.
            "order/changeorder/total": "PUT",
            "order/switch": "PUT",
            "order/switch/total": "PUT",
            "cloudserver": "GET",
        }
    )

    def __init__(
        self, ledger: Ledger, account: tuple[str, str], delivery: timedelta, revealed: Callable[[], None]
    ) -> None:
        """Take what is called when an address of a server has been shown."""
        self._ledger = ledger
        self._revealed = revealed
        self._account, self._token = account
        self._delivery = delivery
        changes = LayerstackChanges(ledger, self._account)
        self._operations = {
            "order": self._order,
            "order/add-to-cart": self._add_to_cart,
            "order/cartItems/delete": self._delete_item,
            "order/changeorder": changes.add_ons,
            "order/changeorder/total": changes.add_ons_total,
            "order/switch": changes.switch,
            "order/switch/total": changes.switch_total,
            "cloudserver": self._servers,
        }

    def call_of(self, request: Recorded, path: str) -> Call:
        # LayerStack's tables write a trailing slash where its texts have none.
        path = path.removesuffix("/")
        if path in self._operations and path not in _NEEDS_ARGUMENT:
            return Call(request, path)
        operation, _, argument = path.rpartition("/")
        return Call(request, operation, argument) if operation in _WITH_ARGUMENT and argument else Call(request, None)

    def error(self, _operation: str | None, status: int) -> Reply:
        return error_reply(status)

    def without_ids(self, body: Any) -> Any:
        return {"data": body["data"]} if isinstance(body, dict) and "data" in body else {}

    def sign_in(self, call: Call) -> Call:
        # The header names are those of a working client; the text at hand ends before it names them.
        headers = call.request.headers
        given = (headers["Account"] or "", headers["AccessToken"] or "")
        if not are_equal(given, (self._account, self._token)):
            raise RefusedError(error_reply(401, "Authentication failed."))
        return call

    def _add_to_cart(self, call: Call) -> Reply:
        item = body_of(call)
        refuse(400, form_problems(item))
        refuse(422, value_problems(item))
        kept = {name: value for name, value in item.items() if name not in _SECRET}
        key = base64.b64decode(item.get("custom_ssh_key", "")).decode()
        item_id = self._ledger.add_to_cart(self._account, kept | {LOGIN_KEY: fingerprint(key)})
        return Reply(200, {"0": item_id, **envelope(200, "Cart Items added successfully")})

    def _delete_item(self, call: Call) -> Reply:
        if not self._ledger.remove_from_cart(self._account, id_in(call.argument)):
            return error_reply(404, "The cart item does not exist.")
        return Reply(200, envelope(200, "Cart item deleted successfully"))

    def _order(self, call: Call) -> Reply:
        order = body_of(call)
        currency = self._ledger.currency(PROVIDER, self._account)
        refuse(400, order_problems(order, self._account, currency))
        cart = self._ledger.cart(self._account)
        refuse(422, [f"cartItems: {one} is not in the cart" for one in order["cartItems"] if one not in cart])
        if "out-of-stock" in call.flags:
            # No document says how a sold-out plan shows; the cart stays as it is.
            return error_reply(422, "The plan is out of stock.")
        if "declined-card" in call.flags:
            # Neither is it said what a declined card looks like.
            return error_reply(402, "The card was declined.")
        items = tuple(cart[one] for one in order["cartItems"])
        placement = self._placement(order, items, currency, call.request.body)
        placement = placement.without_last() if "partial" in call.flags else placement
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
            currency=currency or load_layerstack_catalog()["currency"],
            created=now,
            ready=now + self._delivery,
            digest=hashlib.sha256(body).hexdigest(),
        )

    def _servers(self, call: Call) -> Reply:
        own = self._ledger.services(PROVIDER, self._account)
        now = datetime.now(UTC)
        if call.argument:
            # No document promises the field; it is how a client could learn it.
            found = [
                _show(one, now) | {"subscription_id": subscription_id(one)}
                for one in own
                if one.service_id == id_in(call.argument)
            ]
            return Reply(200, found[0]) if found else error_reply(404, "The cloud server does not exist.")
        query = call.request.query
        account = query.pop("account_id", "")
        if not account:
            return error_reply(400, "account_id is required.")
        if account != self._account:
            return error_reply(403, "account_id is not the account that is signed in.")
        listed = [_show(one, now) for one in own]
        found = [one for one in listed if _matches(one, query)]
        # Nearly every read lists all servers; who asks for a label is looking for one of them.
        if "label" in query and any(one["ip"] for one in found):
            self._revealed()
        return Reply(200, found)


_SECRET = ("password", "custom_ssh_key", "custom_script")
_FILTERS = ("label", "ip", "region", "ostemplate", "iswindows")


def _matches(server: dict[str, Any], query: dict[str, str]) -> bool:
    return all(str(server[name]) == query[name] for name in _FILTERS if name in query)


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


def _show(server: Service, now: datetime) -> dict[str, Any]:
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
    url_path="/api",
    variables=("VPS_TUI_LAYERSTACK_URL", "VPS_TUI_LAYERSTACK_ACCOUNT", "VPS_TUI_LAYERSTACK_TOKEN"),
    catalog_file=LAYERSTACK_CATALOG,
)
