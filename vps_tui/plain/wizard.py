"""The wizard in lines: asks one question after the other, and makes the paid call when told to."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Final

from vps_tui import exit_codes
from vps_tui.commands.interruption import Interruption, heeding, stoppable
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.errors import VpsTuiError
from vps_tui.flow import Flow
from vps_tui.opening import SIGNALS
from vps_tui.plain import (
    change_paying,
    change_receipts,
    changing,
    choosing,
    keys,
    paying,
    receipts,
    several,
    signing_in,
    typing_in,
)
from vps_tui.plain.asking import Asker, Back
from vps_tui.plain.lines import Left
from vps_tui.plain.moves import Fresh, Jump, Move, Order, Show
from vps_tui.questions import change_confirm, confirm, kept
from vps_tui.wizard import WizardState

STEPS: Final[dict[Step, Callable[[Asker], Awaitable[Move]]]] = {
    Step.PROVIDER: choosing.ask_provider,
    Step.SIGN_IN: signing_in.ask_sign_in,
    Step.SAVED_ORDER: choosing.ask_saved_order,
    Step.LOCATION: choosing.ask_location,
    Step.PLAN: choosing.ask_plan,
    Step.OS_IMAGE: choosing.ask_os_image,
    Step.NAME: typing_in.ask_name,
    Step.ADD_ONS: choosing.ask_add_ons,
    Step.SSH_KEY: keys.ask_ssh_key,
    Step.ROOT_PASSWORD: typing_in.ask_root_password,
    Step.BILLING_CYCLE: choosing.ask_billing_cycle,
    Step.PAYMENT_METHOD: choosing.ask_payment_method,
    Step.START_UP_SCRIPT: typing_in.ask_startup_script,
    Step.QUANTITY: several.ask_quantity,
    Step.SERVERS: several.ask_servers,
    Step.SERVER: several.ask_server,
    Step.COST: paying.ask_cost,
    Step.REPEAT: paying.ask_repeat,
    Step.CONFIRM: paying.ask_confirm,
    Step.RECEIPT: receipts.ask_receipt,
    Step.OWNED: changing.ask_owned,
    Step.CHANGE: changing.ask_change,
    Step.NEW_PLAN: changing.ask_new_plan,
    Step.MORE_ADD_ONS: changing.ask_more_add_ons,
    Step.CANCEL_WHEN: changing.ask_cancel_when,
    Step.NEW_CYCLE: changing.ask_new_cycle,
    Step.NEW_PAYMENT: changing.ask_new_payment,
    Step.SUBSCRIPTION: changing.ask_subscription,
    Step.CHANGE_COST: change_paying.ask_change_cost,
    Step.CHANGE_REPEAT: change_paying.ask_change_repeat,
    Step.CHANGE_CONFIRM: change_paying.ask_change_confirm,
    Step.CHANGE_RECEIPT: change_receipts.ask_change_receipt,
}


class PlainWizard:
    """Goes through the steps of one flow until the person leaves."""

    def __init__(self, ask: Asker) -> None:
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
        return exit_codes.CANCELLED if self._stopped else self._flow.code

    async def _begin(self) -> None:
        await self._open(self._flow.begin())

    async def _open(self, problem: VpsTuiError | None) -> None:
        """Say what is wrong before anything is asked, or offer the order that was left unfinished."""
        if problem is None and not self._flow.only_looking and self._flow.state == self._flow.blank():
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
            move = await STEPS[flow.state.step](self._ask)
        except Back:
            earlier = flow.state.back()
            if earlier is None:
                raise Left from None
            move = Show(earlier)
        if isinstance(move, Order):
            await self._order()
        elif isinstance(move, Fresh):
            await self._open(await flow.fresh())
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
        if self._flow.state.step is Step.RECEIPT:
            receipts.show_receipt(self._ask)
        elif self._flow.state.step is Step.CHANGE_RECEIPT:
            change_receipts.show_change_receipt(self._ask)

    async def _order(self) -> None:
        """Make the paid call; a signal before it stops it, one during it has the answer waited for."""
        flow, state = self._flow, self._flow.state
        noun = state.changing.change.kind.noun if state.changing is not None else "order"
        interruption = Interruption(self._ask.say, noun)
        self._ask.say(confirm.busy(state) if state.changing is None else change_confirm.busy(state))
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
