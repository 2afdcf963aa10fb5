"""The wizard on screens: it owns the state, the session and the one paid call."""

from __future__ import annotations

import asyncio
import os
import threading
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import App
from textual.binding import Binding, BindingType

from vps_tui.backend import Backend
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.errors import VpsTuiError
from vps_tui.tui.screens import SCREENS, screen_for
from vps_tui.tui.screens.step import StepScreen
from vps_tui.wizard import WizardState

if TYPE_CHECKING:
    from vps_tui.session import Session

CANCELLED = 3

LOAD_LATER = 0.25
"""Seconds from the start until the coming steps are loaded: the first screen must be painted by then."""

BURST = 0.015
"""Seconds between two keys below which no fingers pressed them: a paste that the terminal does not mark."""

CALM = 0.25
"""Seconds after a burst during which its keys may still be coming in."""

LOOK_FOR_TERMINAL = 5.0
"""Seconds between two looks whether the terminal is still there."""

_LATER = (
    "httpx",
    "pydantic",
    "cryptography.hazmat.primitives.serialization",
    "vps_tui.providers.edis.client",
)
"""What the steps after the first need; loaded in a thread while the first is read."""


class WizardApp(App[int]):
    """Shows one step after the other; exits with the program's exit code."""

    CSS_PATH = "wizard.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "vps-tui"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Leave", show=False, priority=True, id="app.quit"),
        Binding("ctrl+c", "quit", show=False, id="app.interrupt"),
    ]

    def __init__(self, backend: Backend, ssh_folder: Path) -> None:
        """Prepare; `ssh_folder` is where the person's own public keys are looked for."""
        super().__init__()
        self.theme = "ansi-dark"
        self.animation_level = "none"
        self.backend = backend
        self.ssh_folder = ssh_folder
        self.state = WizardState(credentials_known=backend.sandbox)
        self.ordering = False
        """True while a paid call is under way: nothing else may happen then."""
        self.leaving = False
        """True once the program ends: an answer that was still on its way must not open another step then."""
        self.fault: BaseException | None = None
        """A fault of the program itself that ended it."""
        self._session: Session | None = None
        self._opening = asyncio.Lock()
        self._last_key = self._last_burst = float("-inf")

    def on_mount(self) -> None:
        """Show the first step; load what the coming steps need once it is on the screen."""
        self.push_screen(screen_for(self.state))
        self.set_interval(LOOK_FOR_TERMINAL, self._leave_lost_terminal)
        self.set_timer(LOAD_LATER, threading.Thread(target=_load_later, daemon=True).start)

    def _leave_lost_terminal(self) -> None:
        """End when the terminal has gone without a signal: Textual would read its end for ever, at full speed.

        A paid call that is under way is waited for, so that the exit code tells its outcome.
        """
        if not self.is_headless and not self.ordering and not os.isatty(0):
            outcome = self.state.outcome
            os._exit(CANCELLED if outcome is None else outcome.kind.exit_code)

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
                typed = {field.key: self.state.typed_text(f"sign-in {field.key}") for field in info.sign_in}
                self._session = await self.backend.open(info, typed)
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

    async def show(self, state: WizardState) -> None:
        """Go to the step that `state` stands at; what lies over the present step is closed."""
        self.state = state
        while not isinstance(self.screen, StepScreen):
            await self.pop_screen()
        await self.switch_screen(screen_for(state))

    @on(StepScreen.Answered)
    async def _answered(self, message: StepScreen.Answered) -> None:
        if self._deaf(message):
            return
        if message.state.info is not self.state.info:
            await self.drop_session()
        if message.state.step is Step.CONFIRM:
            self.state = message.state
            self._begin_order()
        else:
            await self.show(message.state.forward())

    @on(StepScreen.BackRequested)
    async def _back(self, message: StepScreen.BackRequested) -> None:
        if self._deaf(message):
            return
        earlier = message.state.back()
        if earlier is None or self.state.outcome is not None:
            self.state = message.state
            await self.action_quit()
        else:
            await self.show(earlier)

    @on(StepScreen.JumpRequested)
    async def _jump(self, message: StepScreen.JumpRequested) -> None:
        if not self._deaf(message):
            await self.show(message.state.jump(message.step))

    def _deaf(self, message: StepScreen.Answered | StepScreen.BackRequested | StepScreen.JumpRequested) -> bool:
        """Tell whether a message comes too late: keys are pressed faster than screens change.

        Its step has been left, an order is under way, or the person has asked to leave since.
        """
        from vps_tui.tui.screens.leave import LeaveScreen

        outdated = message.state.position != self.state.position
        return outdated or self.ordering or self.leaving or isinstance(self.screen, LeaveScreen)

    def _begin_order(self) -> None:
        """Make the paid call, once: it belongs to the app, so leaving a screen cannot cancel it."""
        self.ordering = True
        self.run_worker(self._order(), group="order", exclusive=False, exit_on_error=True)

    async def _order(self) -> None:
        from vps_tui.tui.screens.confirm import ConfirmScreen

        state = self.state
        if isinstance(self.screen, ConfirmScreen):
            self.screen.show_busy()
        outcome = await self._place(state)
        self.ordering = False
        catalog = self._session.ready_catalog(state.draft.location) if self._session else None
        await self.show(replace(state, outcome=outcome, catalog=catalog or state.catalog).forward())

    async def _place(self, state: WizardState) -> Outcome:
        from vps_tui.ordering import order

        quote = state.quote()
        if quote is None:
            raise RuntimeError("nothing was quoted")
        passwords = (state.root_password,) if state.root_password is not None else ()
        try:
            session = await self.session()
        except VpsTuiError as error:
            return Outcome(OutcomeKind.NOT_SENT, error.message, error.hint)
        return await order(session, state.to_order(), quote, passwords)

    def action_help(self) -> None:
        """Explain the question on the screen."""
        from vps_tui.tui.screens.help import HelpScreen

        if isinstance(self.screen, StepScreen):
            self.push_screen(HelpScreen(self.screen))

    async def action_quit(self) -> None:
        """Leave; asks first when something would be lost, and never while an order is under way."""
        from vps_tui.tui.screens.leave import LeaveScreen

        if self.ordering:
            return
        if self.state.outcome is not None or self.state.info is None or isinstance(self.screen, LeaveScreen):
            await self.leave()
        else:
            self.push_screen(LeaveScreen())

    async def leave(self) -> None:
        """Close everything and end the program."""
        if self.leaving:
            return
        self.leaving = True
        await self.drop_session()
        outcome = self.state.outcome
        self.exit(CANCELLED if outcome is None else outcome.kind.exit_code)

    def last_words(self) -> list[str]:
        """Return what should stay on the terminal after the wizard: what became of the order."""
        outcome, info = self.state.outcome, self.state.info
        if outcome is None or info is None:
            return ["Nothing was ordered."]
        where = f"{info.name} (sandbox: nothing was bought)" if self.backend.sandbox else info.name
        ids = (
            ("order", outcome.order_id),
            ("invoice", outcome.invoice_id),
            ("service", ", ".join(outcome.service_ids)),
        )
        words = "  ".join(f"{label} {value}" for label, value in ids if value)
        line = f"{self.state.server.name}: {outcome.kind.headline}. {where}"
        return [f"{line}  {words}" if words else line, *filter(None, (outcome.message, outcome.hint))]

    def _fatal_error(self) -> None:
        """End without a traceback on the screen: Textual's shows local variables, secrets among them."""
        self._close_messages_no_wait()

    def _handle_exception(self, error: Exception) -> None:
        """Keep the fault for the one line that is said after the terminal is restored."""
        if self.fault is None:
            self.fault = error
        super()._handle_exception(error)


def _load_later() -> None:
    for module in (*_LATER, *(f"vps_tui.tui.screens.{name}" for name, _ in SCREENS.values())):
        import_module(module)
