"""How one order goes on, whoever asks the questions: screens and lines own a `Flow` and add only how they ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from vps_tui.core.errors import SignInRefused, VpsTuiError
from vps_tui.core.steps import Step
from vps_tui.wizard.run import Run
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.core.outcome import Phase
    from vps_tui.journal import Entry
    from vps_tui.providers.models import TypedIds
    from vps_tui.services.reconcile import Looked
    from vps_tui.services.send_once import CallResult
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
                from vps_tui.wizard.start import unsettled

                entry = unsettled(self.journal, self.passed)
                self._latest = self.journal.latest()
                self.state = self.blank()
        except VpsTuiError as error:
            return error
        if entry is not None and not self.only_looking:
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

    async def fresh(self) -> VpsTuiError | None:
        """Leave the present order as it is and begin another, as `begin` does."""
        if self.state.entry is not None:
            self.passed |= {self.state.entry.reference}
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
        if state.changing is not None:
            return await self.changes.after(state)
        if state.step is not Step.COST:
            return state.forward()
        from vps_tui.services.place_order import purchase
        from vps_tui.wizard.confirmed_order import order_of

        try:
            session = await self.session()
            order = order_of(state, ceiling=self.backend.ceiling)
            bought = purchase(order, session.account_name, session.request_text(order.draft))
            repeated = await asyncio.to_thread(self.journal.repeats, bought)
        except VpsTuiError as error:
            return f"{error.title}: {error.message}"
        problem = order.ceiling.problem(order.quote) if order.ceiling else ""
        return problem or replace(state, repeated=repeated, again="").forward()

    async def order(self, announce: Callable[[Phase], None] = lambda _: None) -> WizardState:
        """Make the paid call for the present state, once, and return the state at its receipt.

        A fault of the program itself, and being cancelled, leave `ordering` and `sending` as they were then.
        """
        from vps_tui.wizard.confirmed_order import as_read_last

        state, self.ordering = self.state, True
        placed = await self._place(state, announce)
        self.ordering = False
        self.ordered_here |= {placed.entry.reference} if placed.entry else set()
        state = as_read_last(self._session, state) if self._session else state
        return replace(state, outcome=placed.outcome, entry=placed.entry).forward()

    async def _place(self, state: WizardState, announce: Callable[[Phase], None]) -> CallResult:
        from vps_tui.core.outcome import Phase
        from vps_tui.services.place_order import place
        from vps_tui.services.send_once import CallResult, not_sent
        from vps_tui.wizard.confirmed_order import order_of

        def noted(phase: Phase) -> None:
            self.sending = phase is Phase.SENDING
            announce(phase)

        if state.changing is not None:
            return await self.changes.make(state, noted)
        order = order_of(state, state.given_passwords, again=state.again, ceiling=self.backend.ceiling)
        try:
            session = await self.session()
        except VpsTuiError as error:
            return CallResult(not_sent(error))
        return await place(session, self.journal, order, announce=noted)

    async def remember(self, typed: TypedIds) -> str:
        """Keep typed ids for the next time; returns one sentence on what went wrong, empty where nothing did."""
        try:
            await (await self.session()).remember(typed)
        except VpsTuiError as error:
            return f"The ids are used, but could not be remembered: {error.message}"
        return ""

    async def look(self, state: WizardState) -> Looked:
        """Read what the provider lists of the order in `state`; an unknown one is settled if that is clear.

        Raises `VpsTuiError`.
        """
        if state.changing is not None:
            return await self.changes.look(state)
        from vps_tui.core.outcome import OutcomeKind
        from vps_tui.services.reconcile import Looked
        from vps_tui.services.reconcile_any import look

        session = await self.session()
        unknown = state.outcome is not None and state.outcome.kind is OutcomeKind.UNKNOWN
        if unknown and state.entry is not None:
            finding, entry = await look(session, self.journal, state.entry)
            return Looked(finding.servers, finding, entry)
        return Looked((await session.find(state.draft)).servers, None, state.entry)

    async def settle(self, entry: Entry, *, there: bool) -> Entry:
        """Record what a person has found in the provider's panel; raises `JournalFailed`."""
        from vps_tui.providers.registry import provider_info
        from vps_tui.services.reconcile import settled_by_hand

        panel = provider_info(entry.purchase.provider).panel
        outcome = settled_by_hand(there=there, panel=panel, noun=entry.purchase.noun, known=entry.outcome)
        return await asyncio.to_thread(self.journal.finish, entry.reference, outcome, settled_by="hand")

    @property
    def code(self) -> int:
        """The exit code for how things stand."""
        from vps_tui.wizard.result import exit_code

        return exit_code(self)

    def last_words(self) -> list[str]:
        """Return what should stay on the terminal after the wizard: what became of the order."""
        from vps_tui.wizard.result import last_words

        return last_words(self)
