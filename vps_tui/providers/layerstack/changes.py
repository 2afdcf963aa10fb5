"""LayerStack: servers one has (Cloud Server), their add-ons (order/changeorder) and plans (order/switch)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from vps_tui.core.catalog import Catalog
from vps_tui.core.errors import Consequence, RequestRefused, UnreadableReply, UsageError
from vps_tui.core.outcome import Outcome, OutcomeKind, Wording
from vps_tui.core.server_change import (
    AddOnChange,
    Change,
    ChangeKind,
    ChangeQuote,
    ChangesOffered,
    OwnedListing,
    OwnedServer,
    PlanChange,
    Resource,
)
from vps_tui.core.text import clean
from vps_tui.core.typed_ids import typed_id
from vps_tui.providers.http import Reply
from vps_tui.providers.layerstack import wire
from vps_tui.providers.layerstack.account import LayerStackAccount
from vps_tui.providers.layerstack.totals import total_of
from vps_tui.providers.order_ids import Ids
from vps_tui.providers.paid_call import Judged, judge
from vps_tui.providers.protocol import PreparedCall

RESOURCES: Final = (
    Resource("vm_backup", "Backup"),
    Resource("china_route", "China route"),
    Resource("vm_antiddos", "Anti-DDoS"),
)
"""Order, "Change Order", `resources`: the available ones. What they are called in words is ours."""

SUBSCRIPTION_HELP: Final = (
    "LayerStack changes a server by its subscription id, and its documents do not say where that is found: look in "
    "the LayerPanel, or ask LayerStack's support."
)
SUGGESTED: Final = (
    "LayerStack lists this subscription id with the server; its documents do not promise that it is the one."
)
PAID_NOW: Final = "LayerStack charges the card of the account at once."
NOT_SHOWN: Final = "What each renewal costs from then on is not told."

CHANGE = Wording(
    "the change",
    "Trying again is safe.",
    "a change",
    "The LayerPanel shows the server's plan, its add-ons and what was charged.",
)


class LayerStackChanges:
    """Servers of one account; implements `Changer`."""

    def __init__(self, account: LayerStackAccount, catalog: Callable[[str], Awaitable[Catalog]]) -> None:
        """Keep the account, and the read of the catalogue that a switch chooses from."""
        self._account = account
        self._catalog = catalog

    async def owned(self) -> OwnedListing:
        """Return every cloud server (Cloud Server, list)."""
        listing = await self._account.listed({})
        servers = (
            OwnedServer(
                "layerstack",
                one.id,
                name=one.name,
                plan=one.plan,
                location=one.location,
                status=one.status,
                address=one.address,
            )
            for one in listing.servers
        )
        return OwnedListing(tuple(servers), listing.at)

    async def changes_offered(self, server: OwnedServer) -> ChangesOffered:
        """Return plans of the same type ("need to have the same type", `plan_id`) and the three add-ons.

        The server's own page is read for a subscription id, which no document promises to be there.
        """
        subscription = await self._subscription(server)
        catalog = await self._catalog("")
        now = next((plan for plan in catalog.plans if plan.name == server.plan), None)
        plans = tuple(
            plan
            for plan in catalog.plans
            if plan.name != server.plan
            and (now is None or (plan.plan_type, plan.location) == (now.plan_type, now.location))
        )
        notes = (
            SUGGESTED if subscription else SUBSCRIPTION_HELP,
            "" if now else "The plan it has now is not in the catalogue: only a plan of the same type can be had.",
            "The API ends no server and takes no add-on away: that is done in the LayerPanel.",
        )
        return ChangesOffered(
            replace(server, subscription=subscription),
            ChangeKind.SWITCH,
            plans,
            now,
            other_plans=True,
            resources=RESOURCES,
            needs_subscription=True,
            notes=tuple(filter(None, notes)),
        )

    async def quote_change(self, change: Change) -> ChangeQuote:
        """Return what LayerStack says that `change` costs (PUT order/switch/total, PUT order/changeorder/total)."""
        _, _, body = _request(change, self._account.info.name)
        path = "order/changeorder/total"
        if isinstance(change, PlanChange):
            path, body = "order/switch/total", {"subscription_id": int(change.subscription), **body}
        reply = await self._account.http.read("PUT", path, json=body)
        quote = self._quote(reply, path)
        plan = (await self._catalog("")).plan(change.plan) if isinstance(change, PlanChange) else None
        if not quote.available:
            return quote
        return replace(quote, notes=(*quote.notes, PAID_NOW, NOT_SHOWN), plan=plan)

    def change_text(self, change: Change) -> str:
        """Return method, path and body of the call as JSON text."""
        method, path, body = _request(change, self._account.info.name)
        return json.dumps({"method": method, "path": path, "body": body}, ensure_ascii=False, separators=(",", ":"))

    async def prepare_change(self, change: Change, quote: ChangeQuote) -> PreparedCall | Outcome:
        """Return PUT order/switch/{subscription_id} or POST order/changeorder, ready to go."""
        method, path, body = _request(change, self._account.info.name)

        async def send(_reference: str) -> Outcome:
            reply = await self._account.http.send_once(method, path, json=body)
            return judge(_judge(change, quote, self._account.info.name), reply)

        return PreparedCall(send)

    async def _subscription(self, server: OwnedServer) -> str:
        """Return the field `subscription_id` of the server's own page, if it has one; empty where not."""
        if not is_id(server.id):
            return ""
        reply = await self._account.http.read("GET", f"cloudserver/{server.id}/")
        error = wire.explain(reply)
        if reply.status >= 300 or error is not None:
            raise self._account.failed(reply, *(error or (f"HTTP {reply.status}", "")))
        body = reply.object()
        inner = body.get("data")
        holders = [body, inner] if isinstance(inner, dict) else [body]
        found = next((holder["subscription_id"] for holder in holders if holder.get("subscription_id")), "")
        return str(found) if isinstance(found, int | str) and is_id(str(found)) else ""

    def _quote(self, reply: Reply, path: str) -> ChangeQuote:
        name, error = self._account.info.name, wire.explain(reply)
        if reply.status == 405:
            raise RequestRefused(
                f"{name} does not take the question for the price as PUT {path} (HTTP 405). Its documents say PUT in "
                "the text and GET in the table; a GET cannot carry the question.",
                hint="Without a price nothing is changed. Make the change in the LayerPanel, and please report this.",
                money=Consequence.NOTHING_CHANGED,
            )
        if reply.status >= 300 or error is not None:
            raise self._account.failed(reply, *(error or (f"HTTP {reply.status}", "")))
        try:
            return total_of(reply.object())
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise UnreadableReply(
                f"{name}'s answer to the question for the price is not what it documents.",
                hint="Without a price nothing is changed. Try again later; if it stays so, please report it.",
                money=Consequence.NOTHING_CHANGED,
            ) from problem


