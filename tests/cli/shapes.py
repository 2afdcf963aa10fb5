"""The JSON documents of the contract, key by key and type by type, and what tells where a value is otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

Shape = Any
"""A type, a predicate, a dict of exactly these keys, a list of one shape, or a tuple of alternatives."""


def _matching(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _moment(value: Any) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None


AMOUNT = _matching(r"[0-9]+\.[0-9]{2,}")
CURRENCY = _matching(r"[A-Z]{3}")
FINGERPRINT = _matching(r"SHA256:[A-Za-z0-9+/]{43}")
REFERENCE = _matching(r"[0-9]{4}-[a-z0-9]{4}")
ID = _matching(r"[0-9]+")
WORDS = _matching(r"\S(.*\S)?")
CYCLE = _matching("monthly|quarterly|semiannually|annually")
KIND = _matching("recurring|once")
OUTCOME = _matching("placed|refused|not_sent|unknown")
FAMILY = _matching("linux|windows|other")
PROVIDER = _matching("edis|layerstack")

SERVER = {"name": WORDS, "plan": WORDS, "os": WORDS, "ssh_key_fingerprint": (FINGERPRINT, None)}

QUOTE = {
    "provider": PROVIDER,
    "currency": (CURRENCY, ""),
    "billing_cycle": CYCLE,
    "complete": bool,
    "lines": [{"label": WORDS, "amount": (AMOUNT, None), "kind": KIND}],
    "due_now": (AMOUNT, None),
    "recurring": (AMOUNT, None),
    "per_month": (AMOUNT, None),
    "servers": [SERVER],
    "notes": [WORDS],
}

SSH = {
    "command": _matching(r"ssh .*root@\S+"),
    "key_file": (_matching("/.+"), None),
    "host_key": (FINGERPRINT, None),
}
"""How to log in to a server, once it is known."""

ORDER = {
    "outcome": OUTCOME,
    "reference": (REFERENCE, None),
    "order_id": (ID, None),
    "invoice_id": (ID, None),
    "service_ids": [ID],
    "servers": [{"name": WORDS, "service_id": (ID, None), "ssh?": SSH}],
    "paid": (bool, None),
    "message": (WORDS, None),
    "quote": (QUOTE, None),
}

CHANGE_KIND = _matching("upgrade|switch|add_on|cancel")
DAY = _matching("[0-9]{4}-[0-9]{2}-[0-9]{2}")

OWNED = {
    "id": ID,
    "name": (WORDS, None),
    "kvm_id": (WORDS, None),
    "plan": (WORDS, None),
    "location": (WORDS, None),
    "status": (WORDS, None),
    "address": (WORDS, None),
    "price": (AMOUNT, None),
    "currency": (CURRENCY, None),
    "billing_cycle": (CYCLE, None),
    "next_due": (DAY, None),
    "created": (DAY, None),
    "payment_method": (WORDS, None),
    "subscription_id": (ID, None),
}

SERVERS = {"servers": [{"provider": PROVIDER, **OWNED}]}

CHANGE = {
    "kind": CHANGE_KIND,
    "server": OWNED,
    "subscription_id?": (ID, None),
    "plan?": ID,
    "plan_name?": (WORDS, None),
    "billing_cycle?": (CYCLE, None),
    "payment_method?": (WORDS, None),
    "add_ons?": {"*": int},
    "when?": _matching("immediately|at-end-of-period"),
}

CHANGE_QUOTE = {
    "provider": PROVIDER,
    "currency": (CURRENCY, ""),
    "billing_cycle": (CYCLE, None),
    "complete": bool,
    "estimate": bool,
    "due_now": (AMOUNT, None),
    "upper_bound": (AMOUNT, None),
    "recurring": (AMOUNT, None),
    "date_from": (DAY, None),
    "date_to": (DAY, None),
    "available": bool,
    "inapplicable_resources": [WORDS],
    "notes": [WORDS],
}

CHANGED = {
    **ORDER,
    "quote": (CHANGE_QUOTE, None),
    "kind": (CHANGE_KIND, None),
    "change": (CHANGE, None),
    "total": (AMOUNT, None),
    "currency": (CURRENCY, None),
    "date_from": (DAY, None),
    "date_to": (DAY, None),
}

ENTRY = {
    "reference": REFERENCE,
    "provider": PROVIDER,
    "outcome": OUTCOME,
    "created": _moment,
    "order_id": (ID, None),
    "service_ids": [ID],
    "total": (AMOUNT, None),
    "currency": CURRENCY,
    "servers": [SERVER],
    "under_way?": WORDS,
    "kind": _matching("order|upgrade|switch|add_on|cancel"),
    "change?": CHANGE,
}

SHOWN = ENTRY | ORDER | {"servers": [SERVER | {"service_id": (ID, None), "ssh?": SSH}]}
"""What `orders show` prints: both of them, and the servers as both describe them."""

ORDERS = {"orders": [ENTRY]}

PRICES = {"monthly?": AMOUNT, "quarterly?": AMOUNT, "semiannually?": AMOUNT, "annually?": AMOUNT}

CATALOG = {
    "provider": PROVIDER,
    "locations": [{"id": ID, "name": WORDS, "country": str, "in_stock": bool}],
    "plans": [
        {
            "id": ID,
            "name": WORDS,
            "plan_type?": WORDS,
            "location?": WORDS,
            "vcpu": (int, None),
            "ram_mb": (int, None),
            "disk_gb": (int, None),
            "traffic_tb": (int, None),
            "currency": (CURRENCY, None),
            "prices": PRICES,
            "os_images": [ID],
            "add_ons": {"*": [ID]},
        }
    ],
    "os_images": [{"id": ID, "name": WORDS, "family": FAMILY}],
    "add_ons": [{"id": ID, "group": WORDS, "name": WORDS, "prices": (PRICES, None)}],
    "billing_cycles": [CYCLE],
    "payment_methods": [WORDS],
}

OFFER = {
    "location": str,
    "location_name": str,
    "country": str,
    "in_stock": bool,
    "plan": ID,
    "plan_name": WORDS,
    "vcpu": (int, None),
    "ram_mb": (int, None),
    "disk_gb": (int, None),
    "traffic_tb": (int, None),
    "billing_cycle": CYCLE,
    "currency": (CURRENCY, None),
    "price": (AMOUNT, None),
    "per_month": (AMOUNT, None),
    "difference?": (AMOUNT, None),
}

OFFERS = CATALOG | {
    "offers": [OFFER],
    "source": (WORDS, None),
    "left_out": {"*": int},
    "failed": [{"location": ID, "name": WORDS, "title": WORDS, "message": WORDS}],
}

ERROR = {"error": {"title": WORDS, "message": WORDS, "hint": str}}


def differences(value: Any, shape: Shape, place: str = "document") -> list[str]:
    """Return where `value` is not of `shape`; a key with "?" may be missing, the key "*" stands for any."""
    return list(_differences(value, shape, place))


def _differences(value: Any, shape: Shape, place: str) -> Iterator[str]:
    if isinstance(shape, tuple):
        if not any(differences(value, alternative, place) == [] for alternative in shape):
            yield from _differences(value, shape[0], place)
    elif isinstance(shape, dict):
        yield from _object(value, shape, place)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{place} is no list"
            return
        for number, entry in enumerate(value):
            yield from _differences(entry, shape[0], f"{place}[{number}]")
    elif not _fits(value, shape):
        yield f"{place} is {value!r}"


def _object(value: Any, shape: dict[str, Shape], place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is no object"
        return
    known = {key.removesuffix("?"): (inner, key.endswith("?")) for key, inner in shape.items()}
    for key, entry in value.items():
        inner, _ = known.get(key) or known.get("*") or (None, False)
        if key not in known and "*" not in known:
            yield f"{place}.{key} is not in the contract"
        else:
            yield from _differences(entry, inner, f"{place}.{key}")
    yield from (f"{place}.{key} is missing" for key in known if key not in value and key != "*" and not known[key][1])


def _fits(value: Any, shape: Shape) -> bool:
    if isinstance(shape, type):
        return type(value) is shape
    return bool(shape(value)) if callable(shape) else value == shape and type(value) is type(shape)
