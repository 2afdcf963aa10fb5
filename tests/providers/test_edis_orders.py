"""EDIS Global's add/order: what is sent, field by field, and what its documented answers come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.draft import ChosenAddOn, Draft
from vps_tui.core.errors import SignInRefused
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.providers.edis.client import order_json
from vps_tui.providers.models import Server
from vps_tui.providers.protocol import Provider
from vps_tui.sandbox.edis import Edis
from vps_tui.sandbox.messages import strict_json
from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox

from .conftest import Connect
from .orders import EDIS_DRAFT, EDIS_SERVER, KEY, edis_draft, place
from .test_edis import FORM, form

PASSWORDS = {
    "url signs": "a+b & c=d % %2B ;/?#",
    "other letters": "ü€ß 漢字 😀",
    "quotes": "\"double\" 'single' `back` \\slash\\",
    "spaces at the ends": "  inner  ",
}


async def test_order_is_one_form_with_the_documented_fields(edis: Provider, sandbox: Sandbox) -> None:
    """One request alone: `email`, `pw` and `order`, which holds JSON text."""
    await place(edis, EDIS_DRAFT)
    (sent,) = sandbox.requests
    assert (sent.method, sent.path, sent.content_type) == ("POST", "/kvm/v2/add/order", FORM)
    assert form(sent) == [
        ("email", "sandbox@example.test"),
        ("pw", EDIS_ACCOUNT[1]),
        ("order", order_json(EDIS_DRAFT)),
    ]


async def test_order_field_by_field(edis: Provider, sandbox: Sandbox) -> None:
    """Ids are integers, `applycredit` is a boolean, and what is not wanted is left out."""
    await place(edis, edis_draft(cycle=BillingCycle.SEMIANNUALLY, apply_credit=False))
    order = strict_json(dict(form(sandbox.requests[0]))["order"])
    assert order == {
        "billingcycle": "semiannually",
        "paymentmethod": "cryptomus",
        "applycredit": False,
        "item": [
            {
                "pid": 1707,
                "os": 208,
                "hostname": "web1.example.com",
                "additional_ram": 396,
                "additional_diskboost": 605,
                "ssh_pubkey": KEY,
            }
        ],
    }
    assert type(order["applycredit"]) is bool
    item = order["item"][0]
    assert {type(item[name]) for name in ("pid", "os", "additional_ram", "additional_diskboost")} == {int}


async def test_every_server_is_an_item_in_order(edis: Provider, sandbox: Sandbox) -> None:
    """Several servers are one order, and a server without a key sends an empty one."""
    second = replace(EDIS_SERVER, name="web2", plan="1702", add_ons=(), ssh_key="", without_key=True)
    outcome = await place(edis, replace(EDIS_DRAFT, servers=(EDIS_SERVER, second)))
    items = strict_json(dict(form(sandbox.requests[0]))["order"])["item"]
    assert [item["hostname"] for item in items] == ["web1.example.com", "web2"]
    assert items[1] == {"pid": 1702, "os": 208, "hostname": "web2", "ssh_pubkey": ""}
    assert len(outcome.service_ids) == 2
    assert len(sandbox.requests) == 1


async def test_each_add_on_goes_under_its_own_field(edis: Provider, sandbox: Sandbox) -> None:
    """The documents spell the last field two ways; the first of them is sent."""
    chosen = {
        "additional_ram": "396",
        "additional_vcpu": "452",
        "additional_ip": "9",
        "additional_diskboost": "605",
    }
    add_ons = tuple(ChosenAddOn(group, add_on) for group, add_on in chosen.items())
    outcome = await place(edis, edis_draft(add_ons=add_ons))
    item = strict_json(dict(form(sandbox.requests[0]))["order"])["item"][0]
    assert {name: value for name, value in item.items() if name.startswith("additional")} == {
        name: int(value) for name, value in chosen.items()
    }
    assert outcome.kind is OutcomeKind.PLACED


def test_order_text_of_a_draft_never_changes() -> None:
    """It is compared with what was sent before, so not even a space may move."""
    assert order_json(EDIS_DRAFT) == (
        '{"billingcycle":"monthly","paymentmethod":"cryptomus","applycredit":true,"item":[{"pid":1707,"os":208,'
        f'"hostname":"web1.example.com","additional_ram":396,"additional_diskboost":605,"ssh_pubkey":"{KEY}"}}]}}'
    )


def test_order_text_does_not_follow_the_way_to_a_draft() -> None:
    """Add-ons chosen in another order, and an equal draft built anew, give the same bytes."""
    turned = edis_draft(add_ons=tuple(reversed(EDIS_SERVER.add_ons)))
    rebuilt = Draft(
        provider="".join(("ed", "is")),
        location="122",
        payment_method="cryptomus",
        servers=(replace(EDIS_SERVER),),
    )
    assert rebuilt == EDIS_DRAFT
    assert order_json(turned) == order_json(rebuilt) == order_json(EDIS_DRAFT)


@pytest.mark.parametrize("case", PASSWORDS)
async def test_password_arrives_intact(connect: Connect, case: str) -> None:
    """In the forms of reads and orders and in the JSON of get/services alike."""
    account = ("sandbox+tag@example.test", PASSWORDS[case])
    with Sandbox(delivery_seconds=0, edis_account=account) as sandbox:
        client = connect("edis", sandbox.edis_url, credentials=dict(zip(("email", "password"), account, strict=True)))
        assert (await client.account()).name == account[0]
        assert (await client.find(EDIS_DRAFT)).servers == ()
        assert (await place(client, EDIS_DRAFT)).kind is OutcomeKind.PLACED
        balance, _, services, order = sandbox.requests
        assert form(balance) == [("email", account[0]), ("pw", account[1])]
        assert strict_json(services.body) == {"email": account[0], "pw": account[1]}
        assert form(order)[:2] == [("email", account[0]), ("pw", account[1])]


@pytest.mark.parametrize("key", ["email", "password"])
async def test_credentials_that_are_no_text(connect: Connect, sandbox: Sandbox, key: str) -> None:
    """A byte that is no UTF-8 comes out of the environment as half a surrogate pair, which no form can carry."""
    with pytest.raises(SignInRefused) as caught:
        await place(connect("edis", sandbox.edis_url, credentials={key: "Geheim\udcff"}), EDIS_DRAFT)
    assert "Geheim" not in f"{caught.value.message} {caught.value.hint}"
    assert sandbox.requests == []


@pytest.mark.parametrize("name", ["web1", "WEB-1.Example.COM", "xn--bcher-kva.example"])
async def test_hostname_is_sent_as_it_is(edis: Provider, sandbox: Sandbox, name: str) -> None:
    """The client does not make a name better: what was confirmed is what is sent."""
    await place(edis, edis_draft(name=name))
    assert strict_json(dict(form(sandbox.requests[0]))["order"])["item"][0]["hostname"] == name


async def test_credit_pays_at_once(connect: Connect) -> None:
    """12.99 + 5.00 + 29.00 of 50.00 EUR."""
    with Sandbox(delivery_seconds=0, credit=Decimal("46.99")) as sandbox:
        outcome = await place(connect("edis", sandbox.edis_url), EDIS_DRAFT)
        (order,) = sandbox.ledger.orders()
        assert replace(outcome, reply="") == Outcome(
            OutcomeKind.PLACED,
            order_id=str(order.order_id),
            invoice_id=str(order.invoice_id),
            service_ids=tuple(str(service_id) for service_id in order.service_ids),
            paid=True,
        )


async def test_without_enough_credit_it_is_placed_and_unpaid(connect: Connect) -> None:
    """The order and its invoice exist all the same."""
    with Sandbox(delivery_seconds=0, credit=Decimal("46.98")) as sandbox:
        outcome = await place(connect("edis", sandbox.edis_url), EDIS_DRAFT)
        (order,) = sandbox.ledger.orders()
        assert (outcome.kind, outcome.paid) == (OutcomeKind.PLACED, False)
        assert (outcome.order_id, outcome.invoice_id) == (str(order.order_id), str(order.invoice_id))


async def test_sold_out_is_unknown_with_the_order_that_failed(edis: Provider, sandbox: Sandbox) -> None:
    """An order id comes back although nothing was delivered: that order exists, and may have an invoice."""
    sandbox.set_faults(["out-of-stock"])
    outcome = await place(edis, EDIS_DRAFT)
    assert (outcome.kind, outcome.service_ids, outcome.paid) == (OutcomeKind.UNKNOWN, (), None)
    (failed,) = sandbox.ledger.failed_orders()
    assert outcome.order_id == str(failed.order_id)
    assert outcome.order_id in outcome.message
    assert "sold out" in outcome.hint
    assert f"Look for order {failed.order_id} in the client area" in outcome.hint


async def test_an_order_that_fails_and_names_services_is_not_known(
    edis: Provider, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The documents show a failed order without services; with some, nobody can say that nothing was bought."""
    answer = Edis.answer

    def failed(*arguments: Any) -> Any:
        reply = answer(*arguments)
        return replace(reply, body=reply.body | {"status": "failed"})

    monkeypatch.setattr(Edis, "answer", failed)
    outcome = await place(edis, EDIS_DRAFT)
    (order,) = sandbox.ledger.orders()
    assert (outcome.kind, outcome.order_id) == (OutcomeKind.UNKNOWN, str(order.order_id))
    assert str(order.service_ids[0]) in outcome.message


