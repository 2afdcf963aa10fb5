"""Everything that is shown of an order before it is confirmed, and what of it is different just before it is sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location, OsImage, Plan, find_add_on, find_os_image
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.pricing import CostLine, Quote

MAX_SAID = 6
"""Differences that are named one by one; the rest is counted."""

GONE = "no longer offered"

_ARCHITECTURE = r"\b(?:64[\s-]?bit|x86[\s_-]?64|amd64|x64)\b"
"""What every image is, whether or not its name says so. ARM and 32 bits are not in here: they are something else."""

_UNITS = {letter + ending: letter for letter in "kmgt" for ending in ("", "b", "ib", "byte", "bytes")}
"""The ways to spell a unit of memory or disk, and its letter."""


@dataclass(frozen=True, slots=True)
class ServerSnapshot:
    """One server of an order as its catalogue describes it."""

    label: str
    """What tells it from the others; empty for the only one."""
    plan: Plan | None
    """None where it is not sold."""
    image: OsImage | None
    """None where the plan does not come with it."""
    add_ons: tuple[tuple[str, str], ...]
    """The group's title and the name of each; empty where it is not offered."""


@dataclass(frozen=True, slots=True)
class OfferSnapshot:
    """Everything that is shown of what an order buys, at one moment."""

    servers: tuple[ServerSnapshot, ...]
    quote: Quote
    cycles: tuple[BillingCycle, ...]
    """Those that are offered."""
    payment_method: str
    """The name of the chosen one; empty where it is not offered."""
    location: Location | None
    """None where it is not listed, and for a provider without locations."""
    source: str
    """Where the prices come from, if not from the provider."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was confirmed."""

    what: str
    before: str
    now: str
    name_only: bool = False
    """Whether the same is bought under another name."""

    def __str__(self) -> str:
        return f"{self.what}: {self.before} when you confirmed, {self.now} now."


@dataclass(frozen=True, slots=True)
class Withdrawn(Difference):
    """Something that cannot be bought any more: `what` says whose it is, `now` is the sentence."""

    def __str__(self) -> str:
        return f"{self.what}{self.now} ({self.before} when you confirmed)."


def snapshot(
    draft: Draft,
    catalog: Catalog,
    quote: Quote,
    *,
    location: Location | None,
    cycles: Collection[BillingCycle],
    payment_methods: Mapping[str, str],
) -> OfferSnapshot:
    """Return what these answers of the provider say about `draft`; `payment_methods` holds names by id."""
    return OfferSnapshot(
        tuple(_server(draft, index, catalog) for index in range(len(draft.servers))),
        quote,
        tuple(cycles),
        payment_methods.get(draft.payment_method, ""),
        location,
        catalog.source,
    )


def differences(before: OfferSnapshot, now: OfferSnapshot) -> tuple[Difference, ...]:
    """Return what is different, the most important first; empty where everything is as it was confirmed."""
    return (
        *_places(before.location, now.location),
        *(found for pair in zip(before.servers, now.servers, strict=True) for found in _servers(*pair)),
        *_terms(before, now),
        *_prices(before.quote, now.quote),
        *_sources(before.source, now.source),
    )


def plan_differences(before: Plan, now: Plan, label: str = "") -> Iterator[Difference]:
    """Yield what is different about a plan besides its prices; `label` says whose it is."""
    for (what, old), (_, new) in zip(_facts(before), _facts(now), strict=True):
        if old != new:
            yield Difference(label + what, old or "none", new or "none")
    if before.name != now.name:
        cosmetic = same_place(before.name, now.name) or (_size(before) and _size(now))
        yield Difference(f"{label}Plan name" if cosmetic else f"{label}Plan", before.name, now.name, cosmetic)


