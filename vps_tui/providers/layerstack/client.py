"""LayerStack over HTTP: the Order and Cloud Server pages' calls in our words."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

from pydantic import SecretStr

from vps_tui.core import pricing
from vps_tui.core.catalog import BillingCycle, Catalog, Location, OsFamily, Plan, find_os_image
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.pricing import Quote
from vps_tui.core.text import clean
from vps_tui.errors import ProviderBroken, RequestRefused, SignInRefused, UnreadableReply
from vps_tui.providers.http import Lost, NotSent, Reply, Transport
from vps_tui.providers.layerstack.catalog_file import read_catalog
from vps_tui.providers.paid import NO_REASON, Prepared, judge, not_sent
from vps_tui.providers.provider import Account, Connection, Listing, PaidCall, PaymentMethod, ProviderInfo, Server

CYCLE_CODES = {BillingCycle.MONTHLY: 1, BillingCycle.QUARTERLY: 3, BillingCycle.ANNUALLY: 12}
"""Order, "Create Cart Item", field `billing_cycle`."""

PAYMENT_METHOD = "ccard"
"""Order, "Create Order", field `payment_type`: the only value there is."""


_OFF_CATALOGUE = Plan(id="", name="", vcpu=None, ram_mb=None, disk_gb=None, traffic_tb=None, prices={})
"""Stands for a plan whose ids were typed: nothing else is known of it."""


class LayerStackClient:
    """A signed-in LayerStack account; implements `Provider`."""

    def __init__(self, info: ProviderInfo, connection: Connection) -> None:
        """Prepare; nothing is sent yet."""
        self._info = info
        self._account = connection.credentials["account"].get_secret_value()
        self._catalog_file = connection.catalog_file
        headers = {
            "Account": _header(self._account),
            "AccessToken": _header(connection.credentials["token"].get_secret_value()),
        }
        self._http = Transport(info.name, connection.urls["api"], connection, headers, _is_read)

    async def account(self) -> Account:
        """Return the account id; listing its servers is the read that shows whether the token is accepted."""
        await self._listed({})
        return Account(self.account_name)

    async def locations(self) -> tuple[Location, ...]:
        """Return nothing: a plan fixes its region (Order has no region field)."""
        return ()

    async def catalog(self, location: str) -> Catalog:
        """Return the plans of the catalogue file; raises `UsageError` where there is none."""
        return await asyncio.to_thread(read_catalog, self._catalog_file)

    async def billing_cycles(self) -> tuple[BillingCycle, ...]:
        """Return the documented cycles (Order, "Create Cart Item", `billing_cycle`)."""
        return tuple(CYCLE_CODES)

    async def payment_methods(self) -> tuple[PaymentMethod, ...]:
        """Return the documented method (Order, "Create Order", `payment_type`)."""
        detail = "LayerStack charges the card of the account at once."
        return (PaymentMethod(PAYMENT_METHOD, "Credit card", detail),)

    async def quote(self, draft: Draft, catalog: Catalog) -> Quote:
        """Return the price of `draft` reckoned from the catalogue file: Order has no price enquiry for it."""
        return pricing.quote(draft, catalog)

    @property
    def account_name(self) -> str:
        """The account id that signs in."""
        return clean(self._account, 40)

    def request_text(self, draft: Draft) -> str:
        """Return the cart items and the order as JSON, without passwords and the ids that the cart will give."""
        items = [cart_item(draft, server, _OFF_CATALOGUE, None) for server in draft.servers]
        return json.dumps({"cart": items, "order": self._order(draft)}, ensure_ascii=False, separators=(",", ":"))

    async def prepare(self, draft: Draft, root_passwords: tuple[SecretStr, ...] = ()) -> PaidCall | Outcome:
        """Fill the cart; what is ready then is POST /order, the only call that buys.

        Discarding empties the cart again. After an unknown outcome it is to be left alone: it may be in use.
        """
        self._http.redaction.add(root_passwords)
        catalog = await self.catalog(draft.location)
        cart: list[int] = []

        async def send() -> Outcome:
            reply = await self._http.send_once("POST", "order", json={**self._order(draft), "cartItems": cart})
            return judge(self._info.name, reply, explain, _order_taken)

        async def discard() -> None:
            for item in cart:
                await self._http.send_once("DELETE", f"order/cartItems/delete/{item}")

        call = Prepared(send, discard)
        for server, password in zip(draft.servers, root_passwords, strict=True):
            added = await self._add_to_cart(draft, server, catalog, password)
            if isinstance(added, Outcome):
                await call.discard()
                return added
            cart.extend(added)
        return call

    async def find(self, draft: Draft) -> Listing:
        """Return the servers with the draft's label (Cloud Server, list, query `label`)."""
        names = {server.name for server in draft.servers}
        listings = [await self._listed({"label": name}) for name in sorted(names)]
        found = tuple(server for listing in listings for server in listing.servers if server.name in names)
        return Listing(found, listings[0].at)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def _listed(self, query: dict[str, str]) -> Listing:
        reply = await self._http.read("GET", "cloudserver/", params={"account_id": self._account, **query})
        error = explain(reply)
        if reply.status >= 300 or error is not None:
            raise self._failed(reply, *(error or (f"HTTP {reply.status}", "")))
        servers = tuple(_server(entry) for entry in _entries(reply.body) if isinstance(entry, dict))
        return Listing(servers, reply.date)

    def _failed(self, reply: Reply, message: str, hint: str) -> Exception:
        name = self._info.name
        if reply.status in (401, 403):
            return SignInRefused(
                f"{name} does not accept this account id and access token: {message}",
                hint=hint or "Check both in the LayerPanel; a token can be revoked or bound to an address.",
            )
        if reply.status == 429 or reply.status >= 500:
            return ProviderBroken(f"{name} answered: {message}", hint=hint or "Try again later.")
        return RequestRefused(f"{name} answered: {message}", hint=hint)

    async def _add_to_cart(
        self, draft: Draft, server: ServerDraft, catalog: Catalog, password: SecretStr
    ) -> list[int] | Outcome:
        """Return the new cart item's ids; an `Outcome` when it cannot be added. Nothing is bought here."""
        plan = catalog.plan(server.plan) or (_OFF_CATALOGUE if catalog.open and server.plan_type else None)
        if plan is None:
            return not_sent(self._info.name, f"the catalogue holds no plan {clean(server.plan, 40)}")
        item = cart_item(draft, server, plan, password)
        reply = await self._http.send_once("POST", "order/add-to-cart", json=item)
        if isinstance(reply, NotSent | Lost):
            return not_sent(self._info.name, f"the cart could not be filled, {reply.reason}")
        error = explain(reply)
        ids = [int(key_id) for key_id in _cart_ids(reply.body)] if reply.status in (200, 201) else []
        if error is None and ids:
            return ids
        message, hint = error or (f"its cart answered HTTP {reply.status} without an item id", "")
        return Outcome(OutcomeKind.REFUSED, f"{self._info.name} refused the server: {message}", hint)

    def _order(self, draft: Draft) -> dict[str, Any]:
        """Return the body of "Create Order" but for `cartItems`; `currency` is ignored once the account has one."""
        order: dict[str, Any] = {"account": self._account}
        if draft.currency:
            order["currency"] = draft.currency.lower()
        return {**order, "label": draft.server.name, "payment_type": draft.payment_method}


