"""The wire of the EDIS ORDER API, as documented and as captured: read tolerantly, translated once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from vps_tui.core.billing_cycle import COMMON_CYCLES, BillingCycle
from vps_tui.core.catalog import AddOn, AddOnGroup, Location, OsImage, Plan, os_family
from vps_tui.core.money import Money, currency_code
from vps_tui.core.text import clean
from vps_tui.providers.models import Server


def _id(value: Any) -> Any:
    """Ids come as integers in the documents and as strings in captured replies."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _whole(value: Any) -> int | None:
    text = str(value)
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _object(value: Any) -> Any:
    """An empty object of a PHP server may arrive as an empty list."""
    return {} if value in ([], None) else value


def id_text(value: Any) -> str:
    """Return an id of an answer as text; empty for anything that is none."""
    return clean(str(value), 40) if isinstance(value, int | str) and not isinstance(value, bool) else ""


MAX_NAME = 80
"""Characters kept of a name; the longest documented one has 49."""

_cleaned = lru_cache(4096)(clean)
"""Thousands of plans have the same few names in them."""

Text = Annotated[str, BeforeValidator(lambda value: _cleaned("" if value is None else str(value), MAX_NAME))]
Id = Annotated[str, BeforeValidator(_id), Field(pattern=r"^[0-9]{1,18}$")]


class Wire(BaseModel):
    """A part of a reply; members that we do not know are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class WireLocation(Wire):
    """get/locations, an entry of `locations`; the captured reply of 2025 has only `id` and `headline`."""

    id: Id
    headline: Text = ""
    name: Text = ""
    country: Text = ""
    out_of_stock: bool = False


class WireAmount(Wire):
    """An amount with its currency, such as {"amount": "7.99", "currency": "EUR"}."""

    amount: Annotated[Decimal, Field(ge=0, allow_inf_nan=False, max_digits=24, decimal_places=6)]
    currency: Text = ""

    def money(self) -> Money | None:
        """Return it in our words; None where its currency cannot be read, and it cannot be added to anything."""
        code = currency_code(self.currency)
        return Money(self.amount, code) if code else None


WirePrices = Annotated[dict[str, WireAmount], BeforeValidator(_object)]


class WireSize(Wire):
    """A size such as {"size": 15, "unit": "GByte"}; one that is no whole number is not known."""

    size: Annotated[int | None, BeforeValidator(_whole)] = None
    unit: Text = ""


class WireDescription(Wire):
    """get/products, `description` of a plan."""

    disk: WireSize | None = None
    ram: WireSize | None = None
    cpu: WireSize | None = None
    traffic: WireSize | None = None
    price: WirePrices = Field(default_factory=dict)


class WireOption(Wire):
    """get/products, an option in a group of `addons`; no `price` where nothing is charged or stated."""

    id: Id
    description: Text
    price: WirePrices | None = None


WireGroup = Annotated[dict[str, WireOption], BeforeValidator(_object)]


class WirePlan(Wire):
    """get/products, an entry of `products`; a `description` was one HTML string before March 2025."""

    id: Id
    description: Annotated[
        WireDescription, BeforeValidator(lambda value: {} if isinstance(value, str) else _object(value))
    ] = Field(default_factory=WireDescription)
    addons: Annotated[dict[str, WireGroup], BeforeValidator(_object)] = Field(default_factory=dict)


class WireService(Wire):
    """get/services, an entry of `services`."""

    service_id: Id
    kvm_id: Text = ""
    status: Text = ""
    plan: Text = ""
    location: Text = ""
    creation_date: Annotated[date | None, BeforeValidator(_day)] = None

    def server(self) -> Server:
        """Return it in our words."""
        return Server(self.service_id, self.kvm_id, self.plan, self.location, self.status, created=self.creation_date)


class WireSession(Wire):
    """get/auth of the Management API, an entry of `data`; only its guide shows `primary_ip`."""

    api_host: Annotated[str, Field(max_length=253)]
    valid_until: Id
    signature: Annotated[str, Field(pattern=r"^[\x21-\x7e]{8,500}$")]
    suspended: Text = ""
    primary_ip: Text = ""


OS_GROUP = "operating system"

GROUPS: Mapping[str, tuple[str, str]] = {
    "additional ram": ("additional_ram", "Additional RAM"),
    "additional vcpu": ("additional_vcpu", "Additional vCPU"),
    "additional ip": ("additional_ip", "Additional IPv4"),
    "additional drive boost": ("additional_diskboost", "Drive boost"),
}
"""Group name in get/products to the field of add/order's `item`, which is also our word, and a title."""

