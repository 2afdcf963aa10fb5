"""EDIS Global: servers one has (get/services), their upgrade (add/upgrade) and their end (cancel/product)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from vps_tui.core.billing_cycle import COMMON_CYCLES, BillingCycle
from vps_tui.core.catalog import Catalog, Location
from vps_tui.core.errors import Consequence, UsageError
from vps_tui.core.outcome import Outcome, OutcomeKind, Wording
from vps_tui.core.server_change import (
    Cancellation,
    CancelWhen,
    Change,
    ChangeKind,
    ChangeQuote,
    ChangesOffered,
    OwnedListing,
    OwnedServer,
    PlanChange,
)
from vps_tui.core.text import clean
from vps_tui.providers.edis import cancellation, proration, wire
from vps_tui.providers.edis.account import EdisAccount
from vps_tui.providers.models import PaymentMethod
from vps_tui.providers.order_ids import Ids
from vps_tui.providers.paid_call import Judged, judge, not_sent
from vps_tui.providers.protocol import PreparedCall

UPGRADE_CYCLES: Final = {
    BillingCycle.MONTHLY: "monthly",
    BillingCycle.QUARTERLY: "quarterly",
    BillingCycle.SEMIANNUALLY: "semi-annually",
    BillingCycle.ANNUALLY: "annually",
}
"""add/upgrade, `newbillingcycle`: not spelled as everywhere else."""

_CYCLES: Final = {cycle.value: cycle for cycle in COMMON_CYCLES} | {"yearly": BillingCycle.ANNUALLY}

UPGRADE = Wording(
    "the upgrade",
    "Trying again is safe.",
    "an upgrade",
    "The plan that it lists for the server shows it once the invoice is paid; an open invoice shows it before.",
)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _amount(value: Any) -> Any:
    """An entry without a price, or with one that is none, is a server all the same."""
    return value if isinstance(value, dict) and value.get("amount") is not None else None


class WireOwned(wire.WireService):
    """get/services, an entry of `services` with everything; replies of 2025 have `billingcycle` outside `price`."""

    price: Annotated[wire.WireAmount | None, BeforeValidator(_amount)] = None
    billingcycle: wire.Text = ""
    key_date: Annotated[date | None, BeforeValidator(_day)] = None
    paymentmethod: wire.Text = Field(default="")

    def owned(self, cycle: str) -> OwnedServer:
        """Return it in our words; `cycle` is the word for the billing cycle, wherever it stood."""
        return OwnedServer(
            "edis",
            self.service_id,
            kvm_id=self.kvm_id,
            plan=self.plan,
            location=self.location,
            status=self.status,
            price=self.price.money() if self.price else None,
            billing_cycle=_CYCLES.get(re.sub("[^a-z]", "", cycle.casefold())),
            next_due=self.key_date,
            created=self.creation_date,
            payment_method=self.paymentmethod,
        )


def owned_server(entry: Any) -> OwnedServer:
    """Translate an entry of `services`."""
    found = WireOwned.model_validate(entry)
    price = entry.get("price")
    inside = price.get("billingcycle") if isinstance(price, dict) else None
    return found.owned(clean(str(inside or found.billingcycle)))


class EdisChanges:
    """Servers of one account; implements `Changer`."""

    def __init__(
        self,
        account: EdisAccount,
        locations: Callable[[], Awaitable[tuple[Location, ...]]],
        catalog: Callable[[str], Awaitable[Catalog]],
        payment_methods: Callable[[], Awaitable[tuple[PaymentMethod, ...]]],
    ) -> None:
        """Keep the account, and the reads of the catalogue that an upgrade chooses from."""
        self._account = account
        self._locations = locations
        self._catalog = catalog
        self._payment_methods = payment_methods

    async def owned(self) -> OwnedListing:
        """Return every service (get/services, `services`), terminated ones too."""
        entries, at = await self._account.services()
        servers = self._account.translated(lambda: tuple(owned_server(entry) for entry in entries))
        return OwnedListing(servers, at)

    async def changes_offered(self, server: OwnedServer) -> ChangesOffered:
        """Return the plans of the server's location ("must be within the same location", `newpid`), and the ends."""
        if server.ended:
            return ChangesOffered(server, notes=("It has ended: nothing can be changed about it.",))
        cancel = tuple(CancelWhen)
        if not server.kvm_id:
            why = "It has no KVM id yet, by which an upgrade names it: it can be upgraded once it is delivered."
            return ChangesOffered(server, cancel=cancel, notes=(why,))
        place = await self._place(server)
        if place is None:
            why = f"Its location, {server.location or 'not told'}, is not in the catalogue: no plan can be offered."
            return ChangesOffered(server, cancel=cancel, notes=(why,))
        catalog, methods = await asyncio.gather(self._catalog(place.id), self._payment_methods())
        sold_out = "" if place.in_stock else "The location is sold out: whether an upgrade is possible is not told."
        return ChangesOffered(
            server,
            ChangeKind.UPGRADE,
            tuple(plan for plan in catalog.plans if plan.name != server.plan),
            next((plan for plan in catalog.plans if plan.name == server.plan), None),
            billing_cycles=COMMON_CYCLES,
            payment_methods=tuple(method.id for method in methods),
            payment_names=tuple(method.name for method in methods),
            cancel=cancel,
            notes=tuple(
                filter(None, (sold_out, "Add-ons of a server one has can be changed in the client area only."))
            ),
        )

    async def quote_change(self, change: Change) -> ChangeQuote:
        """Return what an upgrade comes to by the list prices of now, and what a cancellation loses."""
        today, _ = self._account.info.today(datetime.now(UTC))
        if isinstance(change, Cancellation):
            return cancellation.quote(change, today)
        if not isinstance(change, PlanChange):
            raise _no_call(self._account.info.name)
        offered = await self.changes_offered(change.server)
        plan = offered.plan(change.plan)
        if plan is None:
            return ChangeQuote(available=False, notes=("The plan is not sold in the server's location.",))
        if change.payment_method and change.payment_method not in offered.payment_methods:
            return ChangeQuote(available=False, notes=("The payment method is no longer offered.",))
        cycle = change.billing_cycle or change.server.billing_cycle or BillingCycle.MONTHLY
        quote = proration.upgrade_quote(change.server, plan.prices.get(cycle), cycle, today, offered.plan_now)
        smaller = proration.smaller(offered.plan_now, plan)
        notes = tuple(filter(None, (smaller, *quote.notes, *proration.AFTERWARDS)))
        return replace(quote, notes=notes, plan=plan)

    def change_text(self, change: Change) -> str:
        """Return operation and body of the call as JSON text, without the credentials."""
        operation, fields = _request(change, self._account.info.name)
        return json.dumps({"operation": operation, **fields}, ensure_ascii=False, separators=(",", ":"))

    async def prepare_change(self, change: Change, quote: ChangeQuote) -> PreparedCall | Outcome:
        """Return add/upgrade (JSON) or cancel/product (form), ready to go; the one names the server by its KVM id.

        The other takes that or the service id; what it does with both is not told, so it gets the second alone.
        """
        operation, fields = _request(change, self._account.info.name)
        name = self._account.info.name
        if isinstance(change, PlanChange) and not change.server.kvm_id:
            return not_sent(name, "the server has no KVM id yet", UPGRADE)

        async def send(_reference: str) -> Outcome:
            body = {**self._account.credentials(), **fields}
            content = {"json": body} if isinstance(change, PlanChange) else {"data": body}
            reply = await self._account.http.send_once("POST", f"kvm/v2/{operation}", **content)
            return judge(_judge(change, name), reply)

        return PreparedCall(send)

    async def _place(self, server: OwnedServer) -> Location | None:
        """Return the server's location: get/services has its name (get/locations, `name`), not its id."""
        wanted = server.location.casefold()
        return next((place for place in await self._locations() if place.name.casefold() == wanted), None)


