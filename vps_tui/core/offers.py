"""Plans beside each other, wherever they are sold: one price each, and an order among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location, Plan
from vps_tui.core.money import Money, join_codes

NOWHERE = Location("", "")
"""Where a plan is sold while that does not matter."""


class SortKey(StrEnum):
    """What offers are put in order by; always the smallest first, what is not known last."""

    PRICE = "price"
    RAM = "ram"
    DISK = "disk"
    CORES = "cores"
    TRAFFIC = "traffic"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan at a place, paid for in one billing cycle."""

    location: Location
    plan: Plan
    cycle: BillingCycle

    @property
    def price(self) -> Money | None:
        """The sum for one cycle; None where it is not known."""
        return self.plan.prices.get(self.cycle)

    @property
    def per_month(self) -> Money | None:
        """The same spread over the cycle's months, to the cent; to show, not to calculate with."""
        price = self.price
        return None if price is None else self.cycle.per_month(price)

    @property
    def per_year(self) -> Fraction | None:
        """The price of twelve months, exact: what offers of different cycles are compared by."""
        price = self.price
        return None if price is None else self.cycle.per_year(price)

    def more_than(self, other: Offer) -> Money | None:
        """Return what this costs more than `other` for the cycle; None where that is not known."""
        mine, theirs = self.price, other.price
        if mine is None or theirs is None or mine.currency != theirs.currency or self.cycle != other.cycle:
            return None
        return mine - theirs

    @property
    def family(self) -> str:
        """The plan's name without the region that some providers write behind it, to find it elsewhere."""
        name = " ".join(self.plan.name.split()).casefold()
        return name.removesuffix(f"-{self.plan.location.casefold()}") if self.plan.location else name


def offers_at(place: Location, catalog: Catalog, cycle: BillingCycle) -> tuple[Offer, ...]:
    """Return every plan of `catalog`, all sold at `place`."""
    return tuple(Offer(place, plan, cycle) for plan in catalog.plans)


def offers_by_region(
    catalog: Catalog, cycle: BillingCycle, known: Mapping[str, tuple[str, str]]
) -> tuple[Offer, ...]:
    """Return every plan of `catalog` at the region that it names itself, where it names one.

    `known` holds the country code and the place in words of the regions that are known.
    """
    return tuple(Offer(_region(plan.location, known), plan, cycle) for plan in catalog.plans)


def _region(name: str, known: Mapping[str, tuple[str, str]]) -> Location:
    return Location(name, name, *known.get(name.upper(), ("", "")))


def in_order(offers: Iterable[Offer], by: SortKey = SortKey.PRICE) -> tuple[Offer, ...]:
    """Return `offers` in order; equal ones by price, then by name of plan and place, so that it is always the same.

    Amounts of different currencies are not compared: one currency comes after the other.
    """
    return tuple(sorted(offers, key=lambda offer: _key(offer, by)))


def has_mixed_currencies(offers: Iterable[Offer]) -> str:
    """Say that `offers` have prices in several currencies, so that the first need not be the cheapest."""
    codes = {offer.price.currency for offer in offers if offer.price is not None}
    if len(codes) < 2:
        return ""
    return f"Prices are in {join_codes(codes)}: each currency is in order by itself, and none is compared."


def _key(offer: Offer, by: SortKey) -> tuple[Any, ...]:
    sizes = {
        SortKey.RAM: offer.plan.ram_mb,
        SortKey.DISK: offer.plan.disk_gb,
        SortKey.CORES: offer.plan.vcpu,
        SortKey.TRAFFIC: offer.plan.traffic_tb,
    }
    size = (not sizes[by], sizes[by] or 0) if by in sizes else ()
    price = offer.price
    cost = (price is None, price.currency if price else "", offer.per_year or 0)
    names = (offer.plan.name.casefold(), offer.location.name.casefold())
    ids = (offer.location.id, offer.plan.id, offer.plan.plan_type, offer.plan.name)
    return (*names, cost, *ids) if by is SortKey.NAME else (*size, cost, *names, *ids)