async def test_a_server_without_a_service_is_said(edis: Provider, sandbox: Sandbox) -> None:
    sandbox.set_faults(["partial"])
    three = replace(EDIS_DRAFT, servers=tuple(replace(EDIS_SERVER, name=name) for name in ("web1", "web2", "db1")))
    outcome = await place(edis, three)
    (order,) = sandbox.ledger.orders()
    assert outcome.service_ids == tuple(str(service) for service in order.service_ids)
    assert outcome.message.startswith("3 servers were ordered (web1, web2, db1), but 2 got a service id")
    # One server alone is all or nothing.
    assert len((await place(edis, EDIS_DRAFT)).service_ids) == 1


async def test_ids_as_strings_and_no_word_on_payment(edis: Provider, sandbox: Sandbox) -> None:
    """As captured in 2025: whether it is paid is then not known, which is not "unpaid"."""
    sandbox.set_faults(["ids-as-strings"])
    outcome = await place(edis, EDIS_DRAFT)
    (order,) = sandbox.ledger.orders()
    assert (outcome.kind, outcome.order_id, outcome.paid) == (OutcomeKind.PLACED, str(order.order_id), None)
    assert outcome.service_ids == tuple(str(service_id) for service_id in order.service_ids)


REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "a plan that is not sold": ({"plan": "1"}, "pid is not a known plan id"),
    "an image of another plan": ({"os": "1"}, "os is not offered for this plan"),
    "a key that is none": ({"ssh_key": "not a key"}, "ssh_pubkey is not a public key"),
}


