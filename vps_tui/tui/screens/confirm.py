"""Step: say yes, in full, or buy nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.widget import Widget

from vps_tui.tui.screens.typed_word import TypedWordStep
from vps_tui.tui.widgets.frame import Pairs
from vps_tui.wizard import summary
from vps_tui.wizard.questions import confirm


class ConfirmScreen(TypedWordStep):
    """Says what is bought, from whom, with which account, for how much, and asks for the word yes."""

    keys: ClassVar[str] = "type yes and Enter to order  Esc back"
    help_text: ClassVar[str] = confirm.HELP
    word: ClassVar[str] = confirm.WORD
    question: ClassVar[str] = confirm.QUESTION
    expected: ClassVar[str] = f"{confirm.EXPECTED}, or press Esc to go back."

    def heading(self) -> tuple[str, str]:
        """Return the title."""
        return confirm.heading(self.state)

    def continue_label(self) -> str:
        """Return the words on the button that orders."""
        return "Order"

    def compose_body(self) -> Iterable[Widget]:
        """Lay out what is bought and the field for the answer."""
        bought = summary.bought(self.state)
        width = max(len(label) for label, _ in bought)
        yield Pairs(confirm.money(self.state, datetime.now(UTC)), strong="Now", label_width=width, id="money")
        with VerticalScroll(id="scroll", can_focus=False):
            yield Pairs(bought, id="order")
        yield from self.compose_question()

    def busy_words(self) -> str:
        """Return that the order is under way."""
        return confirm.busy(self.state)
