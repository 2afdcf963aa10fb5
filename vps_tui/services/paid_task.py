"""One paid call, for an order and for a change alike: what is bought or changed, and its way to an outcome.

record     journal says `prepared`: no journal, no call; the journal decides on repeats
check      everything that was shown, as it is now; what the account has already is noted
prepare    whatever the provider wants first and that buys nothing
send       journal says `sending`, durable, and only then does the paid call leave
finish     journal says the outcome
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.outcome import Outcome, OutcomeKind, Phase
from vps_tui.journal import ORDER, Entry, Journal, JournalFailed, Purchase, Repeated

if TYPE_CHECKING:
    from vps_tui.core.money import Money, SpendingLimit
    from vps_tui.providers.protocol import PreparedCall
    from vps_tui.services.session import Session

Value = TypeVar("Value")
Announce = Callable[[Phase], None]

RAISE_LIMIT = "Raise --max-total if that is what you want to pay."


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read just before the paid call."""

    before: tuple[str, ...] | None
    """Ids of the servers that the account has; None where they could not be read."""
    server_time: datetime | None
    notes: str = ""
    """What has another name since it was confirmed; part of the outcome's message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidTask(ABC):
    """What is bought or changed, as a person or a script confirms it: built once, and handed on to the paid call."""

    again: str = ""
    """References, separated by commas, of the earlier ones that this one knowingly repeats."""
    ceiling: SpendingLimit | None = None

    @property
    @abstractmethod
    def provider(self) -> str:
        """The provider's id."""

    @property
    @abstractmethod
    def charge(self) -> tuple[Money | None, str] | None:
        """What the spending limit is compared with, and what that is called; None where nothing is charged."""

    @abstractmethod
    def request(self, session: Session) -> str:
        """Return what the paid call says, without secrets."""

    @abstractmethod
    def purchase(self, account: str, request: str) -> Purchase:
        """Return the same in the journal's terms."""

    @abstractmethod
    async def check(self, session: Session) -> Checked | Outcome:
        """Compare what was shown with what the provider says now; an `Outcome` stops the task."""

    @abstractmethod
    async def prepare(self, session: Session) -> PreparedCall | Outcome:
        """Do everything that the call needs and that buys nothing."""

    @abstractmethod
    def _obstacles(self, *, unknown_price_allowed: bool) -> Iterator[Outcome]:
        """Yield every reason against the task that is known without asking the provider."""

    def obstacle(self, *, unknown_price_allowed: bool = True) -> Outcome | None:
        """Return why the task must not be carried out, None when nothing is against it."""
        return next(self._obstacles(unknown_price_allowed=unknown_price_allowed), None)

    def purchase_in(self, session: Session) -> Purchase:
        """Return the task in the journal's terms, made with the account of `session`."""
        return self.purchase(session.account_name, self.request(session))

    def _above_limit(self, hint: str = RAISE_LIMIT) -> Iterator[Outcome]:
        """Yield that the task costs more than the spending limit allows, if it does."""
        problem = self.ceiling.problem(*self.charge) if self.ceiling and self.charge else ""
        if problem:
            yield Outcome(OutcomeKind.NOT_SENT, problem, hint)


def digest(request: str) -> str:
    return sha256(request.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class CallResult:
    """The outcome of a paid call, and its record; None where none could be made."""

    outcome: Outcome
    entry: Entry | None = None


async def place(
    session: Session, journal: Journal, task: PaidTask, *, announce: Announce = lambda _: None
) -> CallResult:
    """Make the one paid call of `task`; never raises for what the wire, the disk or the provider does.

    Cancelled before the paid call it is `not_sent`, cancelled later `unknown`; both are recorded.
    """
    obstacle = task.obstacle()
    if obstacle is not None:
        return CallResult(obstacle)
    try:
        entry = await asyncio.to_thread(journal.prepare, task.purchase_in(session), again=task.again)
    except VpsTuiError as error:
        return CallResult(not_sent(error))
    announce(Phase.CHECKING)
    try:
        checked = await task.check(session)
        call = checked if isinstance(checked, Outcome) else await task.prepare(session)
    except asyncio.CancelledError:
        _note(journal, entry, stopped(entry.purchase.kind))
        raise
    if isinstance(checked, Outcome):
        return await _finish(journal, entry, checked)
    if isinstance(call, Outcome):
        return await _finish(journal, entry, call)
    return await _send(journal, entry, checked, call, announce)


async def _send(
    journal: Journal, entry: Entry, checked: Checked, call: PreparedCall, announce: Announce
) -> CallResult:
    try:
        await asyncio.to_thread(journal.begin_sending, entry.reference, checked.before, checked.server_time)
    except asyncio.CancelledError:
        _note(journal, entry, stopped(entry.purchase.kind))
        await call.discard()
        raise
    except VpsTuiError as error:
        await call.discard()
        return await _finish(journal, entry, not_sent(error))
    try:
        announce(Phase.SENDING)
        outcome = _noted(await call.send(entry.reference), checked.notes)
    except BaseException:
        _note(journal, entry, interrupted(entry.purchase.noun), settled_by="interrupted")
        raise
    placed = await _finish(journal, entry, outcome)
    if outcome.kind in (OutcomeKind.NOT_SENT, OutcomeKind.REFUSED):
        # Cancelling here stops the tidying up only: the outcome is known.
        with suppress(asyncio.CancelledError):
            await call.discard()
    return placed


def _noted(outcome: Outcome, notes: str) -> Outcome:
    return replace(outcome, message=f"{outcome.message} {notes}".strip()) if notes else outcome


def _note(journal: Journal, entry: Entry, outcome: Outcome, settled_by: str = "reply") -> None:
    """Record `outcome` while an exception passes; without a record it counts as the same later."""
    with suppress(JournalFailed):
        journal.finish(entry.reference, outcome, settled_by=settled_by)


async def _finish(journal: Journal, entry: Entry, outcome: Outcome) -> CallResult:
    """Record `outcome`; a failure is part of the message, because the record will say `unknown` later."""
    recording = asyncio.create_task(asyncio.to_thread(journal.finish, entry.reference, outcome))
    try:
        return CallResult(outcome, await _uninterrupted(recording))
    except JournalFailed as error:
        words = f"{outcome.message} What became of it could not be recorded: {error.message}".strip()
        hint = f"{outcome.hint} The next start may ask about it: this screen is right.".strip()
        return CallResult(replace(outcome, message=words, hint=hint), entry)


async def _uninterrupted(task: asyncio.Task[Value]) -> Value:
    """Return the result of `task` even when the wait is cancelled: the answer is here already."""
    while True:
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise


def not_sent(error: VpsTuiError) -> Outcome:
    """Return the outcome where `error` stopped the task before anything was sent."""
    title = "" if isinstance(error, Repeated) else f"{error.title}. "
    return Outcome(OutcomeKind.NOT_SENT, f"{title}{error.message}", error.hint)


def stopped(kind: str = ORDER) -> Outcome:
    safe = "Ordering again is safe." if kind == ORDER else "Trying again is safe."
    return Outcome(OutcomeKind.NOT_SENT, "It was stopped before anything was sent.", safe)


def interrupted(noun: str = ORDER) -> Outcome:
    """Return what is known where the program ended while the order, or whatever `noun` names, was being sent."""
    return Outcome(
        OutcomeKind.UNKNOWN,
        f"The program ended while the {noun} was being sent.",
        f"What the provider lists for your account shows whether the {noun} is there; that can take some minutes.",
    )