def _facts(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what is bought whatever the plan is called, as labels and values."""
    yield "vCPU", f"{plan.vcpu}" if plan.vcpu else "not stated"
    yield "RAM", f"{plan.ram_mb} MB" if plan.ram_mb else "not stated"
    yield "Disk", f"{plan.disk_gb} GB" if plan.disk_gb else "not stated"
    yield "Traffic", f"{plan.traffic_tb} TB" if plan.traffic_tb else "not stated"
    yield "Plan type", plan.plan_type
    yield "Region", plan.location


def _size(plan: Plan) -> bool:
    """Tell whether any size is known, so that the name is not all that says what is bought."""
    return any((plan.vcpu, plan.ram_mb, plan.disk_gb, plan.traffic_tb))


def in_words(found: Collection[Difference]) -> str:
    """Return differences as sentences."""
    said = [str(difference) for difference in list(found)[:MAX_SAID]]
    more = len(found) - len(said)
    return " ".join((*said, *([f"And {more} more."] if more > 0 else [])))


def _server(draft: Draft, index: int, catalog: Catalog) -> ServerSnapshot:
    server = draft.servers[index]
    plan = catalog.plan(server.plan)
    image = find_os_image(plan, server.os) if plan else None
    return ServerSnapshot(
        f"{index + 1}. {server.name}".rstrip() if len(draft.servers) > 1 else "",
        plan,
        image,
        tuple(_add_ons(server, plan)) if plan else (),
    )


def _add_ons(server: ServerDraft, plan: Plan) -> Iterator[tuple[str, str]]:
    for chosen in server.add_ons:
        listed = find_add_on(plan, chosen.group, chosen.id)
        yield (listed[0].title, listed[1].name) if listed else ("", "")


def _places(before: Location | None, now: Location | None) -> Iterator[Difference]:
    if before is None:
        return
    if now is None:
        yield Withdrawn("", before.name or before.id, "The location is no longer listed")
        return
    if not now.in_stock:
        yield Withdrawn("", before.name or before.id, "The location has sold out since you chose it")
    if before.name and before.name != now.name:
        yield Difference("Location", before.name, now.name, same_place(before.name, now.name))


def _servers(before: ServerSnapshot, now: ServerSnapshot) -> Iterator[Difference]:
    label = f"{before.label}: " if before.label else ""
    if now.plan is None:
        yield Withdrawn(label, before.plan.name if before.plan else "not known", "The plan is no longer sold there")
        return
    if before.plan is not None:
        yield from plan_differences(before.plan, now.plan, label)
    yield from _images(before.image, now.image, label)
    for old, new in zip_longest(before.add_ons, now.add_ons, fillvalue=("", "")):
        yield from _options(old, new, label)


def _images(before: OsImage | None, now: OsImage | None, label: str) -> Iterator[Difference]:
    if now is None:
        name = before.name if before else "not known"
        yield Withdrawn(label, name, "The OS image is no longer offered with the plan")
        return
    if before is None:
        return
    if before.listed and now.listed and before.family is not now.family:
        old, new = (f"{image.name} ({image.family.value})" for image in (before, now))
        yield Difference(f"{label}OS image", old, new)
    elif before.name != now.name:
        yield Difference(f"{label}OS image", before.name, now.name, same_system(before.name, now.name))


def _options(before: tuple[str, str], now: tuple[str, str], label: str) -> Iterator[Difference]:
    (old_group, old), (group, new) = before, now
    if not old:
        # It was not known what it is; its line of the price said so.
        return
    if not new:
        yield Difference(f"{label}{old_group}", old, GONE)
    elif old != new:
        yield Difference(f"{label}{old_group}", old, new, same_measures(old, new))
    elif old_group != group:
        yield Difference(f"{label}Kind of {old}", old_group, group, name_only=True)


def _terms(before: OfferSnapshot, now: OfferSnapshot) -> Iterator[Difference]:
    cycle = before.quote.billing_cycle
    if cycle not in now.cycles:
        yield Difference("Billing cycle", cycle.value, GONE)
    if not now.payment_method:
        yield Difference("Payment method", before.payment_method or "as chosen", GONE)
    elif before.payment_method and before.payment_method != now.payment_method:
        yield Difference("Name of the payment method", before.payment_method, now.payment_method, name_only=True)


def _prices(before: Quote, now: Quote) -> Iterator[Difference]:
    lines = list(zip_longest(before.lines, now.lines))
    moved = [pair for pair in lines if _amount(pair[0]) != _amount(pair[1])]
    sums = (_total(before), _total(now))
    if moved and sums[0] != sums[1]:
        yield Difference("The price has changed", *sums)
    if len(lines) > 1 or sums[0] == sums[1]:
        for old, new in moved:
            label = (old or new or CostLine("", None)).label
            yield Difference(f"Price of {label}", _amount(old), _amount(new))
    if not moved and before.currency != now.currency:
        yield Difference("Currency", before.currency or "not known", now.currency or "not known")


def _amount(line: CostLine | None) -> str:
    """Return everything that is shown of an amount, exactly: fractions of a cent differ, too."""
    if line is None or line.amount is None:
        return "not known"
    about = "about " if line.estimate else ""
    return f"{about}{line.amount.exact}"


def _total(quote: Quote) -> str:
    if quote.recurring is None:
        return "not known"
    about = "about " if quote.estimated else ""
    return f"{about}{quote.recurring.exact} {quote.billing_cycle.every}"


def _sources(before: str, now: str) -> Iterator[Difference]:
    if before != now:
        yield Difference("Source of the prices", before or "the provider", now or "the provider", name_only=True)


def same_system(before: str, now: str) -> bool:
    """Tell whether two names of an OS image name the same distribution and version.

    Capitals, spaces, punctuation and a word for 64 bits are cosmetic; every other word or number is another system:
    stopping an order once too often costs a look, installing another system costs a server.
    """
    return _system_words(before) == _system_words(now)


def same_place(before: str, now: str) -> bool:
    """Tell whether two names name the same place: capitals, spaces and punctuation aside."""
    return _words(before) == _words(now)


def same_measures(before: str, now: str) -> bool:
    """Tell whether two names have the same numbers and units: an add-on's size is in nothing but its name."""
    return _measures(before) == _measures(now)


def _words(name: str) -> list[str]:
    # "Alma Linux" and "AlmaLinux" are one name, "Debian 1 2" and "Debian 12" are not.
    joined = re.sub(r"(?<=[^\W\d_])[\W_]+(?=[^\W\d_])", "", _fold(name))
    return re.findall(r"[^\W\d_]+|\d+(?:\.\d+)*", joined)


def _system_words(name: str) -> list[str]:
    return _words(re.sub(_ARCHITECTURE, " ", _fold(name)))


def _measures(name: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+|\d+(?:[.,]\d+)*", _fold(name))
    return sorted(_UNITS.get(word, word) for word in words if word in _UNITS or word[0].isdigit())


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
