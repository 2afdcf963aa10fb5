"""Step: see what a change costs, or what a cancellation loses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.widget import Widget

from vps_tui.core.server_change import ChangeQuote
from vps_tui.tui.screens.fresh_reading import FreshReadingStep
from vps_tui.tui.widgets.frame import Pairs, PushButton, Words
from vps_tui.wizard.questions import change_cost, loading


class ChangeCostScreen(FreshReadingStep[ChangeQuote]):
    """Leads with what is charged now; asked of the provider each time that it is shown."""

    AUTO_FOCUS = "#continue"
    keys: ClassVar[str] = "Enter continue  Up/Down scroll  Esc back"

    def heading(self) -> tuple[str, str]:
        """Return the title."""
        return change_cost.heading(self.state)

    def waiting_words(self) -> str:
        """Return what is being asked for."""
        return loading.asking(self.state, change_cost.waiting_for(self.state))

    def compose_body(self) -> Iterable[Widget]:
        """Lay out money, change and notes."""
        described = change_cost.described(self.state)
        width = max(len(label) for label, _ in described)
        yield Pairs(strong="Now", label_width=width, id="money")
        with VerticalScroll(id="scroll", can_focus=False):
            yield Words("", id="change-notes")
            yield Pairs(described, label_width=width, id="change")

    async def fetch(self) -> ChangeQuote:
        """Ask what it costs now."""
        return await self.wizard_app.flow.changes.quoted(self.state)

    def received(self, found: ChangeQuote) -> None:
        """Show it."""
        self.state = change_cost.received(self.state, found)
        self.query_one("#money", Pairs).update(change_cost.money(self.state))
        notes = "\n".join(f"* {note}" for note in change_cost.notes(self.state))
        self.query_one("#change-notes", Words).update(f"{notes}\n")
        self.complain(change_cost.problem(self.state))
        self.set_focus(self.query_one("#back" if change_cost.problem(self.state) else "#continue", PushButton))

    def help_words(self) -> str:
        """Return the help, and everything that has to be known about the price."""
        return "\n".join((change_cost.help_text(self.state), *change_cost.notes(self.state)))

    def submit(self) -> None:
        """Go on if the change can be had."""
        if change_cost.problem(self.state):
            self.complain(change_cost.problem(self.state))
        else:
            self.answer(self.state)
