"""`catalog PROVIDER`: what a provider offers, with prices."""

from __future__ import annotations

import asyncio
from typing import Any

from vps_tui.backend import Backend
from vps_tui.commands.output import document, say
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import AddOn, Catalog, Location, Plan, Prices
from vps_tui.errors import UsageError
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.registry import provider_info
from vps_tui.session import Terms
from vps_tui.summary import size


def shown(backend: Backend, provider_id: str, location: str, *, as_json: bool) -> int:
    """Print the locations, and the plans of `location` or of a provider without locations; returns the exit code."""
    info = provider_info(provider_id)
    locations, catalog, terms = asyncio.run(_read(backend, info, location))
    if as_json:
        document(_document(info, locations, catalog, terms))
    elif catalog is None:
        say(*(_location_line(place) for place in locations), "", "For the plans of one: --location ID")
    else:
        say(*(_plan_line(plan) for plan in catalog.plans))
        if catalog.source:
            say("", f"Prices: {catalog.source}")
    return 0


async def _read(
    backend: Backend, info: ProviderInfo, location: str
) -> tuple[tuple[Location, ...], Catalog | None, Terms]:
    session = await backend.open(info, {}, read_only=True)
    try:
        session.begin()
        locations = await session.locations()
        if location and location not in {place.id for place in locations}:
            raise UsageError(
                f"{info.name} has no location with this id.", hint=f"See vps-tui catalog {info.id} for the ids."
            )
        catalog = await session.catalog(location) if location or not info.has_locations else None
        return locations, catalog, await session.terms()
    finally:
        await session.aclose()


def _location_line(place: Location) -> str:
    stock = "" if place.in_stock else "  sold out"
    return f"{place.id:>6}  {place.name}{stock}"


def _plan_line(plan: Plan) -> str:
    monthly = plan.prices.get(BillingCycle.MONTHLY)
    price = f"{monthly} per month" if monthly else "price not known"
    return f"{plan.id:>6}  {plan.name:<24} {size(plan):<36} {price}"


def _document(
    info: ProviderInfo, locations: tuple[Location, ...], catalog: Catalog | None, terms: Terms
) -> dict[str, Any]:
    plans = catalog.plans if catalog else ()
    images = {image.id: image for plan in plans for image in plan.os_images}
    add_ons = {
        (group.key, option.id): option for plan in plans for group in plan.add_on_groups for option in group.options
    }
    return {
        "provider": info.id,
        "locations": [
            {"id": place.id, "name": place.name, "country": place.country, "in_stock": place.in_stock}
            for place in locations
        ],
        "plans": [_plan(plan) for plan in plans],
        "os_images": [
            {"id": image.id, "name": image.name, "family": image.family.value} for image in images.values()
        ],
        "add_ons": [_add_on(group, option) for (group, _), option in add_ons.items()],
        "billing_cycles": [cycle.value for cycle in terms.billing_cycles],
        "payment_methods": [method.id for method in terms.payment_methods],
    }


def _plan(plan: Plan) -> dict[str, Any]:
    currency = next((price.currency for price in plan.prices.values()), None)
    optional = {"plan_type": plan.plan_type, "location": plan.location}
    return {
        "id": plan.id,
        "name": plan.name,
        **{key: value for key, value in optional.items() if value},
        "vcpu": plan.vcpu,
        "ram_mb": plan.ram_mb,
        "disk_gb": plan.disk_gb,
        "traffic_tb": plan.traffic_tb,
        "currency": currency,
        "prices": _prices(plan.prices),
        "os_images": [image.id for image in plan.os_images],
        "add_ons": {group.key: [option.id for option in group.options] for group in plan.add_on_groups},
    }


def _add_on(group: str, option: AddOn) -> dict[str, Any]:
    prices = None if option.prices is None else _prices(option.prices)
    return {"id": option.id, "group": group, "name": option.name, "prices": prices}


def _prices(prices: Prices) -> dict[str, str]:
    return {cycle.value: amount.figure for cycle, amount in prices.items()}
