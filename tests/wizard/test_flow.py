"""How one order goes on: sessions are closed whoever gives up waiting for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from vps_tui.providers.registry import provider_info
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.services.session import Session
from vps_tui.wizard.controller import Flow


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
