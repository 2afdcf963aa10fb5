"""Everything that was shown of an order is compared; the same under another name is no reason to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location, OsFamily, OsImage, Plan
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.money import Money
from vps_tui.core.offer_snapshot import (
    MAX_SAID,
    OfferSnapshot,
    differences,
    in_words,
    same_measures,
    same_place,
    same_system,
    snapshot,
)
from vps_tui.core.pricing import quote
from vps_tui.core.typed_ids import with_typed_ids

from .offers import GROUPS, LINUX, MONTHLY, PLAN, QUARTERLY, RAM_4, WINDOWS, prices

SERVER = ServerDraft("web1", PLAN.id, PLAN.name, LINUX.id, (ChosenAddOn("additional_ram", RAM_4.id),))
DRAFT = Draft("edis", "122", MONTHLY, "cryptomus", servers=(SERVER,))
METHODS = {"cryptomus": "Cryptomus", "paypal": "PayPal"}
DOLLARS_4_99 = prices("4.99", currency="USD")
PLACE = Location("122", "Vienna", "at")


def seen(
    plan: Plan | None = PLAN,
    *,
    draft: Draft = DRAFT,
    place: Location | None = PLACE,
    cycles: tuple[BillingCycle, ...] = (MONTHLY, QUARTERLY),
    methods: dict[str, str] = METHODS,
    source: str = "",
) -> OfferSnapshot:
    catalog = Catalog((plan,) if plan else (), source)
    return snapshot(draft, catalog, quote(draft, catalog), location=place, cycles=cycles, payment_methods=methods)


def with_image(image: OsImage) -> Plan:
    return replace(PLAN, os_images=(image, WINDOWS))


def with_ram(**changes: object) -> Plan:
    group = GROUPS[0]
    options = tuple(replace(one, **changes) if one is RAM_4 else one for one in group.options)  # type: ignore[arg-type]
    return replace(PLAN, add_on_groups=(replace(group, options=options), *GROUPS[1:]))


def test_nothing_is_different_from_itself() -> None:
    assert differences(seen(), seen()) == ()


STOPS: dict[str, tuple[Callable[[], OfferSnapshot], tuple[str, ...]]] = {
    "vcpu": (lambda: seen(replace(PLAN, vcpu=1)), ("vCPU: 2 when you confirmed, 1 now.",)),
    "ram": (lambda: seen(replace(PLAN, ram_mb=1024)), ("RAM: 4096 MB when you confirmed, 1024 MB now.",)),
    "disk": (lambda: seen(replace(PLAN, disk_gb=20)), ("Disk: 40 GB when you confirmed, 20 GB now.",)),
    "traffic": (lambda: seen(replace(PLAN, traffic_tb=1)), ("Traffic: 4 TB when you confirmed, 1 TB now.",)),
    "a size that is not told now": (lambda: seen(replace(PLAN, ram_mb=None)), ("RAM: 4096 MB", "not stated now")),
    "type": (lambda: seen(replace(PLAN, plan_type="fast")), ("Plan type: none when you confirmed, fast now.",)),
    "region": (lambda: seen(replace(PLAN, location="SG")), ("Region: 122 when you confirmed, SG now.",)),
    "plan": (lambda: seen(None), ("The plan is no longer sold there (KVM 2 when you confirmed).",)),
    "image": (
        lambda: seen(replace(PLAN, os_images=(WINDOWS,))),
        ("The OS image is no longer offered with the plan (Debian 12 when you confirmed).",),
    ),
    "version": (
        lambda: seen(with_image(replace(LINUX, name="Debian 13"))),
        ("OS image: Debian 12 when you confirmed, Debian 13 now.",),
    ),
    "distribution": (
        lambda: seen(with_image(replace(LINUX, name="Ubuntu 12"))),
        ("OS image: Debian 12 when you confirmed, Ubuntu 12 now.",),
    ),
    "family": (
        lambda: seen(with_image(replace(LINUX, family=OsFamily.WINDOWS))),
        ("OS image: Debian 12 (linux) when you confirmed, Debian 12 (windows) now.",),
    ),
    "add-on": (
        lambda: seen(replace(PLAN, add_on_groups=GROUPS[1:])),
        ("Additional RAM: 4 GB when you confirmed, no longer offered now.",),
    ),
    "size of an add-on": (
        lambda: seen(with_ram(name="1 GB")),
        ("Additional RAM: 4 GB when you confirmed, 1 GB now.",),
    ),
    "price of an add-on": (
        lambda: seen(with_ram(prices=prices("5.00"))),
        (
            "The price has changed: 17.98 EUR per month when you confirmed, 17.99 EUR per month now.",
            "Price of Additional RAM: 4 GB: 4.99 EUR when you confirmed, 5.00 EUR now.",
        ),
    ),
    "price": (
        lambda: seen(replace(PLAN, prices=prices("12.98"))),
        ("Price of KVM 2: 12.99 EUR when you confirmed, 12.98 EUR now.",),
    ),
    "a fraction of a cent": (
        lambda: seen(replace(PLAN, prices=prices("12.994"))),
        ("Price of KVM 2: 12.99 EUR when you confirmed, 12.994 EUR now.",),
    ),
    "a price that is not known now": (
        lambda: seen(replace(PLAN, prices={})),
        ("17.98 EUR per month when you confirmed, not known now",),
    ),
    "currency of one amount": (
        lambda: seen(with_ram(prices=DOLLARS_4_99)),
        ("4.99 EUR when you confirmed, 4.99 USD now.",),
    ),
    "currency": (
        lambda: seen(
            replace(with_ram(prices=prices("4.99", currency="USD")), prices=prices("12.99", currency="USD"))
        ),
        ("17.98 EUR per month when you confirmed, 17.98 USD per month now.",),
    ),
    "cycle": (
        lambda: seen(cycles=(QUARTERLY,)),
        ("Billing cycle: monthly when you confirmed, no longer offered now.",),
    ),
    "no cycle at all": (lambda: seen(cycles=()), ("Billing cycle: monthly",)),
    "payment": (
        lambda: seen(methods={"paypal": "PayPal"}),
        ("Payment method: Cryptomus when you confirmed, no longer offered now.",),
    ),
    "stock": (
        lambda: seen(place=replace(PLACE, in_stock=False)),
        ("The location has sold out since you chose it (Vienna when you confirmed).",),
    ),
    "location": (lambda: seen(place=None), ("The location is no longer listed (Vienna when you confirmed).",)),
    "place": (
        lambda: seen(place=replace(PLACE, name="Hongkong")),
        ("Location: Vienna when you confirmed, Hongkong now.",),
    ),
}


@pytest.mark.parametrize("case", STOPS)
def test_another_offer_stops_the_order_and_says_old_and_new(case: str) -> None:
    now, said = STOPS[case]
    found = differences(seen(), now())
    assert found
    assert not any(one.name_only for one in found)
    for words in said:
        assert words in in_words(found)


NOTES: dict[str, tuple[Callable[[], OfferSnapshot], str]] = {
    "plan": (lambda: seen(replace(PLAN, name="KVM Two")), "Plan name: KVM 2 when you confirmed, KVM Two now."),
    "image": (
        lambda: seen(with_image(replace(LINUX, name="debian  12 64Bit"))),
        "OS image: Debian 12 when you confirmed, debian  12 64Bit now.",
    ),
    "add-on": (
        lambda: seen(with_ram(name="4 GB more RAM")),
        "Additional RAM: 4 GB when you confirmed, 4 GB more RAM now.",
    ),
    "group": (
        lambda: seen(replace(PLAN, add_on_groups=(replace(GROUPS[0], title="RAM"), *GROUPS[1:]))),
        "Kind of 4 GB: Additional RAM when you confirmed, RAM now.",
    ),
    "location": (
        lambda: seen(place=replace(PLACE, name="VIENNA ")),
        "Location: Vienna when you confirmed, VIENNA  now.",
    ),
    "payment": (
        lambda: seen(methods={"cryptomus": "Crypto"}),
        "Name of the payment method: Cryptomus when you confirmed, Crypto now.",
    ),
    "source": (lambda: seen(source="a file"), "Source of the prices: the provider when you confirmed, a file now."),
}


@pytest.mark.parametrize("case", NOTES)
def test_a_name_alone_is_a_note(case: str) -> None:
    now, said = NOTES[case]
    (found,) = differences(seen(), now())
    assert (found.name_only, str(found)) == (True, said)


def test_no_part_of_a_snapshot_is_left_out() -> None:
    """A field that is added and not compared would be one that may change in silence."""
    compared = {"name", "vcpu", "ram_mb", "disk_gb", "traffic_tb", "plan_type", "location"}
    elsewhere = {"id", "prices", "price_problems", "os_images", "add_on_groups"}
    assert {one.name for one in fields(Plan)} == compared | elsewhere
    names = {"servers", "quote", "cycles", "payment_method", "location", "source"}
    assert {one.name for one in fields(OfferSnapshot)} == names


def test_a_name_is_all_that_says_what_a_plan_without_sizes_is() -> None:
    bare = replace(PLAN, vcpu=None, ram_mb=None, disk_gb=None, traffic_tb=None)
    (found,) = differences(seen(bare), seen(replace(bare, name="KVM 1")))
    assert (found.name_only, found.what) == (False, "Plan")
    (found,) = differences(seen(bare), seen(replace(bare, name="kvm-2")))
    assert found.name_only


def test_of_several_servers_it_is_said_which() -> None:
    draft = replace(DRAFT, servers=(SERVER, replace(SERVER, name="db1", plan="2")))
    other = replace(PLAN, id="2", name="KVM 4")

    def both(second: Plan) -> OfferSnapshot:
        catalog = Catalog((PLAN, second))
        return snapshot(
            draft, catalog, quote(draft, catalog), location=PLACE, cycles=(MONTHLY,), payment_methods=METHODS
        )

    (found,) = differences(both(other), both(replace(other, ram_mb=512)))
    assert str(found) == "2. db1: RAM: 4096 MB when you confirmed, 512 MB now."
    (first, *_) = differences(both(other), both(replace(other, id="3")))
    assert str(first).startswith("2. db1: The plan is no longer sold there")


def test_an_estimate_that_becomes_a_price_is_another_price() -> None:
    draft = replace(DRAFT, billing_cycle=QUARTERLY)
    exact = with_ram(prices={MONTHLY: Money(Decimal("4.99"), "EUR"), QUARTERLY: Money(Decimal("14.97"), "EUR")})
    found = differences(seen(draft=draft), seen(exact, draft=draft))
    assert "about 14.97 EUR when you confirmed, 14.97 EUR now" in in_words(found)


def test_many_differences_are_counted() -> None:
    changed = replace(PLAN, vcpu=1, ram_mb=1, disk_gb=1, traffic_tb=1, plan_type="x", location="y", prices={})
    found = differences(seen(), seen(changed))
    assert len(found) == MAX_SAID + 2
    assert in_words(found).endswith("And 2 more.")


class TestTypedIds:
    """An open catalogue does not list what a person has typed, and says nothing about it."""

    DRAFT = Draft("layerstack", servers=(ServerDraft("web1", "999", os="77"),), payment_method="ccard")

    def seen(self, catalog: Catalog, family: OsFamily = OsFamily.LINUX) -> OfferSnapshot:
        full = with_typed_ids(catalog, self.DRAFT, family)
        return snapshot(
            self.DRAFT,
            full,
            quote(self.DRAFT, full),
            location=None,
            cycles=(MONTHLY,),
            payment_methods={"ccard": "Card"},
        )

    def test_the_family_is_what_the_person_said(self) -> None:
        windows = self.seen(Catalog((), open=True), OsFamily.WINDOWS)
        assert differences(windows, self.seen(Catalog((), open=True))) == ()

    def test_remembered_in_the_file_it_is_the_same(self) -> None:
        image = OsImage("77", "OS template 77", OsFamily.WINDOWS)
        listed = Catalog((Plan("999", "plan 999", None, None, None, None, {}, (image,)),), open=True)
        assert differences(self.seen(Catalog((), open=True)), self.seen(listed)) == ()

    def test_what_the_file_says_of_it_now_is_another_thing(self) -> None:
        image = OsImage("77", "Windows Server 2022", OsFamily.WINDOWS)
        listed = Catalog((Plan("999", "S1", 1, 1024, 20, 1, {}, (image,)),), open=True)
        words = in_words(differences(self.seen(Catalog((), open=True)), self.seen(listed)))
        assert "RAM: not stated when you confirmed, 1024 MB now." in words
        assert "OS template 77 when you confirmed, Windows Server 2022 now." in words


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        ("Debian 12 64Bit", "debian  12", True),
        ("Debian 12 (64-bit)", "Debian 12 x86_64", True),
        ("Ubuntu LTS 22.04 64Bit", "Ubuntu LTS 22.04 amd64", True),
        ("Alma Linux 9", "AlmaLinux-9", True),
        ("Debian 12", "Debian 13", False),
        ("Debian 12", "Debian 1 2", False),
        ("Debian 12", "Debian", False),
        ("Ubuntu 22.04", "Ubuntu 22.10", False),
        ("Debian 12", "Debian 12 ARM64", False),
        ("Debian 12 64Bit", "Debian 12 32Bit", False),
        ("Windows Server 2022", "Windows Server 2022 Core", False),
        ("Debian 12", "D\u0435bian 12", False),
    ],
)
def test_what_makes_an_image_another_system(before: str, now: str, *, same: bool) -> None:
    assert same_system(before, now) is same_system(now, before) is same


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        ("4 GB", "4GByte more", True),
        ("+1 IPv4", "1 additional IPv4", True),
        ("4 GB", "4 MB", False),
        ("4 GB", "1 GB", False),
        ("IPv4", "IPv6", False),
        ("Backup", "Backup 2", False),
        ("Boost", "Drive boost", True),
    ],
)
def test_what_makes_an_add_on_another_size(before: str, now: str, *, same: bool) -> None:
    assert same_measures(before, now) is same_measures(now, before) is same


def test_a_place_is_its_name() -> None:
    assert same_place("Hong Kong", "HongKong")
    assert not same_place("Frankfurt", "Frankfurt 2")
