"""The wizard on screens: which screen shows the state of the flow, and what keys and messages do to it."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.screen import Screen

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.steps import CONFIRMING, RECEIPTS
from vps_tui.services.backend import Backend
from vps_tui.tui.prefetch import Prefetcher
from vps_tui.tui.screens import screen_for
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.terminal.lifecycle import LifecycleApp
from vps_tui.wizard import order_servers
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from vps_tui.core.draft import Draft
    from vps_tui.terminal.first_paint import FirstPaint
    from vps_tui.tui.screens.history import Wanted


TIDY_DELAY_SECONDS = 0.1
"""Delay of the work that can wait until the new screen has been painted."""

LEFT = "left"


class WizardApp(LifecycleApp):
    """Shows one step after the other; exits with the program's exit code."""

    CSS_PATH = "wizard.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "vps-tui"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Leave", show=False, priority=True, id="app.quit"),
        Binding("ctrl+c", "quit", show=False, id="app.interrupt"),
        Binding("ctrl+z", "suspend_process", show=False, id="app.suspend"),
    ]

    def __init__(
        self, backend: Backend, ssh_folder: Path, saved: Draft | None = None, *, opening: FirstPaint | None = None
    ) -> None:
        """Take the folder of the person's own public keys; `saved` is what an order file holds."""
        super().__init__(backend, saved, opening)
        self.ssh_folder = ssh_folder
        self.ahead = Prefetcher(self)

    def on_mount(self) -> None:
        """Show where the wizard opens; load what the coming steps need once it is on the screen."""
        problem = self.flow.begin()
        self.push_screen(screen_for(self.state))
        if self.flow.history_only:
            self.action_earlier()
        elif problem is None and self.state == self.flow.blank():
            problem = self._offer_kept()
        self._tell(problem)
        self.watch_terminal()
        self.call_after_refresh(self.ahead.begin)

    async def on_event(self, event: events.Event) -> None:
        """Make the coming step ready when keys rest."""
        await super().on_event(event)
        if isinstance(event, events.Key) and not event.is_forwarded and event.key != "ctrl+q":
            self.ahead.defer()

    async def leave(self) -> None:
        """End the program; nothing needs to be ready any more."""
        self.ahead.stop()
        await super().leave()

    def _tell(self, problem: VpsTuiError | None) -> None:
        """Say over the present step what is wrong, if anything is."""
        if problem is not None:
            from vps_tui.tui.screens.modals import ProblemScreen

            self.push_screen(ProblemScreen(problem))

    def _offer_kept(self) -> VpsTuiError | None:
        """Ask whether to go on with the order that was left unfinished; returns what is wrong with it."""
        try:
            state = self.flow.kept()
        except VpsTuiError as error:
            return error
        if state is not None:
            from vps_tui.tui.screens.modals import ResumeScreen

            async def answered(go_on: bool | None) -> None:
                if go_on and self.state.info is None:
                    await self.show(state)

            self.push_screen(ResumeScreen(state), answered)
        return None

    async def show(self, state: WizardState) -> None:
        """Show the step of `state`; dialogs over the present step are closed."""
        self.state = state
        screen = await self.ahead.take(state)
        if self.leaving:
            return
        while not isinstance(self.screen, StepScreen):
            await self.pop_screen()
        left = self.screen
        self.workers.cancel_node(left)
        # Textual would take it down before the new screen is painted.
        self.install_screen(left, LEFT)
        await self.switch_screen(screen)
        self.uninstall_screen(left)
        self.set_timer(TIDY_DELAY_SECONDS, lambda: self._tidy(left, state))
        self.ahead.schedule()

    def _tidy(self, left: Screen[Any], state: WizardState) -> None:
        """Take down the screen that was left, and keep the draft."""
        left.remove()
        threading.Thread(target=self.flow.drafts.keep, args=(state,), daemon=True).start()

    @on(StepScreen.Answered)
    async def _answered(self, message: StepScreen.Answered) -> None:
        if self._is_late(message):
            return
        if message.state.step in CONFIRMING:
            self.state = message.state
            self._begin_order()
            return
        after = await self.flow.after(message.state.standing_at(message.through))
        if isinstance(after, WizardState):
            await self.show(after)
        elif isinstance(self.screen, StepScreen):
            self.screen.complain(after)

    @on(StepScreen.BackRequested)
    async def _back(self, message: StepScreen.BackRequested) -> None:
        if self._is_late(message):
            return
        earlier = message.state.back()
        home, entry = message.state.return_to, message.state.entry
        if message.state.step in RECEIPTS and home is not None:
            await self.show(home)
            self.action_earlier(entry.reference if entry else "")
        elif earlier is None or message.state.step in RECEIPTS:
            self.state = message.state
            await self.action_quit()
        else:
            await self.show(earlier)

    @on(StepScreen.JumpRequested)
    async def _jump(self, message: StepScreen.JumpRequested) -> None:
        if not self._is_late(message):
            await self.show(message.state.jump(message.step))

    @on(StepScreen.AnotherRequested)
    async def _another(self, message: StepScreen.AnotherRequested) -> None:
        if not self._is_late(message):
            await self.show(order_servers.with_another(message.state))

    def _is_late(
        self,
        message: StepScreen.Answered
        | StepScreen.BackRequested
        | StepScreen.JumpRequested
        | StepScreen.AnotherRequested,
    ) -> bool:
        """Tell whether a message comes too late: keys are pressed faster than screens change.

        Its step has been left, an order is under way, or the person has asked to leave since.
        """
        from vps_tui.tui.screens.modals import LeaveScreen

        outdated = message.state.position != self.state.position
        return outdated or self.ordering or self.leaving or isinstance(self.screen, LeaveScreen)

    def _begin_order(self) -> None:
        """Make the paid call, once: it belongs to the app, so leaving a screen cannot cancel it."""
        self.run_worker(self._order(self.flow.order()), group="order", exclusive=False, exit_on_error=True)

    @on(StepScreen.IdsTyped)
    async def _remember(self, message: StepScreen.IdsTyped) -> None:
        problem = await self.flow.remember(message.typed)
        if problem and isinstance(self.screen, StepScreen):
            self.screen.say(problem)

    @on(StepScreen.FreshRequested)
    async def _fresh(self) -> None:
        """Leave the order on the screen as it is; the next unknown one is shown, or the first question."""
        problem = await self.flow.start_over()
        await self.show(self.state)
        if problem is None and self.state == self.flow.blank():
            problem = self._offer_kept()
        self._tell(problem)

    @on(StepScreen.Settled)
    async def _settled(self, message: StepScreen.Settled) -> None:
        entry = message.entry
        if self.state.entry is not None and self.state.entry.reference == entry.reference:
            await self.show(replace(self.state, entry=entry, outcome=entry.outcome))

    async def _order(self, ordering: Coroutine[Any, Any, WizardState]) -> None:
        from vps_tui.tui.screens.paid_step import TypedWordStep

        if isinstance(self.screen, TypedWordStep):
            self.screen.show_busy()
        after = await ordering
        if self.end_requested:
            self.state = after
            await self.leave()
        else:
            await self.show(after)

    def action_earlier(self, chosen: str = "") -> None:
        """Show the earlier orders over the present step, the one with the reference `chosen` highlighted."""
        wanted = self.flow.any_recorded or self.flow.history_only
        if wanted and isinstance(self.screen, StepScreen) and not self.ordering:
            from vps_tui.tui.screens.history import EarlierScreen

            present = self.screen.typed_state()
            self.push_screen(EarlierScreen(self.flow, chosen), lambda wanted: self._left_earlier(present, wanted))

    async def _left_earlier(self, present: WizardState, wanted: Wanted | None) -> None:
        """Do what is wanted with an earlier order; `present` stays on the screen where nothing is."""
        if wanted is not None:
            from vps_tui.tui.screens.history import state_for

            await self.show(state_for(self.flow, wanted, present))
        elif self.flow.history_only:
            await self.leave()

    def action_help(self) -> None:
        """Explain the question on the screen."""
        from vps_tui.tui.screens.modals import HelpScreen

        if isinstance(self.screen, StepScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_suspend_process(self) -> None:
        """Go to the background, and leave the terminal to the shell; a paid call is waited for instead."""
        if not self.ordering:
            super().action_suspend_process()

    async def action_quit(self) -> None:
        """Leave; asks first when something would be lost, and never while an order is under way."""
        if self.ordering:
            return
        home = self.state.home
        if home.outcome is not None or home.info is None:
            await self.leave()
            return
        from vps_tui.tui.screens.modals import LeaveScreen

        if isinstance(self.screen, LeaveScreen):
            await self.leave()
        else:
            self.push_screen(LeaveScreen(self.state))
