"""Step: say yes, in full, or buy nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar

from textual import events, on
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.tui import summary
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.chrome import Pairs, PushButton, Words

ANSWER = "yes"


class ConfirmField(Input):
    """Takes typed letters only: a paste is not an answer."""

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()


class ConfirmScreen(StepScreen):
    """Says what is bought, from whom, with which account, for how much, and asks for the word yes."""

    AUTO_FOCUS = "ConfirmField"
    shows_price: ClassVar[bool] = False
    keys: ClassVar[str] = "type yes and Enter to order  Esc back"
    help_text: ClassVar[str] = (
        "Typing yes and pressing Enter sends the order once and cannot be undone here. Anything else buys nothing. "
        "Pasted text is not taken as an answer."
    )

    def heading(self) -> tuple[str, str]:
        """Return the title."""
        name = self.state.info.name if self.state.info else ""
        account = self.state.terms.account.name if self.state.terms else ""
        return f"Order this from {name}?", f"With the account {account}."

    def continue_label(self) -> str:
        """Return the words on the button that orders."""
        return "Order"

    def compose_body(self) -> Iterable[Widget]:
        """Lay out what is bought and the field for the answer."""
        bought = summary.pairs(self.state)
        width = max(len(label) for label, _ in bought)
        yield Pairs(self._money(), strong="Now", label_width=width, id="money")
        with VerticalScroll(id="scroll", can_focus=False):
            yield Pairs(bought, id="order")
        field = ConfirmField(compact=True, max_length=10)
        field.cursor_blink = False
        with Horizontal(id="question"):
            yield Words("Type yes to order, then Enter:")
            yield field

    def submit(self) -> None:
        """Order if the word was typed; say what is expected otherwise."""
        field = self.query_one(ConfirmField)
        if self.wizard_app.ordering:
            return
        if field.value.strip().lower() != ANSWER:
            self.complain("Nothing was ordered. Type the word yes to order, or press Esc to go back.")
            field.focus()
        elif self.wizard_app.keys_hurried:
            field.value = ""
            field.focus()
            self.complain("That came as fast as a paste: nothing was ordered. Type yes, wait a moment, press Enter.")
        else:
            self.answer(self.state)

    def show_busy(self) -> None:
        """Say that the order is under way; nothing can be pressed meanwhile."""
        self.query_one(ConfirmField).disabled = True
        for button in self.query(PushButton):
            button.disabled = True
        name = self.state.info.name if self.state.info else "the provider"
        words = f"Ordering. Waiting for {name} to answer; this cannot be stopped now."
        complaint = self.query_one("#complaint", Words)
        complaint.update(Content.styled(words, "bold"))
        complaint.display = True

    def _money(self) -> list[tuple[str, str]]:
        state = self.state
        pairs = summary.money_pairs(state, datetime.now(UTC).date())[:2]
        if state.catalog is not None and state.catalog.source:
            pairs.append(("Prices", state.catalog.source))
        return [*pairs, ("Payment", f"{summary.payment_method(state)}, for this and all renewals")]

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.submit()

    @on(Input.Changed)
    def _changed(self) -> None:
        if self.query_one(ConfirmField).value:
            self.complain("")
