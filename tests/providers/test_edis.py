"""What the EDIS client asks the ORDER API, and how it reads the documented answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

from vps_tui.core.billing_cycle import COMMON_CYCLES, BillingCycle
from vps_tui.core.catalog import AddOnGroup, Catalog, Location, OsFamily, find_add_on
from vps_tui.core.errors import ProviderBroken, ProviderError, RequestRefused, SignInRefused
from vps_tui.core.money import Money
from vps_tui.providers.models import Account, PaymentMethod
from vps_tui.providers.protocol import Provider
from vps_tui.sandbox.messages import Recorded, strict_json
from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox

from .conftest import Connect, Serve
from .loopback import answering, in_turn
from .orders import EDIS_DRAFT

FORM = "application/x-www-form-urlencoded"
READS = {
    "account": "get/account-balance",
    "locations": "get/locations",
    "catalog": "get/products",
    "billing_cycles": "get/billingcycles",
    "payment_methods": "get/paymentmethods",
    "find": "get/services",
}


async def read(client: Provider, name: str) -> Any:
    """Call the read called `name`, at Frankfurt where a location is wanted."""
    arguments = {"catalog": ("122",), "find": (EDIS_DRAFT,)}.get(name, ())
    return await getattr(client, name)(*arguments)


def form(request: Recorded) -> list[tuple[str, str]]:
    """Return the fields of a form body as pairs; raises ValueError for a malformed one."""
    return parse_qsl(request.body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")


def group(catalog: Catalog, plan_id: str, key: str) -> AddOnGroup:
    """Return that add-on group of that plan."""
    plan = catalog.plan(plan_id)
    assert plan is not None
    return next(group for group in plan.add_on_groups if group.key == key)


async def test_every_location_is_read_with_its_stock(edis: Provider) -> None:
    """The documented 48 come sorted by name; the five that are sold out say so and stay in the list."""
    found = await edis.locations()
    assert len(found) == 48
    assert [place.name for place in found] == sorted((place.name for place in found), key=str.casefold)
    assert {place.id for place in found if not place.in_stock} == {"31", "107", "127", "182", "211"}
    assert Location("122", "Germany", "de", "Frankfurt, Germany", in_stock=True) in found
    assert Location("107", "Austria, Graz", "at-grz", "Graz, Austria", in_stock=False) in found


@pytest.mark.parametrize(
    ("location", "city"),
    [
        ("57", "Montreal, Canada"),
        ("83", ""),  # KVM Czech Republic
        ("93", "New York Metropolitan Area"),
        ("102", "Brussels, Belgium"),
        ("127", "City of London"),
        ("192", "Vienna, Austria"),  # KVM VPS/VDS in
        ("212", "London, Canary Wharf"),  # NEW!
        ("215", "Vienna Interxion"),  # KVM VPS @
        ("217", "Bogotá, Colombia"),
        ("22", ""),  # null
        ("31", ""),  # empty
        ("226", ""),  # repeats the name
        ("223", ""),
    ],
)
async def test_city_is_the_headline_without_its_advertising(edis: Provider, location: str, city: str) -> None:
    """A headline is marketing: what it says beyond the name is a city, and what only repeats it is nothing."""
    assert {place.id: place.city for place in await edis.locations()}[location] == city


async def test_plans_have_sizes_and_a_price_for_every_cycle(edis: Provider) -> None:
    """Amounts arrive as text and stay exact; "global products", which is no plan, is left out."""
    catalog = await edis.catalog("122")
    sizes = [(plan.id, plan.name, plan.vcpu, plan.ram_mb, plan.disk_gb, plan.traffic_tb) for plan in catalog.plans]
    assert sizes == [
        ("1702", "KVM SMART", 1, 1024, 15, 1),
        ("1707", "KVM STARTER", 1, 2048, 20, 2),
        ("1712", "KVM BASIC", 1, 4096, 45, 4),
        ("1717", "KVM BASIC PLUS", 2, 4096, 45, 4),
        ("1722", "KVM ADVANCED", 1, 6144, 75, 6),
        ("1727", "KVM ADVANCED PLUS", 2, 6144, 75, 6),
        ("1732", "KVM PREMIUM", 1, 8192, 100, 10),
        ("1737", "KVM PREMIUM PLUS", 2, 8192, 100, 10),
        ("1961", "KVM DIAMOND PLUS", 2, 8192, 100, 30),
        ("1962", "KVM DIAMOND", 1, 8192, 100, 30),
        ("1963", "KVM RUBY PLUS", 2, 8192, 100, 20),
        ("1964", "KVM RUBY", 1, 8192, 100, 20),
    ]
    assert {plan.location for plan in catalog.plans} == {"122"}
    assert catalog.source == ""
    starter = catalog.plan("1707")
    assert starter is not None
    assert dict(starter.prices) == {
        BillingCycle.MONTHLY: Money(Decimal("12.99"), "EUR"),
        BillingCycle.QUARTERLY: Money(Decimal("38.97"), "EUR"),
        BillingCycle.SEMIANNUALLY: Money(Decimal("77.94"), "EUR"),
        BillingCycle.ANNUALLY: Money(Decimal("142.89"), "EUR"),
    }


async def test_every_location_has_plan_ids_of_its_own(edis: Provider) -> None:
    """The same plan is another id elsewhere, and only some of it is sold in a small place."""
    frankfurt, skopje = await edis.catalog("122"), await edis.catalog("208")
    assert not {plan.id for plan in frankfurt.plans} & {plan.id for plan in skopje.plans}
    assert len(skopje.plans) == 8
    assert {plan.location for plan in skopje.plans} == {"208"}


async def test_os_images_have_a_family(edis: Provider) -> None:
    """An SSH key is only asked for where the image can take one."""
    plan = (await edis.catalog("122")).plan("1702")
    assert plan is not None
    families = {image.id: image.family for image in plan.os_images}
    assert len(families) == 16
    assert {key for key, family in families.items() if family is OsFamily.WINDOWS} == {"593", "594", "595"}
    assert {key for key, family in families.items() if family is OsFamily.OTHER} == {"92"}
    assert [image.name for image in plan.os_images if image.id == "208"] == ["Debian 12 (Bookworm) 64Bit"]


async def test_add_ons_are_sorted_and_have_no_entry_for_nothing(edis: Provider) -> None:
    """Choosing nothing is leaving the group out, so "no" (416, 437) and "no additional IPs" (8) are no options."""
    catalog = await edis.catalog("122")
    listed = {
        key: [option.id for option in group(catalog, "1707", key).options]
        for key in ("additional_ram", "additional_vcpu", "additional_ip", "additional_diskboost")
    }
    assert listed == {
        "additional_ram": [
            "396",
            "401",
            "406",
            "411",
            "462",
            "467",
            "543",
            "549",
            "556",
            "562",
            "586",
            "585",
        ],
        "additional_vcpu": ["452", "457", "447", "442", "572", "577"],
        "additional_ip": ["9", "10", "11", "421", "426", "431", "436", "187", "477", "482"],
        "additional_diskboost": ["600", "601", "602", "603", "604", "605"],
    }
    smart = catalog.plan("1702")
    assert smart is not None
    assert [group.key for group in smart.add_on_groups] == [
        "additional_ram",
        "additional_vcpu",
        "additional_ip",
    ]


async def test_add_ons_are_priced_by_the_month_alone(edis: Provider) -> None:
    """No price is made up for the longer cycles, and one server takes one of each group."""
    plan = (await edis.catalog("122")).plan("1707")
    assert plan is not None
    found = find_add_on(plan, "additional_diskboost", "605")
    assert found is not None
    assert dict(found[1].prices or {}) == {BillingCycle.MONTHLY: Money(Decimal("29.00"), "EUR")}
    assert found[1].max_value == 1


async def test_account_cycles_and_payment_methods(edis: Provider) -> None:
    """Cycles come under a key in the singular; methods get a name for people beside their id."""
    assert await edis.account() == Account("sandbox@example.test", Money(Decimal("50.00"), "EUR"))
    assert await edis.billing_cycles() == COMMON_CYCLES
    methods = await edis.payment_methods()
    assert [method.id for method in methods] == ["paypal", "alipay", "creditcard", "cryptomus"]
    assert methods[0] == PaymentMethod("paypal", "PayPal", "You pay the invoice with PayPal.")


async def test_every_read_is_one_documented_request(edis: Provider, sandbox: Sandbox) -> None:
    """Each operation gets the body type and the fields that the documents give it, and nothing is asked twice."""
    for name in READS:
        await read(edis, name)
    assert [(one.method, one.path) for one in sandbox.requests] == [
        ("POST", f"/kvm/v2/{operation}") for operation in READS.values()
    ]
    account = [("email", "sandbox@example.test"), ("pw", EDIS_ACCOUNT[1])]
    for one in sandbox.requests:
        assert one.headers["Accept"] == "application/json"
        assert one.headers["Authorization"] is None
        if one.path == "/kvm/v2/get/services":
            assert (one.content_type, strict_json(one.body)) == ("application/json", dict(account))
        else:
            extra = [("location_id", "122")] if one.path == "/kvm/v2/get/products" else []
            assert (one.content_type, form(one)) == (FORM, account + extra)


@pytest.mark.parametrize("name", READS)
async def test_wrong_password_is_a_refused_sign_in(connect: Connect, sandbox: Sandbox, name: str) -> None:
    """Every operation says so in an error shape of its own; it is not tried again, since accounts get locked."""
    client = connect("edis", sandbox.edis_url, credentials={"password": "not this one"})
    with pytest.raises(SignInRefused, match="Invalid WHMCS credentials") as caught:
        await read(client, name)
    assert caught.value.hint
    assert "not this one" not in f"{caught.value.message} {caught.value.hint}"
    assert len(sandbox.requests) == 1


async def test_unknown_location_is_declined_with_the_providers_hint(edis: Provider) -> None:
    """The 404 of get/products has a `hint` of its own."""
    with pytest.raises(RequestRefused, match="The specified location ID does not exist") as caught:
        await edis.catalog("9999")
    assert caught.value.hint == "Please verify the location ID and ensure it is correct."


HOSTILE = "\x1b\u202eBad\r\n \x00news\x9b"
SHAPES: dict[str, tuple[dict[str, Any], str, str]] = {
    "error": ({"error": HOSTILE}, "Bad news", ""),
    "error and status": ({"error": HOSTILE, "status": "error"}, "Bad news", ""),
    "errormsg": ({"status": "error", "errormsg": HOSTILE}, "Bad news", ""),
    "message": ({"status": "error", "message": HOSTILE, "details": HOSTILE}, "Bad news", "Bad news"),
    "message with a list": (
        {
            "status": "error",
            "message": "Wrong.",
            "errors": ["pid is required", HOSTILE],
            "support": "Call us.",
        },
        "Wrong. (pid is required; Bad news)",
        "Call us.",
    ),
}


@pytest.mark.parametrize("status", [200, 400, 422])
@pytest.mark.parametrize("shape", SHAPES)
async def test_each_error_shape_gives_a_clean_message_and_hint(
    serve: Serve, connect: Connect, shape: str, status: int
) -> None:
    """All four documented shapes are errors, under status 200 too, and nothing of them can steer a terminal."""
    body, message, hint = SHAPES[shape]
    server = serve(in_turn(answering(status, body)))
    with pytest.raises(RequestRefused) as caught:
        await connect("edis", server.url).locations()
    assert (caught.value.message, caught.value.hint) == (f"EDIS Global answered: {message}", hint)


@pytest.mark.parametrize("word", ["error", "failed"])
@pytest.mark.parametrize("name", [name for name in READS if name != "account"])
async def test_error_without_words_is_no_empty_answer(serve: Serve, connect: Connect, name: str, word: str) -> None:
    """A read that failed must not look like an account or a location that has nothing."""
    server = serve(in_turn(answering(200, {"status": word})))
    with pytest.raises(ProviderError):
        await read(connect("edis", server.url), name)


async def test_failure_of_the_providers_own_is_told_apart(serve: Serve, connect: Connect) -> None:
    """A 500 of get/account-balance is nothing that a person can correct."""
    body = {"status": "error", "errormsg": "Internal server error. Please try again later."}
    server = serve(in_turn(answering(500, body, {"Retry-After": "120"})))
    with pytest.raises(ProviderBroken, match="Internal server error") as caught:
        await connect("edis", server.url).account()
    assert caught.value.hint == "Try again after 120."
