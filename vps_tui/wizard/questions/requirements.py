"""Question: what the server must have at least, and which of the plans that fit it is to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from vps_tui.core.catalog import Location
from vps_tui.core.offers import Offer, SortKey, in_order
from vps_tui.core.requirements import Requirements, Selection, parse_requirements, select
from vps_tui.core.steps import Step
from vps_tui.core.typed_ids import with_typed_ids
from vps_tui.services.compare import Everywhere, read_everywhere, say_failures, say_left_out, worth_asking
from vps_tui.wizard.questions.choices import Choice, Column, Reader
from vps_tui.wizard.questions.plan import SIZE_COLUMNS, answer_plan, plan_sizes
from vps_tui.wizard.state import WizardState
from vps_tui.wizard.summary import ram

TITLE = "What should the server have at least?"
NOTE = "Leave open what does not matter."
WAITING_FOR = "the plans of its locations"
NOUN = "plans"
NOTHING = "Nothing fits. Ask for less."
HELP = (
    "Only plans that are known to have as much are listed, the cheapest first, at the price of the chosen billing "
    "cycle, before tax. Choosing one answers the questions of location and plan."
)

SORTED_BY = {by: by.value for by in SortKey} | {SortKey.RAM: "RAM", SortKey.NAME: "plan"}


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that can be asked for."""

    key: str
    """A field of `Requirements`."""
    label: str
    help_text: str


_WISHES = (
    Wish("ram_mb", "RAM", "Such as 4G or 512M."),
    Wish("disk_gb", "Disk", "Such as 40 GB."),
    Wish("vcpu", "Cores", "vCPU, such as 2."),
    Wish("traffic_tb", "Traffic", "Per month, such as 2 TB."),
    Wish("country", "Country", "A code or a name: de, uk, us-mia, Germany."),
    Wish("max_price", "Price up to", "Per month, such as 20 EUR."),
)


def wishes(state: WizardState, *, everywhere: bool) -> tuple[Wish, ...]:
    """Return what can be asked for; no country where the location is chosen already."""
    placed = not everywhere and (state.info is None or state.info.has_locations)
    return tuple(wish for wish in _WISHES if wish.key != "country" or not placed)


def typed(state: WizardState, asked: Sequence[Wish]) -> dict[str, str]:
    """Return what was typed the last time."""
    return {wish.key: state.typed_text(f"fits {wish.key}") for wish in asked}


def with_typed(state: WizardState, values: Mapping[str, str]) -> WizardState:
    """Return the state in which that is kept, good or not."""
    for key, text in values.items():
        state = state.with_typed(f"fits {key}", text)
    return state


def read(values: Mapping[str, str]) -> tuple[Requirements, dict[str, str]]:
    """Return what is asked for, and what is wrong with which field, in words."""
    wanted, wrong = parse_requirements(values)
    return wanted, {key: f"{error.message} {error.hint}".rstrip() for key, error in wrong.items()}


def in_words(wanted: Requirements) -> str:
    """Return what is asked for in one line: it shows how what was typed has been understood."""
    sizes = (
        f"{ram(wanted.ram_mb)} RAM" if wanted.ram_mb else "",
        f"{wanted.disk_gb} GB disk" if wanted.disk_gb else "",
        f"{wanted.vcpu} vCPU" if wanted.vcpu else "",
        f"{wanted.traffic_tb} TB traffic" if wanted.traffic_tb else "",
    )
    least = ", ".join(filter(None, sizes))
    others = (
        f"in {wanted.country}" if wanted.country else "",
        f"up to {wanted.max_price} per month" if wanted.max_price else "",
    )
    return ", ".join(filter(None, (f"{least} or more" if least else "any size", *others)))


async def look(
    reader: Reader, state: WizardState, wanted: Requirements, report: Callable[[int, int], None]
) -> Everywhere:
    """Return the plans to look among: of all locations in the right country, or of the chosen one.

    `report` is called with how far reading them has come. Raises `VpsTuiError`.
    """
    if state.step is Step.PLAN:
        place = Location(state.draft.location, state.location_name)
        return Everywhere(((place, state.catalog),) if state.catalog else ())
    session = await reader.session()
    places = worth_asking(session.info, await session.locations(), wanted.country)
    return await read_everywhere(session, places, report)


def select_offers(
    state: WizardState, found: Everywhere, wanted: Requirements, by: SortKey = SortKey.PRICE
) -> Selection:
    """Return the offers that fit, in order."""
    if state.info is None:
        return Selection(())
    selection = select(found.offers(state.info, state.draft.billing_cycle), wanted)
    return replace(selection, offers=in_order(selection.offers, by))


def heading(selection: Selection, wanted: Requirements, by: SortKey = SortKey.PRICE) -> str:
    """Return how many fit what."""
    count = len(selection.offers)
    first = "the cheapest first" if by is SortKey.PRICE else f"by {SORTED_BY[by]}"
    return f"{count} plan{'' if count == 1 else 's'} of {in_words(wanted)}, {first}"


def notes(selection: Selection, found: Everywhere) -> list[str]:
    """Return what has to be known about the list: what is not in it, and where its prices come from."""
    sources = [f"Prices: {catalog.source}" for _, catalog in found.catalogs if catalog.source]
    return [*filter(None, [selection.note]), *say_left_out(selection), *say_failures(found), *sources]


def columns(state: WizardState, *, everywhere: bool) -> list[Column]:
    """Return the columns; the place only where there are several, the price with the cycle in its title."""
    every = state.draft.billing_cycle.every
    sizes = (*SIZE_COLUMNS, Column(every.upper(), right=True, spoken=every))
    if len(wishes(state, everywhere=everywhere)) == len(_WISHES):
        return [Column("LOCATION", flexible=True), Column("PLAN"), *sizes]
    return [Column("PLAN", flexible=True), *sizes]


def choices(state: WizardState, offers: Sequence[Offer], *, everywhere: bool) -> list[Choice]:
    """Return a row for each offer, by its number; those that are sold out cannot be chosen."""
    placed = len(wishes(state, everywhere=everywhere)) == len(_WISHES)
    return [_choice(number, offer, placed=placed) for number, offer in enumerate(offers)]


def answer(state: WizardState, found: Everywhere, offer: Offer) -> WizardState:
    """Return the state with the location and the plan of `offer`."""
    if state.info is not None and state.info.has_locations:
        state = state.with_location(offer.location.id, offer.location.name)
        catalog = found.catalog(offer.location.id) or state.catalog
        state = replace(state, catalog=with_typed_ids(catalog, state.draft) if catalog else None)
    return answer_plan(state, offer.plan.id) or state


def _choice(number: int, offer: Offer, *, placed: bool) -> Choice:
    plan, place = offer.plan, offer.location
    price = str(offer.price) if offer.price else "not known"
    # In front, where a narrow terminal cuts nothing off.
    name = place.name if place.in_stock else f"sold out: {place.name}"
    refusal = "" if place.in_stock else f"{place.name} is sold out. Choose one that is in stock."
    search = f"{plan.id} {place.id} {place.country} {place.city}"
    return Choice(str(number), (*((name,) if placed else ()), plan.name, *plan_sizes(plan), price), refusal, search)