_NOTHING = frozenset({"no", "none", "no additional ips", "-"})


def locations(entries: Mapping[str, Any]) -> tuple[Location, ...]:
    """Translate `locations` of get/locations, sorted by name."""
    found = (_location(label, WireLocation.model_validate(entry)) for label, entry in entries.items())
    return tuple(sorted(found, key=lambda location: location.name.casefold()))


def plans(entries: Mapping[str, Any], location: str) -> tuple[Plan, ...]:
    """Translate `products` of get/products; entries without an id, such as "global products", are no plans."""
    return tuple(
        _plan(clean(name), WirePlan.model_validate(entry), location)
        for name, entry in entries.items()
        if isinstance(entry, dict) and "id" in entry
    )


def _location(label: str, wire: WireLocation) -> Location:
    name = wire.name or clean(label).removeprefix("KVM ")
    city = re.sub(r"^(NEW!\s*)?(KVM\s+VPS(/VDS)?\s*(in the|in|@)\s+)?", "", wire.headline, flags=re.IGNORECASE)
    city = "" if city.removeprefix("KVM ") == name else city
    return Location(wire.id, name, wire.country, city, not wire.out_of_stock)


def _plan(name: str, wire: WirePlan, location: str) -> Plan:
    size = wire.description
    return Plan(
        id=wire.id,
        name=name,
        vcpu=size.cpu.size if size.cpu else None,
        ram_mb=_scale(size.ram, {"mbyte": 1, "mb": 1, "gbyte": 1024, "gb": 1024}),
        disk_gb=_scale(size.disk, {"gbyte": 1, "gb": 1, "tbyte": 1000, "tb": 1000}),
        traffic_tb=_scale(size.traffic, {"tbyte": 1, "tb": 1}),
        prices=_prices(size.price),
        os_images=tuple(
            OsImage(option.id, option.description, os_family(option.description))
            for option in wire.addons.get(OS_GROUP, {}).values()
        ),
        add_on_groups=tuple(_groups(wire)),
        location=location,
    )


def _groups(wire: WirePlan) -> Iterator[AddOnGroup]:
    for group, (key, title) in GROUPS.items():
        options = tuple(
            AddOn(option.id, option.description, None if option.price is None else _prices(option.price))
            for option in wire.addons.get(group, {}).values()
            if option.description.casefold() not in _NOTHING
        )
        if options:
            yield AddOnGroup(key, title, tuple(sorted(options, key=_natural)))


def _natural(option: AddOn) -> tuple[int, str]:
    number = re.search(r"\d+", option.name)
    return (int(number.group()) if number else 0, option.name)


def _prices(wire: Mapping[str, WireAmount]) -> dict[BillingCycle, Money]:
    """Return the prices with the currency as it came: `Plan` and `AddOn` take out what is in none."""
    stated = ((cycle, wire[cycle.value]) for cycle in COMMON_CYCLES if cycle.value in wire)
    return {cycle: Money(price.amount, currency_code(price.currency) or price.currency) for cycle, price in stated}


def _scale(size: WireSize | None, units: Mapping[str, int]) -> int | None:
    if size is None or size.size is None:
        return None
    factor = units.get(size.unit.casefold())
    return None if factor is None else size.size * factor
