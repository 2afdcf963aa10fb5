"""One paid call made by a command: what signals do meanwhile, and what is known where it ends unusually."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from vps_tui.core.errors import VpsTuiError
from vps_tui.journal import FILE_NAME, Journal
from vps_tui.providers.registry import provider_info
from vps_tui.services.backend import Backend
from vps_tui.services.paid_task import CallResult, PaidTask, interrupted, place, stopped
from vps_tui.services.session import Session
from vps_tui.terminal.signals import Interruption, heeding


async def place_once(backend: Backend, task: PaidTask, kind: str, interruption: Interruption) -> CallResult:
    """Return the outcome of `task`, sent in a session of its own, whatever interrupts it."""
    with heeding(interruption):
        try:
            session = await backend.open(provider_info(task.provider), {})
            journal = Journal(backend.folder / FILE_NAME)
            try:
                return await place(session, journal, task, announce=interruption.announce)
            except asyncio.CancelledError:
                return _unknown(journal, task, session) if interruption.sending else CallResult(stopped(kind))
            except Exception as error:
                if not interruption.sending:
                    raise
                return _unknown(journal, task, session, f"The program failed ({type(error).__name__}).")
            finally:
                interruption.over = True
                await session.aclose()
        except asyncio.CancelledError:
            return CallResult(stopped(kind))


def _unknown(journal: Journal, task: PaidTask, session: Session, reason: str = "") -> CallResult:
    """Return that the outcome of `task` is not known, with its record if that can be read."""
    wanted = task.purchase_in(session)
    outcome = interrupted(wanted.noun)
    try:
        found = journal.repeats(wanted)
    except VpsTuiError:
        found = ()
    entry = next((entry for entry in found if not entry.state.settled), None)
    return CallResult(replace(outcome, message=reason) if reason else outcome, entry)
