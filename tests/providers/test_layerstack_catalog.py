"""LayerStack's catalogue file: read exactly, or refused with the file and the place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, OsFamily
from vps_tui.core.errors import UsageError
from vps_tui.core.money import Money
from vps_tui.providers.layerstack.catalog_file import FILE_NAME, read_catalog
from vps_tui.sandbox.data import LAYERSTACK_CATALOG

from .conftest import Connect

CURRENCY = 'currency = "usd"'
PLAN = """
[[plan]]
id = 101
name = "S102-HK"
plan_type = "cloud_servers_standard"
region = "HK"
vcpu = 1
ram_mb = 2048
disk_gb = 40
traffic_tb = 1
prices = { monthly = 8.10, annually = "88.00" }
"""
IMAGES = """
[[os_image]]
id = 12
name = "Debian 12"

[[os_image]]
id = 31
name = "Windows Server 2022"
family = "windows"
"""
ADD_ONS = """
[[add_on]]
id = 6
group = "backup"
name = "Daily backup"
max = 1
prices = { monthly = "2.00" }

[[add_on]]
id = 10
group = "disk"
name = "10 GB more"
"""
GOOD = f"{CURRENCY}\n{PLAN}{IMAGES}{ADD_ONS}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The place of the file; a test writes it."""
    return tmp_path / FILE_NAME


def read(file: Path, text: str) -> Catalog:
    """Return the catalogue that `text` makes."""
    file.write_text(text, "utf-8")
    return read_catalog(file)


def test_good_file(file: Path) -> None:
    """Every field arrives under our words, and the prices say where they come from."""
    catalog = read(file, GOOD)
    (plan,) = catalog.plans
    assert (plan.id, plan.name, plan.plan_type, plan.location) == (
        "101",
        "S102-HK",
        "cloud_servers_standard",
        "HK",
    )
    assert (plan.vcpu, plan.ram_mb, plan.disk_gb, plan.traffic_tb) == (1, 2048, 40, 1)
    assert [(image.id, image.name, image.family) for image in plan.os_images] == [
        ("12", "Debian 12", OsFamily.LINUX),
        ("31", "Windows Server 2022", OsFamily.WINDOWS),
    ]
    assert FILE_NAME in catalog.source
    assert "not from LayerStack" in catalog.source


def test_price_as_a_number_is_exact(file: Path) -> None:
    """8.10 has no binary form; the digits of the file are what counts, and a missing cycle has no price."""
    assert dict(read(file, GOOD).plans[0].prices) == {
        BillingCycle.MONTHLY: Money(Decimal("8.10"), "USD"),
        BillingCycle.ANNUALLY: Money(Decimal("88.00"), "USD"),
    }
    many = GOOD.replace("8.10", "90071992547409.93")
    assert read(file, many).plans[0].prices[BillingCycle.MONTHLY].amount == Decimal("90071992547409.93")


def test_add_ons_are_grouped(file: Path) -> None:
    """One of each group, up to its largest number of units; a price that is not given is not zero."""
    backup, disk = read(file, GOOD).plans[0].add_on_groups
    assert (backup.key, backup.title, disk.key) == ("backup", "Backup", "disk")
    assert [(option.id, option.max_value, option.prices) for option in backup.options] == [
        ("6", 1, {BillingCycle.MONTHLY: Money(Decimal("2.00"), "USD")})
    ]
    assert [(option.id, option.max_value, option.prices) for option in disk.options] == [("10", 99, None)]


def test_text_of_the_file_is_cleaned_and_its_note_shown(file: Path) -> None:
    """A file that was copied from somewhere can hold anything."""
    catalog = read(file, 'note = "Seen on 1 May.\\u001b[1m"\n' + GOOD.replace("S102-HK", "S\\u202e102"))
    assert catalog.source.endswith("Seen on 1 May.[1m")
    assert catalog.plans[0].name == "S102"


