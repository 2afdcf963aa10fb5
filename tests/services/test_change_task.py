"""A change from what was agreed to, to its outcome: recorded first, looked at once more, sent once and as agreed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from vps_tui.core import change_words
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.change_documents import change_of
from vps_tui.core.errors import UsageError
from vps_tui.core.money import Money, SpendingLimit
from vps_tui.core.outcome import OutcomeKind, Phase
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
from vps_tui.journal import Journal, Purchase, State
from vps_tui.providers import http
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.server import Sandbox
from vps_tui.services.change_task import ChangeTask, find_server, plan_shown
from vps_tui.services.paid_task import place
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.services.session import Session

NAMES = ("upgrade", "cancel at once", "cancel at the end", "switch", "add-on")
every = pytest.mark.parametrize("name", NAMES)


class Shop:
    """The sandbox, a session with each of its providers, and a journal."""

    def __init__(self, folder: Path) -> None:
        self.backend = SandboxBackend(folder, forget=True)
        self.journal = Journal(folder / "state" / "journal.sqlite")
        self.phases: list[Phase] = []
        self.sessions: dict[str, Session] = {}

    async def session(self, provider: str) -> Session:
        if provider not in self.sessions:
            self.sessions[provider] = await self.backend.open(provider_info(provider), {})
        return self.sessions[provider]

    async def change(self, name: str) -> Change:
        """Return the change called `name` of the account's first server."""
        session = await self.session("layerstack" if name in ("switch", "add-on") else "edis")
        server = (await session.changes_offered((await session.owned()).servers[0])).server
        if name.startswith("cancel"):
            return Cancellation(server, CancelWhen.IMMEDIATELY if "once" in name else CancelWhen.AT_END_OF_PERIOD)
        if name == "add-on":
            return AddOnChange(server, "4158", (("vm_backup", 1),))
        if name == "switch":
            return PlanChange(ChangeKind.SWITCH, server, "103", "S108-HK", subscription="4158")
        return PlanChange(
            ChangeKind.UPGRADE, server, "6846", "KVM PREMIUM", server.billing_cycle, server.payment_method
        )

    async def agreed(self, name: str) -> ChangeTask:
        change = await self.change(name)
        return ChangeTask(change, await (await self.session(change.server.provider)).quote_change(change))

    async def make(self, agreed: ChangeTask) -> tuple[OutcomeKind, str]:
        """Make the change and return its outcome and everything that is said of it."""
        session = await self.session(agreed.change.server.provider)
        placed = await place(session, self.journal, agreed, announce=self.phases.append)
        return placed.outcome.kind, f"{placed.outcome.message} {placed.outcome.hint}"

    @property
    def server(self) -> Sandbox:
        assert self.backend._server
        return self.backend._server


