"""Step: say what became of the order, look after one that is not known, and settle it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.draft import Draft
from vps_tui.core.errors import VpsTuiError
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.providers.models import Server
from vps_tui.services.reconcile import LOOK_EVERY
from vps_tui.tui.screens.copying import Values
from vps_tui.tui.screens.following import FollowingStep
from vps_tui.tui.screens.reading import error_content
from vps_tui.tui.screens.saving import SavingStep
from vps_tui.tui.widgets.frame import Pairs, PushButton, Words
from vps_tui.wizard.questions import loading, receipt

COLOURS = {
    OutcomeKind.PLACED: "ansi_green",
    OutcomeKind.REFUSED: "ansi_red",
    OutcomeKind.NOT_SENT: "ansi_red",
    OutcomeKind.UNKNOWN: "ansi_magenta",
}


class ReceiptScreen(FollowingStep, SavingStep):
    """One of the four outcomes in words, what to do next, and what the provider lists now."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5", "app.earlier", show=False, id="receipt.earlier")]
    keys: ClassVar[str] = "Tab next  F2 save  F3 plain  F4 copy  F5 orders"
    help_text: ClassVar[str] = receipt.HELP
    shows_price: ClassVar[bool] = False
    _another_begun = False
    _servers: tuple[Server, ...] = ()
    """What the provider listed when it was last looked."""

    def heading(self) -> tuple[str, str]:
        """Return the outcome."""
        return receipt.heading(self.state)

    def title_style(self) -> str:
        """Return the outcome's colour; the words say the same without it."""
        return f"bold {COLOURS[self._outcome.kind]}"

    def continue_label(self) -> str:
        """Return the words on the button for what one would do next."""
        return receipt.next_label(self.state)

    def back_label(self) -> str:
        """Return the words on the button that ends the program, or goes back to where one looked at orders."""
        return "Leave" if self.state.came_from is None else "Back"

    def extra_buttons(self) -> Iterable[PushButton]:
        """Offer to settle and to go on beside an unknown order, and to save any."""
        if self._outcome.kind is OutcomeKind.UNKNOWN and self.state.entry is not None:
            yield PushButton("Settle by hand", id="settle")
            yield PushButton("Other order", id="fresh")
        yield from super().extra_buttons()
        if self.wizard_app.flow.any_recorded:
            yield PushButton("Orders", id="earlier")

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the details; what has no room is scrolled to."""
        message, delivery = receipt.message(self.state), receipt.delivery(self.state)
        notice = Words("", id="notice")
        notice.display = False
        with VerticalScroll(id="scroll", can_focus=False):
            if message:
                yield Words("".join(f"{line}\n" for line in message))
            if delivery:
                yield Words(delivery, id="delivery")
            yield self.following()
            yield notice
            yield Pairs(receipt.pairs(self.state), id="order")

    def ready(self) -> None:
        """Focus what one would do next, and begin to look after an unknown order, or the servers of a placed one."""
        super().ready()
        done = self._outcome.kind is OutcomeKind.PLACED
        self.set_focus(self.query_one("#back" if done else "#continue"))
        if self._outcome.kind is OutcomeKind.UNKNOWN and self._signed_in:
            self._look()
            self.set_interval(LOOK_EVERY, self._look)
        if done and self._signed_in:
            self.follow()

    def submit(self) -> None:
        """Change an order that was not taken, or look for one that was or may have been."""
        if self._outcome.kind in receipt.SURE and self.state.catalog is None:
            self._begin_another()
        elif self._outcome.kind in receipt.SURE:
            again = receipt.again(self.state)
            self.post_message(self.JumpRequested(again, Step.COST))
        elif not self._signed_in:
            self.post_message(self.JumpRequested(self.state, Step.SIGN_IN))
        else:
            self._look()

    def draft_to_save(self) -> Draft:
        """Return what was ordered."""
        return receipt.draft_to_save(self.state)

    def values(self) -> Values:
        """Return the ids, and the address with the ssh command once the provider lists the server."""
        found = self.found_values()
        return [*receipt.values(self.state, () if found else self._servers), *found]

    @property
    def _outcome(self) -> Outcome:
        return receipt.outcome_of(self.state)

    @property
    def _signed_in(self) -> bool:
        return self.state.facts.signed_in

    @work(group="read", exclusive=True)
    async def _look(self) -> None:
        """Ask what the provider lists now; a read, however often it is pressed."""
        self._note(loading.asking(self.state, receipt.WAITING_FOR))
        try:
            found = await self.wizard_app.flow.look(self.state)
        except VpsTuiError as error:
            self._note(error_content(error, receipt.look_failed(self.state)))
            return
        self._servers = found.servers
        self._note("\n".join(receipt.looked(self.state, found)))
        if found.entry is not None and found.entry.outcome.kind is not self._outcome.kind:
            self.post_message(self.Settled(found.entry))

    def _note(self, words: str | Content) -> None:
        """Say what was found, in place of what would be waited for."""
        notice = self.query_one("#notice", Words)
        notice.display = True
        notice.update(words)
        for delivery in self.query("#delivery"):
            delivery.display = not self._servers

    @on(PushButton.Pressed, "#settle")
    def _settle_pressed(self) -> None:
        from vps_tui.tui.screens.settle import SettleScreen

        if self.state.entry is not None:
            self.app.push_screen(SettleScreen(self.state.entry, receipt.panel(self.state)), self._settled)

    def _settled(self, there: bool | None) -> None:
        if there is not None:
            self._settle(there)

    @work(group="settle", exclusive=True)
    async def _settle(self, there: bool) -> None:
        entry = self.state.entry
        if entry is None:
            return
        try:
            settled = await self.wizard_app.flow.settle(entry, there=there)
        except VpsTuiError as error:
            self._note(error_content(error))
        else:
            self.post_message(self.Settled(settled))

    @on(PushButton.Pressed, "#fresh")
    def _begin_another(self) -> None:
        # Asking twice would pass over the next unknown order, which nobody has seen yet.
        if not self._another_begun:
            self._another_begun = True
            self.post_message(self.FreshRequested())

    @on(PushButton.Pressed, "#earlier")
    def _earlier_pressed(self) -> None:
        self.wizard_app.action_earlier()

    @on(PushButton.Pressed, "#back")
    def _leave_pressed(self) -> None:
        self.query_one("#back", PushButton).disabled = True