def test_the_sandboxes_own_file_says_that_it_is_invented() -> None:
    """Its ids must not be taken for real ones."""
    catalog = read_catalog(LAYERSTACK_CATALOG)
    assert len(catalog.plans) == 14
    assert "All invented" in catalog.source
    assert {plan.location for plan in catalog.plans} == {"HK", "SG", "TYO", "LA"}


@pytest.mark.parametrize("named", [True, False])
async def test_without_a_file_the_catalogue_is_empty_and_open(connect: Connect, file: Path, named: bool) -> None:
    """Ids can be typed by hand then; that no price is known is said with it."""
    client = connect("layerstack", "http://127.0.0.1:9", catalog_file=file if named else None)
    catalog = await client.catalog("")
    assert (catalog.plans, catalog.open) == ((), True)
    assert "not known" in catalog.source


async def test_file_is_read_again_after_it_was_corrected(connect: Connect, file: Path) -> None:
    """The hint says to correct and retry, so a failure is not kept."""
    client = connect("layerstack", "http://127.0.0.1:9", catalog_file=file)
    file.write_text("[", "utf-8")
    with pytest.raises(UsageError):
        await client.catalog("")
    file.write_text(GOOD, "utf-8")
    assert [plan.id for plan in (await client.catalog("")).plans] == ["101"]


WRONG: dict[str, tuple[str, str]] = {
    "no TOML": ("currency = usd", "line 1"),
    "cut off": (GOOD + "[[plan", "at end of document"),
    "twice the same": (f"{CURRENCY}\n{GOOD}", "at line 2"),
    "unknown key at the top": (f"curency = 1\n{GOOD}", "curency"),
    "unknown key of a plan": (GOOD.replace("ram_mb", "ram_gb"), "plan.0.ram_gb"),
    "unknown cycle": (GOOD.replace("annually", "semiannually"), "plan.0.prices.semiannually"),
    "unknown type": (GOOD.replace("cloud_servers_standard", "cloud_servers_fast"), "plan.0.plan_type"),
    "unknown family": (GOOD.replace('"windows"', '"bsd"'), "os_image.1.family"),
    "no currency": (GOOD.removeprefix(CURRENCY), "currency"),
    "no such currency": (GOOD.replace('"usd"', '"dollars"'), "currency"),
    "a sign for a currency": (GOOD.replace('"usd"', '"€"'), 'three letters such as "USD"'),
    "an empty currency": (GOOD.replace('"usd"', '""'), "three letters"),
    "a currency with a look-alike letter": (GOOD.replace('"usd"', '"U\u0405D"'), "three letters"),
    "id that is no number": (GOOD.replace("id = 6\n", 'id = "six"\n'), "add_on.0.id"),
    "id that is a truth": (GOOD.replace("id = 101\n", "id = true\n"), "plan.0.id"),
    "price below zero": (GOOD.replace("8.10", "-8.10"), "plan.0.prices.monthly"),
    "price that is no number": (GOOD.replace("8.10", "nan"), "plan.0.prices.monthly"),
    "price without end": (GOOD.replace("8.10", "inf"), "plan.0.prices.monthly"),
    "price in words": (GOOD.replace("8.10", '"eight"'), "plan.0.prices.monthly"),
    "no unit of it": (GOOD.replace("max = 1", "max = 0"), "add_on.0.max"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_file_is_refused_by_name_and_place(file: Path, case: str) -> None:
    """A price or an id that was guessed from a slip would be paid for."""
    text, place = WRONG[case]
    with pytest.raises(UsageError) as caught:
        read(file, text)
    assert str(file) in caught.value.message
    assert place in caught.value.message.removeprefix(str(file))
    assert caught.value.hint


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"currency = '\xe9'"], ids=["UTF-16", "Latin-1"])
def test_file_that_is_no_utf8(file: Path, data: bytes) -> None:
    """TOML is UTF-8 and nothing else."""
    file.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        read_catalog(file)
    assert str(file) in caught.value.message


def test_folder_in_place_of_the_file(file: Path) -> None:
    """Whatever stands there, the answer is a sentence."""
    file.mkdir()
    with pytest.raises(UsageError) as caught:
        read_catalog(file)
    assert str(file) in caught.value.message
