"""From a confirmed quote to an outcome: recorded first, looked at once more, sent once, and only as confirmed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.money import Money, SpendingLimit
from vps_tui.core.outcome import OutcomeKind, Phase
from vps_tui.core.pricing import CostLine, quote_document
from vps_tui.core.secret import Secret
from vps_tui.core.typed_ids import with_typed_ids
from vps_tui.journal import Journal, State
from vps_tui.providers.order_file import parse
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.server import Sandbox
from vps_tui.services.order_task import OrderTask, offer_now
from vps_tui.services.paid_task import place
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.services.session import Session

EDIS = Draft(
    provider="edis",
    location="122",
    payment_method="cryptomus",
    servers=(
        ServerDraft(
            name="web1", plan="1707", plan_name="KVM STARTER", os="208", add_ons=(ChosenAddOn("additional_ip", "9"),)
        ),
    ),
)
STACK = Draft(
    provider="layerstack",
    payment_method="ccard",
    currency="USD",
    servers=(ServerDraft("web1", "101", os="12", plan_type="cloud_servers_standard"),),
)
READS = ("products", "locations", "billingcycles", "paymentmethods", "services")
"""What is looked at just before an order is sent."""
PASSWORD = Secret("Sesame-open-1")


def at_price(order: OrderTask, *lines: CostLine) -> OrderTask:
    """Return `order` as it would be had these amounts been shown."""
    return replace(order, shown=replace(order.shown, quote=replace(order.quote, lines=lines)))


class Shop:
    """The sandbox, a session with each of its providers, and a journal."""

    def __init__(self, folder: Path) -> None:
        self.backend = SandboxBackend(folder, forget=True)
        self.journal = Journal(folder / "state" / "journal.sqlite")
        self.phases: list[Phase] = []
        self.sessions: dict[str, Session] = {}

    async def session(self, draft: Draft) -> Session:
        if draft.provider not in self.sessions:
            self.sessions[draft.provider] = await self.backend.open(provider_info(draft.provider), {})
        return self.sessions[draft.provider]

    async def confirmed(self, draft: Draft, **details: Any) -> OrderTask:
        """Return `draft` at the price of this moment."""
        session = await self.session(draft)
        shown = await offer_now(session, draft)
        catalog = with_typed_ids(await session.catalog(draft.location), draft)
        passwords = (PASSWORD,) if draft.provider == "layerstack" else ()
        bought = (("Plan", "as chosen"),)
        document = quote_document(draft, shown.quote, catalog)
        return replace(OrderTask(draft, shown, document, bought, passwords), **details)

    async def place(self, order: OrderTask) -> tuple[OutcomeKind, str]:
        """Place `order` and return its outcome and everything that is said of it."""
        placed = await place(await self.session(order.draft), self.journal, order, announce=self.phases.append)
        return placed.outcome.kind, f"{placed.outcome.message} {placed.outcome.hint}"

    @property
    def sandbox(self) -> Sandbox:
        assert self.backend._server is not None
        return self.backend._server

    @property
    def calls(self) -> list[str]:
        """Every request that is no read."""
        reads = ("/kvm/v2/get/", "/api/cloudserver")
        return [f"{one.method} {one.route}" for one in self.sandbox.requests if not one.route.startswith(reads)]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    for session in shop.sessions.values():
        await session.aclose()
    assert shop.sandbox.failures == []
    shop.backend.close()


async def test_an_unchanged_order_is_sent_once_and_recorded(shop: Shop) -> None:
    order = await shop.confirmed(EDIS)
    assert await shop.place(order) == (OutcomeKind.PLACED, " ")
    assert shop.calls == ["POST /kvm/v2/add/order"]
    assert shop.phases == [Phase.CHECKING, Phase.SENDING]
    (bought,) = shop.sandbox.ledger.orders()
    assert order.quote.due_now is not None
    assert bought.total == order.quote.due_now.amount == Decimal("17.99")
    (entry,) = shop.journal.entries()
    assert (entry.state, entry.settled_by, entry.before) == (State.PLACED, "reply", ())
    assert entry.outcome.order_id == str(bought.order_id)
    assert entry.server_time is not None


async def test_the_record_says_what_was_confirmed(shop: Shop) -> None:
    order = await shop.confirmed(EDIS)
    await shop.place(order)
    (entry,) = shop.journal.entries()
    session = await shop.session(EDIS)
    said = entry.purchase
    assert (said.provider, said.account) == ("edis", session.account_name)
    assert said.digest == sha256(session.provider.request_text(EDIS).encode()).hexdigest()
    assert (said.quote, said.bought, said.servers) == (order.document, order.bought, (("web1", "1707"),))
    ordered = parse(said.order_file, name="record", partial=True).draft
    assert session.provider.request_text(ordered) == session.provider.request_text(EDIS)


async def test_servers_that_were_there_before_are_noted(shop: Shop) -> None:
    await shop.place(await shop.confirmed(EDIS))
    await shop.place(await shop.confirmed(EDIS.with_server(replace(EDIS.server, name="web2"))))
    second, first = shop.journal.entries()
    assert (first.before, second.before) == ((), first.outcome.service_ids)


class TestWhatIsDifferentNow:
    async def test_a_moved_price_is_not_ordered_and_both_are_told(self, shop: Shop) -> None:
        order = await shop.confirmed(EDIS)
        shop.sandbox.set_faults(["price-moved"])
        await (await shop.session(EDIS)).read_again("122")
        kind, said = await shop.place(order)
        assert (kind, shop.calls) == (OutcomeKind.NOT_SENT, [])
        assert "17.99 EUR per month" in said
        assert "19.99 EUR per month" in said
        assert shop.phases == [Phase.CHECKING]
        assert shop.journal.entries()[0].state is State.NOT_SENT

    async def test_the_moved_price_can_be_confirmed_and_ordered(self, shop: Shop) -> None:
        order = await shop.confirmed(EDIS)
        shop.sandbox.set_faults(["price-moved"])
        await (await shop.session(EDIS)).read_again("122")
        await shop.place(order)
        again = await shop.confirmed(EDIS)
        assert str(again.quote.due_now) == "19.99 EUR"
        assert (await shop.place(again))[0] is OutcomeKind.PLACED
        assert len(shop.calls) == 1

    async def test_the_same_total_made_up_otherwise_is_another_price(self, shop: Shop) -> None:
        order = await shop.confirmed(EDIS)
        plan, extra = order.quote.lines
        assert plan.amount is not None
        assert extra.amount is not None
        lines = (replace(plan, amount=extra.amount), replace(extra, amount=plan.amount))
        changed = at_price(order, *lines)
        assert (await shop.place(changed))[0] is OutcomeKind.NOT_SENT
        assert shop.calls == []

    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            ("smaller-plan", "RAM: 2048 MB when you confirmed, 512 MB now."),
            (
                "other-image",
                "OS image: Debian 12 (Bookworm) 64Bit when you confirmed, Ubuntu LTS 22.04 64Bit now.",
            ),
            (
                "terms-withdrawn:get/billingcycles",
                "Billing cycle: monthly when you confirmed, no longer offered now.",
            ),
            (
                "terms-withdrawn:get/paymentmethods",
                "Payment method: PayPal when you confirmed, no longer offered now.",
            ),
        ],
    )
    async def test_what_was_shown_is_what_is_bought(self, shop: Shop, fault: str, said: str) -> None:
        """Id and price are the same as ever."""
        await shop.session(EDIS)
        shop.sandbox.set_faults([fault])
        order = await shop.confirmed(replace(EDIS, payment_method="paypal"))
        kind, words = await shop.place(order)
        assert (kind, shop.calls) == (OutcomeKind.NOT_SENT, [])
        assert words == f"{said} Look at the cost again before you order."
        assert shop.journal.entries()[0].state is State.NOT_SENT

    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            ("renamed-plan", "Plan name: KVM STARTER when you confirmed, KVM STARTER II now."),
            (
                "renamed-image",
                "OS image: Debian 12 (Bookworm) 64Bit when you confirmed, DEBIAN 12 (BOOKWORM) 64BIT now.",
            ),
        ],
    )
    async def test_a_name_alone_is_said_and_the_order_goes_out(self, shop: Shop, fault: str, said: str) -> None:
        await shop.session(EDIS)
        shop.sandbox.set_faults([fault])
        kind, words = await shop.place(await shop.confirmed(EDIS))
        assert (kind, words.strip(), len(shop.calls)) == (OutcomeKind.PLACED, said, 1)
        assert shop.journal.entries()[0].outcome.message == said

    async def test_everything_is_looked_at_once_and_side_by_side(self, shop: Shop) -> None:
        order = await shop.confirmed(EDIS)
        before = len(shop.sandbox.requests)
        shop.sandbox.set_faults([f"slow-0.5:get/{name}" for name in READS])
        started = monotonic()
        await shop.place(order)
        asked = [one.route.removeprefix("/kvm/v2/get/") for one in shop.sandbox.requests[before:]]
        assert sorted(asked[:-1]) == sorted(READS)
        assert monotonic() - started < 0.5 * len(READS), "one waits for the other"

    @pytest.mark.parametrize("operation", ["get/products", "get/locations", "get/billingcycles"])
    async def test_a_failed_look_is_not_ordered(self, shop: Shop, operation: str) -> None:
        order = await shop.confirmed(EDIS)
        shop.sandbox.set_faults([f"http-500:{operation}"])
        kind, said = await shop.place(order)
        assert (kind, shop.calls) == (OutcomeKind.NOT_SENT, [])
        assert "could not be looked at" in said

    async def test_a_list_of_servers_that_cannot_be_read_stops_nothing(self, shop: Shop) -> None:
        """It only makes a lost reply harder to settle, and that is noted."""
        order = await shop.confirmed(EDIS)
        shop.sandbox.set_faults(["http-500:get/services"])
        assert (await shop.place(order))[0] is OutcomeKind.PLACED
        (entry,) = shop.journal.entries()
        assert (entry.before, entry.server_time) == (None, None)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [({"plan": "999999"}, "no longer sold"), ({"os": "999999"}, "no longer offered")],
    )
    async def test_what_is_no_longer_offered(self, shop: Shop, changes: dict[str, str], said: str) -> None:
        order = await shop.confirmed(EDIS)
        gone = replace(order, draft=EDIS.with_server(replace(EDIS.server, **changes)))  # type: ignore[arg-type]
        kind, words = await shop.place(gone)
        assert (kind, shop.calls) == (OutcomeKind.NOT_SENT, [])
        assert said in words

    async def test_a_location_that_sold_out_meanwhile(self, shop: Shop) -> None:
        session = await shop.session(EDIS)
        sold_out = next(location.id for location in await session.locations() if not location.in_stock)
        plan = (await session.catalog(sold_out)).plans[0]
        draft = replace(EDIS, location=sold_out, servers=(ServerDraft(name="web1", os="208").with_plan(plan),))
        kind, said = await shop.place(await shop.confirmed(draft))
        assert (kind, shop.calls) == (OutcomeKind.NOT_SENT, [])
        assert "sold out" in said

    async def test_the_cart_is_not_filled_either(self, shop: Shop) -> None:
        order = await shop.confirmed(STACK)
        dearer = CostLine("S102-HK", Money.parse("7.00", "USD"))
        kind, _ = await shop.place(at_price(order, dearer))
        assert (kind, shop.calls) == (OutcomeKind.NOT_SENT, [])


class TestCeiling:
    async def test_above_it_nothing_is_even_asked(self, shop: Shop) -> None:
        order = await shop.confirmed(EDIS, ceiling=SpendingLimit.parse("17.98 EUR"))
        asked = len(shop.sandbox.requests)
        kind, said = await shop.place(order)
        assert kind is OutcomeKind.NOT_SENT
        assert "17.99 EUR" in said
        assert "17.98 EUR" in said
        assert len(shop.sandbox.requests) == asked
        assert (shop.journal.entries(), shop.phases) == ((), [])

    @pytest.mark.parametrize("most", ["17.99", "18 EUR"])
    async def test_up_to_it_is_ordered(self, shop: Shop, most: str) -> None:
        order = await shop.confirmed(EDIS, ceiling=SpendingLimit.parse(most))
        assert (await shop.place(order))[0] is OutcomeKind.PLACED

    async def test_it_cannot_be_compared_with_another_currency_or_an_unknown_price(self, shop: Shop) -> None:
        ceiling = SpendingLimit.parse("1000 USD")
        assert (await shop.place(await shop.confirmed(EDIS, ceiling=ceiling)))[0] is OutcomeKind.NOT_SENT
        unknown = STACK.with_server(replace(STACK.server, plan="999"))
        assert (await shop.place(await shop.confirmed(unknown, ceiling=ceiling)))[0] is OutcomeKind.NOT_SENT
        assert shop.calls == []


class TestRepeating:
    async def test_the_same_server_is_not_ordered_twice_by_accident(self, shop: Shop) -> None:
        order = await shop.confirmed(EDIS)
        await shop.place(order)
        (first,) = shop.journal.entries()
        asked = len(shop.sandbox.requests)
        kind, said = await shop.place(order)
        assert (kind, len(shop.sandbox.requests)) == (OutcomeKind.NOT_SENT, asked)
        assert first.reference in said
        assert shop.journal.entries() == (first,)

    async def test_said_to_be_meant_it_is_ordered_and_the_record_says_so(self, shop: Shop) -> None:
        order = await shop.confirmed(EDIS)
        await shop.place(order)
        (first,) = shop.journal.entries()
        assert (await shop.place(replace(order, again=first.reference)))[0] is OutcomeKind.PLACED
        assert [entry.again for entry in shop.journal.entries()] == [first.reference, ""]
        assert len(shop.sandbox.ledger.orders()) == 2


async def test_without_a_record_nothing_is_sent(shop: Shop) -> None:
    order = await shop.confirmed(EDIS)
    asked = len(shop.sandbox.requests)
    shop.journal.path.parent.mkdir(mode=0o700)
    shop.journal.path.write_bytes(b"no database at all, but long enough to be read as one" * 40)
    shop.journal.path.chmod(0o600)
    kind, said = await shop.place(order)
    assert (kind, len(shop.sandbox.requests)) == (OutcomeKind.NOT_SENT, asked)
    assert "record" in said


class TestLayerStack:
    async def test_the_cart_is_filled_and_then_ordered(self, shop: Shop) -> None:
        assert (await shop.place(await shop.confirmed(STACK)))[0] is OutcomeKind.PLACED
        assert shop.calls == ["POST /api/order/add-to-cart", "POST /api/order"]
        cart = next(one for one in shop.sandbox.requests if one.route == "/api/order/add-to-cart")
        assert json.loads(cart.body)["password"] == PASSWORD.reveal()

    @pytest.mark.parametrize("fault", ["declined-card", "out-of-stock"])
    async def test_after_a_refusal_the_cart_is_emptied(self, shop: Shop, fault: str) -> None:
        order = await shop.confirmed(STACK)
        shop.sandbox.set_faults([fault])
        assert (await shop.place(order))[0] is OutcomeKind.REFUSED
        (*_, last) = shop.calls
        assert last.startswith("DELETE /api/order/cartItems/delete/")
        assert shop.journal.entries()[0].state is State.REFUSED

    async def test_after_a_lost_reply_the_cart_is_left_alone(self, shop: Shop) -> None:
        order = await shop.confirmed(STACK)
        shop.sandbox.set_faults(["reply-lost"])
        assert (await shop.place(order))[0] is OutcomeKind.UNKNOWN
        assert shop.calls == ["POST /api/order/add-to-cart", "POST /api/order"]
        assert shop.journal.entries()[0].unsettled

    async def test_the_root_password_is_recorded_nowhere(self, shop: Shop) -> None:
        order = await shop.confirmed(STACK)
        await shop.place(order)
        secret = PASSWORD.reveal()
        assert secret not in repr(order)
        files = [path for path in shop.journal.path.parent.rglob("*") if path.is_file()]
        assert files
        assert all(secret.encode() not in path.read_bytes() for path in files)

    async def test_ids_that_no_catalogue_lists_are_ordered_at_an_unknown_price(self, shop: Shop) -> None:
        """An open catalogue cannot say that a plan is no longer sold; the provider does."""
        order = await shop.confirmed(STACK.with_server(replace(STACK.server, plan="999")))
        assert not order.quote.complete
        kind, said = await shop.place(order)
        assert (kind, shop.calls) == (OutcomeKind.REFUSED, ["POST /api/order/add-to-cart"])
        assert "plan_id" in said


@pytest.mark.parametrize(("phase", "state"), [(Phase.CHECKING, State.NOT_SENT), (Phase.SENDING, State.UNKNOWN)])
async def test_stopped_it_is_recorded_by_how_far_it_had_come(shop: Shop, phase: Phase, state: State) -> None:
    order = await shop.confirmed(EDIS)
    session = await shop.session(EDIS)

    def stop(reached: Phase) -> None:
        if reached is phase:
            task.cancel()

    task = asyncio.create_task(place(session, shop.journal, order, announce=stop))
    with pytest.raises(asyncio.CancelledError):
        await task
    (entry,) = shop.journal.entries()
    assert (entry.state, entry.unsettled) == (state, state is State.UNKNOWN)
    assert shop.calls == []
