"""What ends the program and what must survive that: keys, signals, the session, the kept draft."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual import events

from vps_tui import summary
from vps_tui.backend import Backend
from vps_tui.tui.draft_keeper import DraftKeeper
from vps_tui.tui.painted import PaintedApp
from vps_tui.tui.screens.step import StepScreen
from vps_tui.wizard import WizardState

if TYPE_CHECKING:
    from vps_tui.errors import VpsTuiError
    from vps_tui.journal import Journal
    from vps_tui.opening import Opening
    from vps_tui.session import Session

CANCELLED, UNKNOWN = 3, 4

JOURNAL = "journal.sqlite"

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

BURST = 0.015
"""Seconds between two keys below which no fingers pressed them: a paste that the terminal does not mark."""

CALM = 0.25
"""Seconds after a burst during which its keys may still be coming in."""

LOOK_FOR_TERMINAL = 5.0
"""Seconds between two looks whether the terminal is still there."""


class LivingApp(PaintedApp):
    """An app that knows how things stand and can be ended at any moment without losing or repeating anything."""

    def __init__(self, backend: Backend, opening: Opening | None = None) -> None:
        """Prepare; the terminal is taken over from `opening`, if that holds it."""
        from vps_tui.tui.driver import SturdyDriver

        super().__init__(driver_class=partial(SturdyDriver, taking=self._heed_signals, opening=opening))
        self.animation_level = "none"
        self.backend = backend
        self.state = self.blank()
        self.drafts = DraftKeeper(backend.folder)
        self.ordering = False
        """True while a paid call is under way: nothing else may happen then."""
        self.leaving = False
        """True once the program ends: an answer that was still on its way must not open another step then."""
        self.fault: BaseException | None = None
        """A fault of the program itself that ended it."""
        self.sending = False
        """True once the paid call may have left."""
        self.told_to_end = False
        self.passed: frozenset[str] = frozenset()
        """References of orders that were left unknown on purpose since the start."""
        self.ordered_here: frozenset[str] = frozenset()
        """References of the orders of this run."""
        self.sign_in_problem: VpsTuiError | None = None
        """Why credentials that were known did not do; the step that asks for others says it."""
        self._session: Session | None = None
        self._opening = asyncio.Lock()
        self._last_key = self._last_burst = float("-inf")

    def watch_over(self) -> None:
        """Look now and then whether the terminal is still there."""
        self.set_interval(LOOK_FOR_TERMINAL, self._leave_lost_terminal)

    def _heed_signals(self) -> None:
        """Listen to signals from the moment that there is a terminal to put back."""
        for number in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._signalled)

    @cached_property
    def journal(self) -> Journal:
        """The record of orders; loaded when something is in it or is about to be."""
        from vps_tui.journal import Journal

        return Journal(self.backend.folder / JOURNAL)

    def blank(self) -> WizardState:
        """Return the state before anything was chosen."""
        return WizardState(credentials_known=self.backend.sandbox)

    def _signalled(self) -> None:
        """End, as told from outside: the draft is kept, and a paid call that is under way is waited for once."""
        if self.ordering and not self.told_to_end:
            self.told_to_end = True
        else:
            self.run_worker(self.leave(), group="leave")

    def _leave_lost_terminal(self) -> None:
        """End when the terminal has gone without a signal: Textual would read its end for ever, at full speed.

        A paid call that is under way is waited for, so that the exit code tells its outcome.
        """
        if not self.is_headless and not self.ordering and not os.isatty(0):
            self.drafts.keep(self.state)
            os._exit(self.code)

    async def on_event(self, event: events.Event) -> None:
        """Watch the pace of all keys before anything handles them."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if event.time - self._last_key < BURST:
                self._last_burst = event.time
            self._last_key = event.time
        await super().on_event(event)

    @property
    def keys_hurried(self) -> bool:
        """True while the last keys came as fast as only a paste or a held key does."""
        return self._last_key - self._last_burst < CALM

    async def session(self) -> Session:
        """Return the session with the chosen provider, opened on first use; raises `VpsTuiError`."""
        async with self._opening:
            if self._session is None:
                info = self.state.info
                if info is None:
                    raise RuntimeError("no provider is chosen")
                self._session = await self.backend.open(info, self.state.sign_in_values())
                if self.state.signed_in or self.state.credentials_known:
                    self._session.begin()
            return self._session

    async def drop_session(self) -> None:
        """Close the session, so that the next use opens one with the present credentials."""
        session, self._session = self._session, None
        if session is not None:
            await session.aclose()

    def cancel_reads(self) -> None:
        """Stop what is being read."""
        if self._session is not None:
            self._session.cancel_reads()

    async def leave(self) -> None:
        """Close everything and end the program."""
        if self.leaving:
            return
        self.leaving = True
        step = next((screen for screen in reversed(self.screen_stack) if isinstance(screen, StepScreen)), None)
        if step is not None and step.is_mounted and self.state.outcome is None:
            self.state = step.typed_state()
        await asyncio.to_thread(self.drafts.keep, self.state)
        if not self.ordering:
            await self.drop_session()
        self.exit(self.code)

    async def leave_unseen(self) -> None:
        """End the program where its screens have no room; not while an order is under way."""
        if not self.ordering:
            await self.leave()

    @property
    def code(self) -> int:
        """The exit code for how things stand."""
        if self.ordering:
            return UNKNOWN if self.sending else CANCELLED
        outcome = self.state.outcome
        if outcome is None:
            return UNKNOWN if self.passed & self.ordered_here else CANCELLED
        return outcome.kind.exit_code

    def last_words(self) -> list[str]:
        """Return what should stay on the terminal after the wizard: what became of the order."""
        if self.ordering and self.sending:
            return ["It is not known whether it was ordered. Start again, and the wizard opens with it."]
        if self.passed and self.state.outcome is None:
            left = ", ".join(sorted(self.passed))
            return [f"It is still not known what became of {left}. Start again, and the wizard opens with it."]
        if self.drafts.problem is not None and self.state.outcome is None:
            return ["Nothing was ordered.", f"What you had chosen could not be kept: {self.drafts.problem.message}"]
        return summary.last_words(self.state, sandbox=self.backend.sandbox)

    def _fatal_error(self) -> None:
        """End without a traceback on the screen: Textual's shows local variables, secrets among them."""
        self._close_messages_no_wait()

    def _handle_exception(self, error: Exception) -> None:
        """Keep the fault for the one line that is said after the terminal is restored."""
        if self.fault is None:
            self.fault = error
        super()._handle_exception(error)
