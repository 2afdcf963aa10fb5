"""One paid call from its record to its outcome, whatever it buys or changes.

prepare    journal says `prepared`: no journal, no call
make ready everything that the call needs and that buys nothing
send       journal says `sending`, durable, and only then does the paid call leave
finish     journal says what became of it
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.outcome import Outcome, OutcomeKind, Phase
from vps_tui.journal import ORDER, Entry, Journal, JournalFailed, Purchase, Repeated

if TYPE_CHECKING:
    from vps_tui.providers.protocol import PaidCall

Value = TypeVar("Value")


Announce = Callable[[Phase], None]


@dataclass(frozen=True, slots=True)
class CallResult:
    """What a call came to, and its record; None where none could be made."""

    outcome: Outcome
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything that the paid call needs, and what was listed before it."""

    call: PaidCall
    before: tuple[str, ...] | None
    server_time: datetime | None
    notes: str = ""
    """What has another name since it was confirmed: said with whatever the call comes to."""


async def carry_out(
    journal: Journal,
    purchase: Callable[[], Purchase],
    make_ready: Callable[[], Awaitable[Ready | Outcome]],
    announce: Announce,
    *,
    again: str = "",
) -> CallResult:
    """Make one paid call and say what became of it; never raises for what the wire, the disk or the provider does.

    Cancelled before the paid call it is `not_sent`, cancelled later `unknown`; both are recorded.
    """
    try:
        entry = await asyncio.to_thread(journal.prepare, purchase(), again=again)
    except VpsTuiError as error:
        return CallResult(not_sent(error))
    announce(Phase.CHECKING)
    try:
        ready = await make_ready()
    except asyncio.CancelledError:
        _note(journal, entry, stopped(entry.purchase.kind))
        raise
    if isinstance(ready, Outcome):
        return await _finish(journal, entry, ready)
    return await _send(journal, entry, ready, announce)


async def _send(journal: Journal, entry: Entry, ready: Ready, announce: Announce) -> CallResult:
    try:
        await asyncio.to_thread(journal.begin_sending, entry.reference, ready.before, ready.server_time)
    except asyncio.CancelledError:
        _note(journal, entry, stopped(entry.purchase.kind))
        await ready.call.discard()
        raise
    except VpsTuiError as error:
        await ready.call.discard()
        return await _finish(journal, entry, not_sent(error))
    try:
        announce(Phase.SENDING)
        outcome = _noted(await ready.call.send(entry.reference), ready.notes)
    except BaseException:
        _note(journal, entry, interrupted(entry.purchase.noun), settled_by="interrupted")
        raise
    placed = await _finish(journal, entry, outcome)
    if outcome.kind in (OutcomeKind.NOT_SENT, OutcomeKind.REFUSED):
        # Whoever has had enough by now stops the tidying up, not the outcome, which is known.
        with suppress(asyncio.CancelledError):
            await ready.call.discard()
    return placed


def _noted(outcome: Outcome, notes: str) -> Outcome:
    return replace(outcome, message=f"{outcome.message} {notes}".strip()) if notes else outcome


def _note(journal: Journal, entry: Entry, outcome: Outcome, settled_by: str = "reply") -> None:
    """Record `outcome` where something else is on its way up; what is not recorded counts as the same later on."""
    with suppress(JournalFailed):
        journal.finish(entry.reference, outcome, settled_by=settled_by)


async def _finish(journal: Journal, entry: Entry, outcome: Outcome) -> CallResult:
    """Record `outcome`; where that fails it is said, for the record will call the order unknown later on."""
    recording = asyncio.create_task(asyncio.to_thread(journal.finish, entry.reference, outcome))
    try:
        return CallResult(outcome, await _uninterrupted(recording))
    except JournalFailed as error:
        words = f"{outcome.message} What became of it could not be recorded: {error.message}".strip()
        hint = f"{outcome.hint} The next start may ask about it: this screen is right.".strip()
        return CallResult(replace(outcome, message=words, hint=hint), entry)


async def _uninterrupted(task: asyncio.Task[Value]) -> Value:
    """Return what `task` comes to, whoever cancels the waiting: with the answer here there is nothing to cancel."""
    while True:
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise


def not_sent(error: VpsTuiError) -> Outcome:
    """Return the outcome of what `error` stopped before anything was sent."""
    title = "" if isinstance(error, Repeated) else f"{error.title}. "
    return Outcome(OutcomeKind.NOT_SENT, f"{title}{error.message}", error.hint)


def stopped(kind: str = ORDER) -> Outcome:
    """Return the outcome of what was stopped in time."""
    safe = "Ordering again is safe." if kind == ORDER else "Trying again is safe."
    return Outcome(OutcomeKind.NOT_SENT, "It was stopped before anything was sent.", safe)


def interrupted(noun: str = ORDER) -> Outcome:
    """Return what is known of an order, or of whatever `noun` calls it, whose program ended while it was sent."""
    return Outcome(
        OutcomeKind.UNKNOWN,
        f"The program ended while the {noun} was being sent.",
        f"What the provider lists for your account shows whether the {noun} is there; that can take some minutes.",
    )
