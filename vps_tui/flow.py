"""How one order goes on, whoever asks the questions: screens and lines own a `Flow` and add only how they ask."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from vps_tui.backend import Backend
from vps_tui.core.steps import Step
from vps_tui.draft_keeper import DraftKeeper
from vps_tui.errors import SignInRefused, VpsTuiError
from vps_tui.wizard import WizardState

if TYPE_CHECKING:
    from pydantic import SecretStr

    from vps_tui.changes.flow import ChangingFlow
    from vps_tui.core.draft import Draft
    from vps_tui.journal import Entry, Journal
    from vps_tui.providers.info import ProviderInfo
    from vps_tui.providers.provider import TypedIds
    from vps_tui.sending import Phase, Placed
    from vps_tui.session import Session
    from vps_tui.settling import Looked

JOURNAL = "journal.sqlite"
RECORDS = (JOURNAL, "journal.copy", "sending")
"""What is in the state folder once orders were recorded: where only some of it is left, the journal says so."""


class Flow:
    """The state of one wizard, its session, journal and kept draft, and the one paid call."""

    def __init__(self, backend: Backend, saved: Draft | None = None) -> None:
        """Prepare; nothing is opened yet. `saved` is what an order file holds."""
        self.backend = backend
        self._latest: tuple[Entry, ...] = ()
        self.state = self.blank()
        self.drafts = DraftKeeper(backend.folder)
        self.ordering = False
        """True while a paid call is under way: nothing else may happen then."""
        self.sending = False
        """True once the paid call may have left."""
        self.passed: frozenset[str] = frozenset()
        """References of orders that were left unknown on purpose since the start."""
        self.ordered_here: frozenset[str] = frozenset()
        """References of the orders of this run."""
        self.left: tuple[WizardState, ...] = ()
        """Receipts of this run that were left to order something else."""
        self.only_looking = False
        """True for a run that began with the earlier orders, until something is to be ordered."""
        self.about_servers = False
        """True for a run that begins with the servers that one has."""
        self.sign_in_problem: VpsTuiError | None = None
        """Why credentials that were known did not do; the step that asks for others says it."""
        self._saved = saved
        self._session: Session | None = None
        self._opening = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()
        self._drops = 0
        """How often a session has been given up: one that is being opened meanwhile is not wanted any more."""

    @property
    def any_recorded(self) -> bool:
        """Whether there are earlier orders or changes to look at, as far as is known without reading anything."""
        return any(os.path.lexists(self.backend.folder / name) for name in RECORDS)

    @cached_property
    def journal(self) -> Journal:
        """The record of orders; loaded when something is in it or is about to be."""
        from vps_tui.journal import Journal

        return Journal(self.backend.folder / JOURNAL)

    @cached_property
    def changes(self) -> ChangingFlow:
        """What is done for servers that one has instead of ordering; loaded when that is begun."""
        from vps_tui.changes.flow import ChangingFlow

        return ChangingFlow(self)

    def blank(self) -> WizardState:
        """Return the state before anything was chosen."""
        return WizardState(credentials_known=self.backend.sandbox, latest=self._latest)

    async def session(self) -> Session:
        """Return the session with the chosen provider, opened on first use; raises `VpsTuiError`."""
        info = self.state.info
        if info is None:
            raise RuntimeError("no provider is chosen")
        async with self._opening:
            if self._session is not None and self._session.info is not info:
                await self.drop_session()
            if self._session is None:
                from vps_tui.questions.sign_in import typed_values

                self._session = await self._opened(info, typed_values(self.state))
                # For a change only what has been chosen is asked for.
                if (self.state.signed_in or self.state.credentials_known) and self.state.changing is None:
                    self._session.begin()
                    if self.state.usual.location:
                        self._session.expect_catalog(self.state.usual.location)
            return self._session

    @property
    def open_session(self) -> Session | None:
        """The session with the present provider, if it is open."""
        return self._session if self._session is None or self._session.info is self.state.info else None

    async def open_ahead(self, info: ProviderInfo) -> Session:
        """Return a session with a provider that will most likely be chosen; raises `VpsTuiError`."""
        async with self._opening:
            if self._session is not None and self._session.info is not info:
                await self.drop_session()
            if self._session is None:
                self._session = await self._opened(info, {})
                self._session.begin()
            return self._session

    async def _opened(self, info: ProviderInfo, typed: dict[str, str | SecretStr]) -> Session:
        """Return a new session, unless it has been given up while it was being opened."""
        drops = self._drops
        session = await self.backend.open(info, typed)
        if drops != self._drops:
            await session.aclose()
            raise asyncio.CancelledError
        return session

    async def drop_session(self) -> None:
        """Close the session, so that the next use opens one with the present credentials.

        Whoever gives up waiting for that leaves no connection open: it goes on, and the next to come waits for it.
        """
        self._drops += 1
        session, self._session = self._session, None
        if session is not None:
            closing = asyncio.create_task(session.aclose())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        await asyncio.shield(asyncio.gather(*self._closing))

    def cancel_reads(self) -> None:
        """Stop what is being read."""
        if self._session is not None:
            self._session.cancel_reads()

    def begin(self) -> VpsTuiError | None:
        """Stand at an order that is not known, at a saved one, or at the first question; returns what is wrong."""
        self.state = self.blank()
        try:
            entry = None
            if self.any_recorded:
                from vps_tui.beginning import unsettled

                entry = unsettled(self.journal, self.passed)
                self._latest = self.journal.latest()
                self.state = self.blank()
        except VpsTuiError as error:
            return error
        if entry is not None and not self.only_looking:
            from vps_tui.beginning import at_order

            self.state = at_order(self.backend, entry.printable())
        elif self.about_servers:
            self.state = self.changes.begun()
        elif self._saved is not None:
            from vps_tui.beginning import at_saved

            self.state, self._saved = at_saved(self.backend, self._saved), None
        return None

    def kept(self) -> WizardState | None:
        """Return the state for going on with the order left unfinished, None without one; raises `UsageError`."""
        from vps_tui.beginning import at_saved

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
        from vps_tui.ordering import order_of, purchase

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
        from vps_tui.ordering import as_read_last

        state, self.ordering = self.state, True
        placed = await self._place(state, announce)
        self.ordering = False
        self.ordered_here |= {placed.entry.reference} if placed.entry else set()
        state = as_read_last(self._session, state) if self._session else state
        return replace(state, outcome=placed.outcome, entry=placed.entry).forward()

    async def _place(self, state: WizardState, announce: Callable[[Phase], None]) -> Placed:
        from vps_tui.ordering import order_of, place
        from vps_tui.sending import Phase, Placed, not_sent

        def noted(phase: Phase) -> None:
            self.sending = phase is Phase.SENDING
            announce(phase)

        if state.changing is not None:
            return await self.changes.make(state, noted)
        order = order_of(state, state.given_passwords, again=state.again, ceiling=self.backend.ceiling)
        try:
            session = await self.session()
        except VpsTuiError as error:
            return Placed(not_sent(error))
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
        from vps_tui.settling import Looked, look

        session = await self.session()
        unknown = state.outcome is not None and state.outcome.kind is OutcomeKind.UNKNOWN
        if unknown and state.entry is not None:
            finding, entry = await look(session, self.journal, state.entry)
            return Looked(finding.servers, finding, entry)
        return Looked((await session.find(state.draft)).servers, None, state.entry)

    async def settle(self, entry: Entry, *, there: bool) -> Entry:
        """Record what a person has found in the provider's panel; raises `JournalFailed`."""
        from vps_tui.providers.registry import provider_info
        from vps_tui.settling import settled_by_hand

        panel = provider_info(entry.purchase.provider).panel
        outcome = settled_by_hand(there=there, panel=panel, noun=entry.purchase.noun, known=entry.outcome)
        return await asyncio.to_thread(self.journal.finish, entry.reference, outcome, settled_by="hand")

    @property
    def code(self) -> int:
        """The exit code for how things stand."""
        from vps_tui.ending import exit_code

        return exit_code(self)

    def last_words(self) -> list[str]:
        """Return what should stay on the terminal after the wizard: what became of the order."""
        from vps_tui.ending import last_words

        return last_words(self)
