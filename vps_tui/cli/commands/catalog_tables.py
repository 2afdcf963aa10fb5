"""What `catalog` prints for people: locations, plans, and offers beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Location, Plan
from vps_tui.core.money import Money
from vps_tui.core.offers import Offer
from vps_tui.terminal.table import Column, table_lines
from vps_tui.wizard.summary import ram

NOT_KNOWN = "not known"

_LAST_OUT = {
    BillingCycle.MONTHLY: 0,
    BillingCycle.ANNUALLY: 1,
    BillingCycle.SEMIANNUALLY: 2,
    BillingCycle.QUARTERLY: 3,
}
"""The prices that are left out last where there is no room for all."""

_SIZES = (
    Column("vCPU", right=True, spare=2),
    Column("RAM", right=True),
    Column("DISK", right=True, spare=3),
    Column("TRAFFIC", right=True, spare=5),
)


def location_lines(places: Iterable[Location]) -> list[str]:
    """Return a table of locations."""
    columns = (
        Column("ID", right=True),
        Column("LOCATION"),
        Column("CITY", flexible=True, spare=1),
        Column("CODE"),
        Column("STOCK"),
    )
    rows = [
        (place.id, place.name, place.city, place.country, "in stock" if place.in_stock else "sold out")
        for place in places
    ]
    return table_lines(columns, rows)


def plan_lines(plans: Sequence[Plan]) -> list[str]:
    """Return a table of one catalogue's plans with their prices in every cycle that there is room for."""
    offered = {cycle for plan in plans for cycle in plan.prices} or {BillingCycle.MONTHLY}
    cycles = sorted(offered, key=lambda cycle: cycle.months)
    region = any(plan.plan_type for plan in plans)
    columns = (
        Column("ID", right=True),
        Column("PLAN", flexible=True),
        *((Column("REGION"),) if region else ()),
        *_SIZES,
        *(Column(each(cycle), right=True, spare=10 * _LAST_OUT.get(cycle, 4)) for cycle in cycles),
    )
    rows = [
        (
            plan.id,
            plan.name,
            *((plan.location,) if region else ()),
            *_sizes(plan),
            *(_amount(plan.prices.get(cycle)) for cycle in cycles),
        )
        for plan in plans
    ]
    # A name is worth more than a further cycle's price.
    return table_lines(columns, rows, least=34)


def offer_lines(offers: Sequence[Offer], cycle: BillingCycle, *, compared: bool) -> list[str]:
    """Return a table of offers; with `compared` the plan is the same and each says what it costs more."""
    cheapest = next((offer for offer in offers if offer.price is not None), None)
    by_id = any(offer.location.id != offer.location.name for offer in offers)
    columns = [
        *((Column("AT", right=True),) if by_id else ()),
        Column("LOCATION", flexible=True),
        Column("ID", right=True),
        Column("PLAN", spare=6 if compared else 0),
        *_SIZES,
        Column(each(cycle), right=True),
    ]
    if cycle != BillingCycle.MONTHLY:
        columns.append(Column("IS PER MONTH", right=True, spare=4))
    if compared:
        columns.append(Column("DIFFERENCE", right=True))
    return table_lines(columns, [tuple(_cells(offer, cheapest if compared else None, by_id)) for offer in offers])


def _cells(offer: Offer, cheapest: Offer | None, by_id: bool) -> Iterator[str]:
    if by_id:
        yield offer.location.id
    # In front, where nothing cuts it off.
    yield offer.location.name if offer.location.in_stock else f"sold out: {offer.location.name}"
    yield offer.plan.id
    yield offer.plan.name
    yield from _sizes(offer.plan)
    yield _amount(offer.price)
    if offer.cycle != BillingCycle.MONTHLY:
        yield _amount(offer.per_month)
    if cheapest is not None:
        more = offer.more_than(cheapest)
        yield more.words(signed=True) if more is not None else NOT_KNOWN


def _sizes(plan: Plan) -> tuple[str, ...]:
    return (
        str(plan.vcpu) if plan.vcpu else "?",
        ram(plan.ram_mb),
        f"{plan.disk_gb} GB" if plan.disk_gb else "?",
        f"{plan.traffic_tb} TB" if plan.traffic_tb else "?",
    )


def _amount(amount: Money | None) -> str:
    return str(amount) if amount is not None else NOT_KNOWN


def each(cycle: BillingCycle) -> str:
    """Return the heading over prices: PER MONTH, EVERY 3 MONTHS, PER YEAR."""
    return cycle.every.upper()
