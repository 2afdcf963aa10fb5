"""Answers of EDIS Global that differ from its documents, as captured ones and PHP servers do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from vps_tui.core.billing_cycle import COMMON_CYCLES, BillingCycle
from vps_tui.core.catalog import Catalog, Location, OsFamily
from vps_tui.core.errors import UnreadableReply
from vps_tui.core.money import Money
from vps_tui.providers.changes_protocol import ChangesServers
from vps_tui.providers.models import Server
from vps_tui.providers.protocol import Provider
from vps_tui.sandbox.reply_faults import POISON
from vps_tui.sandbox.server import Sandbox

from .conftest import Connect, Serve
from .loopback import by_path
from .orders import EDIS_DRAFT, place

OPTION = {"id": 208, "description": "Debian 12 (Bookworm) 64Bit"}


async def everything(client: Provider) -> list[Any]:
    """Return what every read gives."""
    return [
        await client.account(),
        await client.locations(),
        await client.catalog("122"),
        await client.billing_cycles(),
        await client.payment_methods(),
        (await client.find(EDIS_DRAFT)).servers,
    ]


@pytest.mark.parametrize("fault", ["ids-as-strings", "text-plain"])
async def test_wire_types_make_no_difference(edis: Provider, sandbox: Sandbox, fault: str) -> None:
    """Captured replies have ids as strings and are labelled text/plain; they say the same."""
    await place(edis, EDIS_DRAFT)
    documented = await everything(edis)
    sandbox.set_faults([fault])
    assert await everything(edis) == documented


async def test_older_replies_lack_fields(edis: Provider, sandbox: Sandbox) -> None:
    """A capture of 2025 has `id` and `headline` alone: the name is the label, and it counts as in stock."""
    sandbox.set_faults(["missing-fields"])
    assert Location("107", "Austria, Graz", "", "Graz, Austria", in_stock=True) in await edis.locations()
    plan = (await edis.catalog("122")).plan("1707")
    assert plan is not None
    assert [group.key for group in plan.add_on_groups] == ["additional_ram", "additional_ip"]
    assert await edis.billing_cycles() == COMMON_CYCLES


async def test_nothing_hostile_gets_past_the_client(edis: Provider, sandbox: Sandbox) -> None:
    """Escapes, bidirectional controls and invisible letters end here, and a long name is cut."""
    await place(edis, EDIS_DRAFT)
    sandbox.set_faults(["hostile-text"])
    assert not POISON.isprintable()
    texts = [text for place in await edis.locations() for text in (place.name, place.country, place.city)]
    plans = (await edis.catalog("122")).plans
    texts += [plan.name for plan in plans] + [image.name for plan in plans for image in plan.os_images]
    texts += [option.name for plan in plans for group in plan.add_on_groups for option in group.options]
    assert len(plans) == 12
    assert all(text.isprintable() and len(text) <= 200 for text in texts)
    assert any("Germany" in text for text in texts)


async def products(serve: Serve, connect: Connect, listed: Any) -> Catalog:
    """Return the catalogue that a reply with these `products` gives."""
    server = serve(by_path({"/kvm/v2/get/products": {"products": listed, "status": "success", "data": False}}))
    return await connect("edis", server.url).catalog("122")


async def test_plan_with_nothing_but_an_id(serve: Serve, connect: Connect) -> None:
    """What is not stated is not known; it is no reason to lose the plan."""
    (plan,) = (await products(serve, connect, {"KVM X": {"id": "7"}})).plans
    assert (plan.id, plan.name, plan.vcpu, plan.ram_mb, plan.disk_gb, plan.traffic_tb) == (
        ("7", "KVM X", None, None, None, None)
    )
    assert (dict(plan.prices), plan.os_images, plan.add_on_groups) == ({}, (), ())


@pytest.mark.parametrize("description", ["<ul><li>1 GB RAM</li></ul>", "", None, []])
async def test_description_may_be_no_object(serve: Serve, connect: Connect, description: Any) -> None:
    """It was one HTML string before March 2025, and an empty object of a PHP server is a list."""
    listed = {"KVM X": {"id": 7, "description": description, "addons": {"operating system": {"208": OPTION}}}}
    (plan,) = (await products(serve, connect, listed)).plans
    assert (plan.ram_mb, dict(plan.prices)) == (None, {})
    assert [(image.id, image.family) for image in plan.os_images] == [("208", OsFamily.LINUX)]


@pytest.mark.parametrize("addons", [[], None, {}, {"additional ram": []}, {"additional ram": None}])
async def test_add_on_groups_may_be_missing_or_empty_lists(serve: Serve, connect: Connect, addons: Any) -> None:
    """A group without options is no group."""
    (plan,) = (await products(serve, connect, {"KVM X": {"id": 7, "addons": addons}})).plans
    assert plan.add_on_groups == ()


async def test_add_on_without_a_price_has_none(serve: Serve, connect: Connect) -> None:
    """A missing price is not a price of zero, and an empty list of prices names no cycle."""
    options = {
        "1": {"id": 1, "description": "+1GB"},
        "2": {"id": 2, "description": "+2GB", "price": []},
        "3": {"id": 3, "description": "+3GB", "price": {"monthly": {"amount": "0.00", "currency": "eur"}}},
    }
    listed = {"KVM X": {"id": 7, "addons": {"additional ram": options}}}
    (plan,) = (await products(serve, connect, listed)).plans
    assert [option.prices for option in plan.add_on_groups[0].options] == [
        None,
        {},
        {BillingCycle.MONTHLY: Money(Decimal(0), "EUR")},
    ]


@pytest.mark.parametrize("currency", ["€", "", None, "\u0415UR", 7, [], "missing"])
async def test_a_currency_that_cannot_be_read_takes_its_price_away_and_nothing_else(
    serve: Serve, connect: Connect, currency: Any
) -> None:
    given = {} if currency == "missing" else {"currency": currency}
    good, odd = {"amount": "7.99", "currency": "EUR"}, {"amount": "3.00", **given}
    options = {"1": {"id": 1, "description": "+1GB", "price": {"monthly": odd}}}
    listed = {
        "KVM X": {"id": 7, "description": {"price": {"monthly": good, "annually": odd}}},
        "KVM Y": {"id": 8, "description": {"price": {"monthly": odd}}, "addons": {"additional ram": options}},
    }
    first, second = (await products(serve, connect, listed)).plans
    assert first.prices == {BillingCycle.MONTHLY: Money(Decimal("7.99"), "EUR")}
    assert list(first.price_problems) == [BillingCycle.ANNUALLY]
    assert second.prices == second.add_on_groups[0].options[0].prices == {}
    assert "its currency is" in second.price_problems[BillingCycle.MONTHLY]


@pytest.mark.parametrize("currency", ["€", "", None])
async def test_account_credit_in_no_currency_is_not_told(serve: Serve, connect: Connect, currency: Any) -> None:
    body = {"balance": {"amount": "1.00", "currency": currency}, "status": "success"}
    account = await connect("edis", serve(by_path({"/kvm/v2/get/account-balance": body})).url).account()
    assert account.balance is None


async def test_amount_as_a_json_number_stays_exact(serve: Serve, connect: Connect) -> None:
    """Few amounts have a binary form, so a number must not become a float on its way."""
    raw = b'{"balance": {"amount": 90071992547409.93, "currency": "EUR"}, "status": "success"}'
    account = await connect("edis", serve(by_path({"/kvm/v2/get/account-balance": raw})).url).account()
    assert account.balance == Money(Decimal("90071992547409.93"), "EUR")


@pytest.mark.parametrize("empty", [[], {}, None])
async def test_empty_lists_of_everything(serve: Serve, connect: Connect, empty: Any) -> None:
    """An empty object of a PHP server is a list, and an empty list may be left out or null; not that of services."""
    names = {"locations": "locations", "products": "products"}
    names |= {"billingcycles": "billingcycle", "paymentmethods": "paymentmethods"}
    bodies = {f"/kvm/v2/get/{path}": {key: empty, "status": "success"} for path, key in names.items()}
    bodies["/kvm/v2/get/services"] = {"services": [], "status": "success"}
    client = connect("edis", serve(by_path(bodies)).url)
    assert await client.locations() == ()
    assert (await client.catalog("122")).plans == ()
    assert await client.billing_cycles() == ()
    assert await client.payment_methods() == ()
    assert (await client.find(EDIS_DRAFT)).servers == ()
    assert isinstance(client, ChangesServers)
    assert (await client.changer.owned()).servers == ()


@pytest.mark.parametrize("body", [{}, {"services": None}, {"services": {}}, {"services": ""}, {"services": 0}])
async def test_no_list_of_services_is_not_an_empty_one(serve: Serve, connect: Connect, body: dict[str, Any]) -> None:
    """What became of a lost order or cancellation is read from it: without one, nothing has been said."""
    client = connect("edis", serve(by_path({"/kvm/v2/get/services": {"status": "success", **body}})).url)
    assert isinstance(client, ChangesServers)
    for read in (client.changer.owned(), client.find(EDIS_DRAFT)):
        with pytest.raises(UnreadableReply, match="no list of services"):
            await read


async def test_entries_without_an_id_are_no_plans(serve: Serve, connect: Connect) -> None:
    """The entry "global products" holds groups of other things under the same roof."""
    listed = {
        "global products": {"traffic pool": {"1 TB": {"id": 1868, "description": "1 TB"}}},
        "vlan": [],
        "KVM X": {"id": 7},
    }
    assert [plan.name for plan in (await products(serve, connect, listed)).plans] == ["KVM X"]


async def test_unknown_words_are_passed_over(serve: Serve, connect: Connect) -> None:
    """A new cycle cannot be ordered by us; a new payment method can, under its own id."""
    bodies = {
        "/kvm/v2/get/billingcycles": {
            "billingcycle": ["biennially", "annually", "monthly", 3],
            "status": "success",
        },
        "/kvm/v2/get/paymentmethods": {"paymentmethods": ["sepa", "paypal", 7], "status": "success"},
    }
    client = connect("edis", serve(by_path(bodies)).url)
    assert await client.billing_cycles() == (BillingCycle.MONTHLY, BillingCycle.ANNUALLY)
    methods = await client.payment_methods()
    assert [(method.id, method.name) for method in methods] == [("sepa", "sepa"), ("paypal", "PayPal")]


async def test_service_without_a_machine_yet(serve: Serve, connect: Connect) -> None:
    """What stands in `kvm_id` before delivery is not documented: null and absence both mean that it is not there."""
    entry = {"plan": "KVM STARTER", "location": "Germany", "status": "pending"}
    listed = [{"service_id": 1, "kvm_id": None, **entry}, {"service_id": "2", **entry}]
    server = serve(by_path({"/kvm/v2/get/services": {"services": listed, "status": "success"}}))
    assert (await connect("edis", server.url).find(EDIS_DRAFT)).servers == (
        Server("1", "", "KVM STARTER", "Germany", "pending"),
        Server("2", "", "KVM STARTER", "Germany", "pending"),
    )


UNREADABLE: dict[str, tuple[str, Any]] = {
    "a list of locations": ("locations", {"locations": [{"id": 1}]}),
    "a location without id": ("locations", {"locations": {"KVM X": {"name": "X"}}}),
    "an id that is no number": ("locations", {"locations": {"KVM X": {"id": "1; DROP"}}}),
    "a negative price": ("account", {"balance": {"amount": "-1", "currency": "EUR"}}),
    "a price that is no number": ("account", {"balance": {"amount": "NaN", "currency": "EUR"}}),
    "no balance": ("account", {"status": "success"}),
    "a number": ("locations", 7),
    "a list": ("locations", []),
    "a page": ("locations", b"<html>It works!</html>"),
    "nothing": ("locations", b""),
    "half an object": ("locations", b'{"locations": {"KVM X": {"i'),
    "bytes that are no text": ("locations", b'{"locations": "\xff\xfe"}'),
    "a very deep list": ("locations", b'{"locations":' + b"[" * 100_000),
}


@pytest.mark.parametrize("case", UNREADABLE)
async def test_what_cannot_be_understood_is_said_to_be_so(serve: Serve, connect: Connect, case: str) -> None:
    """A reply outside the documents is an error in words, whatever it is."""
    name, body = UNREADABLE[case]
    path = {"locations": "/kvm/v2/get/locations", "account": "/kvm/v2/get/account-balance"}[name]
    client = connect("edis", serve(by_path({path: body})).url)
    with pytest.raises(UnreadableReply) as caught:
        await getattr(client, name)()
    assert caught.value.hint