@pytest.fixture(autouse=True)
def _quick_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try reads again at once: that they pause is not what these tests are about."""
    monkeypatch.setattr(http, "READ_PAUSES", (0.0, 0.0))


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened = Shop(tmp_path)
    yield opened
    for session in opened.sessions.values():
        await session.aclose()
    failures = opened.server.failures
    opened.backend.close()
    assert failures == []


@every
async def test_it_is_recorded_and_made_once(shop: Shop, name: str) -> None:
    agreed = await shop.agreed(name)
    kind, _ = await shop.make(agreed)
    assert (kind, shop.phases) == (OutcomeKind.PLACED, [Phase.CHECKING, Phase.SENDING])
    assert len(shop.server.ledger.changes()) == 1
    (entry,) = shop.journal.entries()
    assert (entry.state, entry.purchase.kind) == (State.PLACED, agreed.change.kind.value)
    assert change_of(entry.purchase.change, entry.purchase.provider) == agreed.change
    assert entry.before
    assert entry.server_time is not None
    assert entry.purchase.names == (agreed.change.server.display_name,)


@every
async def test_a_lost_reply_is_unknown_and_stands_in_the_way(shop: Shop, name: str) -> None:
    agreed = await shop.agreed(name)
    shop.server.set_faults(["reply-lost*1"])
    kind, words = await shop.make(agreed)
    assert kind is OutcomeKind.UNKNOWN
    assert "the order" not in words
    assert "dering" not in words
    (entry,) = shop.journal.entries()
    before = len(shop.server.requests)
    kind, words = await shop.make(agreed)
    assert kind is OutcomeKind.NOT_SENT
    assert f"It is not known whether the {entry.purchase.noun} {entry.reference}".replace("the ", "") in words
    assert len(shop.server.requests) == before, "a repetition is found out before anything is asked"
    assert len(shop.server.ledger.changes()) == 1


@pytest.mark.parametrize("name", ["switch", "cancel at once"])
async def test_what_is_not_sent_may_be_tried_again(shop: Shop, name: str) -> None:
    agreed = await shop.agreed(name)
    shop.server.set_faults(["http-422*1"])
    assert (await shop.make(agreed))[0] is OutcomeKind.REFUSED
    assert (await shop.make(agreed))[0] is OutcomeKind.PLACED


async def test_knowingly_it_is_made_again(shop: Shop) -> None:
    agreed = await shop.agreed("switch")
    shop.server.set_faults(["http-500*1"])
    assert (await shop.make(agreed))[0] is OutcomeKind.UNKNOWN
    (entry,) = shop.journal.entries()
    assert (await shop.make(replace(agreed, again=entry.reference)))[0] is OutcomeKind.PLACED


async def test_another_plan_waits_until_it_is_known_which_one_it_has(shop: Shop) -> None:
    """What is not known of one new plan is in the way of every other, and of no add-on."""
    agreed = await shop.agreed("switch")
    shop.server.set_faults(["http-500*1"])
    await shop.make(agreed)
    assert isinstance(agreed.change, PlanChange)
    other = replace(agreed, change=replace(agreed.change, plan="101", plan_name="S102-HK"))
    kind, words = await shop.make(other)
    assert kind is OutcomeKind.NOT_SENT
    assert "It is not known whether plan switch" in words
    assert (await shop.make(await shop.agreed("add-on")))[0] is OutcomeKind.PLACED


async def test_a_placed_change_is_in_the_way_of_the_same_alone(shop: Shop) -> None:
    agreed = await shop.agreed("switch")
    await shop.make(agreed)
    kind, words = await shop.make(agreed)
    assert kind is OutcomeKind.NOT_SENT
    assert "is in the journal as placed" in words
    back = await shop.change("switch")
    assert isinstance(back, PlanChange)
    back = replace(back, plan="101", plan_name="S102-HK")
    session = await shop.session("layerstack")
    assert (await shop.make(ChangeTask(back, await session.quote_change(back))))[0] is OutcomeKind.PLACED


@pytest.mark.parametrize("name", ["upgrade", "switch", "add-on"])
async def test_a_price_that_has_moved_stops_it(shop: Shop, name: str) -> None:
    agreed = await shop.agreed(name)
    shop.server.set_faults(["price-moved"])
    # The first look after the fault is at the old price, the second at the moved one.
    await (await shop.session(agreed.change.server.provider)).quote_change(agreed.change)
    kind, words = await shop.make(agreed)
    assert kind is OutcomeKind.NOT_SENT
    assert "The price has changed" in words
    assert shop.server.ledger.changes() == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("smaller-plan", "New plan, RAM: 8192 MB when you confirmed, 2048 MB now."),
        ("terms-withdrawn:get/paymentmethods", "The payment method is no longer offered."),
    ],
)
async def test_another_plan_than_was_quoted_stops_it(shop: Shop, fault: str, words: str) -> None:
    agreed = await shop.agreed("upgrade")
    assert isinstance(agreed.change, PlanChange)
    agreed = replace(agreed, change=replace(agreed.change, payment_method="paypal"))
    shop.server.set_faults([fault])
    await (await shop.session("edis")).quote_change(agreed.change)
    kind, said = await shop.make(agreed)
    assert (kind, shop.server.ledger.changes()) == (OutcomeKind.NOT_SENT, [])
    assert words in said


async def test_the_plan_that_was_chosen_from_the_list_is_what_counts(shop: Shop) -> None:
    """The list was read before the price: sizes that changed between the two were seen by nobody."""
    session = await shop.session("edis")
    server = (await session.owned()).servers[0]
    shop.server.set_faults(["smaller-plan"])
    offered = await session.changes_offered(server)
    change = PlanChange(
        ChangeKind.UPGRADE, server, "6846", "KVM PREMIUM", server.billing_cycle, server.payment_method
    )
    agreed = ChangeTask(change, await session.quote_change(change), shown=plan_shown(offered, change))
    kind, said = await shop.make(agreed)
    assert (kind, shop.server.ledger.changes()) == (OutcomeKind.NOT_SENT, [])
    assert "New plan, RAM: 8192 MB when you confirmed, 2048 MB now." in said


async def test_a_plan_that_is_only_renamed_is_said_and_goes_out(shop: Shop) -> None:
    agreed = await shop.agreed("upgrade")
    assert agreed.quote.plan is not None
    kind, said = await shop.make(replace(agreed, shown=replace(agreed.quote.plan, name="KVM PREMIUM 8")))
    assert (kind, len(shop.server.ledger.changes())) == (OutcomeKind.PLACED, 1)
    assert "New plan, Plan name: KVM PREMIUM 8 when you confirmed, KVM PREMIUM now." in said


MORE = Money(Decimal(7), "EUR")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"total": MORE}, "The price has changed: 5.00 EUR when you confirmed, 7.00 EUR now."),
        ({"total": Money(Decimal(5), "USD")}, "5.00 EUR when you confirmed, 5.00 USD now."),
        ({"total": Money(Decimal("5.001"), "EUR")}, "5.00 EUR when you confirmed, 5.001 EUR now."),
        ({"total": None}, "5.00 EUR when you confirmed, not known now."),
        (
            {"estimate": True, "upper_bound": MORE},
            "5.00 EUR when you confirmed, about 5.00 EUR, at most 7.00 EUR now.",
        ),
        (
            {"recurring": MORE},
            "The price of each renewal has changed: 5.00 EUR per month when you confirmed, 7.00 EUR",
        ),
        ({"billing_cycle": BillingCycle.ANNUALLY}, "5.00 EUR per month when you confirmed, 5.00 EUR per year now."),
        ({"date_to": date(2026, 12, 2)}, "not told to 1 Dec 2026 when you confirmed, not told to 2 Dec 2026 now."),
        ({"charges": False}, "5.00 EUR when you confirmed, nothing is charged now."),
        ({"available": False, "notes": ("Sold out.",)}, "that the change is not available. Sold out."),
    ],
)
def test_old_and_new_are_said_of_whatever_moved(changes: dict[str, Any], said: str) -> None:
    five = Money(Decimal(5), "EUR")
    quote = ChangeQuote(
        total=five, recurring=five, billing_cycle=BillingCycle.MONTHLY, date_to=date(2026, 12, 1), notes=("A.",)
    )
    assert said in change_words.describe_moves(quote, replace(quote, **changes))
    assert change_words.describe_moves(quote, replace(quote, notes=())) == ""


@pytest.mark.parametrize(
    ("fault", "name", "words"),
    [
        ("unavailable", "switch", "not available"),
        ("unavailable", "add-on", "not available"),
        ("inapplicable", "add-on", "cannot have vm_backup"),
        ("http-500:order/switch/total", "switch", "could not be looked at once more"),
        ("http-500:cloudserver", "add-on", "could not be looked at once more"),
        ("http-500:get/services", "cancel at once", "could not be looked at once more"),
        ("wrong-password:get/services", "upgrade", "could not be looked at once more"),
    ],
)
async def test_whatever_is_not_as_agreed_stops_it(shop: Shop, fault: str, name: str, words: str) -> None:
    agreed = await shop.agreed(name)
    shop.server.set_faults([fault])
    kind, said = await shop.make(agreed)
    assert (kind, shop.server.ledger.changes()) == (OutcomeKind.NOT_SENT, [])
    assert words in said


async def test_a_server_that_is_not_as_it_was_stops_it(shop: Shop) -> None:
    agreed = await shop.agreed("upgrade")
    with shop.server.ledger._transaction() as db:
        db.execute("UPDATE services SET plan = 'KVM STARTER' WHERE provider = 'edis'")
    assert "plan has changed" in (await shop.make(agreed))[1]
    agreed = await shop.agreed("upgrade")
    with shop.server.ledger._transaction() as db:
        db.execute("UPDATE services SET state = 'terminated' WHERE provider = 'edis'")
    assert "is terminated by now" in (await shop.make(agreed))[1]
    with shop.server.ledger._transaction() as db:
        db.execute("DELETE FROM services WHERE provider = 'edis'")
    assert "no such server any more" in (await shop.make(agreed))[1]
    assert shop.server.ledger.changes() == []


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("price", "5.55", "Price: 4.99 EUR per month when you confirmed, 5.55 EUR per month now."),
        ("billing_cycle", "annually", "4.99 EUR per year now."),
    ],
)
async def test_what_the_server_costs_now_is_said(shop: Shop, column: str, value: str, words: str) -> None:
    agreed = await shop.agreed("upgrade")
    with shop.server.ledger._transaction() as db:
        db.execute(f"UPDATE services SET {column} = ? WHERE provider = 'edis'", (value,))
    kind, said = await shop.make(agreed)
    assert (kind, shop.server.ledger.changes()) == (OutcomeKind.NOT_SENT, [])
    assert "What the server costs has changed since you confirmed." in said
    assert words in said


async def test_above_the_ceiling_nothing_is_even_recorded(shop: Shop) -> None:
    agreed = replace(await shop.agreed("upgrade"), ceiling=SpendingLimit(Decimal("40.98"), "EUR"))
    assert agreed.quote.total is not None
    assert agreed.quote.total.amount < Decimal(40), "what counts is the most, not the estimate"
    kind, words = await shop.make(agreed)
    assert (kind, shop.journal.entries()) == (OutcomeKind.NOT_SENT, ())
    assert "40.99 EUR" in words


async def test_stopped_before_the_call_it_is_not_sent(shop: Shop) -> None:
    agreed = await shop.agreed("add-on")
    shop.server.set_faults(["slow-9:order/changeorder/total"])
    making = asyncio.create_task(shop.make(agreed))
    while shop.phases != [Phase.CHECKING]:
        await asyncio.sleep(0.005)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    (entry,) = shop.journal.entries()
    assert (entry.state, entry.outcome.hint) == (State.NOT_SENT, "Trying again is safe.")


async def test_stopped_within_the_call_it_is_unknown(shop: Shop) -> None:
    agreed = await shop.agreed("add-on")
    shop.server.set_faults(["hang"])
    making = asyncio.create_task(shop.make(agreed))
    while not shop.server.ledger.changes():
        await asyncio.sleep(0.005)
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    (entry,) = shop.journal.entries()
    assert (entry.state, entry.settled_by) == (State.UNKNOWN, "interrupted")
    assert "add-on was being sent" in entry.outcome.message


class TestObstacles:
    SERVER = OwnedServer("edis", "1")
    TOTAL = Money(Decimal("19.06"), "HKD")

    def agreed(self, quote: ChangeQuote, ceiling: str = "") -> ChangeTask:
        return ChangeTask(
            AddOnChange(self.SERVER, "1", (("a", 1),)),
            quote,
            ceiling=SpendingLimit.parse(ceiling) if ceiling else None,
        )

    @pytest.mark.parametrize(
        ("quote", "ceiling", "allowed", "words"),
        [
            (ChangeQuote(total=TOTAL), "", False, ""),
            (ChangeQuote(total=TOTAL), "19.06 HKD", False, ""),
            (ChangeQuote(total=TOTAL), "19.05 HKD", True, "at most 19.05 HKD is allowed"),
            (ChangeQuote(total=TOTAL), "100 EUR", True, "cannot be compared"),
            (ChangeQuote(), "", False, "price is not known"),
            (ChangeQuote(), "", True, ""),
            (ChangeQuote(), "100", True, "is not known, and at most"),
            (ChangeQuote(total=TOTAL, estimate=True), "", False, "price is an estimate"),
            (ChangeQuote(total=TOTAL, estimate=True), "", True, ""),
            (ChangeQuote(total=TOTAL, estimate=True), "100", True, "is not known, and at most"),
            (ChangeQuote(charges=False), "0", False, ""),
            (ChangeQuote(available=False, notes=("Sold out.",)), "", True, "not available. Sold out."),
            (ChangeQuote(total=TOTAL, inapplicable=("a",)), "", True, "cannot have this"),
        ],
    )
    def test_what_stands_in_the_way(self, quote: ChangeQuote, ceiling: str, allowed: bool, words: str) -> None:
        found = self.agreed(quote, ceiling).obstacle(unknown_price_allowed=allowed)
        assert (found is None) is (words == "")
        if found is not None:
            assert found.kind is OutcomeKind.NOT_SENT
            assert words in found.message


class TestFinding:
    SERVERS = (
        OwnedServer("layerstack", "1", name="web1"),
        OwnedServer("layerstack", "2", name="web1"),
        OwnedServer("layerstack", "3", name="1"),
    )

    def test_by_id_before_anything_else(self) -> None:
        assert find_server(self.SERVERS, "1") is self.SERVERS[0]
        assert find_server(self.SERVERS, "3") is self.SERVERS[2]

    def test_a_name_that_several_have_names_none(self) -> None:
        with pytest.raises(UsageError) as caught:
            find_server(self.SERVERS, "WEB1")
        assert "1, 2" in caught.value.hint

    @pytest.mark.parametrize("servers", [SERVERS, ()])
    def test_one_that_is_not_there(self, servers: tuple[OwnedServer, ...]) -> None:
        with pytest.raises(UsageError) as caught:
            find_server(servers, "")
        assert caught.value.money == "Nothing was changed."


def test_two_purchases_are_the_same_by_server_and_target() -> None:
    server = OwnedServer("layerstack", "1", name="web1")
    one = ChangeTask(AddOnChange(server, "1", (("a", 1), ("b", 1))), ChangeQuote())
    two = ChangeTask(AddOnChange(replace(server, name="other"), "1", (("b", 9),)), ChangeQuote())
    three = ChangeTask(AddOnChange(replace(server, id="2"), "2", (("b", 9),)), ChangeQuote())
    bought = [each.purchase("XX-1", "{}") for each in (one, two, three)]
    assert bought[0].repeats(bought[1])
    assert not bought[0].repeats(bought[2])
    assert not replace(bought[1], account="YY-1").repeats(bought[0])
    assert not replace(bought[1], kind="order").repeats(bought[0])


@pytest.mark.parametrize(
    ("server", "subscription", "same"),
    [("2", "4158", True), ("2", "04158", True), ("2", "4159", False), ("1", "4159", True), ("2", "", False)],
)
def test_one_subscription_is_one_server_whichever_it_was_typed_for(
    server: str, subscription: str, same: bool
) -> None:
    """What LayerStack changes is the subscription; the server it was typed for is not in the call."""

    def bought(server: str, subscription: str, plan: str) -> tuple[Purchase, Purchase]:
        one = OwnedServer("layerstack", server, name="web1")
        changes: tuple[Change, Change] = (
            PlanChange(ChangeKind.SWITCH, one, plan, subscription=subscription),
            AddOnChange(one, subscription, (("vm_backup", 1),)),
        )
        switch, add = (ChangeTask(change, ChangeQuote()).purchase("XX-1", "{}") for change in changes)
        return switch, add

    (switch, add), (again, added) = bought("1", "4158", "103"), bought(server, subscription, "103")
    assert (switch.repeats(again), again.repeats(switch), add.repeats(added)) == (same, same, same)
    (other, _) = bought(server, subscription, "104")
    assert (switch.touches(other), other.touches(switch), switch.repeats(other)) == (same, same, False)
    assert not switch.touches(added)


async def test_an_unknown_switch_waits_through_another_server_too(shop: Shop) -> None:
    agreed = await shop.agreed("switch")
    shop.server.set_faults(["http-500*1"])
    assert (await shop.make(agreed))[0] is OutcomeKind.UNKNOWN
    elsewhere = replace(agreed, change=replace(agreed.change, server=replace(agreed.change.server, id="8199")))
    before = len(shop.server.requests)
    kind, words = await shop.make(elsewhere)
    assert (kind, len(shop.server.requests)) == (OutcomeKind.NOT_SENT, before)
    assert "It is not known whether plan switch" in words
