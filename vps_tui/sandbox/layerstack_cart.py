"""Reading LayerStack's cart items and orders: what is wrong with them, or what they cost.

Fields and types are those of LayerStack API, Order.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from vps_tui.sandbox.data import load_layerstack_catalog
from vps_tui.sandbox.public_keys import looks_like_public_key

CYCLES = {1: "monthly", 3: "quarterly", 12: "annually"}
_MAX_QUANTITY = 10
_REQUIRED = ("billing_cycle", "plan_id", "plan_type", "quantity", "password", "os_template_id")
_ITEM_FIELDS = (*_REQUIRED, "addons", "custom_ssh_key", "custom_script")
_ORDER_FIELDS = ("account", "currency", "label", "cartItems", "payment_type")


def find(table: str, wanted: Any) -> dict[str, Any] | None:
    """Return the entry with the id `wanted` of the catalogue's table `plan`, `os_image` or `add_on`."""
    entries: list[dict[str, Any]] = load_layerstack_catalog()[table]
    return next((entry for entry in entries if entry["id"] == wanted), None)


def form_problems(item: dict[str, Any]) -> list[str]:
    """Return what is missing from a cart item or has the wrong type, in words."""
    problems = [f"{name} is required" for name in _REQUIRED if name not in item]
    problems += [f"{name} is not a known field" for name in item if name not in _ITEM_FIELDS]
    problems += [
        f"{name} must be {kind}" for name, (right, kind) in _TYPES.items() if name in item and not right(item[name])
    ]
    if isinstance(item.get("password"), str) and not item["password"]:
        problems.append("password must not be empty")
    return problems


def _is_int(value: Any) -> bool:
    return type(value) is int


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_add_on_list(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(entry, dict)
        and set(entry) == {"id", "additional_value"}
        and all(_is_int(number) for number in entry.values())
        for entry in value
    )


_TYPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "billing_cycle": (_is_int, "an integer"),
    "plan_id": (_is_int, "an integer"),
    "plan_type": (_is_text, "a string"),
    "quantity": (_is_int, "an integer"),
    "password": (_is_text, "a string"),
    "os_template_id": (_is_int, "an integer"),
    "addons": (_is_add_on_list, 'a list of {"id": integer, "additional_value": integer}'),
    "custom_ssh_key": (_is_text, "a string"),
    "custom_script": (_is_text, "a string"),
}


def value_problems(item: dict[str, Any]) -> Iterator[str]:
    """Yield what a cart item of the right form asks for that cannot be had, in words."""
    plan, image = find("plan", item["plan_id"]), find("os_image", item["os_template_id"])
    if item["billing_cycle"] not in CYCLES:
        yield "billing_cycle must be 1, 3 or 12"
    if plan is None:
        yield "plan_id is not a known plan"
    elif plan["plan_type"] != item["plan_type"]:
        yield "plan_type is not the type of this plan"
    if not 1 <= item["quantity"] <= _MAX_QUANTITY:
        yield f"quantity must be from 1 to {_MAX_QUANTITY}"
    if image is None:
        yield "os_template_id is not a known template"
    for add_on in item.get("addons", ()):
        yield from _add_on_problems(add_on)
    linux = image is not None and image["family"] == "linux"
    for name in ("custom_ssh_key", "custom_script"):
        if name in item:
            yield from _custom_problems(name, item[name], linux=linux)


def _add_on_problems(add_on: dict[str, int]) -> Iterator[str]:
    known = find("add_on", add_on["id"])
    if known is None:
        yield f"addons: {add_on['id']} is not a known add-on"
    elif not 1 <= add_on["additional_value"] <= known.get("max", add_on["additional_value"]):
        yield f"addons: additional_value of {add_on['id']} is out of range"


def _custom_problems(name: str, value: str, *, linux: bool) -> Iterator[str]:
    if not linux:
        # That only default Linux templates support both is documented; whether another one is refused or
        # the field ignored is not. A refusal shows a client its mistake.
        yield f"{name} is supported by default Linux templates only"
    try:
        decoded = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        yield f"{name} must be base64 of text"
        return
    if name == "custom_ssh_key" and not looks_like_public_key(decoded.strip()):
        yield "custom_ssh_key is not a public key"


def unit_price(item: dict[str, Any]) -> Decimal:
    """Return one server's price for the billing cycle of its valid cart item, in the catalogue's currency."""
    cycle = CYCLES[item["billing_cycle"]]
    plan = find("plan", item["plan_id"]) or {}
    total = Decimal(plan["prices"][cycle])
    for add_on in item.get("addons", ()):
        known = find("add_on", add_on["id"]) or {}
        total += Decimal(known["prices"][cycle]) * add_on["additional_value"]
    return total


def order_problems(order: dict[str, Any], account: str, currency: str | None) -> Iterator[str]:
    """Yield what is missing from an order or has the wrong type or value, in words.

    `currency` is the one that the account has already, which makes the field of that name optional.
    """
    yield from (f"{name} is not a known field" for name in order if name not in _ORDER_FIELDS)
    if order.get("account") != account:
        yield "account must be the account that is signed in"
    label = order.get("label")
    if not isinstance(label, str) or not label.strip():
        yield "label must not be empty"
    items = order.get("cartItems")
    if not isinstance(items, list) or not items or not all(_is_int(one) for one in items):
        yield "cartItems must be a list of cart item ids"
    elif len(set(items)) != len(items):
        yield "cartItems names an item twice"
    if order.get("payment_type") != "ccard":
        yield "payment_type must be ccard"
    if currency is None and not order.get("currency"):
        yield "currency is required for the first order of an account"
    elif currency is None and order["currency"] != load_layerstack_catalog()["currency"]:
        yield f"currency: the sandbox's prices are in {load_layerstack_catalog()['currency']} only"
