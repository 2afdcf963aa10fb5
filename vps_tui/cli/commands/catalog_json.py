"""What `catalog --json` prints: the contract's document, and the offers where some were looked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from vps_tui.core.catalog import AddOn, Location, Plan, Prices
from vps_tui.core.offers import Offer
from vps_tui.core.requirements import Selection
from vps_tui.providers.info import ProviderInfo
from vps_tui.services.compare import Everywhere
from vps_tui.services.session import Terms


def catalog_document(
    info: ProviderInfo, locations: Iterable[Location], plans: Sequence[Plan], terms: Terms
) -> dict[str, Any]:
    """Return the contract's "catalog" with these plans and what they can be had with."""
    images = {image.id: image for plan in plans for image in plan.os_images}
    add_ons = {
        (group.key, option.id): option for plan in plans for group in plan.add_on_groups for option in group.options
    }
    mixed = len(_currencies((*plans, *add_ons.values()))) > 1
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
        "add_ons": [_add_on(group, option, mixed=mixed) for (group, _), option in add_ons.items()],
        "billing_cycles": [cycle.value for cycle in terms.billing_cycles],
        "payment_methods": [method.id for method in terms.payment_methods],
    }


def offers_document(selection: Selection, found: Everywhere, *, compared: bool) -> dict[str, Any]:
    """Return what the document holds besides where offers were looked for, the best first.

    With `compared` each says how much more it is than the cheapest.
    """
    cheapest = next((offer for offer in selection.offers if offer.price is not None), None)
    return {
        "offers": [_offer(offer, cheapest if compared else None) for offer in selection.offers],
        "source": next((catalog.source for _, catalog in found.catalogs if catalog.source), None),
        "left_out": {verdict.name.lower(): count for verdict, count in selection.left_out.items()},
        "failed": [
            {"location": place.id, "name": place.name, "title": error.title, "message": error.message}
            for place, error in found.failed
        ],
    }


def _offer(offer: Offer, cheapest: Offer | None) -> dict[str, Any]:
    price, month, plan = offer.price, offer.per_month, offer.plan
    found = {
        "location": offer.location.id,
        "location_name": offer.location.name,
        "country": offer.location.country,
        "in_stock": offer.location.in_stock,
        "plan": plan.id,
        "plan_name": plan.name,
        "vcpu": plan.vcpu,
        "ram_mb": plan.ram_mb,
        "disk_gb": plan.disk_gb,
        "traffic_tb": plan.traffic_tb,
        "billing_cycle": offer.cycle.value,
        "currency": price.currency if price else None,
        "price": price.figure if price else None,
        "per_month": month.figure if month else None,
    }
    if cheapest is not None:
        more = offer.more_than(cheapest)
        found["difference"] = None if more is None else more.figure
    return found


def _plan(plan: Plan) -> dict[str, Any]:
    optional = {"plan_type": plan.plan_type, "location": plan.location}
    return {
        "id": plan.id,
        "name": plan.name,
        **{key: value for key, value in optional.items() if value},
        "vcpu": plan.vcpu,
        "ram_mb": plan.ram_mb,
        "disk_gb": plan.disk_gb,
        "traffic_tb": plan.traffic_tb,
        **_price(plan.prices),
        "os_images": [image.id for image in plan.os_images],
        "add_ons": {group.key: [option.id for option in group.options] for group in plan.add_on_groups},
    }


def _add_on(group: str, option: AddOn, *, mixed: bool) -> dict[str, Any]:
    """Return an add-on; where not everything is in one currency it says its own."""
    priced = {"currency": None, "prices": None} if option.prices is None else _price(option.prices)
    if not mixed:
        del priced["currency"]
    return {"id": option.id, "group": group, "name": option.name, **priced}


def _currencies(offered: Iterable[Plan | AddOn]) -> set[str]:
    return {price.currency for one in offered for price in (one.prices or {}).values()}


def _price(prices: Prices) -> dict[str, Any]:
    """Return the prices with their currency; None where they are in several, each of which is then given."""
    currencies = {cycle.value: amount.currency for cycle, amount in prices.items()}
    codes = set(currencies.values())
    return {
        "currency": next(iter(codes)) if len(codes) == 1 else None,
        **({"currencies": currencies} if len(codes) > 1 else {}),
        "prices": {cycle.value: amount.figure for cycle, amount in prices.items()},
    }