def is_id(text: str) -> bool:
    """Tell whether `text` can be one of LayerStack's whole numbers."""
    return bool(typed_id(text))


def _request(change: Change, name: str) -> tuple[str, str, dict[str, Any]]:
    """Return method, path and body of the call that makes `change`; raises `UsageError`."""
    if not isinstance(change, PlanChange | AddOnChange):
        raise UsageError(
            f"{name}'s API has no call that ends a server.",
            hint="Cancel it in the LayerPanel.",
            money=Consequence.NOTHING_CHANGED,
        )
    if not is_id(change.subscription):
        raise UsageError(
            "The subscription id must be a whole number.", hint=SUBSCRIPTION_HELP, money=Consequence.NOTHING_CHANGED
        )
    subscription = int(change.subscription)
    if isinstance(change, PlanChange):
        if not is_id(change.plan):
            raise UsageError("The plan's id must be a whole number.", money=Consequence.NOTHING_CHANGED)
        return "PUT", f"order/switch/{subscription}", {"plan_id": int(change.plan)}
    # The sample has `delta_value` as a string although a number is meant.
    resources = [{"resource_name": resource, "delta_value": str(value)} for resource, value in change.resources]
    return "POST", "order/changeorder", {"subscription_id": subscription, "resources": resources}


def _judge(change: Change, quote: ChangeQuote, name: str) -> Judged:
    """Return how the answer to `change` is judged: the ids of its server and subscription are no sign of an order."""
    switches = isinstance(change, PlanChange)
    accept = switch_taken if switches else change_order_taken
    subscription = change.subscription if isinstance(change, PlanChange | AddOnChange) else ""
    own = {change.server.id, change.server.subscription, subscription, subscription.lstrip("0")} - {""}
    return Judged(name, lambda body, ids: accept(body, ids, quote), CHANGE, frozenset(own), numbered=not switches)


def switch_taken(body: dict[str, Any], _ids: Ids, quote: ChangeQuote) -> Outcome | None:
    """Read the answer of the switch (Order, "Switch Order"), which is like its quote and names no order.

    So the whole of that answer is the proof that it was made: available, with sum, currency and both days.
    """
    try:
        charged = total_of(body)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return Outcome(OutcomeKind.PLACED, _read_charge(charged, quote)) if charged.available else None


def change_order_taken(body: dict[str, Any], ids: Ids, quote: ChangeQuote) -> Outcome | None:
    """Read the answer to POST order/changeorder, which is undocumented: as that of POST order."""
    taken = wire.order_taken(body, ids)
    try:
        words = _read_charge(total_of(body), quote)
    except (KeyError, TypeError, ValueError, AttributeError):
        words = ""
    return None if taken is None else replace(taken, message=words)


def _read_charge(charged: ChangeQuote, quote: ChangeQuote) -> str:
    """Return what the answer says was charged; aloud when that is not what was agreed to."""
    if charged.total is None or charged.date_from is None or charged.date_to is None:
        return ""
    words = clean(f"LayerStack's answer: {charged.total} for {charged.date_from} to {charged.date_to}.")
    if quote.total is not None and quote.total != charged.total:
        return f"{words} THAT IS NOT THE {quote.total} THAT WAS QUOTED: look at the bill in the LayerPanel."
    return words
