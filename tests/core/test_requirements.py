"""What people type for sizes and countries, and what is said where it cannot be meant."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.catalog import Location
from vps_tui.core.money import SpendingLimit
from vps_tui.core.requirements import Requirements, is_located, parse_requirements

RAM = {
    "4G": 4096,
    "4g": 4096,
    "4 GB": 4096,
    "4GiB": 4096,
    "4": 4096,
    "4096": 4096,
    "4096 MB": 4096,
    "512": 512,
    "512m": 512,
    "1.5G": 1536,
    "1,5 G": 1536,
    "127": 127 * 1024,
    "128": 128,
    "0.3G": 308,
}


@pytest.mark.parametrize(("typed", "megabytes"), RAM.items())
def test_memory(typed: str, megabytes: int) -> None:
    assert parse_requirements({"ram_mb": typed}) == (Requirements(ram_mb=megabytes), {})


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("disk_gb", "40", 40),
        ("disk_gb", "40G", 40),
        ("disk_gb", "1 TB", 1000),
        ("disk_gb", "500M", 1),
        ("vcpu", "2", 2),
        ("vcpu", "2 cores", 2),
        ("vcpu", "1 core", 1),
        ("vcpu", "4 vCPU", 4),
        ("vcpu", "4c", 4),
        ("traffic_tb", "2", 2),
        ("traffic_tb", "2 TB", 2),
        ("traffic_tb", "500 GB", 1),
        ("traffic_tb", "1500G", 2),
        ("country", " DE ", "de"),
        ("country", "United  Kingdom", "united kingdom"),
        ("max_price", "20", SpendingLimit(Decimal(20), "")),
        ("max_price", "20.50 eur", SpendingLimit(Decimal("20.50"), "EUR")),
    ],
)
def test_the_others(name: str, typed: str, value: object) -> None:
    wanted, wrong = parse_requirements({name: typed})
    assert (getattr(wanted, name), wrong) == (value, {})


@pytest.mark.parametrize("typed", ["", "  ", "any", "Any", "-"])
def test_nothing_is_asked_of_what_is_left_open(typed: str) -> None:
    names = ("ram_mb", "disk_gb", "vcpu", "traffic_tb", "country", "max_price")
    assert parse_requirements(dict.fromkeys(names, typed)) == (Requirements(), {})


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("ram_mb", "lots"),
        ("ram_mb", "4 cores"),
        ("ram_mb", "-4G"),
        ("ram_mb", "4e9"),
        ("ram_mb", "\u0664G"),
        ("ram_mb", "9" * 40),
        ("disk_gb", "40 G G"),
        ("vcpu", "1.5"),
        ("vcpu", "two"),
        ("traffic_tb", "2 MHz"),
        ("country", "12"),
        ("country", "\x1b"),
        ("max_price", "cheap"),
        ("max_price", "-1"),
    ],
)
def test_what_cannot_be_meant_is_said_of_that_field_and_not_quoted(name: str, typed: str) -> None:
    wanted, wrong = parse_requirements({name: typed, "disk_gb" if name != "disk_gb" else "vcpu": "1"})
    assert list(wrong) == [name]
    assert getattr(wanted, name) == getattr(Requirements(), name), "The others are read all the same."
    assert wanted != Requirements()
    assert len(typed) < 3 or typed not in wrong[name].message


@given(st.text(max_size=12))
def test_no_text_breaks_it(typed: str) -> None:
    names = ("ram_mb", "disk_gb", "vcpu", "traffic_tb", "country", "max_price")
    wanted, wrong = parse_requirements(dict.fromkeys(names, typed))
    assert all(getattr(wanted, name) == getattr(Requirements(), name) for name in wrong)


LONDON = Location("127", "United Kingdom", "uk", "London")
DOCKLANDS = Location("212", "United Kingdom, London Docklands", "uk-lnd")
MIAMI = Location("211", "USA, Miami", "us-mia")
NEW_YORK = Location("93", "USA", "us")
ROMANIA = Location("162", "Romania", "ro", "Bucharest")
OLD = Location("122", "Germany")
"""As in the captured reply of 2025, which has no code."""


@pytest.mark.parametrize(
    ("country", "found"),
    [
        ("uk", [LONDON, DOCKLANDS]),
        ("gb", [LONDON, DOCKLANDS]),
        ("gb-lnd", [DOCKLANDS]),
        ("uk-lnd", [DOCKLANDS]),
        ("us", [MIAMI, NEW_YORK]),
        ("us-mia", [MIAMI]),
        ("usa", [MIAMI, NEW_YORK]),
        ("united states", [MIAMI, NEW_YORK]),
        ("united kingdom", [LONDON, DOCKLANDS]),
        ("great britain", [LONDON, DOCKLANDS]),
        ("london", [LONDON, DOCKLANDS]),
        ("miami", [MIAMI]),
        ("germany", [OLD]),
        ("oman", []),
        ("ro", [ROMANIA]),
        ("u", []),
        ("us-", []),
        ("", [LONDON, DOCKLANDS, MIAMI, NEW_YORK, ROMANIA, OLD]),
    ],
)
def test_a_country_by_code_and_by_name(country: str, found: list[Location]) -> None:
    places = [LONDON, DOCKLANDS, MIAMI, NEW_YORK, ROMANIA, OLD]
    assert [place for place in places if is_located(place, country)] == found


def test_a_place_whose_country_is_not_known_is_told_from_one_that_is_elsewhere() -> None:
    assert is_located(OLD, "de") is None
    assert is_located(ROMANIA, "de") is False


def test_codes_are_found_whatever_their_letters() -> None:
    assert is_located(Location("1", "X", "DE"), "de")
