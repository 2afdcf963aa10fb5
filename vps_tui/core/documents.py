"""A quote as the document that scripts get and the journal keeps: the contract's "quote"."""

from __future__ import annotations

from typing import Any

from vps_tui.core.catalog import Catalog, find_os_image
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.money import Money
from vps_tui.core.pricing import CostLine, Quote


def quote_document(draft: Draft, quote: Quote, catalog: Catalog) -> dict[str, Any]:
    """Return `quote` as JSON holds it: amounts as text, None where a price is not known.

    Where the amounts are in several currencies, "currency" is empty and each line has its own.
    """
    return {
        "provider": draft.provider,
        "currency": quote.currency,
        "billing_cycle": quote.billing_cycle.value,
        "complete": quote.complete,
        "lines": [
            {"label": line.label, "amount": _figure(line.amount), "kind": line.kind.value, **_own(line, quote)}
            for line in quote.lines
        ],
        "due_now": _figure(quote.due_now),
        "recurring": _figure(quote.recurring),
        "per_month": _figure(quote.per_month),
        "servers": [_server(server, catalog) for server in draft.servers],
        "notes": list(quote.notes),
    }


def _figure(amount: Money | None) -> str | None:
    return None if amount is None else amount.figure


def _own(line: CostLine, quote: Quote) -> dict[str, str | None]:
    mixed = len(quote.currencies) > 1
    return {"currency": line.amount.currency if line.amount else None} if mixed else {}


def _server(server: ServerDraft, catalog: Catalog) -> dict[str, Any]:
    plan = catalog.plan(server.plan)
    image = find_os_image(plan, server.os) if plan else None
    return {
        "name": server.name,
        "plan": plan.name if plan else server.plan,
        "os": image.name if image else server.os,
        "ssh_key_fingerprint": fingerprint(server.ssh_key),
    }


def fingerprint(ssh_key: str) -> str | None:
    """Return "SHA256:..." of an OpenSSH line, None where there is no key; raises `InvalidValue` for a bad one."""
    from vps_tui.core.ssh_keys import parse_public_key

    return parse_public_key(ssh_key).fingerprint if ssh_key else None
