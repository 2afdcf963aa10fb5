"""What a provider offers, in our words.

Ids are text in here whatever the wire carries: a provider module turns them back when it sends them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.money import Money, currency_code, no_currency
from vps_tui.core.text import clean

Prices = Mapping[BillingCycle, Money]
PriceProblems = Mapping[BillingCycle, str]
"""Why the price for a cycle is not known although one is stated: within a sentence, after "because"."""


class OsFamily(StrEnum):
    """What kind of system an image holds, as far as ordering needs to know."""

    LINUX = "linux"
    WINDOWS = "windows"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Location:
    """A place where a provider sells servers."""

    id: str
    name: str
    country: str = ""
    """Lower-case country code, sometimes with a city suffix; may be empty."""
    city: str = ""
    in_stock: bool = True


@dataclass(frozen=True, slots=True)
class OsImage:
    """A system that a plan can be delivered with."""

    id: str
    name: str
    family: OsFamily
    listed: bool = field(default=True, compare=False)
    """False for an id that a person has typed: the family is that person's word, the name is made up."""


@dataclass(frozen=True, slots=True)
class AddOn:
    """One thing that can be added to a plan."""

    id: str
    name: str
    prices: Prices | None = None
    """Per unit and cycle; None where the provider states no price."""
    max_value: int = 1
    """Largest number of units of it."""
    price_problems: PriceProblems = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take out prices that are in no currency."""
        if self.prices is not None:
            _take_out_unreadable(self, self.prices)


@dataclass(frozen=True, slots=True)
class AddOnGroup:
    """Add-ons of which a server takes at most one."""

    key: str
    """The word in order files, such as "additional_ram"."""
    title: str
    options: tuple[AddOn, ...]
    """Without the provider's own "none" entry: choosing nothing is leaving the group out."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A size of server, as sold in one location, with what can be had with it."""

    id: str
    name: str
    vcpu: int | None
    ram_mb: int | None
    disk_gb: int | None
    traffic_tb: int | None
    prices: Prices
    """Empty where the price is not known."""
    os_images: tuple[OsImage, ...] = ()
    add_on_groups: tuple[AddOnGroup, ...] = ()
    plan_type: str = ""
    location: str = ""
    """Id of the location it is sold in, or a region's name where the plan fixes it."""
    price_problems: PriceProblems = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take out prices that are in no currency."""
        _take_out_unreadable(self, self.prices)


def _take_out_unreadable(offered: Plan | AddOn, prices: Prices) -> None:
    """Move prices whose currency is no code to the `price_problems` of `offered`, whichever provider gave them.

    An amount in no known currency is not a price: it is not shown and not added to anything.
    """
    if all(price.currency and currency_code(price.currency) == price.currency for price in prices.values()):
        return
    problems = dict(offered.price_problems)
    kept: dict[BillingCycle, Money] = {}
    for cycle, price in prices.items():
        if code := currency_code(price.currency):
            kept[cycle] = Money(price.amount, code)
        else:
            problems[cycle] = no_currency(clean(price.currency, 12))
    # Both are frozen, and are made nowhere but in their own __init__.
    object.__setattr__(offered, "prices", kept)
    object.__setattr__(offered, "price_problems", problems)


@dataclass(frozen=True, slots=True)
class Catalog:
    """The plans that can be ordered together."""

    plans: tuple[Plan, ...]
    source: str = ""
    """Where the prices come from, when that is not the provider's API; shown with every price."""
    currency: str = ""
    """In which an order is to be charged where no price says it (ISO 4217, upper case); may be empty."""
    open: bool = False
    """True where an order may name ids that are not listed here: their prices are not known then."""

    def plan(self, plan_id: str) -> Plan | None:
        """Return the plan with this id, if it is sold."""
        return next((plan for plan in self.plans if plan.id == plan_id), None)


def find_os_image(plan: Plan, os_id: str) -> OsImage | None:
    """Return the OS image with this id, if `plan` offers it."""
    return next((image for image in plan.os_images if image.id == os_id), None)


def find_add_on(plan: Plan, group_key: str, add_on_id: str) -> tuple[AddOnGroup, AddOn] | None:
    """Return the add-on with this id and its group, if `plan` offers it there; an empty key is any group."""
    for group in plan.add_on_groups:
        if group_key in ("", group.key):
            for option in group.options:
                if option.id == add_on_id:
                    return group, option
    return None


def os_family(name: str) -> OsFamily:
    """Tell the family from an image's name, where the provider does not say it.

    A manual installation is neither: nobody can put an SSH key on a disk that is still empty.
    """
    lowered = name.lower()
    if "windows" in lowered:
        return OsFamily.WINDOWS
    if "manual" in lowered or "via vnc" in lowered:
        return OsFamily.OTHER
    return OsFamily.LINUX
