"""Step: say that buying the same once more is meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from vps_tui.journal import Repeated
from vps_tui.tui.screens.typed_word import TypedWordStep
from vps_tui.tui.widgets.chrome import Words


class RepeatScreen(TypedWordStep):
    """Names the earlier orders; one that is being sent at this moment cannot be repeated at all."""

    keys: ClassVar[str] = "type again and Enter to go on  Esc back"
    help_text: ClassVar[str] = (
        "The same server has been ordered from this account, or an order for it may have been taken. Ordering it "
        "again can buy it twice. Leave with Ctrl+Q and look at vps-tui orders first if you are not sure."
    )
    word: ClassVar[str] = "again"
    question: ClassVar[str] = "Type again to order it once more, then Enter:"
    expected: ClassVar[str] = "Nothing was ordered. Type the word again to go on, or press Esc to go back."

    def heading(self) -> tuple[str, str]:
        """Return the title."""
        if any(entry.unsettled for entry in self.state.repeated):
            return "This may be ordered already", "It can be bought twice: find out first what became of it."
        return "You have ordered this already", "Going on buys a second one."

    def title_style(self) -> str:
        """Return the colour of a warning."""
        return "bold ansi_magenta"

    def compose_body(self) -> Iterable[Widget]:
        """Lay out what stands in the journal, and the field unless there is no way on."""
        repeated = Repeated(self.state.repeated)
        with VerticalScroll(id="scroll", can_focus=False):
            yield Words(Content(f"{repeated.message}\n\n{self._way_out()}"))
        if not self._live:
            yield from self.compose_question()

    def _way_out(self) -> str:
        if any(entry.unsettled for entry in self.state.repeated):
            return (
                "To find out, leave with Ctrl+Q and start again: the wizard opens with that order. What you have "
                "chosen here is kept."
            )
        return "If you did not mean to buy a second one, press Esc, or leave with Ctrl+Q."

    def submit(self) -> None:
        """Go on with the word, never beside an order that is being sent."""
        if self._live:
            self.complain("The same order is being sent at this moment. Go back and wait for it.")
        else:
            super().submit()

    def accepted(self) -> None:
        """Go on, with what is repeated on record."""
        references = ",".join(entry.reference for entry in self.state.repeated)
        self.answer(replace(self.state, again=references))

    @property
    def _live(self) -> bool:
        return any(entry.live for entry in self.state.repeated)
