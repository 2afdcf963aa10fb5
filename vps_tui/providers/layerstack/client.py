"""LayerStack over HTTP: the Order and Cloud Server pages' calls in our words."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

from vps_tui.core import pricing
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.errors import InvalidValue
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.pricing import Quote
from vps_tui.core.secret import Secret
from vps_tui.core.text import clean
from vps_tui.providers.delivery import Awaited, Delivery
from vps_tui.providers.http import Lost, NotSent
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.layerstack import delivery, wire
from vps_tui.providers.layerstack.account import LayerStackAccount
from vps_tui.providers.layerstack.catalog_file import read_catalog, remember
from vps_tui.providers.layerstack.changes import LayerStackChanges
from vps_tui.providers.models import Account, Connection, Listing, PaymentMethod, TypedIds
from vps_tui.providers.paid_call import Judged, judge, not_sent
from vps_tui.providers.protocol import PreparedCall

PAYMENT_METHOD = "ccard"
"""Order, "Create Order", field `payment_type`: the only value there is."""


class LayerStackClient:
    """A signed-in LayerStack account; implements `Provider`."""

    def __init__(self, info: ProviderInfo, connection: Connection) -> None:
        """Prepare; nothing is sent yet."""
        self._account = LayerStackAccount(info, connection)
        self._changes = LayerStackChanges(self._account, self.catalog)
        self._catalog_file = connection.catalog_file
        self._remembers = connection.remembers

    async def account(self) -> Account:
        """Return the account id; listing its servers is the read that shows whether the token is accepted."""
        await self._account.listed({})
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
        return self._account.name

    def request_text(self, draft: Draft) -> str:
        """Return the cart items and the order as JSON, without passwords and the ids that the cart will give."""
        items = [wire.cart_item(draft, server, wire.OFF_CATALOGUE, None) for server in draft.servers]
        return json.dumps({"cart": items, "order": self._order(draft)}, ensure_ascii=False, separators=(",", ":"))

    async def prepare(self, draft: Draft, root_passwords: tuple[Secret, ...] = ()) -> PreparedCall | Outcome:
        """Fill the cart; what is ready then is POST /order, the only call that buys.

        Discarding empties the cart again. After an unknown outcome it is to be left alone: it may be in use.
        """
        self._account.http.redaction.add(root_passwords)
        body = self._order(draft)
        catalog = await self.catalog(draft.location)
        cart: list[int] = []

        async def send(_reference: str) -> Outcome:
            reply = await self._account.http.send_once("POST", "order", json={**body, "cartItems": cart})
            sent = frozenset(map(str, (*cart, self._account.id, draft.server.name)))
            return judge(Judged(self._account.info.name, wire.order_taken, echoed=sent), reply)

        async def discard() -> None:
            for item in cart:
                await self._account.http.send_once("DELETE", f"order/cartItems/delete/{item}")

        call = PreparedCall(send, discard)
        for index, (server, password) in enumerate(zip(draft.servers, root_passwords, strict=True)):
            added = await self._add_to_cart(draft, server, catalog, password)
            if isinstance(added, Outcome):
                await call.discard()
                return _naming(added, draft, index)
            cart.extend(added)
        return call

    async def find(self, draft: Draft) -> Listing:
        """Return the servers with the draft's label (Cloud Server, list, query `label`)."""
        names = {server.name for server in draft.servers}
        listings = [await self._account.listed({"label": name}) for name in sorted(names)]
        found = tuple(server for listing in listings for server in listing.servers if server.name in names)
        return Listing(found, listings[0].at)

    async def deliveries(self, awaited: Awaited) -> tuple[Delivery, ...]:
        """Return how far the servers of an order are (Cloud Server, list, query `label`)."""
        return await delivery.deliveries(self._account, awaited)

    @property
    def changer(self) -> LayerStackChanges:
        """What changes servers of this account."""
        return self._changes

    async def aclose(self) -> None:
        """Close every connection."""
        await self._account.http.aclose()

    async def _add_to_cart(
        self, draft: Draft, server: ServerDraft, catalog: Catalog, password: Secret
    ) -> list[int] | Outcome:
        """Return the new cart item's ids; an `Outcome` when it cannot be added. Nothing is bought here."""
        plan = catalog.plan(server.plan) or (wire.OFF_CATALOGUE if catalog.open and server.plan_type else None)
        if plan is None:
            return not_sent(self._account.info.name, f"the catalogue holds no plan {clean(server.plan, 40)}")
        item = wire.cart_item(draft, server, plan, password)
        reply = await self._account.http.send_once("POST", "order/add-to-cart", json=item)
        if isinstance(reply, NotSent):
            return not_sent(self._account.info.name, f"the cart could not be filled, {reply.reason}")
        if isinstance(reply, Lost):
            words = f"{self._account.info.name}'s cart could not be filled: {reply.reason}. No order was sent."
            return Outcome(OutcomeKind.NOT_SENT, words, "Ordering again is safe.")
        error = wire.explain(reply)
        ids = [int(key_id) for key_id in wire.cart_ids(reply.body)] if reply.status in (200, 201) else []
        if error is None and ids:
            return ids
        message, hint = error or (f"its cart answered HTTP {reply.status} without an item id", "")
        return Outcome(OutcomeKind.REFUSED, f"{self._account.info.name} refused the server: {message}", hint)

    def _order(self, draft: Draft) -> dict[str, Any]:
        """Return the body of "Create Order" but for `cartItems`; `currency` is ignored once the account has one.

        Its `label` is that of every server that the cart brings. Raises `InvalidValue` where they have several.
        """
        if any(server.name != draft.server.name for server in draft.servers):
            note = self._account.info.shared_name_note
            raise InvalidValue(f"The servers have different labels. {note}", hint="Give all of them the same label.")
        order: dict[str, Any] = {"account": self._account.id}
        if draft.currency:
            order["currency"] = draft.currency.lower()
        return {**order, "label": draft.server.name, "payment_type": draft.payment_method}


def _naming(outcome: Outcome, draft: Draft, index: int) -> Outcome:
    """Return the outcome of an order whose server at `index` did not get into the cart, with which one that is."""
    if len(draft.servers) == 1:
        return outcome
    server = draft.servers[index]
    which = f"Server {index + 1} of {len(draft.servers)} ({server.plan_name or f'plan {server.plan}'})"
    refused = outcome.kind is OutcomeKind.REFUSED
    rest = "Nothing was bought; what was in the cart for this order has been taken out again." if refused else ""
    return replace(outcome, message=f"{which}: {outcome.message}", hint=f"{outcome.hint} {rest}".strip())
