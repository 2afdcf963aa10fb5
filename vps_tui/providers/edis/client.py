"""EDIS Global over HTTP: the ORDER API's calls in our words."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from pydantic import SecretStr, ValidationError

from vps_tui.core import pricing
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.pricing import Quote
from vps_tui.core.text import clean
from vps_tui.errors import NoReply, ProviderBroken, RequestRefused, SignInRefused, UnreadableReply
from vps_tui.providers.blame import blamed
from vps_tui.providers.edis import wire
from vps_tui.providers.http import Reply, Transport, sendable
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.paid import NO_REASON, Prepared, judge
from vps_tui.providers.provider import Account, Connection, Listing, PaidCall, PaymentMethod, TypedIds

Read = TypeVar("Read")

_PAYMENT_NAMES = {
    "paypal": ("PayPal", "You pay the invoice with PayPal."),
    "alipay": ("Alipay", "You pay the invoice with Alipay."),
    "creditcard": ("Credit card", "Charged through Stripe."),
    "cryptomus": ("Cryptomus (crypto)", "You pay in crypto; the server waits for the confirmations."),
}
_BAD_CREDENTIALS = re.compile(
    r"(?i)whmcs credentials|authentication failed|invalid email or password"
    r"|\b(?:email|password|pw) is (?:required|invalid)"
)
_CALLED = {"e-mail address": r"\be-?mail\b|user ?name", "password": r"\bpassword\b|\bpw\b"}
"""What EDIS Global's answers call its two credentials."""


class EdisClient:
    """A signed-in EDIS Global account; implements `Provider`."""

    def __init__(self, info: ProviderInfo, connection: Connection) -> None:
        """Prepare; nothing is sent yet."""
        self._info = info
        self._email = connection.credentials["email"]
        self._password = connection.credentials["password"]
        if not (sendable(self._email) and sendable(self._password)):
            raise SignInRefused(
                "The e-mail address or password has characters that cannot be sent.", hint="Type them again."
            )
        self._http = Transport(info.name, connection.urls["order"], connection, {}, _is_read)
        self._location_names: Mapping[str, str] = {}

    async def account(self) -> Account:
        """Return the account and its credit (get/account-balance, `balance`)."""
        body = await self._ask("get/account-balance")
        balance = self._translated(lambda: wire.WireAmount.model_validate(body.get("balance")).money())
        return Account(self.account_name, balance)

    async def locations(self) -> tuple[Location, ...]:
        """Return every location (get/locations, `locations`: an object keyed by label)."""
        body = await self._ask("get/locations")
        entries = body.get("locations") or {}
        found = self._translated(lambda: wire.locations(entries))
        self._location_names = {location.id: location.name for location in found}
        return found

    async def catalog(self, location: str) -> Catalog:
        """Return the plans of one location (get/products, request field `location_id`, a string)."""
        body = await self._ask("get/products", location_id=location)
        entries = body.get("products") or {}
        return Catalog(await asyncio.to_thread(self._translated, lambda: wire.plans(entries, location)))

    async def remember(self, typed: TypedIds) -> None:
        """Do nothing: get/products lists everything, so nobody is asked for ids."""

    async def billing_cycles(self) -> tuple[BillingCycle, ...]:
        """Return the billing cycles (get/billingcycles, `billingcycle`: the key is singular)."""
        body = await self._ask("get/billingcycles")
        offered = body.get("billingcycle")
        return tuple(cycle for cycle in BillingCycle if isinstance(offered, list) and cycle.value in offered)

    async def payment_methods(self) -> tuple[PaymentMethod, ...]:
        """Return the payment methods (get/paymentmethods, `paymentmethods`)."""
        body = await self._ask("get/paymentmethods")
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
        return clean(self._email.get_secret_value())

    def request_text(self, draft: Draft) -> str:
        """Return the form field `order` of add/order."""
        return order_json(draft)

    async def prepare(self, draft: Draft, root_passwords: tuple[SecretStr, ...] = ()) -> PaidCall | Outcome:
        """Return add/order, ready to go; its form field `order` holds the order as JSON text."""
        order = order_json(draft)

        async def send() -> Outcome:
            fields = {**self._credentials(), "order": order}
            reply = await self._http.send_once("POST", "kvm/v2/add/order", data=fields)
            return judge(self._info.name, reply, _order_error, _order_taken)

        return Prepared(send)

    async def find(self, draft: Draft) -> Listing:
        """Return the services of the draft's location (get/services, `location` is its name, not its id)."""
        if not self._location_names:
            # A name that cannot be read rules no server out.
            with suppress(ProviderBroken, RequestRefused, UnreadableReply, NoReply):
                await self.locations()
        reply = await self._http.read("POST", "kvm/v2/get/services", json=self._credentials())
        entries = self._checked(reply).get("services") or []
        found = self._translated(lambda: [wire.WireService.model_validate(entry).server() for entry in entries])
        place = self._location_names.get(draft.location)
        plans = {server.plan_name for server in draft.servers}
        fitting = (server for server in found if place in (None, server.location) and server.plan in plans)
        return Listing(tuple(fitting), reply.date)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    def _credentials(self) -> dict[str, str]:
        return {"email": self._email.get_secret_value(), "pw": self._password.get_secret_value()}

    async def _ask(self, operation: str, **fields: str) -> dict[str, Any]:
        reply = await self._http.read("POST", f"kvm/v2/{operation}", data={**self._credentials(), **fields})
        return self._checked(reply)

    def _checked(self, reply: Reply) -> dict[str, Any]:
        """Return the body of a successful read; raises the `ProviderError` that the reply stands for."""
        error = read_error(reply)
        if error is None and reply.status < 300:
            return reply.object()
        message, hint = error or (f"HTTP {reply.status}", "")
        if reply.status == 401 or _BAD_CREDENTIALS.search(message):
            raise self._sign_in_refused(message, hint)
        if reply.status == 429 or reply.status >= 500:
            raise ProviderBroken(
                f"{self._info.name} answered: {message}",
                hint=hint or (f"Try again after {reply.retry_after}." if reply.retry_after else "Try again later."),
            )
        if error is None:
            reply.object()
        raise RequestRefused(f"{self._info.name} answered: {message}", hint=hint)

    def _sign_in_refused(self, message: str, hint: str) -> SignInRefused:
        """Return what to say of a refused sign-in; only of a missing one does EDIS Global say which it is."""
        which = blamed(f"{message} {hint}", _CALLED)
        return SignInRefused(
            f"{self._info.name} does not accept this {which or 'e-mail address and password'}: {message}",
            hint=f"Check {f'the {which}' if which else 'both'}: ordering takes the e-mail address and password of "
            "your client account (WHMCS); EDIS Global's documents name no API key for it.",
        )

    def _translated(self, translate: Callable[[], Read]) -> Read:
        try:
            return translate()
        except (ValidationError, AttributeError, TypeError, ValueError) as error:
            raise UnreadableReply(
                f"{self._info.name} sent something that is not what it documents.",
                hint="Try again later; if it stays so, please report it.",
            ) from error


