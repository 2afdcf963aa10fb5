"""`catalog PROVIDER`: what a provider offers, with prices; what fits best, and where it is cheapest."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from vps_tui.cli.commands import catalog_tables as tables
from vps_tui.cli.commands.catalog_json import catalog_document, offers_document
from vps_tui.cli.commands.output import document, say
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location
from vps_tui.core.errors import InvalidValue, UsageError
from vps_tui.core.offers import Offer, SortKey, in_order
from vps_tui.core.requirements import Requirements, Selection, Verdict, parse_requirements, select
from vps_tui.core.text import clean
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.registry import provider_info
from vps_tui.services.backend import Backend
from vps_tui.services.compare import Everywhere, read_everywhere, say_failures, say_left_out, worth_asking
from vps_tui.services.session import Session, Terms
from vps_tui.terminal.progress import counted

OPTIONS: Mapping[str, str] = {
    "ram_mb": "--min-ram",
    "disk_gb": "--min-disk",
    "vcpu": "--min-cores",
    "traffic_tb": "--min-traffic",
    "country": "--country",
    "max_price": "--max-price",
}
"""The option that each requirement comes from."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for."""

    provider: str
    location: str = ""
    """Id of a location, or a region's name."""
    sizes: Mapping[str, str] = field(default_factory=dict)
    """Requirements as typed, by the fields of `Requirements`."""
    cycle: str = ""
    sort: str = ""
    in_stock: bool = False
    cheapest: int = 0
    """How many of the cheapest; 0 for all that fit."""
    compare: str = ""
    all_locations: bool = False
    json: bool = False

    @property
    def looks(self) -> bool:
        """Whether offers are looked for, and not the plain catalogue."""
        others = (self.cycle, self.sort, self.in_stock, self.cheapest, self.compare, self.all_locations)
        return bool(self.sizes) or any(others)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read for it."""

    locations: tuple[Location, ...]
    found: Everywhere | None
    """None where no plans were asked for."""
    terms: Terms


def show_catalog(backend: Backend, asked: Asked) -> int:
    """Print what was asked for; returns the exit code. Raises `VpsTuiError`."""
    info, wanted = provider_info(asked.provider), _requirements(asked)
    if asked.location and asked.all_locations:
        raise UsageError("--location and --all-locations exclude each other.", hint="Leave one of them out.")
    read = asyncio.run(_read(backend, info, asked, wanted))
    if read.found is None or not asked.looks:
        _show_catalog(info, asked, read)
    else:
        _show_offers(info, asked, read, _select(info, asked, read, wanted))
    return 0


def _requirements(asked: Asked) -> Requirements:
    wanted, wrong = parse_requirements(asked.sizes)
    for name, error in wrong.items():
        raise InvalidValue(f"{OPTIONS[name]}: {error.message}", hint=error.hint)
    return wanted


async def _read(backend: Backend, info: ProviderInfo, asked: Asked, wanted: Requirements) -> _Read:
    session = await backend.open(info, {}, read_only=True)
    try:
        session.begin()
        locations = await session.locations()
        found = await _catalogs(session, info, asked, wanted, locations)
        terms = await session.terms()
        if asked.cycle and asked.cycle not in terms.billing_cycles:
            raise UsageError(
                f"{info.name} does not bill {asked.cycle}.", hint=f"Use one of: {', '.join(terms.billing_cycles)}."
            )
        return _Read(locations, found, terms)
    finally:
        await session.aclose()


async def _catalogs(
    session: Session, info: ProviderInfo, asked: Asked, wanted: Requirements, locations: tuple[Location, ...]
) -> Everywhere | None:
    if not info.has_locations:
        catalog = await session.catalog("")
        return Everywhere(((Location("", ""), _of_region(info, catalog, asked.location)),))
    if asked.location:
        place = next((place for place in locations if place.id == asked.location), None)
        if place is None:
            raise UsageError(
                f"{info.name} has no location with this id.", hint=f"See vps-tui catalog {info.id} for the ids."
            )
        return Everywhere(((place, await session.catalog(place.id)),))
    if not asked.looks:
        return None
    places = worth_asking(info, locations, wanted.country)
    with counted("locations") if len(places) > 1 else nullcontext(lambda _done, _of: None) as show_progress:
        return await read_everywhere(session, places, show_progress)


def _of_region(info: ProviderInfo, catalog: Catalog, region: str) -> Catalog:
    """Return the catalogue with the plans of `region` alone, of all regions where that is empty."""
    if not region:
        return catalog
    plans = tuple(plan for plan in catalog.plans if plan.location.casefold() == region.casefold())
    if not plans:
        known = sorted({plan.location for plan in catalog.plans if plan.location})
        raise UsageError(
            f"No plan of {info.name} is known in this region.",
            hint=f"Use one of: {', '.join(known)}." if known else f"See vps-tui catalog {info.id}.",
        )
    return replace(catalog, plans=plans)


def _select(info: ProviderInfo, asked: Asked, read: _Read, wanted: Requirements) -> Selection:
    """Return the offers that fit, in the order asked for."""
    offers = read.found.offers(info, BillingCycle(asked.cycle or BillingCycle.MONTHLY)) if read.found else ()
    if asked.compare:
        offers = _namesakes(info, offers, asked.compare)
    # What cannot be bought is not the cheapest, however little it would cost.
    selection = select(offers, wanted, in_stock=asked.in_stock or bool(asked.cheapest))
    chosen = in_order(selection.offers)
    if asked.cheapest:
        priced = [offer for offer in chosen if offer.price is not None]
        if len(priced) < len(chosen):
            left_out = {**selection.left_out, Verdict.PRICE_UNKNOWN: len(chosen) - len(priced)}
            selection = replace(selection, left_out=left_out)
        chosen = tuple(priced[: asked.cheapest])
    return replace(selection, offers=in_order(chosen, SortKey(asked.sort)) if asked.sort else chosen)


def _namesakes(info: ProviderInfo, offers: tuple[Offer, ...], name: str) -> tuple[Offer, ...]:
    """Return every offer of the plan called `name`, wherever it is sold; raises `UsageError` where it is not."""
    wanted = " ".join(clean(name).split()).casefold()
    families = {offer.family for offer in offers if wanted in (offer.family, offer.plan.name.casefold())}
    if not families:
        names = sorted({offer.plan.name for offer in offers})
        near = get_close_matches(name.upper(), names, n=3, cutoff=0.4) or names[:12]
        raise UsageError(
            f"{info.name} sells no plan of this name there.",
            hint=f"The nearest are called: {', '.join(near)}." if near else "",
        )
    return tuple(offer for offer in offers if offer.family in families)


def _show_catalog(info: ProviderInfo, asked: Asked, read: _Read) -> None:
    """Print the plain catalogue: the locations, or the plans of one."""
    catalog = read.found.catalogs[0][1] if read.found else None
    plans = catalog.plans if catalog else ()
    if asked.json:
        document(catalog_document(info, read.locations, plans, read.terms))
    elif catalog is None:
        say(*tables.location_lines(read.locations), "")
        say("The plans of one: --location ID. Of all, the cheapest first: --all-locations, or --cheapest 5.")
    else:
        say(*tables.plan_lines(plans), *_source(read))


def _show_offers(info: ProviderInfo, asked: Asked, read: _Read, selection: Selection) -> None:
    """Print what was looked for, and what has to be known about it."""
    found = read.found or Everywhere(())
    if asked.json:
        plans = tuple(offer.plan for offer in selection.offers)
        base = catalog_document(info, read.locations, plans, read.terms)
        document({**base, **offers_document(selection, found, compared=bool(asked.compare))})
        return
    cycle = BillingCycle(asked.cycle or BillingCycle.MONTHLY)
    if selection.offers:
        say(*tables.offer_lines(selection.offers, cycle, compared=bool(asked.compare)))
    else:
        say("Nothing fits.")
    notes = [*filter(None, [selection.note]), *say_left_out(selection), *say_failures(found)]
    say(*([""] if notes else []), *notes, *_source(read))


def _source(read: _Read) -> list[str]:
    catalogs = read.found.catalogs if read.found else ()
    return [line for _, catalog in catalogs if catalog.source for line in ("", f"Prices: {catalog.source}")]
