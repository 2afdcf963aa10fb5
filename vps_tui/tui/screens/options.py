"""Any question that is answered with one option for each of several rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, cast

from textual import on
from textual.widget import Widget

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.option_rows import OptionRow, OptionRows
from vps_tui.wizard.questions import question_at
from vps_tui.wizard.questions.choices import OptionsQuestion
from vps_tui.wizard.state import WizardState


class OptionsScreen(StepScreen):
    """Has each row of its step's question set to one of its options."""

    AUTO_FOCUS = "OptionRows"
    keys: ClassVar[str] = "Left/Right change  Enter continue  Esc back"

    @property
    def question(self) -> OptionsQuestion:
        """What is asked."""
        return cast("OptionsQuestion", question_at(self.state.step))

    @property
    def has_price(self) -> bool:
        return self.question.priced

    def heading(self) -> tuple[str, str]:
        title, hint = self.question.heading(self.state)
        return title, f"Left and Right change a row. {hint}"

    def help_words(self) -> str:
        return self.question.help

    def compose_body(self) -> Iterable[Widget]:
        self._groups = self.question.groups(self.state)
        yield OptionRows([OptionRow(group.title, group.options, group.index) for group in self._groups])

    def built_from(self, state: WizardState) -> object:
        """Return what the rows offer and hold."""
        return state.info, tuple(self.question.groups(state))

    def submit(self) -> None:
        problem = self.question.problem(self.state)
        if problem:
            self.complain(problem)
        else:
            self.answer(self.state)

    @on(OptionRows.Changed)
    def _changed(self, message: OptionRows.Changed) -> None:
        self.complain("")
        self.state = self.question.answer(self.state, self._groups[message.row], message.index)
        self.show_price(self.state)

    @on(OptionRows.Submitted)
    def _submitted(self) -> None:
        self.submit()
