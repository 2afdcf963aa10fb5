"""Step: the outcome of an order or a change, a look for one that is not known, and settling it by hand."""

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
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.journal import Entry
from vps_tui.providers.models import Server
from vps_tui.services.reconcile import LOOK_EVERY
from vps_tui.tui.screens.copying import Values
from vps_tui.tui.screens.following import FollowingStep
from vps_tui.tui.screens.reading import error_content
from vps_tui.tui.screens.saving import SavingStep
from vps_tui.tui.widgets.frame import Pairs, PushButton, Words
from vps_tui.wizard.questions import loading, receipt, settling

COLOURS = {
    OutcomeKind.PLACED: "ansi_green",
    OutcomeKind.REFUSED: "ansi_red",
    OutcomeKind.NOT_SENT: "ansi_red",
    OutcomeKind.UNKNOWN: "ansi_magenta",
}


class ReceiptScreen(FollowingStep, SavingStep):
    """One of the four outcomes in words, what to do next, and what the provider lists now."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5", "earlier", show=False, id="receipt.earlier")]
    shows_price: ClassVar[bool] = False
    _left = False
    _servers: tuple[Server, ...] = ()
    """What the provider listed when it was last looked."""

    @property
    def keys(self) -> str:  # type: ignore[override]
        """The keys; only orders are saved and listed."""
        if self._is_order:
            return "Tab next  F2 save  F3 plain  F4 copy  F5 orders"
        return "Tab next  Enter press  F3 plain  F4 copy"

    @property
    def can_save(self) -> bool:
        return self._is_order

    def heading(self) -> tuple[str, str]:
        return receipt.heading(self.state)

    def help_words(self) -> str:
        return receipt.words_of(self.state).help_text

    def title_style(self) -> str:
        """Return the outcome's colour; the words say the same without it."""
        return f"bold {COLOURS[self._kind]}"

    def continue_label(self) -> str:
        return receipt.next_label(self.state)

    def back_label(self) -> str:
        """Return "Back" where the receipt was opened from the earlier orders."""
        return "Leave" if self.state.return_to is None else "Back"

    def extra_buttons(self) -> Iterable[PushButton]:
        """Offer to settle and to go on beside what is not known, the servers after a change, and to save an order."""
        if self._kind is OutcomeKind.UNKNOWN and self.state.entry is not None:
            yield PushButton("Settle by hand", id="settle")
            yield PushButton(receipt.words_of(self.state).other, id="fresh")
        elif not self._is_order and (self._kind is OutcomeKind.PLACED or receipt.can_try_again(self.state)):
            yield PushButton(receipt.SERVERS, id="servers")
        yield from super().extra_buttons()
        if self._is_order and self.wizard_app.flow.any_recorded:
            yield PushButton("Orders", id="earlier")

    def compose_body(self) -> Iterable[Widget]:
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
            yield Pairs(receipt.pairs(self.state), id="parts")

    def ready(self) -> None:
        """Focus the likely next button; look for what is not known, or follow the servers of an order."""
        super().ready()
        done = self._kind is OutcomeKind.PLACED
        self.set_focus(self.query_one("#back" if done else "#continue"))
        if self._kind is OutcomeKind.UNKNOWN and self._signed_in:
            self._look()
            self.set_interval(LOOK_EVERY, self._look)
        if done and self._is_order and self._signed_in:
            self.follow()

    def submit(self) -> None:
        """Go back to the cost of what was not taken, or look for what was or may have been."""
        if receipt.can_try_again(self.state):
            self.post_message(self.JumpRequested(*receipt.retry(self.state)))
        elif self._kind in receipt.SURE and self._is_order:
            self._begin_another()
        elif self._kind in receipt.SURE:
            self._to_servers()
        elif not self._signed_in:
            self.post_message(self.JumpRequested(self.state, Step.SIGN_IN))
        else:
            self._look()

    def draft_to_save(self) -> Draft:
        return receipt.draft_to_save(self.state)

    def values(self) -> Values:
        """Return the ids, and the address with the ssh command once the provider lists the server."""
        found = self.found_values()
        return [*receipt.values(self.state, () if found else self._servers), *found]

    @property
    def _is_order(self) -> bool:
        return self.state.changing is None

    @property
    def _kind(self) -> OutcomeKind:
        return receipt.outcome_of(self.state).kind

    @property
    def _signed_in(self) -> bool:
        return self.state.facts.signed_in

    @work(group="read", exclusive=True)
    async def _look(self) -> None:
        """Ask what the provider lists now; a read, however often it is pressed."""
        self._note(loading.asking(self.state, receipt.words_of(self.state).waiting_for))
        try:
            found = await self.wizard_app.flow.look(self.state)
        except VpsTuiError as error:
            self._note(error_content(error, receipt.look_failed(self.state)))
            return
        self._servers = found.servers
        self._note("\n".join(receipt.look_result(self.state, found)))
        if found.entry is not None and found.entry.outcome.kind is not self._kind:
            self.post_message(self.Settled(found.entry))

    def _note(self, words: str | Content) -> None:
        # A read may end while the program does: the widgets go before the screen that they are on.
        for notice in self.query("#notice").results(Words):
            notice.display = True
            notice.update(words)
        for delivery in self.query("#delivery"):
            delivery.display = not self._servers

    @on(PushButton.Pressed, "#settle")
    def _settle_pressed(self) -> None:
        from vps_tui.tui.screens.modals import SettleScreen

        entry = self.state.entry
        if entry is not None:
            hints = settling.hints(entry, receipt.panel(self.state))
            self.app.push_screen(SettleScreen(settling.TITLE, hints, settling.answers(entry)), self._settled)

    def _settled(self, there: bool | None) -> None:
        if there is not None and self.state.entry is not None:
            self._settle(self.state.entry, there)

    @work(group="settle", exclusive=True)
    async def _settle(self, entry: Entry, there: bool) -> None:
        try:
            settled = await self.wizard_app.flow.settle(entry, there=there)
        except VpsTuiError as error:
            self._note(error_content(error))
        else:
            self.post_message(self.Settled(settled))

    @on(PushButton.Pressed, "#servers")
    def _to_servers(self) -> None:
        self.wizard_app.flow.changes.put_aside(self.state)
        self.post_message(self.JumpRequested(*receipt.to_servers(self.state)))

    @on(PushButton.Pressed, "#fresh")
    def _begin_another(self) -> None:
        # Asking twice would pass over the next unknown one, which nobody has seen yet.
        if not self._left:
            self._left = True
            self.post_message(self.FreshRequested())

    @on(PushButton.Pressed, "#earlier")
    def action_earlier(self) -> None:
        """Show the earlier orders."""
        if self._is_order:
            self.wizard_app.action_earlier()

    @on(PushButton.Pressed, "#back")
    def _leave_pressed(self) -> None:
        self.query_one("#back", PushButton).disabled = True
