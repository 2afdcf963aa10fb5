"""Step: say yes, in full, or buy nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.widget import Widget

from vps_tui import summary
from vps_tui.tui.screens.typed_word import TypedWordField, TypedWordStep
from vps_tui.tui.widgets.chrome import Pairs, PushButton


class ConfirmScreen(TypedWordStep):
    """Says what is bought, from whom, with which account, for how much, and asks for the word yes."""

    keys: ClassVar[str] = "type yes and Enter to order  Esc back"
    help_text: ClassVar[str] = (
        "Typing yes and pressing Enter sends the order once and cannot be undone here. Anything else buys nothing. "
        "Pasted text is not taken as an answer."
    )
    word: ClassVar[str] = "yes"
    question: ClassVar[str] = "Type yes to order, then Enter:"
    expected: ClassVar[str] = "Nothing was ordered. Type the word yes to order, or press Esc to go back."

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
        yield from self.compose_question()

    def show_busy(self) -> None:
        """Say that the order is under way; nothing can be pressed meanwhile."""
        self.query_one(TypedWordField).disabled = True
        for button in self.query(PushButton):
            button.disabled = True
        name = self.state.info.name if self.state.info else "the provider"
        words = f"Ordering. Waiting for {name} to answer; this cannot be stopped now."
        self.say(words)

    def _money(self) -> list[tuple[str, str]]:
        state = self.state
        pairs = summary.money_pairs(state, datetime.now(UTC).date())[:2]
        if state.catalog is not None and state.catalog.source:
            pairs.append(("Prices", state.catalog.source))
        return [*pairs, ("Payment", f"{summary.payment_method(state)}, for this and all renewals")]
