"""Changes of servers as documents: what `--json` prints and the journal keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.money import Money
from vps_tui.core.server_change import (
    AddOnChange,
    Cancellation,
    CancelWhen,
    Change,
    ChangeKind,
    ChangeQuote,
    OwnedServer,
    PlanChange,
)


def server_document(server: OwnedServer) -> dict[str, Any]:
    """Return `server` as JSON holds it: amounts as text, None for what is not known."""
    return {
        "id": server.id,
        "name": server.name or None,
        "kvm_id": server.kvm_id or None,
        "plan": server.plan or None,
        "location": server.location or None,
        "status": server.status or None,
        "address": server.address or None,
        "price": server.price.figure if server.price else None,
        "currency": server.price.currency if server.price else None,
        "billing_cycle": server.billing_cycle.value if server.billing_cycle else None,
        "next_due": server.next_due.isoformat() if server.next_due else None,
        "created": server.created.isoformat() if server.created else None,
        "payment_method": server.payment_method or None,
        "subscription_id": server.subscription or None,
    }


def change_document(change: Change) -> dict[str, Any]:
    """Return `change` as JSON and the journal hold it; `change_of` reads it back."""
    document: dict[str, Any] = {"kind": change.kind.value, "server": server_document(change.server)}
    if isinstance(change, Cancellation):
        return {**document, "when": change.when.value}
    document["subscription_id"] = change.subscription or None
    if isinstance(change, AddOnChange):
        return {**document, "add_ons": dict(change.resources)}
    return {
        **document,
        "plan": change.plan,
        "plan_name": change.plan_name or None,
        "billing_cycle": change.billing_cycle.value if change.billing_cycle else None,
        "payment_method": change.payment_method or None,
    }


def change_of(document: Mapping[str, Any], provider: str) -> Change:
    """Return the change in a document of `provider`'s; raises ValueError, KeyError or TypeError for anything else."""
    kind = ChangeKind(document["kind"])
    server = _server_of(document["server"], provider)
    if kind is ChangeKind.CANCEL:
        return Cancellation(server, CancelWhen(document["when"]))
    subscription = str(document.get("subscription_id") or "")
    if kind is ChangeKind.ADD_ON:
        resources = tuple((str(name), int(value)) for name, value in document["add_ons"].items())
        return AddOnChange(server, subscription, resources)
    return PlanChange(
        kind,
        server,
        str(document["plan"]),
        str(document.get("plan_name") or ""),
        _cycle(document.get("billing_cycle")),
        str(document.get("payment_method") or ""),
        subscription,
    )


def quote_document(change: Change, quote: ChangeQuote) -> dict[str, Any]:
    """Return `quote` as JSON and the journal hold it; "due_now" is where an order's quote has it, too."""
    total, most, recurring = quote.total, quote.upper_bound, quote.recurring
    known = next((amount for amount in (total, most, recurring, change.server.price) if amount), None)
    due = total if quote.charges or known is None else Money.zero(known.currency)
    return {
        "provider": change.server.provider,
        "currency": known.currency if known else "",
        "billing_cycle": quote.billing_cycle.value if quote.billing_cycle else None,
        "complete": quote.complete,
        "estimate": quote.estimate,
        "due_now": due.figure if due else None,
        "upper_bound": most.figure if most else None,
        "recurring": recurring.figure if recurring else None,
        "date_from": quote.date_from.isoformat() if quote.date_from else None,
        "date_to": quote.date_to.isoformat() if quote.date_to else None,
        "available": quote.available,
        "inapplicable_resources": list(quote.inapplicable),
        "notes": list(quote.notes),
    }


def _server_of(document: Mapping[str, Any], provider: str) -> OwnedServer:
    def text(key: str) -> str:
        return str(document.get(key) or "")

    price, due, created = document.get("price"), text("next_due"), text("created")
    return OwnedServer(
        provider,
        str(document["id"]),
        name=text("name"),
        kvm_id=text("kvm_id"),
        plan=text("plan"),
        location=text("location"),
        status=text("status"),
        address=text("address"),
        price=Money.parse(price, text("currency")) if price is not None else None,
        billing_cycle=_cycle(document.get("billing_cycle")),
        next_due=date.fromisoformat(due) if due else None,
        created=date.fromisoformat(created) if created else None,
        payment_method=text("payment_method"),
        subscription=text("subscription_id"),
    )


def _cycle(word: Any) -> BillingCycle | None:
    return BillingCycle(word) if word else None
