"""EDIS Global over HTTP: the ORDER API's calls in our words."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from vps_tui.core import pricing
from vps_tui.core.billing_cycle import COMMON_CYCLES, BillingCycle
from vps_tui.core.catalog import Catalog, Location
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.errors import NoReply, ProviderBroken, RequestRefused, UnreadableReply
from vps_tui.core.order_servers import explain_missing_ids
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.pricing import Quote
from vps_tui.core.secret import Secret
from vps_tui.core.text import clean
from vps_tui.providers.delivery import Awaited, Delivery
from vps_tui.providers.edis import wire
from vps_tui.providers.edis.account import EdisAccount
from vps_tui.providers.edis.changes import EdisChanges
from vps_tui.providers.edis.delivery import EdisDelivery
from vps_tui.providers.http import Lost, NotSent, Reply
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.models import Account, Connection, Listing, PaymentMethod, TypedIds
from vps_tui.providers.order_ids import Ids
from vps_tui.providers.paid_call import Judged, judge
from vps_tui.providers.protocol import PreparedCall

_PAYMENT_NAMES = {
    "paypal": ("PayPal", "You pay the invoice with PayPal."),
    "alipay": ("Alipay", "You pay the invoice with Alipay."),
    "creditcard": ("Credit card", "Charged through Stripe."),
    "cryptomus": ("Cryptomus (crypto)", "You pay in crypto; the server waits for the confirmations."),
}


class EdisClient:
    """A signed-in EDIS Global account; implements `Provider`."""

    def __init__(self, info: ProviderInfo, connection: Connection) -> None:
        """Prepare; nothing is sent yet."""
        self._account = EdisAccount(info, connection)
        self._delivery = EdisDelivery(self._account, connection)
        self._changes = EdisChanges(self._account, self.locations, self.catalog, self.payment_methods)
        self._location_names: Mapping[str, str] = {}

    async def account(self) -> Account:
        """Return the account and its credit (get/account-balance, `balance`)."""
        body = await self._account.ask("get/account-balance")
        balance = self._account.translated(lambda: wire.WireAmount.model_validate(body.get("balance")).money())
        return Account(self.account_name, balance)

    async def locations(self) -> tuple[Location, ...]:
        """Return every location (get/locations, `locations`: an object keyed by label)."""
        body = await self._account.ask("get/locations")
        entries = body.get("locations") or {}
        found = self._account.translated(lambda: wire.locations(entries))
        self._location_names = {location.id: location.name for location in found}
        return found

    async def catalog(self, location: str) -> Catalog:
        """Return the plans of one location (get/products, request field `location_id`, a string)."""
        body = await self._account.ask("get/products", location_id=location)
        entries = body.get("products") or {}
        return Catalog(await asyncio.to_thread(self._account.translated, lambda: wire.plans(entries, location)))

    async def remember(self, typed: TypedIds) -> None:
        """Do nothing: get/products lists everything, so nobody is asked for ids."""

    async def billing_cycles(self) -> tuple[BillingCycle, ...]:
        """Return the billing cycles (get/billingcycles, `billingcycle`: the key is singular)."""
        body = await self._account.ask("get/billingcycles")
        offered = body.get("billingcycle")
        return tuple(cycle for cycle in COMMON_CYCLES if isinstance(offered, list) and cycle.value in offered)

    async def payment_methods(self) -> tuple[PaymentMethod, ...]:
        """Return the payment methods (get/paymentmethods, `paymentmethods`)."""
        body = await self._account.ask("get/paymentmethods")
        offered = body.get("paymentmethods")
        entries = offered if isinstance(offered, list) else []
        # An id goes back as it came, so one that could not be a word is left out rather than cleaned.
        ids = [entry for entry in entries if isinstance(entry, str) and re.fullmatch(r"[\w.-]{1,60}", entry)]
        return tuple(PaymentMethod(entry, *_PAYMENT_NAMES.get(entry, (clean(entry), ""))) for entry in ids)

    async def quote(self, draft: Draft, catalog: Catalog) -> Quote:
        """Return the price of `draft` reckoned from `catalog`: the ORDER API has no price enquiry."""
        return pricing.quote(draft, catalog)

    @property
    def account_name(self) -> str:
        """The e-mail address that signs in."""
        return self._account.name

    def request_text(self, draft: Draft) -> str:
        """Return the form field `order` of add/order."""
        return order_json(draft)

    async def prepare(self, draft: Draft, root_passwords: tuple[Secret, ...] = ()) -> PreparedCall | Outcome:
        """Return add/order, ready to go; its form field `order` holds the order as JSON text."""
        order = order_json(draft)

        async def send(_reference: str) -> Outcome:
            fields = {**self._account.credentials(), "order": order}
            reply = await self._account.http.send_once("POST", "kvm/v2/add/order", data=fields)
            names = frozenset({order, *(server.name for server in draft.servers)})
            outcome = judge(Judged(self._account.info.name, _order_taken, echoed=names), reply)
            return explain_missing_ids(draft, _explain_failed(outcome, reply))

        return PreparedCall(send)

    async def find(self, draft: Draft) -> Listing:
        """Return the services of the draft's location (get/services, `location` is its name, not its id)."""
        if not self._location_names:
            # A name that cannot be read rules no server out.
            with suppress(ProviderBroken, RequestRefused, UnreadableReply, NoReply):
                await self.locations()
        entries, at = await self._account.services()
        found = self._account.translated(
            lambda: [wire.WireService.model_validate(entry).server() for entry in entries]
        )
        place = self._location_names.get(draft.location)
        plans = {server.plan_name for server in draft.servers}
        fitting = (server for server in found if place in (None, server.location) and server.plan in plans)
        return Listing(tuple(fitting), at)

    async def deliveries(self, awaited: Awaited) -> tuple[Delivery, ...]:
        """Return how far the servers of an order are (get/services, get/kvmid, then the Management API)."""
        return await self._delivery.of(awaited, lambda: self.find(awaited.draft))

    @property
    def changer(self) -> EdisChanges:
        """What changes servers of this account."""
        return self._changes

    async def aclose(self) -> None:
        """Close every connection."""
        await self._delivery.aclose()
        await self._account.http.aclose()


