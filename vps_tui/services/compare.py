"""The plans of many places read for one look at all of them; what could not be read is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vps_tui.core.errors import ProviderError, UsageError
from vps_tui.core.offers import Offer, offers_at, offers_by_region
from vps_tui.core.requirements import is_located

if TYPE_CHECKING:
    from vps_tui.core.billing_cycle import BillingCycle
    from vps_tui.core.catalog import Catalog, Location
    from vps_tui.core.requirements import Selection
    from vps_tui.providers.info import ProviderInfo
    from vps_tui.services.session import Session


@dataclass(frozen=True, slots=True)
class Everywhere:
    """What some or all locations of a provider sell."""

    catalogs: tuple[tuple[Location, Catalog], ...]
    failed: tuple[tuple[Location, ProviderError], ...] = ()
    """Locations whose plans could not be read, with the reason."""

    def offers(self, info: ProviderInfo, cycle: BillingCycle) -> tuple[Offer, ...]:
        """Return every plan with its place; where there are no locations, with the region that it names."""
        if info.has_locations:
            return tuple(offer for place, catalog in self.catalogs for offer in offers_at(place, catalog, cycle))
        return tuple(
            offer for _, catalog in self.catalogs for offer in offers_by_region(catalog, cycle, info.regions)
        )

    def catalog(self, location_id: str) -> Catalog | None:
        return next((catalog for location, catalog in self.catalogs if location.id == location_id), None)


async def read_everywhere(
    session: Session, locations: Sequence[Location], report: Callable[[int, int], None] = lambda _done, _all: None
) -> Everywhere:
    """Read the plans of `locations`, and `report` the progress; a location that fails does not spoil the rest."""
    catalogs, failed = [], []
    report(0, len(locations))
    async with aclosing(session.catalogs(locations)) as reading:
        async for location, found in reading:
            if isinstance(found, ProviderError):
                failed.append((location, found))
            else:
                catalogs.append((location, found))
            report(len(catalogs) + len(failed), len(locations))
    # They come as quickly as each is answered; what is shown of them is not to depend on that.
    places = {location.id: number for number, location in enumerate(locations)}
    catalogs.sort(key=lambda one: places[one[0].id])
    failed.sort(key=lambda one: places[one[0].id])
    return Everywhere(tuple(catalogs), tuple(failed))


def worth_asking(info: ProviderInfo, locations: Sequence[Location], country: str) -> tuple[Location, ...]:
    """Return the locations that are, or could be, in `country`; raises `UsageError` where there is none."""
    found = tuple(location for location in locations if is_located(location, country) is not False)
    if not found:
        raise UsageError(
            f"{info.name} has no location in the country that you name.",
            title="No such place",
            hint="Name it by a code such as de, uk or us-mia, or as the list of locations does.",
        )
    return found


def say_left_out(selection: Selection) -> list[str]:
    """Return in words what was left out although it might have been the right one."""
    return [f"Left out, {verdict}: {_count(count)}." for verdict, count in selection.left_out.items()]


def say_failures(found: Everywhere) -> list[str]:
    """Return which locations could not be read, and why; the same reason is said once."""
    reasons: dict[str, list[str]] = {}
    for place, error in found.failed:
        reasons.setdefault(f"{error.title}: {error.message}", []).append(f"{place.name} ({place.id})")
    return [f"Not read: {', '.join(places)}. {reason}" for reason, places in reasons.items()]


def _count(count: int) -> str:
    return "1 plan" if count == 1 else f"{count} plans"
