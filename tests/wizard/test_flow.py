"""How one order goes on: sessions are closed whoever gives up waiting for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from tui.shortcut import EDIS

from vps_tui.core.steps import Position, Step
from vps_tui.providers.registry import provider_info
from vps_tui.services.resolve import resolve
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.services.session import Session
from vps_tui.wizard.controller import Flow
from vps_tui.wizard.start import of_resolved
from vps_tui.wizard.state import WizardState


async def test_a_session_is_closed_though_whoever_drops_it_is_cancelled(tmp_path: Path) -> None:
    """A screen that is left takes its workers with it, and one of them may be closing the session."""
    backend = SandboxBackend(tmp_path, forget=True)
    flow = Flow(backend)
    flow.state = replace(flow.blank(), info=provider_info("edis"))
    session = await flow.session()
    going, closed = asyncio.Event(), []
    close = session.aclose

    async def slow() -> None:
        await going.wait()
        await close()
        closed.append(session)

    session.aclose = slow  # type: ignore[method-assign]
    dropping = asyncio.create_task(flow.drop_session())
    await asyncio.sleep(0)
    dropping.cancel()
    await asyncio.gather(dropping, return_exceptions=True)
    assert closed == []
    going.set()
    await flow.drop_session()
    assert closed == [session]
    assert isinstance(session, Session)
    backend.close()


async def at_the_cost(tmp_path: Path) -> Flow:
    """Return a run of the wizard at the cost of an order from the sandbox."""
    flow = Flow(SandboxBackend(tmp_path))
    info = provider_info(EDIS.provider)
    flow.state = WizardState().with_provider(info, credentials_known=True)
    resolved = await resolve(await flow.session(), info, EDIS)
    flow.state = replace(of_resolved(resolved), credentials_known=True, position=Position(Step.COST))
    return flow


async def test_what_was_confirmed_is_what_is_sent(tmp_path: Path) -> None:
    """The order is built when its cost is accepted, and no answer given later finds a way into it."""
    flow = await at_the_cost(tmp_path)
    confirmed = await flow.after(flow.state)
    assert isinstance(confirmed, WizardState)
    other = confirmed.with_server(replace(confirmed.server, name="web2"))
    flow.state = other
    sending = flow.order()
    assert flow.ordering, "from the call on, before the coroutine has begun"
    receipt = await sending
    assert receipt.entry is not None
    assert (receipt.entry.purchase.names, flow.ordering, receipt.task) == (("web1",), False, None)
    await flow.drop_session()
    flow.backend.close()


async def test_without_a_confirmation_nothing_is_sent(tmp_path: Path) -> None:
    flow = await at_the_cost(tmp_path)
    with pytest.raises(RuntimeError):
        await flow.order()
    assert flow.journal.entries() == ()
    await flow.drop_session()
    flow.backend.close()