@pytest.mark.parametrize("case", REFUSALS)
async def test_refusal_says_what_was_wrong(edis: Provider, sandbox: Sandbox, case: str) -> None:
    """The entries of `errors` are what a person can act on."""
    changes, reason = REFUSALS[case]
    outcome = await place(edis, edis_draft(**changes))
    assert outcome.kind is OutcomeKind.REFUSED
    assert "Invalid parameters or incorrect JSON format." in outcome.message
    assert reason in outcome.message
    assert sandbox.ledger.orders() == []


async def test_wrong_password_refuses_an_order(connect: Connect, sandbox: Sandbox) -> None:
    """An outcome and no exception, with the provider's own suggestion."""
    outcome = await place(connect("edis", sandbox.edis_url, credentials={"password": "wrong"}), EDIS_DRAFT)
    assert (outcome.kind, outcome.message) == (OutcomeKind.REFUSED, "Invalid WHMCS credentials provided.")
    assert outcome.hint == "Please verify your username and password and try again."


async def test_find_lists_the_services_of_plan_and_location(connect: Connect) -> None:
    """Services carry no hostname, so plan and location name are all there is to go by."""
    vienna = str(3000 + 20 * 192 + 1)
    with Sandbox(delivery_seconds=0, credit=Decimal(500)) as sandbox:
        client = connect("edis", sandbox.edis_url)
        await client.locations()
        wanted = await place(client, EDIS_DRAFT)
        await place(client, edis_draft(plan="1702", add_ons=()))
        elsewhere = await place(client, edis_draft(plan=vienna, add_ons=()))
        assert elsewhere.kind is OutcomeKind.PLACED
        (found,) = (await client.find(EDIS_DRAFT)).servers
        address = next(one.address for one in sandbox.ledger.services() if str(one.service_id) == found.id)
        day = datetime.now(UTC).date()
        assert replace(found, created=None) == Server(
            wanted.service_ids[0], address, "KVM STARTER", "Germany", "active"
        )
        assert found.created is not None
        assert abs(found.created - day) <= timedelta(days=1)


@pytest.mark.parametrize(
    ("faults", "places"), [([], {"Germany"}), (["http-403:get/locations"], {"Germany", "Austria, Vienna"})]
)
async def test_find_reads_the_locations_itself(connect: Connect, faults: list[str], places: set[str]) -> None:
    """A name that cannot be read cannot rule a server out: better one too many than one too few."""
    vienna = str(3000 + 20 * 192 + 1)
    with Sandbox(delivery_seconds=0, credit=Decimal(500)) as sandbox:
        client = connect("edis", sandbox.edis_url)
        await place(client, EDIS_DRAFT)
        await place(client, edis_draft(plan=vienna, add_ons=()))
        sandbox.set_faults(faults)
        found = await connect("edis", sandbox.edis_url).find(EDIS_DRAFT)
        assert {server.location for server in found.servers} == places
