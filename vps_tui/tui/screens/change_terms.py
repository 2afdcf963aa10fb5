"""Steps that choose from a short list: when a server ends, how often and by what it is paid for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.wizard.questions import cancel_when, new_terms
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.state import WizardState


class _ShortList(StepScreen):
    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    shows_price: ClassVar[bool] = False
    columns: ClassVar[Sequence[Column]]

    @abstractmethod
    def rows(self) -> tuple[Sequence[Choice], str]:
        """Return what can be chosen, and the id of what is highlighted first."""

    @abstractmethod
    def answered(self, choice_id: str) -> WizardState:
        """Return the state with that choice."""

    def compose_body(self) -> Iterable[Widget]:
        """List the choices."""
        rows, chosen = self.rows()
        yield ChoiceList(self.columns, rows, chosen=chosen, filterable=False, header_lines=1)

    def submit(self) -> None:
        """Choose the highlighted row."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(self.answered(message.choice_id))


class CancelWhenScreen(_ShortList):
    """Asks when the server is to end; the way that loses less comes first."""

    help_text: ClassVar[str] = cancel_when.HELP
    columns: ClassVar[Sequence[Column]] = cancel_when.COLUMNS

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return cancel_when.heading(self.state)

    def rows(self) -> tuple[Sequence[Choice], str]:
        """Return the ways."""
        return cancel_when.choices(self.state), cancel_when.chosen(self.state)

    def answered(self, choice_id: str) -> WizardState:
        """Return the state with that way."""
        return cancel_when.answer(self.state, choice_id)


class NewCycleScreen(_ShortList):
    """Asks how often the server is paid for with its new plan."""

    help_text: ClassVar[str] = new_terms.CYCLE_HELP
    columns: ClassVar[Sequence[Column]] = new_terms.CYCLE_COLUMNS

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return new_terms.cycle_heading(self.state)

    def rows(self) -> tuple[Sequence[Choice], str]:
        """Return the cycles."""
        return new_terms.cycles(self.state), new_terms.chosen_cycle(self.state)

    def answered(self, choice_id: str) -> WizardState:
        """Return the state with that cycle."""
        return new_terms.answer_cycle(self.state, choice_id)


class NewPaymentScreen(_ShortList):
    """Asks by what the server is paid for from now on."""

    help_text: ClassVar[str] = new_terms.PAYMENT_HELP
    columns: ClassVar[Sequence[Column]] = new_terms.PAYMENT_COLUMNS

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return new_terms.payment_heading(self.state)

    def rows(self) -> tuple[Sequence[Choice], str]:
        """Return the ways to pay."""
        return new_terms.payments(self.state), new_terms.chosen_payment(self.state)

    def answered(self, choice_id: str) -> WizardState:
        """Return the state with that way."""
        return new_terms.answer_payment(self.state, choice_id)
