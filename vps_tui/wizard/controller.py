"""The controller of the wizard: screens and lines own a `Flow` and add only how they ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vps_tui.core import exit_codes
from vps_tui.core.errors import SignInRefused, VpsTuiError
from vps_tui.core.steps import Step
from vps_tui.wizard.run import Run
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.core.outcome import Phase
    from vps_tui.journal import Entry
    from vps_tui.providers.models import TypedIds
    from vps_tui.services.findings import Looked
    from vps_tui.wizard.change_controller import ChangeController


class Flow(Run):
    """One run of the wizard and what it does with the answers, the one paid call included."""

    @cached_property
    def changes(self) -> ChangeController:
        """What is done for servers that one has instead of ordering; loaded when that is begun."""
        from vps_tui.wizard.change_controller import ChangeController

        return ChangeController(self)

    def begin(self) -> VpsTuiError | None:
        """Stand at an order that is not known, at a saved one, or at the first question; returns what is wrong."""
        self.state = self.blank()
        try:
            entry = None
            if self.any_recorded:
                from vps_tui.wizard.start import find_unsettled

                entry = find_unsettled(self.journal, self.skipped_references)
                self._latest = self.journal.latest()
                self.state = self.blank()
        except VpsTuiError as error:
            return error
        if entry is not None and not self.history_only:
            from vps_tui.wizard.start import at_order

            self.state = at_order(self.backend, entry.printable())
        elif self.about_servers:
            self.state = self.changes.begun()
        elif self._saved is not None:
            from vps_tui.wizard.start import at_saved

            self.state, self._saved = at_saved(self.backend, self._saved), None
        return None

    def kept(self) -> WizardState | None:
        """Return the state for going on with the order that was left unfinished, None without one.

        Raises `UsageError` where it cannot be read. Of use only while nothing has been chosen.
        """
        from vps_tui.wizard.start import at_saved

        draft = self.drafts.kept()
        return None if draft is None else at_saved(self.backend, draft)

    async def start_over(self) -> VpsTuiError | None:
        """Leave the present order as it is and begin another, as `begin` does."""
        if self.state.entry is not None:
            self.skipped_references |= {self.state.entry.reference}
        await self.drop_session()
        return self.begin()

    def to_sign_in_again(self, error: VpsTuiError, state: WizardState) -> WizardState | None:
        """Return the state at the sign-in where credentials that were known did not do; None for another `error`."""
        from vps_tui.credentials.sources import CredentialsMissing

        asked = replace(state, credentials_known=False, signed_in=False)
        earlier = asked.back()
        needed = isinstance(error, CredentialsMissing | SignInRefused) and state.credentials_known
        if not needed or self.backend.sandbox or earlier is None or earlier.step is not Step.SIGN_IN:
            return None
        self.sign_in_problem = error
        return asked

    async def sign_in(self, state: WizardState) -> None:
        """Try the credentials of `state` with one read, so that a wrong password counts once; raises `VpsTuiError`.

        The reads of the coming steps begin with it.
        """
        self.state = replace(state, signed_in=False)
        try:
            await self.drop_session()
            session = await self.session()
            await session.account()
            if state.changing is None:
                session.begin()
        except VpsTuiError:
            self.state = replace(state, signed_in=False, credentials_known=False)
            raise

    async def after(self, state: WizardState) -> WizardState | str:
        """Return the state after the answer in `state`, or in a sentence why there is no going on.

        The confirmation is answered with `order`.
        """
        if self._session is not None and self._session.info is not state.info:
            await self.drop_session()
        if state.step not in (Step.COST, Step.CHANGE_COST):
            return state.forward()
        from vps_tui.wizard.confirmed_task import change_of, order_of

        try:
            session = await self.session()
            build = order_of if state.changing is None else change_of
            task = build(state, ceiling=self.backend.ceiling)
            repeated = await asyncio.to_thread(self.journal.repeats, task.purchase_in(session))
        except VpsTuiError as error:
            return f"{error.title}: {error.message}"
        # That a price is an estimate or not known is shown beside it, so whoever goes on accepts it.
        obstacle = task.obstacle()
        if obstacle is not None:
            return obstacle.message
        changing = replace(state.changing, account=session.account_name) if state.changing else None
        return replace(state, changing=changing, task=task, repeated=repeated, acknowledged="").forward()

    def order(self, announce: Callable[[Phase], None] = lambda _: None) -> Coroutine[Any, Any, WizardState]:
        """Make the paid call that the present state confirms, once; the coroutine returns the state at its receipt.

        `ordering` is set by the call itself, so that nothing else happens before the coroutine begins. A fault of the
        program, and being cancelled, leave `ordering` and `sending` as they were then.
        """
        self.ordering = True
        return self._order(self.state, announce)

    async def _order(self, state: WizardState, announce: Callable[[Phase], None]) -> WizardState:
        from vps_tui.core.outcome import Phase
        from vps_tui.services.paid_task import CallResult, not_sent, place
        from vps_tui.wizard.confirmed_task import as_read_last

        def noted(phase: Phase) -> None:
            self.sending = phase is Phase.SENDING
            announce(phase)

        if state.task is None:
            raise RuntimeError("nothing was confirmed")
        try:
            session = await self.session()
        except VpsTuiError as error:
            placed = CallResult(not_sent(error))
        else:
            task = replace(state.task, again=state.acknowledged)
            placed = await place(session, self.journal, task, announce=noted)
        self.ordering = False
        self.ordered_here |= {placed.entry.reference} if placed.entry else set()
        state = as_read_last(self._session, state) if self._session else state
        return replace(state, task=None, outcome=placed.outcome, entry=placed.entry).forward()

    async def remember(self, typed: TypedIds) -> str:
        """Keep typed ids for the next time; returns one sentence on what went wrong, empty where nothing did."""
        try:
            await (await self.session()).remember(typed)
        except VpsTuiError as error:
            return f"The ids are used, but could not be remembered: {error.message}"
        return ""

    async def look(self, state: WizardState) -> Looked:
        """Read what the provider lists of the order or change in `state`; an unknown one is settled if that is clear.

        Raises `VpsTuiError`.
        """
        from vps_tui.core.outcome import OutcomeKind
        from vps_tui.services.findings import Looked

        session, entry = await self.session(), state.entry
        if entry is not None and state.outcome is not None and state.outcome.kind is OutcomeKind.UNKNOWN:
            from vps_tui.services.reconcile import look

            finding, entry = await look(session, self.journal, entry)
            return Looked(finding.servers, finding, entry)
        if state.changing is None:
            return Looked((await session.find(state.draft)).servers, None, entry)
        from vps_tui.services.reconcile_change import listed_servers
        from vps_tui.wizard.questions.owned_servers import server

        return Looked(listed_servers((await session.owned()).server(server(state).id)), None, entry)

    async def settle(self, entry: Entry, *, there: bool) -> Entry:
        """Record what a person sees in the provider's panel; raises `JournalFailed`."""
        from vps_tui.services.reconcile import settle_by_hand

        return await asyncio.to_thread(settle_by_hand, self.journal, entry, there=there)

    @property
    def exit_code(self) -> int:
        """The exit code for the present state; an earlier order that is being looked at plays no part."""
        if self.ordering:
            return exit_codes.UNKNOWN if self.sending else exit_codes.CANCELLED
        outcome = self.state.home.outcome
        if outcome is not None:
            return outcome.kind.exit_code
        if self.skipped_references & self.ordered_here:
            return exit_codes.UNKNOWN
        return exit_codes.DONE if self.finished or self.history_only else exit_codes.CANCELLED

    def last_words(self) -> list[str]:
        """Return what stays on the terminal after the wizard; loaded at its end."""
        from vps_tui.wizard.result import last_words

        return last_words(self)
