"""The named faults of the sandbox: what can be asked for, and which of them bear on a request.

`NAME`, `NAME:OPERATION`, `NAME*COUNT` or `NAME:OPERATION*COUNT`. An operation is named by its path below
the provider's base path (`get/products`, `order/add-to-cart`). Without one, a fault bears on the calls
that its description says. With a count, it bears on the first COUNT of them only.
"""

from __future__ import annotations

import difflib
import re
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

ORDERS = frozenset({"add/order", "order"})
"""The two calls that buy a server."""

CHANGES = frozenset({"add/upgrade", "cancel/product", "order/changeorder", "order/switch"})
"""The calls that change a server of the account."""

PAID = ORDERS | CHANGES
"""Every call that buys or ends something."""

TOTALS = frozenset({"order/changeorder/total", "order/switch/total"})
"""LayerStack's enquiries for the price of a change."""

OPERATIONS = (
    PAID
    | TOTALS
    | {
        "get/billingcycles",
        "get/paymentmethods",
        "get/locations",
        "get/products",
        "get/account-balance",
        "get/services",
        "get/kvmid",
        "get/serviceid",
        "get/auth",
        "get/power",
        "get/details",
        "get/all_details",
        "order/add-to-cart",
        "order/cartItems/delete",
        "cloudserver",
    }
)

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "out-of-stock": "orders: EDIS answers failed with an order id, LayerStack refuses with 422",
        "partial": "orders of several servers: taken without the last one, which gets no service id (invented)",
        "insufficient-credit": "EDIS orders and upgrades: taken, but the invoice stays unpaid",
        "declined-card": "orders: LayerStack refuses with 402, EDIS takes it but the invoice stays unpaid",
        "http-NNN": "orders and changes: answered with that status from 400 to 599, not taken",
        "redirect-NNN": "orders and changes: answered with 301, 302, 303, 307 or 308, not taken until followed",
        "reply-lost": "orders and changes: taken, then the connection closes without a byte",
        "reset": "orders and changes: the connection is reset, not taken",
        "truncated": "orders and changes: taken, then the connection closes halfway through the reply",
        "not-json": "orders and changes: taken, then answered with a page of HTML",
        "empty-reply": "orders and changes: taken, then answered with nothing in the body",
        "no-id": "orders and changes: taken, then answered without any id",
        "error-in-200": "orders and changes: answered with an error under status 200, not taken",
        "hang": "orders and changes: taken, then never answered",
        "wrong-password": "every call: the credentials are refused",
        "slow": "every call: answered after 3 seconds",
        "slow-SECONDS": "every call: answered after that many seconds",
        "ids-as-strings": "every call: ids are strings, and orders do not say whether they are paid",
        "text-plain": "every call: the reply is labelled text/plain",
        "missing-fields": "every call: fields that older replies lacked are absent",
        "hostile-text": "every call: names and messages hold control sequences, markup and invisible letters",
        "no-api-access": "get/auth: knows no machine, as where API access is off in the client area",
        "no-primary-ip": "get/auth: without the address, which get/details has then",
        "powered-off": "get/power: the server is off",
        "price-moved": "prices and LayerStack's totals: higher from the second call on, and so is what is charged",
        "smaller-plan": "EDIS plans: a quarter of the RAM from the second call on",
        "renamed-plan": "EDIS plans: other names from the second call on",
        "other-image": "EDIS plans: every OS image id is another system from the second call on",
        "renamed-image": "EDIS plans: OS images are spelled otherwise from the second call on",
        "terms-withdrawn": "EDIS billing cycles and payment methods: only the last is left from the second call on",
        "mixed-currencies": "EDIS plans: add-ons are priced in USD, plans in EUR",
        "no-currency": "EDIS plans: the plans' prices have a sign where the currency's code is expected",
        "unavailable": "LayerStack changes: totals and the switch answer that the change is not available",
        "inapplicable": "LayerStack add-ons: the total names every one of them as inapplicable",
    }
)