def order_json(draft: Draft) -> str:
    """Return add/order's `order`: the same draft always gives the same text."""
    order = {
        "billingcycle": draft.billing_cycle.value,
        "paymentmethod": draft.payment_method,
        "applycredit": draft.apply_credit,
        "item": [_item(server) for server in draft.servers],
    }
    return json.dumps(order, ensure_ascii=False, separators=(",", ":"))


def _item(server: ServerDraft) -> dict[str, Any]:
    """Return one `item`; add-ons that are not wanted are left out, as the Complete Guide allows."""
    item: dict[str, Any] = {"pid": int(server.plan), "os": int(server.os), "hostname": server.name}
    for key, _ in wire.GROUPS.values():
        chosen = server.add_on(key)
        if chosen is not None:
            item[key] = int(chosen.id)
    item["ssh_pubkey"] = server.ssh_key
    return item


def _order_taken(body: dict[str, Any], ids: Ids) -> Outcome | None:
    """Read the 200 of add/order; ids are integers in the documents and strings in captured replies."""
    order_id = wire.id_text(body.get("orderid"))
    if body.get("status") != "success" or order_id not in ids.orders:
        return None
    paid = body.get("invoicepaid")
    return Outcome(
        OutcomeKind.PLACED,
        order_id=order_id,
        invoice_id=", ".join(ids.invoices),
        service_ids=ids.services,
        paid=paid if isinstance(paid, bool) else None,
    )


def _explain_failed(outcome: Outcome, reply: Reply | NotSent | Lost) -> Outcome:
    """Return `outcome` with what EDIS documents of {"status": "failed", "orderid": 241158}, where that came."""
    failed = isinstance(reply, Reply) and isinstance(reply.body, dict) and reply.body.get("status") == "failed"
    if not (failed and outcome.kind is OutcomeKind.UNKNOWN and outcome.order_id):
        return outcome
    hint = (
        "Most often the location is sold out and nothing was delivered, but the order exists and may have an "
        f"invoice. Look for order {outcome.order_id} in the client area, settle this one, then try another location."
    )
    return replace(outcome, hint=hint)
