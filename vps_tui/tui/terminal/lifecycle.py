"""What ends the program on screens: keys, signals, a terminal that is gone."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from typing import TYPE_CHECKING

from textual import events

from vps_tui.services.backend import Backend
from vps_tui.terminal.first_paint import SIGNALS
from vps_tui.tui.bursts import Pace
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.terminal.diff_app import DiffApp
from vps_tui.wizard.controller import Flow
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.core.draft import Draft
    from vps_tui.journal import Journal
    from vps_tui.services.session import Session
    from vps_tui.terminal.first_paint import FirstPaint

TERMINAL_CHECK_SECONDS = 5.0
"""Seconds between two looks whether the terminal is still there."""


class LifecycleApp(DiffApp):
    """An app that knows how things stand and can be ended at any moment without losing or repeating anything."""

    def __init__(self, backend: Backend, saved: Draft | None = None, opening: FirstPaint | None = None) -> None:
        """Take what an order file holds as `saved`; `opening` has the terminal so far."""
        from vps_tui.tui.terminal.driver import ResilientDriver

        super().__init__(driver_class=partial(ResilientDriver, taking=self._heed_signals, opening=opening))
        self.animation_level = "none"
        self.flow = Flow(backend, saved)
        self.leaving = False
        """True once the program ends: an answer that was still on its way must not open another step then."""
        self.fault: BaseException | None = None
        """A fault of the program itself that ended it."""
        self.end_requested = False
        self._pace = Pace()

    @property
    def backend(self) -> Backend:
        return self.flow.backend

    @property
    def journal(self) -> Journal:
        return self.flow.journal

    @property
    def state(self) -> WizardState:
        return self.flow.state

    @state.setter
    def state(self, state: WizardState) -> None:
        self.flow.state = state

    @property
    def ordering(self) -> bool:
        return self.flow.ordering

    async def session(self) -> Session:
        return await self.flow.session()

    def watch_terminal(self) -> None:
        """Look now and then whether the terminal is still there."""
        self.set_interval(TERMINAL_CHECK_SECONDS, self._leave_lost_terminal)

    def _heed_signals(self) -> None:
        """Listen to signals from the moment that there is a terminal to put back."""
        for number in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._signalled)

    def _signalled(self) -> None:
        """End because of a signal: the draft is kept, and a paid call that is under way is waited for once."""
        if self.ordering and not self.end_requested:
            self.end_requested = True
        else:
            self.run_worker(self.leave(), group="leave")

    def _leave_lost_terminal(self) -> None:
        """End when the terminal has gone without a signal: Textual would read its end for ever, at full speed.

        A paid call that is under way is waited for, so that the exit code tells its outcome.
        """
        if not self.is_headless and not self.ordering and not os.isatty(0):
            self.flow.drafts.keep(self.state)
            os._exit(self.flow.exit_code)

    async def on_event(self, event: events.Event) -> None:
        """Watch the pace of all keys before anything handles them."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._pace.add_key(event.time)
        await super().on_event(event)

    @property
    def keys_hurried(self) -> bool:
        return self._pace.is_hurried

    async def leave(self) -> None:
        """Close everything and end the program."""
        if self.leaving:
            return
        self.leaving = True
        step = next((screen for screen in reversed(self.screen_stack) if isinstance(screen, StepScreen)), None)
        if step is not None and step.is_mounted and self.state.outcome is None:
            self.state = step.typed_state()
        await asyncio.to_thread(self.flow.drafts.keep, self.state)
        if not self.ordering:
            await self.flow.drop_session()
        self.exit(self.flow.exit_code)

    async def leave_unseen(self) -> None:
        """End the program where its screens have no room; not while an order is under way."""
        if not self.ordering:
            await self.leave()

    async def mount_unseen(self, screen: StepScreen) -> None:
        """Mount and lay out `screen` without showing it."""
        _, mounting = self._get_screen(screen)
        await mounting
        screen._refresh_layout(self.size)  # noqa: SLF001 - what showing it would do

    def _fatal_error(self) -> None:
        """End without a traceback on the screen: Textual's shows local variables, secrets among them."""
        self._close_messages_no_wait()

    def _handle_exception(self, error: Exception) -> None:
        """Keep the fault for the one line that is said after the terminal is restored."""
        if self.fault is None:
            self.fault = error
        super()._handle_exception(error)