def _request(change: Change, name: str) -> tuple[str, dict[str, Any]]:
    """Return the operation and the fields of its body besides the credentials; raises `UsageError`."""
    if isinstance(change, Cancellation):
        return "cancel/product", {"serviceid": change.server.id, "type": cancellation.TYPES[change.when]}
    if not isinstance(change, PlanChange):
        raise _no_call(name)
    return "add/upgrade", {
        "kvmid": change.server.kvm_id,
        "newpid": int(change.plan),
        "newbillingcycle": UPGRADE_CYCLES[
            change.billing_cycle or change.server.billing_cycle or BillingCycle.MONTHLY
        ],
        "newpaymentmethod": change.payment_method,
    }


def _no_call(name: str) -> UsageError:
    return UsageError(
        f"{name}'s API adds nothing to a server one has.",
        hint="Change it in the client area, or upgrade the plan.",
        money=Consequence.NOTHING_CHANGED,
    )


def _judge(change: Change, name: str) -> Judged:
    """Return how the answer to `change` is judged: the server's own ids in it are no sign of an order."""
    own = frozenset({change.server.id, change.server.kvm_id} - {""})
    if isinstance(change, Cancellation):
        return Judged(
            name, lambda body, _: cancellation.cancellation_taken(change, body), cancellation.CANCELLATION, own
        )
    return Judged(name, lambda body, ids: _upgrade_taken(change, body, ids), UPGRADE, own)


def _other_than_asked(change: Change, body: dict[str, Any]) -> str:
    """Return in words what the answer to an upgrade is about, where that is not what was asked for."""
    service, plan = wire.id_text(body.get("serviceid")), wire.id_text(body.get("newproductid"))
    wanted = change.plan if isinstance(change, PlanChange) else ""
    found = [
        f"service {service} instead of {change.server.id}" if service not in ("", change.server.id) else "",
        f"plan {plan} instead of {wanted}" if plan not in ("", wanted) else "",
    ]
    words = " and ".join(filter(None, found))
    return f"CAUTION: the answer names {words}. Look in the client area before anything else." if words else ""


def _upgrade_taken(change: Change, body: dict[str, Any], ids: Ids) -> Outcome | None:
    """Read the 200 of add/upgrade, where every id is a string; nothing in it says whether the invoice is paid.

    An answer about another server or plan than `change` asked for is an order all the same, and is said aloud.
    """
    order_id, invoice_id = wire.id_text(body.get("orderid")), ", ".join(ids.invoices)
    if body.get("status") != "success" or order_id not in ids.orders:
        return None
    names = [clean(str(body.get(key) or ""), wire.MAX_NAME) for key in ("oldproductname", "newproductname")]
    service = wire.id_text(body.get("serviceid"))
    message = f"{names[0]} becomes {names[1]}." if all(names) else ""
    return Outcome(
        OutcomeKind.PLACED,
        message=" ".join(filter(None, (_other_than_asked(change, body), message))),
        hint=f"It is done within 7 minutes of the payment of invoice {invoice_id or '(see the client area)'}; the "
        "answer does not say whether it is paid. More RAM or CPU takes a cold reboot.",
        order_id=order_id,
        invoice_id=invoice_id,
        service_ids=(service,) if service else (),
    )
