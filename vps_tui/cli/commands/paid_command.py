"""The way of every command that buys or changes: price, problem, dry run, question, paid call, report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any

from vps_tui.cli.commands.output import aside, document, outcome_lines, say, tell
from vps_tui.core import exit_codes
from vps_tui.core.errors import UsageError, VpsTuiError
from vps_tui.core.money import SpendingLimit
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import FILE_NAME, Journal, Purchase, Repeated
from vps_tui.journal.words import headline
from vps_tui.providers.registry import provider_info
from vps_tui.services.backend import Backend
from vps_tui.services.paid_task import CallResult, PaidTask, interrupted, not_sent, place, stopped
from vps_tui.services.session import Session
from vps_tui.terminal.prompt import confirm_typed
from vps_tui.terminal.signals import Interruption, heeding, stoppable

DRY_RUN = "Dry run: nothing was sent."


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOptions:
    """What the command line of every such command says."""

    yes: bool = False
    max_total: SpendingLimit | None = None
    allow_unknown_price: bool = False
    dry_run: bool = False
    again: str = ""
    json: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What orders and changes say differently."""

    kind: str
    """What the journal calls it; empty for any change."""
    not_sent: str
    """The headline where nothing was priced."""
    request: str
    """Introduces the request of a dry run."""
    repeat: str
    """What "again" is typed for."""
    repeat_option: str
    """How a script says so, before the references."""
    repeat_first: bool
    """Whether a repetition is refused before everything else: it can be why the provider says no."""


@dataclass(frozen=True, slots=True)
class Priced:
    """What is bought or changed at its present price, read where nothing but reads can be sent."""

    task: PaidTask
    request: str
    """What the paid call would say, without secrets."""
    purchase: Purchase
    lines: tuple[str, ...]
    """All of it in words."""
    cautions: tuple[str, ...]
    """The part of `lines` that is shown without a question, too."""
    question: tuple[str, ...]
    """The question of the confirmation, and the answers that confirm."""
    refusal: Outcome | None = None
    """Why it cannot be had at all, as far as the reads say."""
    price_shown: bool = False
    """Whether the question shows an amount even where the price is not final."""
    afterword: str = ""
    """Added where the call was made or may have been."""
    repeated: Repeated | None = None
    """Earlier ones that this one would repeat without having said so."""


Document = Callable[[Outcome, str | None, Priced | None], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class PaidCommand:
    """One run of a command that buys or changes something."""

    backend: Backend
    options: PaidOptions
    words: Words
    read: Callable[[], Coroutine[Any, Any, Priced]]
    """Prices it; sends nothing but reads."""
    document: Document
    """Returns what `--json` prints, of the outcome, the record's reference and what was priced."""

    def run(self) -> int:
        """Do what is asked for; returns the exit code.

        Raises `UsageError` for a file or options that are wrong. Every other failure before the paid call is the
        outcome `not_sent`.
        """
        with stoppable():
            try:
                return self._run()
            except KeyboardInterrupt:
                return self._report(CallResult(stopped(self.words.kind)), None, exit_codes.CANCELLED)

    def _run(self) -> int:
        options = self.options
        try:
            priced = asyncio.run(self.read())
            repeated = Journal(self.backend.folder / FILE_NAME).repeats(priced.purchase, options.again)
            priced = replace(priced, repeated=Repeated(repeated) if repeated else None)
        except UsageError:
            raise
        except VpsTuiError as error:
            return self._report(CallResult(not_sent(error)), None)
        problem = self._problem(priced)
        if problem is not None:
            return self._report(CallResult(problem), priced)
        if options.dry_run:
            return self._dry_run(priced)
        if not options.yes:
            (aside if options.json else say)(*priced.lines, "")
            confirmed = self._confirm(priced)
            if confirmed is None:
                outcome = Outcome(OutcomeKind.NOT_SENT, "You did not confirm it.")
                return self._report(CallResult(outcome), priced, exit_codes.CANCELLED)
            priced = confirmed
        elif priced.cautions:
            aside(*priced.cautions)
        interruption = Interruption(aside, priced.purchase.noun)
        placed = asyncio.run(_place_once(self.backend, priced.task, priced.purchase.kind, interruption))
        cancelled = interruption.heeded and placed.outcome.kind is OutcomeKind.NOT_SENT
        return self._report(placed, priced, exit_codes.CANCELLED if cancelled else None)

    def _problem(self, priced: Priced) -> Outcome | None:
        """Return why this is not even asked about; None when nothing is against it.

        A person sees that a price is an estimate before saying yes; a script says that it knows.
        """
        repeat, live = self._repeat_problem(priced), _is_live(priced)
        if repeat is not None and (live or self.words.repeat_first):
            return repeat
        seen = priced.price_shown and not self.options.yes
        allowed = self.options.allow_unknown_price or seen
        return priced.refusal or priced.task.obstacle(unknown_price_allowed=allowed) or repeat

    def _repeat_problem(self, priced: Priced) -> Outcome | None:
        """Return that it repeats what it must not; None where it repeats nothing, and where a person is asked."""
        repeated, live = priced.repeated, _is_live(priced)
        if repeated is None or not (self.options.yes or live):
            return None
        way = "" if live else f" {self.words.repeat_option}, add --again {_references(repeated)}."
        return Outcome(OutcomeKind.NOT_SENT, repeated.message, f"{repeated.hint}{way}".strip())

    def _confirm(self, priced: Priced) -> Priced | None:
        """Return the task as a person confirms it; None where that is not done."""
        if priced.repeated is not None:
            aside(priced.repeated.message)
            if not confirm_typed(self.words.repeat, "again"):
                return None
            priced = replace(priced, task=replace(priced.task, again=_references(priced.repeated)))
        return priced if confirm_typed(*priced.question) else None

    def _dry_run(self, priced: Priced) -> int:
        if self.options.json:
            document(self.document(Outcome(OutcomeKind.NOT_SENT, DRY_RUN), None, priced))
        else:
            say(*priced.lines, "", f"{DRY_RUN} {self.words.request}", priced.request)
        return 0

    def _report(self, placed: CallResult, priced: Priced | None, exit_code: int | None = None) -> int:
        """Print the outcome; returns the exit code."""
        outcome, entry = placed.outcome, placed.entry
        begins = headline(priced.purchase, outcome.kind) if priced else self.words.not_sent
        lines = outcome_lines(outcome, entry, begins)
        made = outcome.kind in (OutcomeKind.PLACED, OutcomeKind.UNKNOWN)
        if priced and priced.afterword and made and not self.options.json:
            lines.append(priced.afterword)
        reference = entry.reference if entry else None
        tell(lines, lambda: self.document(outcome, reference, priced), as_json=self.options.json)
        return outcome.kind.exit_code if exit_code is None else exit_code


def _is_live(priced: Priced) -> bool:
    return priced.repeated is not None and any(entry.live for entry in priced.repeated.entries)


def _references(repeated: Repeated) -> str:
    return ",".join(entry.reference for entry in repeated.entries)


async def _place_once(backend: Backend, task: PaidTask, kind: str, interruption: Interruption) -> CallResult:
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
