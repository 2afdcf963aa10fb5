"""Steps: see what an order costs, and change anything; see what a change costs, or a cancellation loses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.server_change import ChangeQuote
from vps_tui.core.steps import Step
from vps_tui.services.session import Terms
from vps_tui.tui.screens.reading import ReadingStep
from vps_tui.tui.screens.saving import SavingStep
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import Pairs, PushButton, Words
from vps_tui.wizard.questions import cost, loading
from vps_tui.wizard.questions.choices import Column
from vps_tui.wizard.questions.cost import CREDIT
from vps_tui.wizard.state import WizardState

ROOMY = 24
"""Lines from which on all notes have room beside the lines of the order."""


class CostScreen(SavingStep, ReadingStep[Terms]):
    """Leads with what leaves the account now; every line below can be changed in place."""

    AUTO_FOCUS = "#continue"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f7", "servers", show=False, id="cost.servers")]
    keys: ClassVar[str] = "Enter continue  Up lines  F2 save  F7 servers  Esc back"
    help_text: ClassVar[str] = (
        f"{cost.HELP} Press Up to reach the lines and Enter to change one; {cost.KEPT} "
        "F7 shows the servers of the order: add, copy, take away."
    )
    shows_price: ClassVar[bool] = False

    def heading(self) -> tuple[str, str]:
        return cost.heading(self.state)

    def waiting_words(self) -> str:
        return loading.asking(self.state, cost.waiting_for(self.state))

    def compose_body(self) -> Iterable[Widget]:
        yield Pairs(strong="Now", id="totals")
        columns = (Column(""), Column("CHOSEN", flexible=True), Column("PRICE", right=True))
        yield ChoiceList(columns, filterable=False, header_lines=1)
        yield Words("", id="notes")

    def built_from(self, state: WizardState) -> object:
        """Return who is ordered from: all else is filled in later."""
        return state.info

    async def fetch(self) -> Terms:
        session = await self.wizard_app.session()
        return await session.terms()

    def at_hand(self) -> Terms | None:
        session = self.wizard_app.flow.open_session
        return session.ready_terms() if session else None

    def received(self, found: Terms) -> None:
        self.state = cost.with_terms(self.state, found)
        self._show()
        if not isinstance(self.focused, ChoiceList):
            self.set_focus(self.query_one("#continue", PushButton))

    def extra_buttons(self) -> Iterable[PushButton]:
        yield from super().extra_buttons()
        yield PushButton("Servers", id="servers")

    @on(PushButton.Pressed, "#servers")
    def action_servers(self) -> None:
        """Go to the servers of this order."""
        self.post_message(self.JumpRequested(self.state, Step.SERVERS))

    def submit(self) -> None:
        """Go on to the confirmation if there is a price to confirm and a way to pay."""
        lacking = self.state.unfinished()
        if lacking is not None:
            self.post_message(self.JumpRequested(replace(self.state, server_index=lacking[0]), lacking[1]))
        elif cost.problem(self.state):
            self.complain(cost.problem(self.state))
        else:
            self.answer(self.state)

    def _show(self, chosen: str = "") -> None:
        state, quote = self.state, self.state.quote()
        if quote is None:
            return
        self.query_one("#totals", Pairs).update(cost.money(state, datetime.now(UTC)))
        choices = self.query_one(ChoiceList)
        choices.retitle("", "CHOSEN", quote.billing_cycle.every.upper())
        choices.set_choices(list(cost.choices(state)), chosen or cost.came_from(state))
        self._show_notes(self.app.size.height)

    def on_resize(self, event: events.Resize) -> None:
        """Leave room for the lines that can be changed."""
        self._show_notes(event.size.height)

    def help_words(self) -> str:
        """Return the help, and everything that has to be known about the price."""
        return "\n".join((self.help_text, *cost.notes(self.state)))

    def _show_notes(self, height: int) -> None:
        notes = cost.notes(self.state)
        if height < ROOMY and len(notes) > 1:
            notes = [notes[0], f"F1 shows {len(notes) - 1} more that has to be known."]
        for words in self.query("#notes").results(Words):
            words.update(Content.styled("\n".join(notes), "dim"))

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        server = cost.server_of(message.choice_id)
        if message.choice_id == CREDIT:
            self.state = cost.with_other_credit(self.state)
            self._show(CREDIT)
        elif server is not None:
            self.post_message(self.JumpRequested(replace(self.state, server_index=server), Step.SERVER))
        else:
            self.post_message(self.JumpRequested(self.state, Step(message.choice_id)))


class ChangeCostScreen(ReadingStep[ChangeQuote]):
    """Leads with what is charged now; asked of the provider each time that it is shown."""

    AUTO_FOCUS = "#continue"
    shows_price: ClassVar[bool] = False
    reads_ahead = False
    keys: ClassVar[str] = "Enter continue  Up/Down scroll  Esc back"

    def heading(self) -> tuple[str, str]:
        return cost.heading(self.state)

    def waiting_words(self) -> str:
        return loading.asking(self.state, cost.waiting_for(self.state))

    def compose_body(self) -> Iterable[Widget]:
        described = cost.describe(self.state)
        width = max(len(label) for label, _ in described)
        yield Pairs(strong="Now", label_width=width, id="money")
        with VerticalScroll(id="scroll", can_focus=False):
            yield Words("", id="change-notes")
            yield Pairs(described, label_width=width, id="change")

    async def fetch(self) -> ChangeQuote:
        return await self.wizard_app.flow.changes.quoted(self.state)

    def received(self, found: ChangeQuote) -> None:
        self.state = cost.with_quote(self.state, found)
        problem = cost.problem(self.state)
        self.query_one("#money", Pairs).update(cost.money(self.state, datetime.now(UTC)))
        notes = "\n".join(f"* {note}" for note in cost.notes(self.state))
        self.query_one("#change-notes", Words).update(f"{notes}\n")
        self.complain(problem)
        self.set_focus(self.query_one("#back" if problem else "#continue", PushButton))

    def help_words(self) -> str:
        """Return the help, and everything that has to be known about the price."""
        return "\n".join((cost.help_text(self.state), *cost.notes(self.state)))

    def submit(self) -> None:
        """Go on if the change can be had."""
        if cost.problem(self.state):
            self.complain(cost.problem(self.state))
        else:
            self.answer(self.state)