def _is_read(method: str, path: str) -> bool:
    """Whatever only looks is a GET (Introduction); the order page's price enquiries are PUTs on .../total."""
    return method == "GET" or (method == "PUT" and path in ("order/changeorder/total", "order/switch/total"))


def cart_item(draft: Draft, server: ServerDraft, plan: Plan, password: SecretStr | None) -> dict[str, Any]:
    """Return the body of "Create Cart Item"; keys and scripts go only with Linux images, which alone take them.

    The image of a plan that is in no catalogue is taken for a Linux one when a key or a script is given.
    """
    item: dict[str, Any] = {
        "billing_cycle": CYCLE_CODES[draft.billing_cycle],
        "plan_id": int(server.plan),
        "plan_type": server.plan_type or plan.plan_type,
        "quantity": server.quantity,
        "os_template_id": int(server.os),
    }
    if password is not None:
        item["password"] = password.get_secret_value()
    if server.add_ons:
        item["addons"] = [{"id": int(chosen.id), "additional_value": chosen.value} for chosen in server.add_ons]
    image = find_os_image(plan, server.os)
    if image is None or image.family is OsFamily.LINUX:
        given = (("custom_ssh_key", server.ssh_key), ("custom_script", server.startup_script))
        item |= {field: base64.b64encode(text.encode()).decode("ascii") for field, text in given if text}
    return item


