"""Faults that change the text of a reply: fields missing, ids as strings, hostile text."""

from __future__ import annotations

from typing import Any

_SEQUENCES = (
    "\x1b[2J\x1b[31;1m"  # clears the screen
    "\x1b]8;;https://example.test/\x1b\\link\x1b]8;;\x1b\\"  # a link
    "\x1b]52;c;ZXZpbA==\x07"  # writes the clipboard
    "\x1b]0;title\x07\x9b31m\x9d52;c;ZXZpbA==\x9c\x84\x85\x00\x07\x08\r\n\t"
    "[bold red][/][/bold][@click=app.quit]quit[/] [link=https://example.test/]here[/link]"
    "\u202eesrever\u202c\u2066isolate\u2069\u200b\u200d\ufeff\u2028\u2029\U000e0041"
)
POISON = _SEQUENCES + "A" * (1024 - len(_SEQUENCES.encode()))
"""What hostile-text appends to every name and message: 1 kB of what a terminal or markup may obey."""

_IDS = ("id", "orderid", "invoiceid", "serviceid", "service_id", "order_id", "invoice_id", "0")
_TEXTS = (
    *("name", "headline", "description", "plan", "location"),
    *("message", "errormsg", "error", "errors", "details", "suggestion", "hint", "support"),
)
_LATER_FIELDS = {
    "get/locations": ("name", "country", "out_of_stock"),
    "get/products": ("additional vcpu", "additional drive boost"),
    "get/services": ("paymentmethod", "key_date"),
    "get/account-balance": ("status",),
    "get/billingcycles": ("status",),
    "get/paymentmethods": ("status",),
    "add/order": ("invoicepaid",),
    "order": ("invoice_id",),
    "cloudserver": ("ram", "cpu", "disk", "plan", "created_at", "subscription_id"),
}


def disturb(body: Any, operation: str, flags: frozenset[str]) -> Any:
    """Return a reply's body as the faults in `flags` leave it; the body itself stays as it is."""
    if "missing-fields" in flags:
        body = _without(body, _LATER_FIELDS.get(operation, ()))
    if "ids-as-strings" in flags:
        body = _ids_as_strings(_without(body, ("invoicepaid",)))
    if "hostile-text" in flags:
        body = _hostile(body)
        if isinstance(body, dict):
            body = {"message": POISON} | body
    return body


def _without(body: Any, names: tuple[str, ...]) -> Any:
    if isinstance(body, list):
        return [_without(entry, names) for entry in body]
    if isinstance(body, dict):
        return {name: _without(value, names) for name, value in body.items() if name not in names}
    return body


def _ids_as_strings(body: Any) -> Any:
    if isinstance(body, list):
        return [_ids_as_strings(entry) for entry in body]
    if isinstance(body, dict):
        return {
            name: str(value) if name in _IDS and isinstance(value, int) else _ids_as_strings(value)
            for name, value in body.items()
        }
    return body


def _hostile(body: Any, *, text: bool = False) -> Any:
    """Poison every text below a key that holds text for people, and the labels of locations and plans."""
    if isinstance(body, str):
        return body + POISON if text else body
    if isinstance(body, list):
        return [_hostile(entry, text=text) for entry in body]
    if not isinstance(body, dict):
        return body
    poisoned: dict[str, Any] = {}
    for name, value in body.items():
        inner = _hostile(value, text=name in _TEXTS)
        if name in ("locations", "products") and isinstance(inner, dict):
            inner = {label + POISON: entry for label, entry in inner.items()}
        poisoned[name] = inner
    return poisoned
