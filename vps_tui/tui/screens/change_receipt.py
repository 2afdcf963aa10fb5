"""Step: say what became of a change, look after one that is not known, and settle it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.services.reconcile import LOOK_EVERY
from vps_tui.tui.screens.copying import CopyingStep, Values
from vps_tui.tui.screens.reading import error_content
from vps_tui.tui.screens.receipt import COLOURS
from vps_tui.tui.widgets.frame import Pairs, PushButton, Words
from vps_tui.wizard.questions import change_receipt, loading


class ChangeReceiptScreen(CopyingStep):
    """One of the four outcomes in the change's own words, what to do next, and what the provider lists now."""

    AUTO_FOCUS = ""
    keys: ClassVar[str] = "Tab next  Enter press  F3 plain  F4 copy"
    help_text: ClassVar[str] = change_receipt.HELP
    shows_price: ClassVar[bool] = False
    _left = False

    def heading(self) -> tuple[str, str]:
        """Return the outcome."""
        return change_receipt.heading(self.state)

    def title_style(self) -> str:
        """Return the outcome's colour; the words say the same without it."""
        return f"bold {COLOURS[self._kind]}"

    def continue_label(self) -> str:
        """Return the words on the button for what one would do next."""
        return change_receipt.next_label(self.state)

    def back_label(self) -> str:
        """Return the words on the button that ends the program."""
        return "Leave"

    def extra_buttons(self) -> Iterable[PushButton]:
        """Offer to settle what is not known, and to go back to the list or to the first question."""
        if self._kind is OutcomeKind.UNKNOWN and self.state.entry is not None:
            yield PushButton("Settle by hand", id="settle")
            yield PushButton("Something else", id="fresh")
        elif self._kind is OutcomeKind.PLACED or change_receipt.can_try_again(self.state):
            yield PushButton(change_receipt.SERVERS, id="servers")
        yield from super().extra_buttons()

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the details; what has no room is scrolled to."""
        message = change_receipt.message(self.state)
        notice = Words("", id="notice")
        notice.display = False
        with VerticalScroll(id="scroll", can_focus=False):
            if message:
                yield Words("".join(f"{line}\n" for line in message))
            yield notice
            yield Pairs(change_receipt.pairs(self.state), id="change")

    def ready(self) -> None:
        """Focus what one would do next, and begin to look after an unknown change."""
        super().ready()
        self.set_focus(self.query_one("#back" if self._kind is OutcomeKind.PLACED else "#continue"))
        if self._kind is OutcomeKind.UNKNOWN and self.state.facts.signed_in:
            self._look()
            self.set_interval(LOOK_EVERY, self._look)

    def submit(self) -> None:
        """Go back to the price of a change that was not made, or look for one that was or may have been."""
        if change_receipt.can_try_again(self.state):
            self.post_message(self.JumpRequested(change_receipt.again(self.state), Step.CHANGE_COST))
        elif self._kind in change_receipt.SURE:
            self._to_servers()
        elif not self.state.facts.signed_in:
            self.post_message(self.JumpRequested(self.state, Step.SIGN_IN))
        else:
            self._look()

    def values(self) -> Values:
        """Return the ids."""
        return change_receipt.values(self.state)

    @property
    def _kind(self) -> OutcomeKind:
        return change_receipt.outcome_of(self.state).kind

    @work(group="read", exclusive=True)
    async def _look(self) -> None:
        """Ask what the provider lists now; a read, however often it is pressed."""
        self._note(loading.asking(self.state, change_receipt.WAITING_FOR))
        try:
            found = await self.wizard_app.flow.look(self.state)
        except VpsTuiError as error:
            self._note(error_content(error, change_receipt.look_failed(self.state)))
            return
        self._note("\n".join(change_receipt.looked(self.state, found, change_receipt.LOOKING)))
        if found.entry is not None and found.entry.outcome.kind is not self._kind:
            self.post_message(self.Settled(found.entry))

    def _note(self, words: str | Content) -> None:
        notice = self.query_one("#notice", Words)
        notice.display = True
        notice.update(words)

    @on(PushButton.Pressed, "#settle")
    def _settle_pressed(self) -> None:
        from vps_tui.tui.screens.settle import SettleScreen

        if self.state.entry is not None:
            panel = change_receipt.panel(self.state)
            self.app.push_screen(SettleScreen(self.state.entry, panel), self._settled)

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

    @on(PushButton.Pressed, "#servers")
    def _to_servers(self) -> None:
        step = Step.OWNED if self.state.facts.signed_in else Step.SIGN_IN
        self.wizard_app.flow.changes.put_aside(self.state)
        self.post_message(self.JumpRequested(change_receipt.to_servers(self.state), step))

    @on(PushButton.Pressed, "#fresh")
    def _begin_another(self) -> None:
        # Asking twice would pass over the next unknown one, which nobody has seen yet.
        if not self._left:
            self._left = True
            self.post_message(self.FreshRequested())

    @on(PushButton.Pressed, "#back")
    def _leave_pressed(self) -> None:
        self.query_one("#back", PushButton).disabled = True
