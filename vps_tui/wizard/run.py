"""One run of the wizard: what has been answered, what was ordered, and the session with the chosen provider."""

from __future__ import annotations

import asyncio
import os
from functools import cached_property
from typing import TYPE_CHECKING

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.secret import Secret
from vps_tui.services.backend import Backend
from vps_tui.wizard.kept_draft import DraftKeeper
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.core.draft import Draft
    from vps_tui.journal import Entry, Journal
    from vps_tui.providers.info import ProviderInfo
    from vps_tui.services.session import Session

JOURNAL = "journal.sqlite"


class Run:
    """What screens and lines share while a wizard runs; it knows no questions."""

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
        self.skipped_references: frozenset[str] = frozenset()
        """References of orders that were left unknown on purpose since the start."""
        self.ordered_here: frozenset[str] = frozenset()
        """References of the orders of this run."""
        self.finished: tuple[WizardState, ...] = ()
        """Receipts of this run that were left to order something else."""
        self.history_only = False
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
                from vps_tui.wizard.questions.account import typed_values

                self._session = await self._opened(info, typed_values(self.state))
                # For a change only what has been chosen is asked for.
                if (self.state.signed_in or self.state.credentials_known) and self.state.changing is None:
                    self._session.begin()
                    if self.state.last_order.location:
                        self._session.expect_catalog(self.state.last_order.location)
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

    async def _opened(self, info: ProviderInfo, typed: dict[str, str | Secret]) -> Session:
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


RECORDS = (JOURNAL, "journal.copy", "sending")
"""What is in the state folder once orders were recorded: where only some of it is left, the journal says so."""
