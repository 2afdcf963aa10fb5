"""Servers one has: what is sent to change them, field by field, and what the documented answers come to."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Plan
from vps_tui.core.errors import RequestRefused, UnreadableReply, UsageError
from vps_tui.core.money import Money, SpendingLimit
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.secret import Secret
from vps_tui.core.server_change import (
    AddOnChange,
    Cancellation,
    CancelWhen,
    Change,
    ChangeKind,
    ChangeQuote,
    OwnedServer,
    PlanChange,
)
from vps_tui.providers.changes_protocol import Changer, ChangesServers
from vps_tui.providers.edis.changes import owned_server
from vps_tui.providers.edis.proration import upgrade_quote
from vps_tui.providers.layerstack.totals import total_of
from vps_tui.providers.protocol import Provider
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.server import EDIS_ACCOUNT, Recorded, Sandbox

from .conftest import Connect, Serve
from .loopback import Answer, LoopbackServer, Request, answering

SAMPLE = {
    "service_id": 312845,
    "kvm_id": "kvm_112234_457381",
    "status": "active",
    "price": {"billingcycle": "Monthly", "amount": "4.99", "currency": "EUR"},
    "creation_date": "2025-03-11",
    "key_date": "2025-04-11",
    "paymentmethod": "cryptomus",
    "plan": "KVM BASIC",
    "location": "Austria, Vienna",
}
"""The documented entry of get/services."""

VIENNA = OwnedServer(
    "edis",
    "312845",
    kvm_id="kvm_112234_457381",
    plan="KVM BASIC",
    location="Austria, Vienna",
    status="active",
    price=Money(Decimal("4.99"), "EUR"),
    billing_cycle=BillingCycle.MONTHLY,
    next_due=date(2025, 4, 11),
    created=date(2025, 3, 11),
    payment_method="cryptomus",
)
DB1 = OwnedServer("layerstack", "8101", name="db1", plan="S104-HK", location="HK", subscription="4158")
UPGRADE = PlanChange(
    ChangeKind.UPGRADE, VIENNA, "6846", "KVM PREMIUM", BillingCycle.SEMIANNUALLY, payment_method="paypal"
)
SWITCH = PlanChange(ChangeKind.SWITCH, DB1, "103", "S108-HK", subscription="4158")
ADD = AddOnChange(DB1, "4158", (("vm_backup", 1), ("vm_antiddos", 2)))
AT_ONCE, AT_END = (Cancellation(VIENNA, when) for when in CancelWhen)
QUOTED = ChangeQuote(total=Money(Decimal("118.68"), "HKD"), date_from=date(2021, 3, 9), date_to=date(2021, 3, 28))
SWITCHED = {
    "available": True,
    "total": 118.68,
    "currency": "hkd",
    "date_from": "2021-03-09",
    "date_to": "2021-03-28",
}
"""The documented answer of the switch and of its total."""

CHANGES: dict[str, tuple[str, Change, dict[str, Any]]] = {
    "upgrade": (
        "POST /kvm/v2/add/upgrade",
        UPGRADE,
        {
            "status": "success",
            "orderid": "228300",
            "serviceid": "312845",
            "invoiceid": "1617670",
            "oldproductname": "KVM BASIC",
            "newproductname": "KVM PREMIUM",
            "oldproductid": "1632",
            "newproductid": "6846",
        },
    ),
    "cancel at once": (
        "POST /kvm/v2/cancel/product",
        AT_ONCE,
        {"status": "success", "serviceid": 312845, "clientid": 123},
    ),
    "cancel at the end": (
        "POST /kvm/v2/cancel/product",
        AT_END,
        {"status": "success", "serviceid": 312845, "clientid": None},
    ),
    "switch": ("PUT /api/order/switch/4158", SWITCH, SWITCHED),
    "add-on": ("POST /api/order/changeorder", ADD, {"order_id": 1, "data": {"message": "Done", "code": 200}}),
}
"""The call of each change, the change, and a good answer."""

every = pytest.mark.parametrize("name", CHANGES)


def changer(client: Provider) -> Changer:
    assert isinstance(client, ChangesServers)
    return client.changer


async def sent(client: Provider, change: Change, quote: ChangeQuote = QUOTED) -> Outcome:
    call = await changer(client).prepare_change(change, quote)
    assert not isinstance(call, Outcome)
    outcome = await call.send()
    with pytest.raises(RuntimeError):
        await call.send()
    return outcome


async def answered(serve: Serve, connect: Connect, name: str, answer: Answer) -> tuple[Outcome, LoopbackServer]:
    """Return what the change called `name` comes to where its call is answered so."""
    server = serve(lambda _: answer)
    change = CHANGES[name][1]
    return await sent(connect(change.server.provider, server.url), change), server


async def test_upgrade_is_json_with_the_documented_fields(serve: Serve, connect: Connect) -> None:
    _, server = await answered(serve, connect, "upgrade", answering(200, {}))
    (request,) = server.requests
    assert (request.line, request.headers["content-type"]) == ("POST /kvm/v2/add/upgrade", "application/json")
    assert json.loads(request.body) == {
        "email": EDIS_ACCOUNT[0],
        "pw": EDIS_ACCOUNT[1],
        "kvmid": "kvm_112234_457381",
        "newpid": 6846,
        "newbillingcycle": "semi-annually",
        "newpaymentmethod": "paypal",
    }


@pytest.mark.parametrize(
    ("name", "kind"), [("cancel at once", "Immediate"), ("cancel at the end", "End of Billing Period")]
)
async def test_cancel_is_a_form_that_names_the_service_once(
    serve: Serve, connect: Connect, name: str, kind: str
) -> None:
    """What happens with both `kvmid` and `serviceid` is not told, so exactly one goes."""
    _, server = await answered(serve, connect, name, answering(200, {}))
    (request,) = server.requests
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qsl(request.body.decode()) == [
        ("email", EDIS_ACCOUNT[0]),
        ("pw", EDIS_ACCOUNT[1]),
        ("serviceid", "312845"),
        ("type", kind),
    ]


async def test_layerstack_sends_what_the_documents_say(serve: Serve, connect: Connect) -> None:
    """Ids are integers, `delta_value` is a string, and the switch has its subscription in the path alone."""
    server = serve(lambda _: answering(200, SWITCHED))
    client = connect("layerstack", server.url)
    for change in (SWITCH, ADD):
        await changer(client).quote_change(change)
        await sent(client, change)
    resources = [
        {"resource_name": "vm_backup", "delta_value": "1"},
        {"resource_name": "vm_antiddos", "delta_value": "2"},
    ]
    add_ons = {"subscription_id": 4158, "resources": resources}
    assert [(request.line, json.loads(request.body)) for request in server.requests] == [
        ("PUT /api/order/switch/total", {"subscription_id": 4158, "plan_id": 103}),
        ("PUT /api/order/switch/4158", {"plan_id": 103}),
        ("PUT /api/order/changeorder/total", add_ons),
        ("POST /api/order/changeorder", add_ons),
    ]


@every
async def test_the_text_that_is_recorded_says_all_of_it_and_no_secret(connect: Connect, name: str) -> None:
    change = CHANGES[name][1]
    text = changer(connect(change.server.provider, "http://127.0.0.1:1")).change_text(change)
    assert isinstance(json.loads(text), dict)
    assert EDIS_ACCOUNT[1] not in text
    assert {"upgrade": "6846", "switch": "4158", "add-on": "vm_antiddos"}.get(name, "312845") in text


@every
async def test_taken(serve: Serve, connect: Connect, name: str) -> None:
    line, _, good = CHANGES[name]
    outcome, server = await answered(serve, connect, name, answering(200, good))
    assert (outcome.kind, server.lines) == (OutcomeKind.PLACED, [line])
    if name == "upgrade":
        assert (outcome.order_id, outcome.invoice_id, outcome.paid) == ("228300", "1617670", None)
        assert outcome.message == "KVM BASIC becomes KVM PREMIUM."
        assert "1617670" in outcome.hint
    if name == "switch":
        assert outcome.message == "LayerStack's answer: 118.68 HKD for 2021-03-09 to 2021-03-28."


@every
@pytest.mark.parametrize("status", [400, 401, 404, 422])
async def test_refused(serve: Serve, connect: Connect, name: str, status: int) -> None:
    body = {
        "status": "error",
        "message": "It cannot be had.",
        "data": {"message": "It cannot be had.", "code": status},
    }
    outcome, _ = await answered(serve, connect, name, answering(status, body))
    assert (outcome.kind, outcome.message) == (OutcomeKind.REFUSED, "It cannot be had.")


UNREADABLE: dict[str, list[Any]] = {
    "upgrade": [{"status": "success"}, {"status": "failed", "orderid": "1"}, {"status": "success", "orderid": None}],
    "cancel at once": [{"status": "success"}, {"status": "success", "serviceid": 9}],
    "cancel at the end": [{"status": "success"}, {"status": "success", "serviceid": "312846"}],
    "switch": [
        {},
        {**SWITCHED, "available": "yes"},
        {**SWITCHED, "total": None},
        {**SWITCHED, "total": "NaN"},
        {**SWITCHED, "date_to": "soon"},
        {**SWITCHED, "currency": 7},
        {"order_id": 5},
    ],
    "add-on": [{}, SWITCHED, {"data": {"message": "Done", "code": 200}}],
}


@pytest.mark.parametrize(("name", "body"), [(name, body) for name, bodies in UNREADABLE.items() for body in bodies])
async def test_an_answer_that_does_not_say_it_is_unknown(
    serve: Serve, connect: Connect, name: str, body: Any
) -> None:
    outcome, server = await answered(serve, connect, name, answering(200, body))
    assert outcome.kind is OutcomeKind.UNKNOWN
    # An order is spoken of only where the answer names one.
    assert "names order" in outcome.message or "order" not in outcome.message.lower()
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", ["switch", "add-on"])
async def test_not_available_is_refused(serve: Serve, connect: Connect, name: str) -> None:
    outcome, _ = await answered(serve, connect, name, answering(200, {"available": False}))
    assert outcome.kind is OutcomeKind.REFUSED


@pytest.mark.parametrize(("name", "ids"), [("switch", {}), ("add-on", {"order_id": 52001})])
async def test_another_sum_than_the_one_agreed_to_is_said_aloud(
    serve: Serve, connect: Connect, name: str, ids: dict[str, int]
) -> None:
    outcome, _ = await answered(serve, connect, name, answering(200, {**SWITCHED, **ids, "total": 118.69}))
    assert outcome.kind is OutcomeKind.PLACED
    assert "THAT IS NOT THE 118.68 HKD" in outcome.message


class TestLists:
    def test_the_documented_service(self) -> None:
        assert owned_server(SAMPLE) == VIENNA

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"price": None}, {"price": None, "billing_cycle": None}),
            ({"price": {}, "billingcycle": "Annually"}, {"price": None, "billing_cycle": BillingCycle.ANNUALLY}),
            (
                {"price": {"amount": "1.50", "currency": "EUR", "billingcycle": "Semi-Annually"}},
                {"price": Money(Decimal("1.50"), "EUR"), "billing_cycle": BillingCycle.SEMIANNUALLY},
            ),
            ({"kvm_id": None, "status": "pending"}, {"kvm_id": "", "status": "pending"}),
            ({"key_date": "0000-00-00"}, {"next_due": None}),
            ({"service_id": "312845"}, {}),
            ({"plan": "KVM \x1b[2JBASIC\u202e"}, {"plan": "KVM [2JBASIC"}),
        ],
    )
    def test_what_older_replies_lack_is_not_known(self, changes: Any, expected: Any) -> None:
        wanted = replace(VIENNA, **expected)
        assert owned_server({**SAMPLE, **changes}) == wanted

    async def test_both_providers_list_what_the_account_has(self, edis: Provider, layerstack: Provider) -> None:
        assert [(one.id, one.plan) for one in (await changer(edis).owned()).servers] == [
            ("312845", "KVM BASIC"),
            ("312846", "KVM SMART"),
        ]
        (db1,) = (await changer(layerstack).owned()).servers
        assert (db1.display_name, db1.plan, db1.location, db1.price) == ("db1", "S104-HK", "HK", None)


class TestOffered:
    async def test_edis_offers_the_plans_of_the_servers_location(self, edis: Provider) -> None:
        server = (await changer(edis).owned()).servers[0]
        offered = await changer(edis).changes_offered(server)
        assert (offered.plan_kind, offered.plan_now and offered.plan_now.id) == (ChangeKind.UPGRADE, "6842")
        assert {plan.location for plan in offered.plans} == {"192"}
        assert len(offered.plans) == 11
        assert offered.cancel == tuple(CancelWhen)
        assert offered.payment_methods == ("paypal", "alipay", "creditcard", "cryptomus")
        assert not offered.needs_subscription

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"status": "terminated"}, "has ended"),
            ({"kvm_id": ""}, "no KVM id yet"),
            ({"location": "Atlantis"}, "not in the catalogue"),
        ],
    )
    async def test_edis_says_why_it_cannot(self, edis: Provider, changes: Any, words: str) -> None:
        offered = await changer(edis).changes_offered(replace(VIENNA, **changes))
        assert (offered.plan_kind, offered.plans) == (None, ())
        assert words in offered.notes[0]
        assert bool(offered.cancel) is (words != "has ended")

    async def test_layerstack_offers_plans_of_the_same_type_and_place(self, layerstack: Provider) -> None:
        offered = await changer(layerstack).changes_offered(replace(DB1, subscription=""))
        assert [plan.name for plan in offered.plans] == ["S102-HK", "S108-HK"]
        assert (offered.server.subscription, offered.needs_subscription, offered.cancel) == ("4158", True, ())
        assert "do not promise" in offered.notes[0]
        assert [resource.id for resource in offered.resources] == ["vm_backup", "china_route", "vm_antiddos"]

    async def test_a_subscription_that_is_not_shown_is_asked_for(
        self, layerstack: Provider, sandbox: Sandbox
    ) -> None:
        sandbox.set_faults(["missing-fields"])
        offered = await changer(layerstack).changes_offered(replace(DB1, subscription=""))
        assert offered.server.subscription == ""
        assert "LayerPanel" in offered.notes[0]

    @pytest.mark.parametrize("value", ["41/58", "-1", "٤", True, ["4158"], {"id": 4158}, "9" * 40])
    async def test_a_subscription_that_is_no_number_is_none(self, serve: Serve, connect: Connect, value: Any) -> None:
        server = serve(lambda _: answering(200, {"id": 8101, "subscription_id": value}))
        offered = await changer(connect("layerstack", server.url)).changes_offered(DB1)
        assert offered.server.subscription == ""

    async def test_an_odd_server_id_is_no_path(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _: answering(200, {}))
        client = changer(connect("layerstack", server.url))
        await client.changes_offered(replace(DB1, id="8101/../../order"))
        assert server.requests == []

    @pytest.mark.parametrize(("provider", "change"), [("edis", ADD), ("layerstack", AT_ONCE)])
    async def test_a_change_that_there_is_no_call_for(self, connect: Connect, provider: str, change: Change) -> None:
        client = changer(connect(provider, "http://127.0.0.1:1"))
        with pytest.raises(UsageError) as caught:
            await client.quote_change(change)
        assert caught.value.money == "Nothing was changed."
        with pytest.raises(UsageError):
            await client.prepare_change(change, QUOTED)


class TestTotals:
    def test_the_documented_one_is_exact(self) -> None:
        body = {**SWITCHED, "total": "19.06", "inapplicable_resources": []}
        assert total_of(body) == replace(QUOTED, total=Money(Decimal("19.06"), "HKD"))

    @pytest.mark.parametrize("total", ["0.1", "19.06", "1234567.01", "100", "0"])
    async def test_the_amount_never_is_a_float(self, serve: Serve, connect: Connect, total: str) -> None:
        text = json.dumps(SWITCHED).replace("118.68", total)
        server = serve(lambda _: answering(200, text.encode()))
        quote = await changer(connect("layerstack", server.url)).quote_change(SWITCH)
        assert quote.total == Money(Decimal(total), "HKD")
        assert (quote.complete, quote.date_from, quote.date_to) == (True, date(2021, 3, 9), date(2021, 3, 28))

    async def test_inapplicable_resources_are_named_whatever_their_form(self, serve: Serve, connect: Connect) -> None:
        named = ["vm_backup", {"resource_name": "china\x1b[2J_route"}]
        server = serve(lambda _: answering(200, {**SWITCHED, "inapplicable_resources": named}))
        quote = await changer(connect("layerstack", server.url)).quote_change(ADD)
        assert quote.inapplicable == ("vm_backup", "china[2J_route")

    @pytest.mark.parametrize("currency", ["€", "", None, "HK", "\u041dKD"])
    async def test_a_total_in_no_currency_is_not_known(
        self, serve: Serve, connect: Connect, currency: str | None
    ) -> None:
        server = serve(lambda _: answering(200, {**SWITCHED, "currency": currency}))
        quote = await changer(connect("layerstack", server.url)).quote_change(SWITCH)
        assert (quote.total, quote.complete, quote.date_to) == (None, False, QUOTED.date_to)
        assert quote.notes[0].startswith("The price is not known: its currency is")

    async def test_not_available_says_nothing_of_a_price(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _: answering(200, {"available": False}))
        quote = await changer(connect("layerstack", server.url)).quote_change(SWITCH)
        assert (quote.available, quote.total, quote.complete) == (False, None, False)

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {**SWITCHED, "total": "much"},
            {**SWITCHED, "total": 1e300},
            {**SWITCHED, "available": 1},
            {**SWITCHED, "date_from": None},
            {**SWITCHED, "inapplicable_resources": 3},
        ],
    )
    async def test_one_that_is_not_as_documented_is_no_price(self, serve: Serve, connect: Connect, body: Any) -> None:
        server = serve(lambda _: answering(200, body))
        with pytest.raises(UnreadableReply) as caught:
            await changer(connect("layerstack", server.url)).quote_change(SWITCH)
        assert caught.value.money == "Nothing was changed."

    async def test_a_refused_method_falls_back_to_nothing(self, serve: Serve, connect: Connect) -> None:
        """The table says GET and the text PUT; a GET with a body is not tried."""
        server = serve(lambda _: answering(405, {"message": "Method not allowed"}, {"Allow": "GET"}))
        with pytest.raises(RequestRefused, match="HTTP 405"):
            await changer(connect("layerstack", server.url)).quote_change(ADD)
        assert server.lines == ["PUT /api/order/changeorder/total"]

    async def test_an_enquiry_may_be_asked_again(self, serve: Serve, connect: Connect) -> None:
        """It buys nothing, so a passing failure is tried again; the switch itself never is."""
        answers = iter([answering(503, {}), answering(200, SWITCHED)])
        server = serve(lambda _: next(answers))
        quote = await changer(connect("layerstack", server.url)).quote_change(SWITCH)
        assert (quote.total, len(server.requests)) == (QUOTED.total, 2)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


class TestProration:
    PRICE = eur("40.99")
    BASIC = Plan(
        "6842", "KVM BASIC", 1, 1024, 45, 1, {BillingCycle.MONTHLY: eur("4.99"), BillingCycle.ANNUALLY: eur("54.89")}
    )
    START = date(2025, 3, 11)
    """The first day of the paid month."""

    @pytest.mark.parametrize(
        ("day", "total"),
        [
            (date(2025, 3, 11), "36.00"),
            (date(2025, 4, 10), "1.16"),
            (date(2025, 4, 11), "0.00"),
            (date(2025, 5, 1), "0.00"),
            (date(2025, 1, 1), "36.00"),
        ],
    )
    def test_the_difference_by_the_days_left(self, day: date, total: str) -> None:
        quote = upgrade_quote(VIENNA, self.PRICE, BillingCycle.MONTHLY, day, self.BASIC)
        assert (quote.total and quote.total.figure, quote.upper_bound) == (total, self.PRICE)
        assert (quote.estimate, quote.complete, quote.recurring) == (True, False, self.PRICE)

    def test_another_cycle_is_a_whole_new_one_less_what_is_left(self) -> None:
        price = Money(Decimal("450.89"), "EUR")
        quote = upgrade_quote(VIENNA, price, BillingCycle.ANNUALLY, self.START, self.BASIC)
        assert quote.total == Money(Decimal("445.90"), "EUR")

    def test_a_smaller_plan_costs_nothing_and_pays_nothing_back(self) -> None:
        quote = upgrade_quote(VIENNA, eur("1.00"), BillingCycle.MONTHLY, self.START, self.BASIC)
        assert quote.total == Money(Decimal("0.00"), "EUR")

    @pytest.mark.parametrize(
        ("changes", "most"),
        [
            ({"next_due": None}, PRICE),
            ({"price": None}, None),
            ({"billing_cycle": None}, None),
            ({"price": Money(Decimal(1), "USD")}, None),
        ],
    )
    def test_what_is_not_told_makes_it_not_known(self, changes: Any, most: Money | None) -> None:
        quote = upgrade_quote(replace(VIENNA, **changes), self.PRICE, BillingCycle.MONTHLY, self.START, self.BASIC)
        assert (quote.total, quote.most) == (None, most)
        assert SpendingLimit(Decimal(1000), "EUR").problem(quote.most) == (
            "" if most else "The first invoice is not known, and at most 1000.00 EUR is allowed."
        )

    @pytest.mark.parametrize(
        ("paid", "cycle", "new", "new_cycle", "total", "whole", "kept"),
        [
            ("34.99", "monthly", "19.99", "monthly", "15.00", "49.99", "30.00 EUR per month"),
            ("34.99", "monthly", "219.89", "annually", "544.90", "579.89", "360.00 EUR per year"),
            # A year of the plan is 11 months' price, so an add-on may be as much dearer by the month.
            ("384.89", "annually", "19.99", "monthly", "0.00", "49.99", "30.00 EUR per month"),
            ("3.99", "monthly", "19.99", "monthly", "16.00", "19.99", "seems to have no add-ons"),
        ],
    )
    def test_add_ons_go_on_costing(
        self, paid: str, cycle: str, new: str, new_cycle: str, total: str, whole: str, kept: str
    ) -> None:
        """get/services has them in `price`, the list price of the new plan has not."""
        server = replace(VIENNA, price=eur(paid), billing_cycle=BillingCycle(cycle))
        quote = upgrade_quote(server, eur(new), BillingCycle(new_cycle), self.START, self.BASIC)
        assert quote.upper_bound == quote.recurring == eur(whole)
        assert kept in " ".join(quote.notes)
        if cycle == "monthly":
            assert quote.total == eur(total)
        assert quote.total is not None
        assert quote.total.amount <= quote.upper_bound.amount

    @pytest.mark.parametrize("now", [None, replace(BASIC, prices={BillingCycle.ANNUALLY: eur("54.89")})])
    def test_without_the_present_list_price_there_is_no_most(self, now: Plan | None) -> None:
        """Nobody can say how much of what is paid now is for add-ons."""
        quote = upgrade_quote(VIENNA, self.PRICE, BillingCycle.MONTHLY, self.START, now)
        assert (quote.total, quote.most, quote.recurring, quote.complete) == (None, None, None, False)
        assert (
            SpendingLimit(Decimal(1000), "EUR").problem(quote.most)
            == "The first invoice is not known, and at most 1000.00 EUR is allowed."
        )
        assert "40.99 EUR" in quote.notes[0]

    async def test_the_sandbox_lets_add_ons_go_on_as_well(self, edis: Provider, sandbox: Sandbox) -> None:
        with sandbox.ledger._transaction() as db:
            db.execute("UPDATE services SET price = '34.99' WHERE service_id = 312845")
        server = (await changer(edis).owned()).servers[0]
        change = replace(UPGRADE, server=server, billing_cycle=BillingCycle.ANNUALLY)
        quote = await changer(edis).quote_change(change)
        assert quote.most == quote.recurring == eur("810.89")
        await sent(edis, change, quote)
        assert (await changer(edis).owned()).servers[0].price == quote.recurring
        assert sandbox.ledger.changes()[0].total <= Decimal("810.89")

    async def test_the_sandboxes_own_sum_is_near(self, edis: Provider, sandbox: Sandbox) -> None:
        server = (await changer(edis).owned()).servers[0]
        change = replace(UPGRADE, server=server, billing_cycle=BillingCycle.MONTHLY)
        quote = await changer(edis).quote_change(change)
        await sent(edis, change, quote)
        (taken,) = sandbox.ledger.changes()
        assert quote.total is not None
        assert abs(taken.total - quote.total.amount) < 2

    async def test_a_smaller_disk_is_warned_of(self, edis: Provider) -> None:
        server = (await changer(edis).owned()).servers[0]
        quote = await changer(edis).quote_change(replace(UPGRADE, server=server, plan="6840"))
        assert "20 instead of 45 GB disk" in " ".join(quote.notes) or "15 instead of 45 GB disk" in " ".join(
            quote.notes
        )

    async def test_a_plan_of_another_location_is_not_available(self, edis: Provider) -> None:
        server = (await changer(edis).owned()).servers[0]
        assert not (await changer(edis).quote_change(replace(UPGRADE, server=server, plan="1707"))).available


class TestLoss:
    async def test_what_is_lost_is_said_with_its_dates(self, connect: Connect) -> None:
        client = changer(connect("edis", "http://127.0.0.1:1"))
        at_once, at_end = [" ".join((await client.quote_change(change)).notes) for change in (AT_ONCE, AT_END)]
        deleted = provider_info("edis").today(datetime.now(UTC))[0] + timedelta(days=6)
        assert f"{deleted.day} {deleted:%b %Y}" in at_once
        assert "11 Apr 2025 is not refunded" in at_once
        assert "runs until 11 Apr 2025" in at_end
        assert "on 17 Apr 2025" in at_end

    async def test_nothing_is_charged(self, connect: Connect) -> None:
        quote = await changer(connect("edis", "http://127.0.0.1:1")).quote_change(AT_END)
        assert (quote.charges, quote.complete, quote.total) == (False, True, None)


@every
async def test_where_only_reads_are_allowed_nothing_is_sent(sandbox: Sandbox, name: str) -> None:
    from vps_tui.providers.models import Connection

    change = CHANGES[name][1]
    info = provider_info(change.server.provider)
    url, account, _ = sandbox.access(info.id)
    credentials = {field.key: Secret(value) for field, value in zip(info.sign_in, account, strict=True)}
    client = info.connect(Connection(dict.fromkeys(info.urls, url), credentials, read_only=True))
    try:
        if info.id == "layerstack":
            assert (await changer(client).quote_change(change)).available
        outcome = await sent(client, change)
        assert (outcome.kind, sandbox.ledger.changes()) == (OutcomeKind.NOT_SENT, [])
        assert "nothing but reads" in outcome.message
        assert [line(request) for request in sandbox.requests if not request.route.endswith("/total")] == []
    finally:
        await client.aclose()


def line(request: Recorded | Request) -> str:
    return f"{request.method} {request.path}"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"serviceid": "209052"}, "CAUTION: the answer names service 209052 instead of 312845."),
        ({"newproductid": "1642"}, "CAUTION: the answer names plan 1642 instead of 6846."),
        ({"serviceid": "9", "newproductid": "8"}, "service 9 instead of 312845 and plan 8 instead of 6846"),
        ({"serviceid": None, "newproductid": None}, ""),
        ({}, ""),
    ],
)
async def test_an_upgrade_of_something_else_is_said_aloud(
    serve: Serve, connect: Connect, answer: dict[str, Any], words: str
) -> None:
    """An order was made all the same: it is placed, and looked after at once."""
    outcome, _ = await answered(serve, connect, "upgrade", answering(200, {**CHANGES["upgrade"][2], **answer}))
    assert (outcome.kind, outcome.order_id) == (OutcomeKind.PLACED, "228300")
    assert ("CAUTION" in outcome.message) == bool(words)
    assert words in outcome.message
