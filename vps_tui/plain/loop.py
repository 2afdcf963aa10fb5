"""The wizard in lines: asks one question after the other, and makes the paid call when told to."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Final

from vps_tui.core import exit_codes
from vps_tui.core.errors import VpsTuiError
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import RECEIPTS, Step
from vps_tui.plain import (
    choice_steps,
    cost_steps,
    keys,
    receipts,
    several,
    signing_in,
    text_steps,
)
from vps_tui.plain.moves import Fresh, Jump, Move, Order, Show
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.plain.terminal_io import Left
from vps_tui.terminal.first_paint import SIGNALS
from vps_tui.terminal.signals import Interruption, heeding, stoppable
from vps_tui.wizard.controller import Flow
from vps_tui.wizard.questions import kept, paid_step
from vps_tui.wizard.state import WizardState

STEPS: Final[dict[Step, Callable[[Prompter], Awaitable[Move]]]] = {
    Step.PROVIDER: signing_in.ask_provider,
    Step.SIGN_IN: signing_in.ask_sign_in,
    Step.SAVED_ORDER: choice_steps.ask_saved_order,
    Step.LOCATION: choice_steps.ask_location,
    Step.PLAN: choice_steps.ask_plan,
    Step.SSH_KEY: keys.ask_ssh_key,
    Step.ROOT_PASSWORD: text_steps.ask_root_password,
    Step.START_UP_SCRIPT: text_steps.ask_startup_script,
    Step.SERVERS: several.ask_servers,
    Step.SERVER: several.ask_server,
    Step.COST: cost_steps.ask_cost,
    Step.REPEAT: cost_steps.ask_repeat,
    Step.CONFIRM: cost_steps.ask_confirm,
    Step.RECEIPT: receipts.ask_receipt,
    Step.CHANGE_COST: cost_steps.ask_change_cost,
    Step.CHANGE_REPEAT: cost_steps.ask_repeat,
    Step.CHANGE_CONFIRM: cost_steps.ask_confirm,
    Step.CHANGE_RECEIPT: receipts.ask_receipt,
}
"""The steps with more to them than a question; every other one is its question alone."""


class PlainWizard:
    """Goes through the steps of one flow until the person leaves."""

    def __init__(self, ask: Prompter) -> None:
        """Ask with `ask`."""
        self._ask = ask
        self._flow: Flow = ask.flow
        self._stopped = False
        """Whether the order was stopped before it was sent."""

    async def run(self) -> int:
        """Ask until the person leaves; returns the exit code. Raises `UsageError` where nobody can be asked."""
        try:
            await self._begin()
            while True:
                await self._step()
        except Left:
            pass
        except asyncio.CancelledError:
            # Ctrl+C stands on the line of the question.
            self._ask.say("")
        finally:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            self._flow.drafts.keep(self._flow.state)
            await self._flow.drop_session()
        return exit_codes.CANCELLED if self._stopped else self._flow.exit_code

    async def _begin(self) -> None:
        await self._open(self._flow.begin())

    async def _open(self, problem: VpsTuiError | None) -> None:
        """Say what is wrong before anything is asked, or offer the order that was left unfinished."""
        if problem is None and not self._flow.history_only and self._flow.state == self._flow.blank():
            try:
                await self._offer(self._flow.kept())
            except VpsTuiError as error:
                problem = error
        if problem is not None:
            self._ask.say_error(problem)
        self._tell_outcome()

    async def _offer(self, state: WizardState | None) -> None:
        if state is None:
            return
        self._ask.say(kept.RESUME_TITLE, *kept.offer(state))
        try:
            if await self._ask.enter("goes on", {"n": "starts anew"}) == "":
                self._flow.state = state
        except Back:
            return

    async def _step(self) -> None:
        """Ask the present question and go where the answer leads."""
        flow = self._flow
        try:
            move = await STEPS.get(flow.state.step, choice_steps.ask_question)(self._ask)
        except Back:
            earlier = flow.state.back()
            if earlier is None:
                raise Left from None
            move = Show(earlier)
        if isinstance(move, Order):
            await self._order()
        elif isinstance(move, Fresh):
            await self._open(await flow.start_over())
        elif isinstance(move, Show | Jump):
            self._show(move.state if isinstance(move, Show) else move.state.jump(move.step))
        else:
            after = await flow.after(move)
            if isinstance(after, WizardState):
                self._show(after)
            else:
                self._ask.say(after)
        flow.drafts.keep(flow.state)

    def _show(self, state: WizardState) -> None:
        self._flow.state = state
        self._tell_outcome()

    def _tell_outcome(self) -> None:
        """Say what became of it where the present step is a receipt."""
        if self._flow.state.step in RECEIPTS:
            receipts.show_receipt(self._ask)

    async def _order(self) -> None:
        """Make the paid call; a signal before it stops it, one during it has the answer waited for."""
        flow, state = self._flow, self._flow.state
        interruption = Interruption(self._ask.say, paid_step.noun(state))
        self._ask.say(paid_step.busy(state))
        with stoppable():
            with heeding(interruption):
                try:
                    after = await flow.order(interruption.announce)
                except asyncio.CancelledError:
                    raise Left from None
                finally:
                    interruption.over = True
            self._show(after)
            flow.drafts.keep(after)
        kind = after.outcome.kind if after.outcome else OutcomeKind.UNKNOWN
        if interruption.heeded or interruption.warned:
            self._stopped = interruption.heeded and kind is OutcomeKind.NOT_SENT
            raise Left
