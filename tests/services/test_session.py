"""Reads start early, run side by side and are shared; the paid call goes through once and unchanged."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest

from vps_tui.core import pricing
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.errors import NoReply, SignInRefused
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.pricing import Quote
from vps_tui.core.secret import Secret
from vps_tui.providers.delivery import Awaited, Delivery
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.models import Account, Listing, PaymentMethod, Server, TypedIds
from vps_tui.providers.protocol import PreparedCall
from vps_tui.services.session import Session, Terms

ACCOUNT = Account("ops@example.org")
CYCLES = (BillingCycle.MONTHLY, BillingCycle.ANNUALLY)
METHODS = (PaymentMethod("cryptomus", "Cryptomus"),)
LOCATIONS = (Location("122", "Vienna"),)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
EARLY = {"account", "cycles", "methods", "locations"}
LIMIT = 5.0
"""Seconds until a state that does not come about fails the test."""


class ToyProvider:
    """Answers each read when the test lets it, and keeps count."""

    def __init__(self, *, held: bool = False) -> None:
        self.calls: Counter[str] = Counter()
        self.cancelled: Counter[str] = Counter()
        self.closed = False
        self.failures: dict[str, list[Exception]] = defaultdict(list)
        self.remembered: list[TypedIds] = []
        self.placed: list[tuple[Draft, tuple[Secret, ...]]] = []
        self._gates: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._started: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._held = held

    def release(self, *names: str) -> None:
        for name in names:
            self._gates[name].set()

    async def started(self, *names: str) -> None:
        """Return once all of `names` are being read at the same time."""
        async with asyncio.timeout(LIMIT):
            for name in names:
                await self._started[name].wait()

    async def _read(self, name: str, value: Any) -> Any:
        self.calls[name] += 1
        self._started[name].set()
        try:
            if self._held:
                await self._gates[name].wait()
        except asyncio.CancelledError:
            self.cancelled[name] += 1
            raise
        if self.failures[name]:
            raise self.failures[name].pop(0)
        return value

    async def account(self) -> Account:
        account: Account = await self._read("account", ACCOUNT)
        return account

    async def locations(self) -> tuple[Location, ...]:
        locations: tuple[Location, ...] = await self._read("locations", LOCATIONS)
        return locations

    async def catalog(self, location: str) -> Catalog:
        catalog: Catalog = await self._read(f"catalog {location}", Catalog((), location))
        return catalog

    async def quote(self, draft: Draft, catalog: Catalog) -> Quote:
        return pricing.quote(draft, catalog)

    async def billing_cycles(self) -> tuple[BillingCycle, ...]:
        cycles: tuple[BillingCycle, ...] = await self._read("cycles", CYCLES)
        return cycles

    async def payment_methods(self) -> tuple[PaymentMethod, ...]:
        methods: tuple[PaymentMethod, ...] = await self._read("methods", METHODS)
        return methods

    @property
    def account_name(self) -> str:
        return ACCOUNT.name

    def request_text(self, draft: Draft) -> str:
        return f"buy {draft.server.name}"

    async def prepare(self, draft: Draft, root_passwords: tuple[Secret, ...] = ()) -> PreparedCall | Outcome:
        async def send(_reference: str) -> Outcome:
            self.placed.append((draft, root_passwords))
            return Outcome(OutcomeKind.PLACED, order_id="1")

        self.calls["prepare"] += 1
        return PreparedCall(send) if draft.servers[0].name else Outcome(OutcomeKind.REFUSED, "no name")

    async def remember(self, typed: TypedIds) -> None:
        self.remembered.append(typed)

    async def find(self, draft: Draft) -> Listing:
        self.calls["find"] += 1
        return Listing((Server(str(self.calls["find"])),), NOW)

    async def deliveries(self, awaited: Awaited) -> tuple[Delivery, ...]:
        delivered: tuple[Delivery, ...] = await self._read("deliveries", (Delivery(awaited.draft.server.name),))
        return delivered

    async def aclose(self) -> None:
        self.closed = True


def session_with(provider: ToyProvider) -> Session:
    info = ProviderInfo("toy", "Toy", "", (), (), {}, lambda _: provider, "Name", "", lambda _: None)
    return Session(info, provider)


async def test_nothing_is_asked_before_the_reads_begin() -> None:
    provider = ToyProvider()
    session_with(provider)
    await asyncio.sleep(0)
    assert not provider.calls


async def test_the_early_reads_all_run_at_once_and_are_asked_only_once() -> None:
    provider = ToyProvider(held=True)
    session = session_with(provider)
    session.begin()
    session.begin()
    await provider.started(*EARLY)
    assert set(provider.calls) == EARLY
    provider.release(*EARLY)
    assert await session.terms() == Terms(ACCOUNT, CYCLES, METHODS)
    assert await session.locations() == LOCATIONS
    assert await session.account() == ACCOUNT
    assert set(provider.calls.values()) == {1}


async def test_the_terms_are_read_side_by_side_without_an_early_start() -> None:
    provider = ToyProvider(held=True)
    terms = asyncio.ensure_future(session_with(provider).terms())
    await provider.started("account", "cycles", "methods")
    provider.release("account", "cycles", "methods")
    assert await terms == Terms(ACCOUNT, CYCLES, METHODS)


async def test_one_read_answers_everybody_who_asks() -> None:
    provider = ToyProvider(held=True)
    session = session_with(provider)
    asking = [asyncio.ensure_future(session.catalog("122")) for _ in range(3)]
    other = asyncio.ensure_future(session.catalog("7"))
    await provider.started("catalog 122", "catalog 7")
    provider.release("catalog 122", "catalog 7")
    first, *rest = await asyncio.gather(*asking)
    assert all(catalog is first for catalog in rest)
    assert await session.catalog("122") is first
    assert (first.source, (await other).source) == ("122", "7")
    assert provider.calls == {"catalog 122": 1, "catalog 7": 1}


async def test_somebody_who_stops_waiting_stops_no_read() -> None:
    provider = ToyProvider(held=True)
    session = session_with(provider)
    impatient = asyncio.ensure_future(session.catalog("122"))
    await provider.started("catalog 122")
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    provider.release("catalog 122")
    assert (await session.catalog("122")).source == "122"
    assert (provider.calls["catalog 122"], provider.cancelled["catalog 122"]) == (1, 0)


async def test_a_failed_read_is_read_again_when_asked() -> None:
    provider = ToyProvider()
    provider.failures["catalog 122"] = [NoReply("one"), NoReply("two")]
    session = session_with(provider)
    for said in ("one", "two"):
        with pytest.raises(NoReply, match=said):
            await session.catalog("122")
        assert session.ready_catalog("122") is None
    assert (await session.catalog("122")).source == "122"
    assert provider.calls["catalog 122"] == 3


async def test_a_failure_that_nobody_waited_for_is_not_reported_as_lost() -> None:
    lost: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: lost.append(context))
    session = await session_with_a_failed_early_read(ToyProvider(held=True))
    await session.aclose()
    del session
    gc.collect()
    assert lost == []


async def test_a_failure_that_nobody_waited_for_fails_aloud_when_asked() -> None:
    provider = ToyProvider(held=True)
    session = await session_with_a_failed_early_read(provider)
    provider.failures["account"].append(SignInRefused("asked"))
    with pytest.raises(SignInRefused, match="asked"):
        await session.account()
    assert await session.account() == ACCOUNT
    assert provider.calls["account"] == 3


async def session_with_a_failed_early_read(provider: ToyProvider) -> Session:
    provider.failures["account"].append(SignInRefused("early"))
    session = session_with(provider)
    session.begin()
    await provider.started(*EARLY)
    provider.release(*EARLY)
    await session.locations()
    assert provider.failures["account"] == []
    return session


async def test_terms_fail_with_the_first_failure_and_keep_what_was_read() -> None:
    provider = ToyProvider()
    provider.failures["account"] = [SignInRefused("no")]
    session = session_with(provider)
    with pytest.raises(SignInRefused):
        await session.terms()
    assert await session.terms() == Terms(ACCOUNT, CYCLES, METHODS)
    assert provider.calls == {"account": 2, "cycles": 1, "methods": 1}


async def test_a_catalogue_is_ready_once_it_is_here() -> None:
    provider = ToyProvider(held=True)
    session = session_with(provider)
    assert session.ready_catalog("122") is None
    asking = asyncio.ensure_future(session.catalog("122"))
    await provider.started("catalog 122")
    assert session.ready_catalog("122") is None
    provider.release("catalog 122")
    assert session.ready_catalog("122") is None
    catalog = await asking
    assert session.ready_catalog("122") is catalog
    assert session.ready_catalog("7") is None


async def test_cancelling_stops_what_is_still_read_and_keeps_the_rest() -> None:
    provider = ToyProvider(held=True)
    session = session_with(provider)
    session.begin()
    asking = asyncio.ensure_future(session.account())
    await provider.started(*EARLY)
    provider.release("locations")
    await session.locations()
    session.cancel_reads()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert set(provider.cancelled) == EARLY - {"locations"}
    provider.release(*EARLY)
    assert await session.account() == ACCOUNT
    assert await session.locations() == LOCATIONS
    assert (provider.calls["account"], provider.calls["locations"]) == (2, 1)


async def test_preparing_sends_nothing_and_the_call_is_made_once_as_it_is() -> None:
    provider = ToyProvider()
    draft, passwords = Draft("toy", servers=(ServerDraft("web1"),)), (Secret("Sesame-open-1"),)
    call = await session_with(provider).provider.prepare(draft, passwords)
    assert not isinstance(call, Outcome)
    assert provider.placed == []
    assert await call.send() == Outcome(OutcomeKind.PLACED, order_id="1")
    with pytest.raises(RuntimeError, match="once"):
        await call.send()
    assert provider.placed == [(draft, passwords)]


async def test_what_was_discarded_is_never_sent() -> None:
    provider = ToyProvider()
    call = await session_with(provider).provider.prepare(Draft("toy", servers=(ServerDraft("web1"),)), ())
    assert not isinstance(call, Outcome)
    await call.discard()
    with pytest.raises(RuntimeError, match="once"):
        await call.send()
    assert provider.placed == []


async def test_preparing_may_fail_already() -> None:
    refused = await session_with(ToyProvider()).provider.prepare(Draft("toy"), ())
    assert refused == Outcome(OutcomeKind.REFUSED, "no name")


def test_account_and_request_are_told_without_asking() -> None:
    provider = ToyProvider()
    session = session_with(provider)
    assert session.account_name == "ops@example.org"
    assert session.provider.request_text(Draft(servers=(ServerDraft("web1"),))) == "buy web1"
    assert not provider.calls


async def test_price_and_stock_are_read_again_whatever_is_remembered() -> None:
    provider = ToyProvider()
    session = session_with(provider)
    session.begin()
    first = await session.catalog("122")
    catalog, locations = await session.read_again("122")
    assert (catalog, locations) == (first, LOCATIONS)
    assert (provider.calls["catalog 122"], provider.calls["locations"]) == (2, 2)
    assert session.ready_catalog("122") is catalog
    assert catalog is not first
    assert await session.account() == ACCOUNT
    assert provider.calls["account"] == 1


async def test_typed_ids_are_kept_and_the_catalogue_is_read_anew() -> None:
    provider = ToyProvider()
    session = session_with(provider)
    before = await session.catalog("122")
    await session.locations()
    typed = TypedIds(plan="999", plan_type="other", os="77")
    await session.remember(typed)
    assert provider.remembered == [typed]
    assert await session.catalog("122") is not before
    await session.locations()
    assert (provider.calls["catalog 122"], provider.calls["locations"]) == (2, 1)


async def test_servers_are_never_listed_from_memory() -> None:
    session = session_with(ToyProvider())
    listings = [await session.find(Draft()) for _ in range(2)]
    assert [listing.servers[0].id for listing in listings] == ["1", "2"]
    assert listings[0].at == NOW


async def test_closing_stops_reading_and_closes_the_connections() -> None:
    provider = ToyProvider(held=True)
    session = session_with(provider)
    session.begin()
    await provider.started(*EARLY)
    await session.aclose()
    assert provider.closed
    tasks = [task for task in asyncio.all_tasks() if task.get_name() in EARLY]
    async with asyncio.timeout(LIMIT):
        await asyncio.gather(*tasks, return_exceptions=True)
    assert set(provider.cancelled) == EARLY


async def test_how_far_servers_are_is_never_from_memory_and_not_asked_after_the_end() -> None:
    provider = ToyProvider()
    session = session_with(provider)
    awaited = Awaited(Draft("edis"))
    await session.deliveries(awaited)
    await session.deliveries(awaited)
    assert provider.calls["deliveries"] == 2
    await session.aclose()
    with pytest.raises(asyncio.CancelledError):
        await session.deliveries(awaited)
    assert provider.calls["deliveries"] == 2


async def test_what_is_being_asked_about_servers_ends_with_the_session() -> None:
    provider = ToyProvider(held=True)
    session = session_with(provider)
    asking = asyncio.ensure_future(session.deliveries(Awaited(Draft("edis"))))
    await provider.started("deliveries")
    await session.aclose()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert provider.cancelled["deliveries"] == 1