SLOW_SECONDS = 3.0
REDIRECTS = (301, 302, 303, 307, 308)

BEFORE = frozenset({"http", "redirect", "reset", "error-in-200", "wrong-password"})
"""Faults that answer in place of the provider."""
AFTER = frozenset({"reply-lost", "truncated", "not-json", "empty-reply", "no-id", "hang"})
"""Faults that spoil the reply after the provider did its work."""

_EDIS_PAID = frozenset({"add/order", "add/upgrade"})
_CHARGED_AS = {"add/order": "get/products", "add/upgrade": "get/products"} | {
    "order/changeorder": "order/changeorder/total",
    "order/switch": "order/switch/total",
}
"""Which enquiry shows the price that a call charges."""
_EVERY = ("wrong-password", "slow", "ids-as-strings", "text-plain", "missing-fields", "hostile-text")
_PRODUCTS = frozenset({"get/products"})
_FROM_THE_SECOND = frozenset({"smaller-plan", "renamed-plan", "other-image", "renamed-image", "terms-withdrawn"})
"""Faults that spare the first call: what was shown then is not what is sold later."""
_ONLY: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_FROM_THE_SECOND | {"mixed-currencies", "no-currency"}, _PRODUCTS),
    "terms-withdrawn": frozenset({"get/billingcycles", "get/paymentmethods"}),
    "partial": ORDERS,
    "no-api-access": frozenset({"get/auth"}),
    "no-primary-ip": frozenset({"get/auth"}),
    "powered-off": frozenset({"get/power"}),
    "out-of-stock": ORDERS,
    "insufficient-credit": _EDIS_PAID,
    "declined-card": ORDERS,
    "price-moved": frozenset({"get/products"}) | TOTALS,
    "unavailable": TOTALS | {"order/switch"},
    "inapplicable": frozenset({"order/changeorder/total"}),
}
"""Faults that mean something in these operations only."""

