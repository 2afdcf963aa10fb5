"""One paid call made by a command: what signals do meanwhile, and what is known where it ends unusually."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from vps_tui.core.errors import VpsTuiError
from vps_tui.journal import ORDER, Journal, Purchase
from vps_tui.providers.registry import provider_info
from vps_tui.services.backend import Backend
from vps_tui.services.send_once import CallResult, interrupted, stopped
from vps_tui.services.session import Session
from vps_tui.terminal.signals import Interruption, heeding


async def sent(
    backend: Backend,
    provider: str,
    interruption: Interruption,
    carry_out: Callable[[Session, Journal], Awaitable[CallResult]],
    purchase: Callable[[Session], Purchase],
    *,
    kind: str = ORDER,
) -> CallResult:
    """Return what `carry_out` comes to, in a session of its own, whatever interrupts it.

    `purchase` says what is bought or changed: by that its record is found where nothing else tells any more.
    """
    with heeding(interruption):
        try:
            session = await backend.open(provider_info(provider), {})
            journal = Journal(backend.folder / "journal.sqlite")
            try:
                return await carry_out(session, journal)
            except asyncio.CancelledError:
                return _left(journal, session, purchase) if interruption.sending else CallResult(stopped(kind))
            except Exception as error:
                if not interruption.sending:
                    raise
                return _left(journal, session, purchase, f"The program failed ({type(error).__name__}).")
            finally:
                interruption.over = True
                await session.aclose()
        except asyncio.CancelledError:
            return CallResult(stopped(kind))


def _left(
    journal: Journal, session: Session, purchase: Callable[[Session], Purchase], reason: str = ""
) -> CallResult:
    """Return that it is not known what became of it, with its record if that can be read."""
    wanted = purchase(session)
    outcome = interrupted(wanted.noun)
    try:
        found = journal.repeats(wanted)
    except VpsTuiError:
        found = ()
    entry = next((entry for entry in found if not entry.state.settled), None)
    return CallResult(replace(outcome, message=reason) if reason else outcome, entry)