def explain(reply: Reply) -> tuple[str, str] | None:
    """Return message and hint of an error; the documents give no error body, so every known shape is tried."""
    body = reply.body
    if not isinstance(body, dict):
        return None
    data = body.get("data")
    holders = [data, body] if isinstance(data, dict) else [body]
    marked = any(_is_error(holder) for holder in holders)
    if not marked and reply.status < 400:
        return None
    for holder in holders:
        for key in ("message", "error", "errors", "errormsg"):
            if holder.get(key):
                return clean(_flat(holder[key])) or NO_REASON, ""
    return (NO_REASON, "") if marked else None


def _is_error(holder: dict[str, Any]) -> bool:
    code = holder.get("code")
    return (
        bool(holder.get("error") or holder.get("errors"))
        or holder.get("success") is False
        or str(holder.get("status", "")).lower() in ("error", "failed", "fail")
        or (isinstance(code, int) and code >= 400)
    )


def _flat(value: Any, depth: int = 4) -> str:
    """Return a reason of any shape as text; what lies deeper than `depth` is left out."""
    if isinstance(value, dict | list) and depth == 0:
        return "..."
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_flat(entry, depth - 1)}" for key, entry in list(value.items())[:10])
    if isinstance(value, list):
        return "; ".join(_flat(entry, depth - 1) for entry in value[:10])
    return str(value)


def _cart_ids(body: Any) -> list[str]:
    """Return the ids under the all-digit keys of the add-to-cart reply: {"0": 995, "data": {...}}."""
    if not isinstance(body, dict):
        return []
    return [str(value) for key, value in body.items() if _is_number(key) and _is_number(str(value))]


def _is_number(text: str) -> bool:
    return len(text) < 19 and text.isascii() and text.isdigit()


def _order_taken(body: dict[str, Any]) -> Outcome | None:
    """Read the reply to POST /order, which is undocumented: an object without an error marker is a success."""
    inner = body.get("data")
    holders = [body, inner] if isinstance(inner, dict) else [body]

    def first(*keys: str) -> str:
        found = (holder[key] for holder in holders for key in keys if isinstance(holder.get(key), int | str))
        return clean(str(next(found, "")), 40)

    return Outcome(
        OutcomeKind.PLACED,
        order_id=first("order_id", "orderId", "orderid", "id"),
        invoice_id=first("invoice_id", "invoiceId", "invoiceid"),
    )


def _entries(body: Any) -> list[Any]:
    """Return the list of servers; the sample reply is undocumented, so an envelope is looked into as well."""
    if isinstance(body, dict):
        body = body.get("data")
    if isinstance(body, list):
        return body
    raise UnreadableReply("LayerStack's list of servers is not a list.", hint="Try again later.")


def _server(entry: dict[str, Any]) -> Server:
    def text(*keys: str) -> str:
        return clean(str(next((entry[key] for key in keys if entry.get(key) is not None), "")))

    return Server(
        id=text("id", "object_id"),
        name=text("label", "name"),
        plan=text("plan", "plan_name"),
        location=text("region", "location"),
        status=text("status"),
        address=text("ip"),
    )


def _header(value: str) -> str:
    """Return a credential as a header can carry it; raises `SignInRefused` for one that no header can."""
    if value and value.isascii() and value.isprintable() and value == value.strip():
        return value
    raise SignInRefused(
        "The account id or access token has characters that cannot be sent.",
        hint="Copy it again from the LayerPanel, without spaces and line breaks.",
    )
