"""LayerStack over HTTP: the Order and Cloud Server pages' calls in our words."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from pydantic import SecretStr

from vps_tui.core import pricing
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.pricing import Quote
from vps_tui.core.text import clean
from vps_tui.errors import ProviderBroken, RequestRefused, SignInRefused
from vps_tui.providers.blame import blamed
from vps_tui.providers.http import Lost, NotSent, Reply, Transport
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.layerstack import wire
from vps_tui.providers.layerstack.catalog_file import read_catalog, remember
from vps_tui.providers.paid import Prepared, judge, not_sent
from vps_tui.providers.provider import Account, Connection, Listing, PaidCall, PaymentMethod, TypedIds

_CALLED = {"account id": r"\baccount", "access token": r"\btoken|accesstoken"}
"""What answers could call the two credentials; LayerStack documents no text of any."""

PAYMENT_METHOD = "ccard"
"""Order, "Create Order", field `payment_type`: the only value there is."""


class LayerStackClient:
    """A signed-in LayerStack account; implements `Provider`."""

    def __init__(self, info: ProviderInfo, connection: Connection) -> None:
        """Prepare; nothing is sent yet."""
        self._info = info
        self._account = connection.credentials["account"].get_secret_value()
        self._catalog_file = connection.catalog_file
        self._remembers = connection.remembers
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

    async def remember(self, typed: TypedIds) -> None:
        """Add typed ids to the catalogue file."""
        if self._remembers and self._catalog_file is not None:
            await asyncio.to_thread(remember, self._catalog_file, typed)

    async def billing_cycles(self) -> tuple[BillingCycle, ...]:
        """Return the documented cycles (Order, "Create Cart Item", `billing_cycle`)."""
        return tuple(wire.CYCLE_CODES)

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
        items = [wire.cart_item(draft, server, wire.OFF_CATALOGUE, None) for server in draft.servers]
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
            return judge(self._info.name, reply, wire.explain, wire.order_taken)

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
        error = wire.explain(reply)
        if reply.status >= 300 or error is not None:
            raise self._failed(reply, *(error or (f"HTTP {reply.status}", "")))
        servers = tuple(wire.server_of(entry) for entry in wire.entries(reply.body) if isinstance(entry, dict))
        return Listing(servers, reply.date)

    def _failed(self, reply: Reply, message: str, hint: str) -> Exception:
        name = self._info.name
        if reply.status in (401, 403):
            which = blamed(f"{message} {hint}", _CALLED)
            return SignInRefused(
                f"{name} does not accept this {which or 'account id and access token'}: {message}",
                hint=f"Check {f'the {which}' if which else 'both'} in the LayerPanel. The account id has the form "
                "XX-12345678. If you have no access token for the API, ask LayerStack's support.",
            )
        if reply.status == 429 or reply.status >= 500:
            return ProviderBroken(f"{name} answered: {message}", hint=hint or "Try again later.")
        return RequestRefused(f"{name} answered: {message}", hint=hint)

    async def _add_to_cart(
        self, draft: Draft, server: ServerDraft, catalog: Catalog, password: SecretStr
    ) -> list[int] | Outcome:
        """Return the new cart item's ids; an `Outcome` when it cannot be added. Nothing is bought here."""
        plan = catalog.plan(server.plan) or (wire.OFF_CATALOGUE if catalog.open and server.plan_type else None)
        if plan is None:
            return not_sent(self._info.name, f"the catalogue holds no plan {clean(server.plan, 40)}")
        item = wire.cart_item(draft, server, plan, password)
        reply = await self._http.send_once("POST", "order/add-to-cart", json=item)
        if isinstance(reply, NotSent):
            return not_sent(self._info.name, f"the cart could not be filled, {reply.reason}")
        if isinstance(reply, Lost):
            words = f"{self._info.name}'s cart could not be filled: {reply.reason}. No order was sent."
            return Outcome(OutcomeKind.NOT_SENT, words, "Ordering again is safe.")
        error = wire.explain(reply)
        ids = [int(key_id) for key_id in wire.cart_ids(reply.body)] if reply.status in (200, 201) else []
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


def _header(value: str) -> str:
    """Return a credential as a header can carry it; raises `SignInRefused` for one that no header can."""
    if value and value.isascii() and value.isprintable() and value == value.strip():
        return value
    raise SignInRefused(
        "The account id or access token has characters that cannot be sent.",
        hint="Copy it again from the LayerPanel, without spaces and line breaks.",
    )
