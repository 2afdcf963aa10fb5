"""What a server has to have at least: read from what people type, and held against offers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from vps_tui.core.catalog import Location, Plan
from vps_tui.core.errors import InvalidValue
from vps_tui.core.money import SpendingLimit
from vps_tui.core.offers import Offer, has_mixed_currencies
from vps_tui.core.text import clean

ANY = frozenset({"", "any", "-"})
"""What is typed where nothing is asked for."""


class Verdict(StrEnum):
    """Whether an offer is what is looked for; the value is why not, in words, where that is not its size."""

    FITS = "fits"
    TOO_SMALL = "too small"
    ELSEWHERE = "in another country"
    TOO_DEAR = "too dear"
    SOLD_OUT = "sold out now"
    SIZE_UNKNOWN = "a size that you ask for is not known"
    PLACE_UNKNOWN = "the country is not known"
    PRICE_UNKNOWN = "the price is not known"
    OTHER_CURRENCY = "the price is in another currency than your limit"


_SAID = (
    Verdict.SIZE_UNKNOWN,
    Verdict.PLACE_UNKNOWN,
    Verdict.PRICE_UNKNOWN,
    Verdict.OTHER_CURRENCY,
    Verdict.SOLD_OUT,
)
"""Why an offer that might have been the right one is left out: that is always shown."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """The least that a server must have; nothing is asked of what is 0, empty or None."""

    ram_mb: int = 0
    disk_gb: int = 0
    vcpu: int = 0
    traffic_tb: int = 0
    """Per month."""
    country: str = ""
    """A code such as "de", "gb" or "us-mia", or the name of a country or city, in lower case."""
    max_price: SpendingLimit | None = None
    """Per month; a longer cycle counts with its part of that."""

    def fits(self, plan: Plan) -> bool | None:
        """Tell whether `plan` is large enough; None where a size that decides it is not known."""
        pairs = (
            (self.ram_mb, plan.ram_mb),
            (self.disk_gb, plan.disk_gb),
            (self.vcpu, plan.vcpu),
            (self.traffic_tb, plan.traffic_tb),
        )
        asked = [(least, size) for least, size in pairs if least]
        if any(size and size < least for least, size in asked):
            return False
        return None if any(not size for _, size in asked) else True

    def judge(self, offer: Offer) -> Verdict:
        """Say whether `offer` is large enough, in the right country, and within the price."""
        large = self.fits(offer.plan)
        near = is_located(offer.location, self.country)
        price = self._price(offer)
        reasons = (
            Verdict.TOO_SMALL if large is False else None,
            Verdict.ELSEWHERE if near is False else None,
            price if price is Verdict.TOO_DEAR else None,
            Verdict.SIZE_UNKNOWN if large is None else None,
            Verdict.PLACE_UNKNOWN if near is None else None,
            price,
        )
        return next(filter(None, reasons), Verdict.FITS)

    def _price(self, offer: Offer) -> Verdict | None:
        limit, price = self.max_price, offer.price
        if limit is None:
            return None
        if price is None:
            return Verdict.PRICE_UNKNOWN
        if limit.currency not in ("", price.currency):
            return Verdict.OTHER_CURRENCY
        return Verdict.TOO_DEAR if offer.cycle.per_year(price) > Fraction(limit.amount) * 12 else None


@dataclass(frozen=True, slots=True)
class Selection:
    """What fits, and how much was left out for a reason that must be shown."""

    offers: tuple[Offer, ...]
    left_out: Mapping[Verdict, int] = field(default_factory=dict)
    note: str = ""
    """What has to be known about their order; empty for nothing."""


def select(offers: Iterable[Offer], wanted: Requirements, *, in_stock: bool = False) -> Selection:
    """Return those of `offers` that fit, in the order they come; with `in_stock` only what can be ordered now."""
    fitting: list[Offer] = []
    left_out: dict[Verdict, int] = {}
    for offer in offers:
        verdict = wanted.judge(offer)
        if verdict is Verdict.FITS and in_stock and not offer.location.in_stock:
            verdict = Verdict.SOLD_OUT
        if verdict is Verdict.FITS:
            fitting.append(offer)
        elif verdict in _SAID:
            left_out[verdict] = left_out.get(verdict, 0) + 1
    said = {verdict: left_out[verdict] for verdict in _SAID if verdict in left_out}
    return Selection(tuple(fitting), said, has_mixed_currencies(fitting))


_SAME_CODE = {"gb": "uk"}
"""EDIS Global writes `uk` (get/locations, `country`) where ISO 3166 has GB."""

_SAME_NAME = {
    "united states": "us",
    "united states of america": "us",
    "america": "us",
    "great britain": "uk",
    "britain": "uk",
    "england": "uk",
    "czechia": "cz",
    "emirates": "ae",
    "uae": "ae",
    "holland": "nl",
    "russian federation": "ru",
}


def is_located(location: Location, country: str) -> bool | None:
    """Tell whether `location` is in `country`: a code, with a suffix or without, or a name of country or city.

    None where the location has no code and its name does not say it either.
    """
    if not country:
        return True
    wanted = _code(_SAME_NAME.get(country, country))
    own = _code(location.country.casefold())
    if own and wanted in (own, own.partition("-")[0]):
        return True
    words = set(_words(country))
    # Whole words: "oman" is not in Romania.
    if len(country) > 2 and words and words <= set(_words(f"{location.name} {location.city}")):
        return True
    return False if own else None


def _code(text: str) -> str:
    first, dash, rest = text.partition("-")
    return f"{_SAME_CODE.get(first, first)}{dash}{rest}"


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def parse_requirements(typed: Mapping[str, str]) -> tuple[Requirements, dict[str, InvalidValue]]:
    """Return what `typed`, by the names of the fields of `Requirements`, asks for, and what is wrong by name."""
    values: dict[str, Any] = {}
    wrong: dict[str, InvalidValue] = {}
    for name, text in typed.items():
        if text.strip().casefold() in ANY:
            continue
        try:
            values[name] = _READERS[name](text.strip())
        except InvalidValue as error:
            wrong[name] = error
    return Requirements(**values), wrong


SMALLEST_MB = 128
"""A bare number below it is gigabytes: no server has as little memory as that."""


def _size(text: str, factors: Mapping[str, str], bare: Callable[[Decimal], str], examples: str) -> int:
    """Return a size in whole units, rounded up; a unit may be written as G, GB, GiB or GByte.

    `factors` are those of the units by their letter, and `bare` names the unit of a number without one.
    """
    found = re.fullmatch(r"([0-9]{1,9}(?:[.,][0-9]{1,6})?) ?(?:([a-z])(?:b|ib|bytes?)?)?", text.casefold())
    amount = Decimal(found[1].replace(",", ".")) if found else Decimal(0)
    factor = factors.get(found[2] or bare(amount)) if found else None
    if factor is None:
        raise InvalidValue(f"Write a number, with a unit if you like: {examples}.")
    return int((amount * Decimal(factor)).to_integral_value(ROUND_CEILING))


def _ram(text: str) -> int:
    factors = {"m": "1", "g": "1024", "t": "1048576"}
    return _size(text, factors, lambda amount: "g" if amount < SMALLEST_MB else "m", "4G, 4096 or 512 MB")


def _cores(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,4}) ?(?:c|cores?|v?cpus?)?", text.casefold())
    if found is None:
        raise InvalidValue("Write a whole number: 2 or 2 cores.")
    return int(found[1])


def _country(text: str) -> str:
    found = clean(text, 60).casefold()
    if not any(map(str.isalpha, found)):
        raise InvalidValue("Write a country: de, uk, us-mia or Germany.")
    return found


_TRAFFIC_FACTORS = {"m": "0.000001", "g": "0.001", "t": "1"}
_READERS: Mapping[str, Callable[[str], Any]] = {
    "ram_mb": _ram,
    "disk_gb": lambda text: _size(text, {"m": "0.001", "g": "1", "t": "1000"}, lambda _: "g", "40, 40 GB or 1 TB"),
    "vcpu": _cores,
    "traffic_tb": lambda text: _size(text, _TRAFFIC_FACTORS, lambda _: "t", "2, 2 TB or 500 GB"),
    "country": _country,
    "max_price": SpendingLimit.parse,
}
