"""The faults that make EDIS list something else than it listed before, or prices that do not go together."""

from __future__ import annotations

from typing import Any

from vps_tui.sandbox.edis_catalog import OPERATING_SYSTEM

_SMALLER = 4
"""By what smaller-plan divides the RAM."""


def products(listed: dict[str, Any], flags: frozenset[str]) -> dict[str, Any]:
    """Return `listed`, the plans of get/products, as the faults in `flags` have them."""
    return {_name(name, plan, flags): _plan(plan, flags) for name, plan in listed.items()}


def terms(listed: list[str], flags: frozenset[str]) -> list[str]:
    """Return the billing cycles or payment methods that are left."""
    return listed[-1:] if "terms-withdrawn" in flags else listed


def _name(name: str, plan: dict[str, Any], flags: frozenset[str]) -> str:
    return f"{name} II" if "renamed-plan" in flags and "id" in plan else name


def _plan(plan: dict[str, Any], flags: frozenset[str]) -> dict[str, Any]:
    if "id" not in plan:
        return plan
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
