"""An order file's ids looked up in what the provider offers now: every mistake named, nothing guessed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from vps_tui.core.catalog import Catalog, Location, OsFamily, Plan, find_add_on, find_os_image
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.errors import RequestRefused, UsageError
from vps_tui.core.nearest import nearest
from vps_tui.core.text import clean
from vps_tui.core.typed_ids import as_listed, with_typed_ids
from vps_tui.providers.info import ProviderInfo
from vps_tui.services.session import Session, Terms


@dataclass(frozen=True, slots=True)
class Problem:
    """One value of a draft that the provider does not offer."""

    key: str
    """Where it stands in an order file, such as "server[1].plan"."""
    words: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """A draft with everything that its ids stand for."""

    info: ProviderInfo
    draft: Draft
    """Without what is not offered."""
    catalog: Catalog | None
    """None where the location is not one of the provider's."""
    terms: Terms
    location_name: str
    problems: tuple[Problem, ...]
    in_stock: bool = True


async def resolve(session: Session, info: ProviderInfo, draft: Draft) -> Resolved:
    """Read what `draft` needs, and look everything up; leaves out what is not offered. Raises `VpsTuiError`."""
    session.begin()
    locations, catalog, terms = await asyncio.gather(
        session.locations(), _catalog(session, info, draft.location), session.terms()
    )
    return look_up(info, draft, locations, catalog, terms)


async def _catalog(session: Session, info: ProviderInfo, location: str) -> Catalog:
    """Return the plans of `location`; none where there is no such place, which is for `look_up` to say."""
    try:
        return await session.catalog(location)
    except RequestRefused:
        if info.has_locations and location not in {place.id for place in await session.locations()}:
            return Catalog(())
        raise


def look_up(
    info: ProviderInfo, draft: Draft, locations: tuple[Location, ...], catalog: Catalog, terms: Terms
) -> Resolved:
    """Return `draft` with what its ids stand for in these answers of the provider."""
    place = next((location for location in locations if location.id == draft.location), None)
    nowhere = tuple(_place(draft, locations)) if info.has_locations else ()
    problems = [*nowhere, *_terms(draft, terms)]
    draft = as_listed(draft, catalog)
    catalog = with_typed_ids(catalog, draft)
    servers = []
    for number, server in enumerate(draft.servers, 1):
        servers.append(_look_up(server, catalog))
        problems.extend(() if nowhere else _server_problems(f"server[{number}]", server, catalog))
    found = replace(draft, servers=tuple(servers))
    return Resolved(
        info,
        found.with_location("") if nowhere else found,
        None if nowhere else catalog,
        terms,
        location_name=place.name if place else "",
        problems=tuple(problems),
        in_stock=place is None or place.in_stock,
    )


def refuse(problems: Iterable[Problem], name: str) -> None:
    """Raise `UsageError` that names every one of `problems` of the order file called `name`, if there are any."""
    found = [f"{problem.key}: {problem.words}" for problem in problems]
    if found:
        raise UsageError(f"{clean(name)}: {' '.join(found)}", hint="Correct the order file, then retry.")


def find_misplaced(resolved: Resolved) -> tuple[Problem, ...]:
    """Return what an order file gives to servers whose image does not take it: the file's author expects its use."""
    catalog = resolved.catalog
    found: list[Problem] = []
    for number, server in enumerate(resolved.draft.servers, 1):
        plan = catalog.plan(server.plan) if catalog else None
        image = find_os_image(plan, server.os) if plan else None
        if image is None or image.family is OsFamily.LINUX:
            continue
        if server.ssh_key:
            found.append(Problem(f"server[{number}].ssh_key", f"{image.name} takes no SSH key."))
        if server.startup_script:
            found.append(Problem(f"server[{number}].startup_script", f"{image.name} runs no start-up script."))
    return tuple(found)


def _place(draft: Draft, locations: tuple[Location, ...]) -> Iterator[Problem]:
    if draft.location not in {location.id for location in locations}:
        near = _near(draft.location, {location.id: location.name for location in locations})
        yield Problem("location", f"there is no location {clean(draft.location, 40)}.{near}")


def _terms(draft: Draft, terms: Terms) -> Iterator[Problem]:
    methods = [method.id for method in terms.payment_methods]
    if draft.payment_method not in methods:
        yield Problem("payment_method", f"it must be one of: {', '.join(map(clean, methods))}.")
    if draft.billing_cycle not in terms.billing_cycles:
        cycles = ", ".join(cycle.value for cycle in terms.billing_cycles)
        yield Problem("billing_cycle", f"it must be one of: {cycles}.")


def _server_problems(key: str, server: ServerDraft, catalog: Catalog) -> Iterator[Problem]:
    plan = catalog.plan(server.plan)
    if plan is None:
        near = _near(server.plan, {sold.id: sold.name for sold in catalog.plans})
        yield Problem(f"{key}.plan", f"no plan {clean(server.plan, 40)} is sold there.{near}")
        return
    if find_os_image(plan, server.os) is None:
        near = _near(server.os, {image.id: image.name for image in plan.os_images})
        yield Problem(f"{key}.os", f"{plan.name} does not come with the OS image {clean(server.os, 40)}.{near}")
    for chosen in server.add_ons:
        yield from _add_on_problems(f"{key}.{chosen.group or 'addons'}", chosen, plan, known=not catalog.open)


def _add_on_problems(key: str, chosen: ChosenAddOn, plan: Plan, *, known: bool) -> Iterator[Problem]:
    """Yield what is wrong with one add-on of a plan whose add-ons are all `known`, or may be further ones."""
    found = find_add_on(plan, chosen.group, chosen.id)
    if found is None and known:
        options = (option for group in plan.add_on_groups if group.key == chosen.group for option in group.options)
        near = _near(chosen.id, {option.id: option.name for option in options})
        yield Problem(key, f"{plan.name} does not come with {clean(chosen.id, 40)}.{near}")
    elif found is not None and chosen.value > found[1].max_value:
        yield Problem(key, f"of {found[1].name} a server has {found[1].max_value} at most.")


def _near(wanted: str, offered: Mapping[str, str]) -> str:
    """Return a sentence with the id among `offered`, ids with names, that `wanted` may have been meant to be."""
    near = nearest(wanted, offered)
    return f" The nearest id is {near} ({offered[near]})." if near else ""


def _look_up(server: ServerDraft, catalog: Catalog) -> ServerDraft:
    """Return `server` with names filled in and without what its plan does not come with."""
    plan = catalog.plan(server.plan)
    if plan is None:
        return server
    add_ons = tuple(_add_on(plan, chosen) for chosen in server.add_ons)
    offered = tuple(chosen for chosen in add_ons if catalog.open or find_add_on(plan, chosen.group, chosen.id))
    image = server.os if find_os_image(plan, server.os) else ""
    plan_type = server.plan_type or plan.plan_type
    return replace(server, plan_name=plan.name, plan_type=plan_type, os=image, add_ons=offered)


def _add_on(plan: Plan, chosen: ChosenAddOn) -> ChosenAddOn:
    found = find_add_on(plan, chosen.group, chosen.id)
    return chosen if found is None else replace(chosen, group=found[0].key)
