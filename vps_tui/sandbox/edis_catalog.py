"""What EDIS sells in the sandbox: its locations, their plans, the options of a plan, and what faults make of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from vps_tui.sandbox.data import load_json
from vps_tui.sandbox.records import MONTHS

CURRENCY = "EUR"
OPERATING_SYSTEM = "operating system"
_SMALLER = 4
"""By what the fault smaller-plan divides the RAM."""

MOVED_BY = Decimal("2.00")
"""What the fault price-moved adds to every plan's monthly price, in EUR."""

OPTION_FIELDS: Mapping[str, str] = {
    "additional_ram": "additional ram",
    "additional_vcpu": "additional vcpu",
    "additional_ip": "additional ip",
    "additional_diskboost": "additional drive boost",
    "additional_driveboost": "additional drive boost",
}
"""Order field to option group; the example of add/order spells the last one both ways."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an option group."""

    option_id: int
    description: str
    monthly: Decimal | None
    """`None` where the documents show no price, which is free."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One plan at one location."""

    pid: int
    name: str
    location_id: int
    monthly: Decimal
    ram_mb: int
    disk_gb: int
    cores: int
    traffic_tb: int


def billing_cycles() -> Mapping[str, int]:
    """Return every billing cycle with its price in monthly prices."""
    cycles: Mapping[str, int] = load_json("edis-plans")["cycle_multipliers"]
    return cycles


def locations() -> dict[str, dict[str, Any]]:
    """Return the documented locations as get/locations gives them, by label."""
    found: dict[str, dict[str, Any]] = load_json("edis-locations")
    return found


@cache
def offers() -> Mapping[int, Offer]:
    """Return every plan at every location, by plan id, in the order of the data files."""
    plans = load_json("edis-plans")
    found: dict[int, Offer] = {}
    for location in locations().values():
        place = location["id"]
        for position, plan in enumerate(plans["plans"]):
            if plan["name"] in plans["not_sold"].get(str(place), ()):
                continue
            pid = plans["first_invented_id"] + plans["invented_ids_per_location"] * place + position
            pid = plans["plan_ids"].get(str(place), {}).get(plan["name"], pid)
            size = {key: plan[key] for key in ("ram_mb", "disk_gb", "cores", "traffic_tb")}
            found[pid] = Offer(pid, plan["name"], place, _monthly(plans, plan, str(place)), **size)
    return found


def _monthly(plans: Any, plan: Any, place: str) -> Decimal:
    documented = plans["monthly_by_location"].get(place, {}).get(plan["name"])
    return Decimal(documented or plan["monthly"]) + Decimal(
        0 if documented else plans["monthly_difference"].get(place, 0)
    )


@cache
def options(plan: str) -> Mapping[str, Mapping[int, Option]]:
    """Return the option groups of the plan called `plan`, each with its options by id."""
    data = load_json("edis-options")
    return {
        group: {entry["id"]: _option(entry) for entry in entries}
        for group, entries in data["groups"].items()
        if plan not in data["not_offered"].get(group, ())
    }


def _option(entry: Any) -> Option:
    price = entry.get("monthly")
    return Option(entry["id"], entry["description"], None if price is None else Decimal(price))


def location_named(location_id: int) -> dict[str, Any] | None:
    """Return the entry of get/locations with that id."""
    return next((entry for entry in locations().values() if entry["id"] == location_id), None)


def products(location_id: int, flags: frozenset[str]) -> dict[str, Any]:
    """Return the `products` object of get/products for one location, as the faults in `flags` have it."""
    plans = {
        offer.name + (" II" if "renamed-plan" in flags else ""): _change(
            _product(offer, moved="price-moved" in flags), flags
        )
        for offer in offers().values()
        if offer.location_id == location_id
    }
    return plans | {"global products": load_json("edis-plans")["global_products"]}


def _product(offer: Offer, *, moved: bool) -> dict[str, Any]:
    prices = {cycle: _price(plan_price(offer, cycle, moved=moved)) for cycle in billing_cycles()}
    return {
        "id": offer.pid,
        "description": {
            "disk": {"size": offer.disk_gb, "unit": "GByte"},
            "ram": {"size": offer.ram_mb, "unit": "MByte"},
            "cpu": {"size": offer.cores, "unit": "core/socket"},
            "traffic": {"size": offer.traffic_tb, "unit": "TByte"},
            "price": prices,
        },
        "addons": {
            group: {str(option.option_id): _addon(option) for option in members.values()}
            for group, members in options(offer.name).items()
        },
    }


def _addon(option: Option) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": option.option_id, "description": option.description}
    if option.monthly is not None:
        shown["price"] = {"monthly": _price(option.monthly)}
    return shown


def _price(amount: Decimal) -> dict[str, str]:
    return {"amount": f"{amount:.2f}", "currency": CURRENCY}


def plan_price(offer: Offer, cycle: str, *, moved: bool) -> Decimal:
    """Return the plan's price for one billing cycle in EUR, without add-ons."""
    return (offer.monthly + (MOVED_BY if moved else 0)) * billing_cycles()[cycle]


def option_price(option: Option, cycle: str) -> Decimal:
    """Return an option's price for one billing cycle in EUR.

    The documents price options by the month only; that a longer cycle costs the sum of its months, without
    the free month that a plan gets, is an assumption.
    """
    return (option.monthly or Decimal(0)) * MONTHS[cycle]


def _change(plan: dict[str, Any], flags: frozenset[str]) -> dict[str, Any]:
    """Return `plan` as the faults in `flags` list it."""
    size, add_ons = dict(plan["description"]), dict(plan["addons"])
    if "smaller-plan" in flags:
        size["ram"] = {**size["ram"], "size": size["ram"]["size"] // _SMALLER}
    if "no-currency" in flags:
        size["price"] = {cycle: {**price, "currency": "\u20ac"} for cycle, price in size["price"].items()}
    for group, options in add_ons.items():
        add_ons[group] = _images(options, flags) if group == OPERATING_SYSTEM else _add_ons(options, flags)
    return {**plan, "description": size, "addons": add_ons}


def _images(options: dict[str, Any], flags: frozenset[str]) -> dict[str, Any]:
    names = [option["description"] for option in options.values()]
    if "other-image" in flags:
        names = [*names[1:], names[0]]
    if "renamed-image" in flags:
        names = [name.upper().replace(" ", "  ") for name in names]
    return {key: {**option, "description": name} for (key, option), name in zip(options.items(), names, strict=True)}


def _add_ons(options: dict[str, Any], flags: frozenset[str]) -> dict[str, Any]:
    if "mixed-currencies" not in flags:
        return options
    return {
        key: {**option, "price": {cycle: {**price, "currency": "USD"} for cycle, price in option["price"].items()}}
        if "price" in option
        else option
        for key, option in options.items()
    }
