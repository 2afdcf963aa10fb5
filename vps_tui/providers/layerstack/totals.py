"""What a change at LayerStack costs: the answers of order/changeorder/total, order/switch/total and the switch."""

from __future__ import annotations

from datetime import date
from typing import Any

from vps_tui.core.money import Money, currency_code, no_currency
from vps_tui.core.server_change import ChangeQuote
from vps_tui.core.text import clean

MAX_RESOURCES = 20
"""Inapplicable resources that are kept; three are documented."""


def total_of(body: dict[str, Any]) -> ChangeQuote:
    """Return the quote in `body`; raises ValueError or TypeError for one that is not as documented.

    `{"available": true, "total": 19.06, "currency": "hkd", "date_from": "2020-04-23", "date_to": "2020-05-22",
    "inapplicable_resources": []}` (Order, "Change Order Total"). The amount is a JSON number, which arrives here as
    its digits and never as a float. What an answer with `available: false` holds besides is documented nowhere.
    """
    available = body["available"]
    if not isinstance(available, bool):
        raise TypeError("available is neither true nor false")
    named = body.get("inapplicable_resources") or []
    inapplicable = tuple(_resource(entry) for entry in named[:MAX_RESOURCES])
    if not available:
        return ChangeQuote(available=False, inapplicable=inapplicable)
    currency = body["currency"]
    if not isinstance(currency, str | None):
        raise TypeError("the currency is no text")
    given = clean(currency or "", 8)
    total = Money.parse(body["total"], currency_code(given))
    return ChangeQuote(
        total=total if total.currency else None,
        notes=() if total.currency else (f"The price is not known: {no_currency(given)}.",),
        date_from=_day(body, "date_from"),
        date_to=_day(body, "date_to"),
        inapplicable=inapplicable,
    )


def _day(body: dict[str, Any], key: str) -> date:
    return date.fromisoformat(str(body[key])[:10])


def _resource(entry: Any) -> str:
    """Return the name of an inapplicable resource; whether it is a text or an object is shown by no sample."""
    name = entry.get("resource_name", entry) if isinstance(entry, dict) else entry
    return clean(str(name), 60)
