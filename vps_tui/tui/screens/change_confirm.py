"""Step: confirm a change by typing, or change nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from vps_tui.tui.screens.typed_word import TypedWordStep
from vps_tui.tui.widgets.frame import Pairs, Words
from vps_tui.wizard.questions import change_confirm, change_cost


class ChangeConfirmScreen(TypedWordStep):
    """Says what is changed, with which account, at what price or loss, and asks for yes or the server's name."""

    keys: ClassVar[str] = "type it and Enter to confirm  Esc back"

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return change_confirm.heading(self.state)

    def continue_label(self) -> str:
        """Return the words on the button that makes the change."""
        return change_confirm.label(self.state)

    def compose_body(self) -> Iterable[Widget]:
        """Lay out money, change and notes, and the field for the answer."""
        described = change_cost.described(self.state)
        width = max(len(label) for label, _ in described)
        yield Pairs(change_confirm.money(self.state), strong="Now", label_width=width, id="money")
        with VerticalScroll(id="scroll", can_focus=False):
            notes = "\n".join(f"* {note}" for note in change_cost.notes(self.state))
            pairs = Pairs(described, label_width=width, id="change")
            if change_confirm.loses(self.state):
                yield Words(f"{notes}\n")
                yield pairs
            else:
                yield pairs
                yield Words(Content.styled(f"\n{notes}", "dim"))
        yield from self.compose_question()

    def help_words(self) -> str:
        """Return the help, and everything that has to be known about the change."""
        return "\n".join((change_confirm.help_text(self.state), *change_cost.notes(self.state)))

    def words(self) -> tuple[str, ...]:
        """Return the words of which one has to be typed."""
        return change_confirm.words(self.state)

    def question_words(self) -> str:
        """Return what is asked for."""
        return change_confirm.question(self.state)

    def expected_words(self) -> str:
        """Return what is said when something else was typed."""
        return f"{change_confirm.expected(self.state)}, or press Esc to go back."

    def hurried_words(self) -> str:
        """Return what is said when the word came faster than fingers type."""
        return change_confirm.hurried(self.state)

    def busy_words(self) -> str:
        """Return that the change is under way."""
        return change_confirm.busy(self.state)
