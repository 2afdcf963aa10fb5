"""Step: say that buying the same once more is meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from vps_tui.tui.screens.typed_word import TypedWordStep
from vps_tui.tui.widgets.frame import Words
from vps_tui.wizard.questions import repeat


class RepeatScreen(TypedWordStep):
    """Names the earlier orders; one that is being sent at this moment cannot be repeated at all."""

    keys: ClassVar[str] = "type again and Enter to go on  Esc back"
    help_text: ClassVar[str] = (
        f"{repeat.HELP} Leave with Ctrl+Q and look at vps-tui orders first if you are not sure."
    )
    word: ClassVar[str] = repeat.WORD
    question: ClassVar[str] = repeat.QUESTION
    expected: ClassVar[str] = f"{repeat.EXPECTED}, or press Esc to go back."
    wait: ClassVar[str] = repeat.WAIT

    def heading(self) -> tuple[str, str]:
        """Return the title."""
        return repeat.heading(self.state)

    def title_style(self) -> str:
        """Return the colour of a warning."""
        return "bold ansi_magenta"

    def compose_body(self) -> Iterable[Widget]:
        """Lay out what stands in the journal, and the field unless there is no way on."""
        with VerticalScroll(id="scroll", can_focus=False):
            yield Words(Content(f"{repeat.message(self.state)}\n\n{self.way_out()}"))
        if not repeat.live(self.state):
            yield from self.compose_question()

    def way_out(self) -> str:
        """Return how to find out what became of an unknown one, or how not to buy a second."""
        if repeat.live(self.state):
            return self.wait
        if repeat.unsettled(self.state):
            return (
                "To find out, leave with Ctrl+Q and start again: the wizard opens with that order. What you have "
                "chosen here is kept."
            )
        return "If you did not mean to buy a second one, press Esc, or leave with Ctrl+Q."

    def submit(self) -> None:
        """Go on with the word, never beside an order that is being sent."""
        if repeat.live(self.state):
            self.complain(self.wait)
        else:
            super().submit()

    def accepted(self) -> None:
        """Go on, with what is repeated on record."""
        self.answer(repeat.answer(self.state))
