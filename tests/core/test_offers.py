"""Offers are put in one order whatever order they come in, and nothing that is not known comes first or fits."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.billing_cycle import COMMON_CYCLES, BillingCycle
from vps_tui.core.catalog import Catalog, Location, Plan
from vps_tui.core.money import Money, SpendingLimit
from vps_tui.core.offers import Offer, SortKey, in_order, offers_at, offers_by_region
from vps_tui.core.requirements import Requirements, Verdict, select

from .offers import ANNUALLY, MONTHLY, PLAN, QUARTERLY, SMALL_PLAN, prices

GRAZ = Location("107", "Austria, Graz", "at-grz", in_stock=False)
WIEN = Location("192", "Austria, Vienna", "at")

sizes = st.none() | st.integers(0, 6)
amounts = st.decimals("0", "40", places=2)
plans = st.builds(
    lambda number, name, vcpu, ram, disk, traffic, amount, currency: Plan(
        str(number), name, vcpu, ram, disk, traffic, {} if amount is None else {MONTHLY: Money(amount, currency)}
    ),
    st.integers(1, 9),
    st.sampled_from(["KVM A", "kvm a", "KVM B"]),
    sizes,
    sizes,
    sizes,
    sizes,
    st.none() | amounts,
    st.sampled_from(["EUR", "EUR", "USD"]),
)
places = st.sampled_from([GRAZ, WIEN, Location("1", "B"), Location("2", "B")])
offers = st.lists(
    st.builds(lambda place, plan: Offer(place, plan, MONTHLY), places, plans),
    max_size=8,
    unique_by=lambda one: (one.location, one.plan.id),
)
wishes = st.builds(
    Requirements,
    ram_mb=st.integers(0, 6),
    disk_gb=st.integers(0, 6),
    vcpu=st.integers(0, 6),
    traffic_tb=st.integers(0, 6),
    country=st.sampled_from(["", "at", "at-grz", "us"]),
    max_price=st.none() | st.builds(SpendingLimit, amounts, st.sampled_from(["", "EUR"])),
)


def sold(amount: str, cycle: BillingCycle = MONTHLY, name: str = "KVM", currency: str = "EUR") -> Offer:
    plan = Plan(name, name, 1, 1, 1, 1, {cycle: Money(Decimal(amount), currency)})
    return Offer(WIEN, plan, cycle)


@given(offers, st.sampled_from(SortKey), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_they_come(found: list[Offer], by: SortKey, chance: random.Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    one, other = in_order(found, by), in_order(shuffled, by)
    assert [key(offer) for offer in one] == [key(offer) for offer in other]
    assert sorted(map(key, one)) == sorted(map(key, found))


def key(offer: Offer) -> str:
    return repr(offer)


@given(offers)
def test_the_cheapest_comes_first_and_what_is_not_known_last(found: list[Offer]) -> None:
    ordered = in_order(found)
    known = [offer.price for offer in ordered if offer.price is not None]
    assert [offer.price for offer in ordered[: len(known)]] == known, "An unknown price stands among known ones."
    for one, other in pairwise(known):
        assert one.currency < other.currency or (one.currency == other.currency and not other < one)


@given(offers, st.sampled_from([SortKey.RAM, SortKey.DISK, SortKey.CORES, SortKey.TRAFFIC]))
def test_sizes_go_up_and_what_is_not_known_is_last(found: list[Offer], by: SortKey) -> None:
    field = {SortKey.RAM: "ram_mb", SortKey.DISK: "disk_gb", SortKey.CORES: "vcpu", SortKey.TRAFFIC: "traffic_tb"}
    listed = [getattr(offer.plan, field[by]) or 0 for offer in in_order(found, by)]
    known = [size for size in listed if size]
    assert listed == sorted(known) + [0] * (len(listed) - len(known))


def test_equal_ones_go_by_price_then_by_name_of_plan_and_place() -> None:
    plan = Plan("1", "B", 1, 1024, 1, 1, prices("5.00"))
    cheap = Plan("2", "A", 1, 1024, 1, 1, prices("4.00"))
    other = Plan("3", "A", 1, 1024, 1, 1, prices("5.00"))
    found = [Offer(WIEN, plan, MONTHLY), Offer(WIEN, other, MONTHLY), Offer(GRAZ, other, MONTHLY)]
    found.append(Offer(WIEN, cheap, MONTHLY))
    for by in (SortKey.PRICE, SortKey.RAM):
        assert [(offer.plan.id, offer.location.id) for offer in in_order(found, by)] == [
            ("2", "192"),
            ("3", "107"),
            ("3", "192"),
            ("1", "192"),
        ]
    assert [offer.plan.id for offer in in_order(found, SortKey.NAME)] == ["3", "2", "3", "1"]


@given(st.lists(st.tuples(amounts, st.sampled_from(COMMON_CYCLES)), max_size=8))
def test_cycles_are_compared_exactly_by_what_a_month_of_them_costs(pairs: list[tuple[Decimal, BillingCycle]]) -> None:
    found = in_order(sold(str(amount), cycle) for amount, cycle in pairs)
    shares = [Fraction(offer.price.amount) / offer.cycle.months for offer in found if offer.price]
    assert shares == sorted(shares)


def test_a_month_of_a_year_is_told_to_the_cent() -> None:
    offer = Offer(WIEN, PLAN, ANNUALLY)
    assert (str(offer.price), str(offer.per_month)) == ("139.99 EUR", "11.67 EUR")
    assert Offer(WIEN, SMALL_PLAN, QUARTERLY).per_month is None


def test_a_difference_is_told_between_like_and_like_only() -> None:
    assert str(sold("5.00").more_than(sold("3.50"))) == "1.50 EUR"
    assert sold("5.00").more_than(sold("3.50", currency="USD")) is None
    assert sold("5.00").more_than(sold("3.50", ANNUALLY)) is None
    assert Offer(WIEN, SMALL_PLAN, ANNUALLY).more_than(sold("1", ANNUALLY)) is None


def test_a_plan_is_known_again_in_another_region() -> None:
    found = [
        Offer(WIEN, Plan("1", name, 1, 1, 1, 1, {}, location=region), MONTHLY)
        for name, region in (("S102-HK", "HK"), ("S102-sg", "SG"), ("s102", ""), ("KVM  Basic", "122"))
    ]
    assert [offer.family for offer in found] == ["s102", "s102", "s102", "kvm basic"]


def test_plans_stand_at_their_location_or_at_the_region_that_they_name() -> None:
    catalog = Catalog((PLAN, Plan("9", "S", 1, 1, 1, 1, {}, location="hk"), Plan("8", "T", 1, 1, 1, 1, {})))
    assert {offer.location for offer in offers_at(WIEN, catalog, MONTHLY)} == {WIEN}
    known = {"HK": ("hk", "Hong Kong")}
    places = [offer.location for offer in offers_by_region(catalog, MONTHLY, known)]
    assert places == [Location("122", "122"), Location("hk", "hk", "hk", "Hong Kong"), Location("", "")]


class TestSelecting:
    @given(offers, wishes, st.booleans())
    def test_what_fits_is_known_to_and_nothing_that_might_is_lost_in_silence(
        self, found: list[Offer], wanted: Requirements, in_stock: bool
    ) -> None:
        selection = select(found, wanted, in_stock=in_stock)
        for offer in selection.offers:
            plan = offer.plan
            for least, size in zip(
                (wanted.ram_mb, wanted.disk_gb, wanted.vcpu, wanted.traffic_tb),
                (plan.ram_mb, plan.disk_gb, plan.vcpu, plan.traffic_tb),
                strict=True,
            ):
                assert not least or (size is not None and size >= least)
            if wanted.max_price is not None:
                assert offer.price is not None
                assert offer.price.amount <= wanted.max_price.amount
                assert wanted.max_price.currency in ("", offer.price.currency)
            assert offer.location.in_stock or not in_stock
        refused = {Verdict.TOO_SMALL, Verdict.ELSEWHERE, Verdict.TOO_DEAR}
        certain = sum(wanted.judge(offer) in refused for offer in found)
        assert len(selection.offers) + sum(selection.left_out.values()) + certain == len(found)
        assert not refused & selection.left_out.keys()

    @given(offers)
    def test_everything_fits_where_nothing_is_asked(self, found: list[Offer]) -> None:
        assert select(found, Requirements()).offers == tuple(found)

    @given(offers, wishes)
    def test_asking_for_more_never_finds_more(self, found: list[Offer], wanted: Requirements) -> None:
        more = replace(wanted, ram_mb=wanted.ram_mb + 1, vcpu=wanted.vcpu + 1)
        assert set(map(key, select(found, more).offers)) <= set(map(key, select(found, wanted).offers))

    def test_each_reason(self) -> None:
        bare = Plan("1", "X", None, 4096, 0, 1, {})
        euros = SpendingLimit(Decimal(9), "EUR")
        dollars = Plan("2", "Y", 2, 4096, 40, 1, prices("5", currency="USD"))
        nowhere = Location("", "")
        cases = [
            (Offer(WIEN, PLAN, MONTHLY), Requirements(ram_mb=4096, vcpu=2), Verdict.FITS),
            (Offer(WIEN, PLAN, MONTHLY), Requirements(ram_mb=4097), Verdict.TOO_SMALL),
            (Offer(WIEN, bare, MONTHLY), Requirements(vcpu=1), Verdict.SIZE_UNKNOWN),
            (Offer(WIEN, bare, MONTHLY), Requirements(disk_gb=1), Verdict.SIZE_UNKNOWN),
            (Offer(WIEN, bare, MONTHLY), Requirements(vcpu=1, ram_mb=5000), Verdict.TOO_SMALL),
            (Offer(WIEN, PLAN, MONTHLY), Requirements(country="de"), Verdict.ELSEWHERE),
            (Offer(nowhere, PLAN, MONTHLY), Requirements(country="de"), Verdict.PLACE_UNKNOWN),
            (
                Offer(WIEN, bare, MONTHLY),
                Requirements(max_price=SpendingLimit(Decimal(5), "")),
                Verdict.PRICE_UNKNOWN,
            ),
            (
                Offer(WIEN, dollars, MONTHLY),
                Requirements(max_price=euros),
                Verdict.OTHER_CURRENCY,
            ),
            (
                Offer(WIEN, PLAN, MONTHLY),
                Requirements(max_price=SpendingLimit(Decimal("12.98"), "EUR")),
                Verdict.TOO_DEAR,
            ),
            (
                Offer(WIEN, PLAN, MONTHLY),
                Requirements(max_price=SpendingLimit(Decimal("12.99"), "EUR")),
                Verdict.FITS,
            ),
        ]
        for offer, wanted, verdict in cases:
            assert wanted.judge(offer) is verdict

    @pytest.mark.parametrize(("limit", "fits"), [("11.67", False), ("11.68", True)])
    def test_a_limit_is_held_against_the_exact_month_of_a_longer_cycle(self, limit: str, fits: bool) -> None:
        """140.05 a year is 11.6708... a month: more than 11.67, although that is what is shown."""
        wanted = Requirements(max_price=SpendingLimit(Decimal(limit), ""))
        offer = sold("140.05", ANNUALLY)
        assert str(offer.per_month) == "11.67 EUR"
        assert (wanted.judge(offer) is Verdict.FITS) is fits
