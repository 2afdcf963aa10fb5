"""Just before the paid call price and stock are looked at once more; what is not as confirmed is not ordered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from vps_tui.backend import SandboxBackend
from vps_tui.core import pricing
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.outcome import OutcomeKind
from vps_tui.ordering import order
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.server import Sandbox
from vps_tui.session import Session

DRAFT = Draft(
    provider="edis",
    location="122",
    payment_method="cryptomus",
    servers=(ServerDraft(name="web1", plan="1707", os="208", add_ons=(ChosenAddOn("additional_ip", "9"),)),),
)


@pytest.fixture
def backend() -> SandboxBackend:
    return SandboxBackend(None)


@pytest.fixture
async def session(backend: SandboxBackend) -> AsyncIterator[Session]:
    session = await backend.open(provider_info("edis"), {})
    yield session
    await session.aclose()
    backend.close()


def sandbox_of(backend: SandboxBackend) -> Sandbox:
    assert backend._server is not None
    return backend._server


def paid_calls(backend: SandboxBackend) -> int:
    return sum(request.path == "/kvm/v2/add/order" for request in sandbox_of(backend).requests)


async def confirmed(session: Session) -> pricing.Quote:
    return pricing.quote(DRAFT, await session.catalog("122"))


async def test_an_unchanged_price_is_ordered_once(session: Session, backend: SandboxBackend) -> None:
    quote = await confirmed(session)
    outcome = await order(session, DRAFT, quote)
    assert (outcome.kind, paid_calls(backend)) == (OutcomeKind.PLACED, 1)
    (placed,) = sandbox_of(backend).ledger.orders()
    assert quote.due_now is not None
    assert placed.total == quote.due_now.amount == Decimal("17.99")


async def test_a_moved_price_is_not_ordered_and_both_are_told(session: Session, backend: SandboxBackend) -> None:
    quote = await confirmed(session)
    sandbox_of(backend).set_faults(["price-moved"])
    await session.read_again("122")
    outcome = await order(session, DRAFT, quote)
    assert (outcome.kind, paid_calls(backend)) == (OutcomeKind.NOT_SENT, 0)
    assert "17.99 EUR per month" in outcome.message
    assert "19.99 EUR per month" in outcome.message


async def test_the_moved_price_is_what_the_session_knows_from_then_on(
    session: Session, backend: SandboxBackend
) -> None:
    quote = await confirmed(session)
    sandbox_of(backend).set_faults(["price-moved"])
    await session.read_again("122")
    await order(session, DRAFT, quote)
    catalog = session.ready_catalog("122")
    assert catalog is not None
    outcome = await order(session, DRAFT, pricing.quote(DRAFT, catalog))
    assert (outcome.kind, paid_calls(backend)) == (OutcomeKind.PLACED, 1)


@pytest.mark.parametrize("operation", ["get/products", "get/locations"])
async def test_a_failed_look_is_not_ordered(session: Session, backend: SandboxBackend, operation: str) -> None:
    quote = await confirmed(session)
    sandbox_of(backend).set_faults([f"http-500:{operation}"])
    outcome = await order(session, DRAFT, quote)
    assert (outcome.kind, paid_calls(backend)) == (OutcomeKind.NOT_SENT, 0)


async def test_a_plan_that_is_gone_is_not_ordered(session: Session, backend: SandboxBackend) -> None:
    quote = await confirmed(session)
    gone = DRAFT.with_server(replace(DRAFT.server, plan="999999"))
    outcome = await order(session, gone, quote)
    assert (outcome.kind, paid_calls(backend)) == (OutcomeKind.NOT_SENT, 0)
    assert "no longer sold" in outcome.message


async def test_a_location_that_sold_out_meanwhile_is_not_ordered(session: Session, backend: SandboxBackend) -> None:
    sold_out = next(location.id for location in await session.locations() if not location.in_stock)
    catalog = await session.catalog(sold_out)
    plan = catalog.plans[0]
    draft = replace(DRAFT, location=sold_out, servers=(ServerDraft(name="web1", os="208").with_plan(plan),))
    outcome = await order(session, draft, pricing.quote(draft, catalog))
    assert (outcome.kind, paid_calls(backend)) == (OutcomeKind.NOT_SENT, 0)
    assert "sold out" in outcome.message