def _is_read(_method: str, path: str) -> bool:
    """Every operation is a POST (Order API, base rules); those that only look are called get/..."""
    return path.startswith("kvm/v2/get/")


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


def read_error(reply: Reply) -> tuple[str, str] | None:
    """Return message and hint of an error in any of the four documented shapes, or None."""
    body = reply.body
    if not isinstance(body, dict):
        return None
    marked = body.get("status", "success") != "success" or "error" in body
    if not marked and reply.status < 400:
        return None
    message = next((clean(str(body[key])) for key in ("message", "errormsg", "error") if body.get(key)), "")
    listed = body.get("errors")
    reasons = "; ".join(clean(str(entry)) for entry in listed[:10]) if isinstance(listed, list) else ""
    if not message and not reasons:
        return (NO_REASON, "") if marked else None
    hint = next((clean(str(body[key])) for key in ("suggestion", "hint", "details", "support") if body.get(key)), "")
    return " ".join((message, f"({reasons})" if reasons else "")).strip(), hint


def _order_error(reply: Reply) -> tuple[str, str] | None:
    """As `read_error`, but an answer with an order id is no plain refusal: that order exists."""
    exists = isinstance(reply.body, dict) and reply.body.get("orderid")
    return None if exists else read_error(reply)


def _order_taken(body: dict[str, Any]) -> Outcome | None:
    """Read the 200 of add/order; ids are integers in the documents and strings in captured replies."""
    order_id = _id_text(body.get("orderid"))
    if body.get("status") == "failed" and order_id:
        return Outcome(
            OutcomeKind.REFUSED,
            message=f"EDIS Global could not provide the server; its order {order_id} failed.",
            hint="Most often the location is sold out. Choose another location, and check in the client area "
            f"that order {order_id} has no open invoice.",
            order_id=order_id,
        )
    if body.get("status") != "success" or not order_id:
        return None
    paid = body.get("invoicepaid")
    services = str(body.get("serviceids") or "")
    return Outcome(
        OutcomeKind.PLACED,
        order_id=order_id,
        invoice_id=_id_text(body.get("invoiceid")),
        service_ids=tuple(clean(part, 40) for part in services.split(",") if part.strip()),
        paid=paid if isinstance(paid, bool) else None,
    )


def _id_text(value: Any) -> str:
    return clean(str(value), 40) if isinstance(value, int | str) and not isinstance(value, bool) else ""