_SYNTAX = re.compile(r"(?P<name>[^:*]+)(?::(?P<operation>[^:*]+))?(?:\*(?P<count>[^:*]+))?")
_NUMBERED = re.compile(r"(http|redirect|slow)-(\d{1,6}(?:\.\d{1,6})?)")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault as asked for."""

    name: str
    """As in FAULTS, but `http`, `redirect` and `slow` without their number."""
    status: int = 0
    """Of `http` and `redirect`."""
    seconds: float = 0.0
    """Of `slow`."""
    operation: str | None = None
    """The one operation that was named; `None` for those of the description."""
    count: int | None = None
    """How many requests it bears on; `None` for all."""

    def concerns(self, operation: str) -> bool:
        """Tell whether the fault bears on that operation."""
        if self.operation is not None:
            return self.operation == operation
        if self.name in _EVERY:
            return True
        return operation in _ONLY.get(self.name, PAID)


def parse(text: str) -> Fault:
    """Return the fault that `text` names; raises ValueError, with the nearest right name, for any other."""
    match = _SYNTAX.fullmatch(text.strip())
    if match is None:
        message = f"{text!r} is not a fault; write NAME, NAME:OPERATION, NAME*COUNT or NAME:OPERATION*COUNT"
        raise ValueError(message)
    name, status, seconds = _name(match["name"])
    operation = _operation(match["operation"], name)
    return Fault(name, status, seconds, operation, _count(match["count"]))


def _name(text: str) -> tuple[str, int, float]:
    numbered = _NUMBERED.fullmatch(text)
    if numbered is None:
        if text not in FAULTS or text.endswith(("NNN", "SECONDS")):
            raise ValueError(_unknown("fault", text, _spellings(text)))
        return text, 0, SLOW_SECONDS if text == "slow" else 0.0
    name, number = numbered.groups()
    if name == "slow":
        return name, 0, float(number)
    allowed: Iterable[int] = range(400, 600) if name == "http" else REDIRECTS
    if not number.isdecimal() or int(number) not in allowed:
        which = "from 400 to 599" if name == "http" else "301, 302, 303, 307 or 308"
        message = f"{text!r} is not a fault: the status must be {which}"
        raise ValueError(message)
    return name, int(number), 0.0


def _spellings(text: str) -> list[str]:
    """Return the names that `text` may have meant, with its own number in place of NNN and SECONDS."""
    number = re.search(r"\d+", text)
    if number is None:
        return list(FAULTS)
    return [re.sub("NNN|SECONDS", number[0], name) for name in FAULTS]


def _operation(text: str | None, name: str) -> str | None:
    if text is None:
        return None
    known = _ONLY.get(name, OPERATIONS)
    operation = text.strip("/")
    if operation not in known:
        raise ValueError(_unknown(f"operation of {name}", text, sorted(known)))
    return operation


def _count(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and int(text)):
        message = f"{text!r} is not a count of requests; write a whole number from 1"
        raise ValueError(message)
    return int(text)


def _unknown(what: str, text: str, known: list[str]) -> str:
    near = difflib.get_close_matches(text, known, n=1, cutoff=0.5)
    return f"unknown {what} {text!r}" + (f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class Hit:
    """The faults that bear on one request."""

    instead: Fault | None = None
    """Answers in place of the provider (one of BEFORE)."""
    spoils: str = ""
    """Spoils the reply (one of AFTER), or empty."""
    seconds: float = 0.0
    """How long the reply waits."""
    flags: frozenset[str] = frozenset()
    """Every other fault, by name."""


class ActiveFaults:
    """The faults in force and what is left of their counts; safe to use from several threads."""

    def __init__(self, faults: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._left: list[tuple[Fault, int | None]] = []
        self._served: Counter[str] = Counter()
        self.replace(faults)

    def replace(self, faults: Iterable[str]) -> None:
        """Put these faults in force in place of the present ones; raises ValueError as `parse` does."""
        parsed = [parse(text) for text in faults]
        with self._lock:
            self._left = [(fault, fault.count) for fault in parsed]
            self._served.clear()

    def hit(self, operation: str) -> Hit:
        """Return what bears on this request, and count it.

        Of the faults that replace or spoil a reply only the first one in force counts, so that
        `http-500*1` before `reply-lost*1` is two requests' worth of trouble in that order.
        """
        with self._lock:
            chosen = [
                number
                for number, (fault, left) in enumerate(self._left)
                if left != 0 and self._bears(fault, operation)
            ]
            drastic = [number for number in chosen if self._left[number][0].name in BEFORE | AFTER]
            chosen = [number for number in chosen if number not in drastic[1:]]
            for number in chosen:
                self._spend(number, operation)
            self._served[operation] += 1
            return _as_hit([self._left[number][0] for number in chosen])

    def _bears(self, fault: Fault, operation: str) -> bool:
        if fault.name == "price-moved":
            shown = _CHARGED_AS.get(operation, operation)
            named = fault.operation in (None, shown)
            return named and shown in _ONLY[fault.name] and self._served[shown] > 0
        if fault.name in _FROM_THE_SECOND and self._served[operation] == 0:
            return False
        return fault.concerns(operation)

    def _spend(self, number: int, operation: str) -> None:
        fault, left = self._left[number]
        # What is charged at the moved price uses up none of the counted replies that show it.
        if left is not None and not (fault.name == "price-moved" and operation in _CHARGED_AS):
            self._left[number] = (fault, left - 1)


def _as_hit(faults: list[Fault]) -> Hit:
    instead = next((fault for fault in faults if fault.name in BEFORE), None)
    spoils = next((fault.name for fault in faults if fault.name in AFTER), "")
    flags = frozenset(fault.name for fault in faults) - BEFORE - AFTER - {"slow"}
    return Hit(instead, spoils, sum(fault.seconds for fault in faults), flags)
