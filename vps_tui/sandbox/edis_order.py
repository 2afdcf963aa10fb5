"""Reading EDIS's `order` field: what is wrong with it, or what it orders (EDIS ORDER API, add/order)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vps_tui.sandbox.edis_catalog import (
    OPERATING_SYSTEM,
    OPTION_FIELDS,
    Offer,
    Option,
    billing_cycles,
    offers,
    options,
)
from vps_tui.sandbox.messages import strict_json, whole_number
from vps_tui.sandbox.public_keys import fingerprint, looks_like_public_key

PAYMENT_METHODS = ("paypal", "alipay", "creditcard", "cryptomus")

_ORDER_FIELDS = ("billingcycle", "paymentmethod", "applycredit", "item")
_ITEM_FIELDS = ("pid", "os", "hostname", *OPTION_FIELDS, "ssh_pubkey")


@dataclass(frozen=True, slots=True)
class WantedServer:
    """One item of an order, resolved in the catalogue."""

    offer: Offer
    os: Option
    hostname: str
    add_ons: tuple[Option, ...]
    login_key: str
    """Fingerprint of the public key, empty for none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A whole order without fault."""

    billing_cycle: str
    payment_method: str
    servers: tuple[WantedServer, ...]
    items: tuple[dict[str, Any], ...]
    """As sent, without the public keys."""


def read_order(text: str) -> Wanted | list[str]:
    """Return what `text` orders, or every problem that it has, in words."""
    order = strict_json(text)
    if not isinstance(order, dict):
        return ["invalid JSON structure"]
    problems = list(_order_problems(order))
    items = order.get("item")
    servers: list[WantedServer] = []
    for number, item in enumerate(items if isinstance(items, list) else ()):
        found, wrong = _read_item(item, f"item {number}: ")
        problems += wrong
        if found is not None:
            servers.append(found)
    if problems:
        return problems
    sent = tuple({key: value for key, value in item.items() if key != "ssh_pubkey"} for item in order["item"])
    return Wanted(order["billingcycle"], order["paymentmethod"], tuple(servers), sent)


def _order_problems(order: dict[str, Any]) -> Iterator[str]:
    yield from (f"{name} is required" for name in _ORDER_FIELDS if name not in order)
    yield from (f"{name} is not a known field" for name in order if name not in _ORDER_FIELDS)
    if order.get("billingcycle", "monthly") not in tuple(billing_cycles()):
        yield "billingcycle is invalid"
    if order.get("paymentmethod", "paypal") not in PAYMENT_METHODS:
        yield "paymentmethod is invalid"
    if not isinstance(order.get("applycredit", True), bool):
        yield "applycredit must be true or false"
    items = order.get("item", [{}])
    if not isinstance(items, list) or not items:
        yield "item must be a list of at least one server"


def _read_item(item: Any, where: str) -> tuple[WantedServer | None, list[str]]:
    if not isinstance(item, dict):
        return None, [f"{where}must be an object"]
    problems = [f"{name} is required" for name in ("pid", "os", "hostname") if name not in item]
    problems += [f"{name} is not a known field" for name in item if name not in _ITEM_FIELDS]
    offer = offers().get(whole_number(item.get("pid")))
    if offer is None and "pid" in item:
        problems.append("pid is not a known plan id")
    problems += _text_problems(item)
    groups = options(offer.name) if offer else {}
    system = groups.get(OPERATING_SYSTEM, {}).get(whole_number(item.get("os")))
    add_ons, wrong = _read_add_ons(item, groups) if offer else ((), [])
    problems += wrong
    if offer is not None and system is None and "os" in item:
        problems.append("os is not offered for this plan")
    if problems or offer is None or system is None:
        return None, [where + problem for problem in problems]
    return WantedServer(offer, system, item["hostname"], add_ons, fingerprint(item.get("ssh_pubkey", ""))), []


def _text_problems(item: dict[str, Any]) -> Iterator[str]:
    hostname = item.get("hostname", "given")
    if not isinstance(hostname, str) or not hostname.strip():
        yield "hostname must not be empty"
    key = item.get("ssh_pubkey", "")
    if not isinstance(key, str) or (key and not looks_like_public_key(key)):
        yield "ssh_pubkey is not a public key"


def _read_add_ons(item: dict[str, Any], groups: Any) -> tuple[tuple[Option, ...], list[str]]:
    chosen: list[Option] = []
    problems: list[str] = []
    for name, group in OPTION_FIELDS.items():
        value = item.get(name, "")
        if value == "":
            continue
        option = groups.get(group, {}).get(whole_number(value))
        if option is None:
            problems.append(f"{name} is not an option of this plan")
        else:
            chosen.append(option)
    if item.get("additional_diskboost", "") != "" and item.get("additional_driveboost", "") != "":
        problems.append("additional_diskboost and additional_driveboost are the same option")
    return tuple(chosen), problems
