"""Any question that is answered with one line of text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, cast

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.field import Field
from vps_tui.wizard.questions import question_at
from vps_tui.wizard.questions.choices import TextQuestion
from vps_tui.wizard.state import WizardState


class TextScreen(StepScreen):
    """Asks for a text and checks it while it is typed."""

    AUTO_FOCUS = "Input"
    keys: ClassVar[str] = "Enter continue  Esc back"

    @property
    def question(self) -> TextQuestion:
        """What is asked."""
        return cast("TextQuestion", question_at(self.state.step))

    @property
    def has_price(self) -> bool:
        return self.question.priced

    def heading(self) -> tuple[str, str]:
        return self.question.heading(self.state)

    def help_words(self) -> str:
        return self.question.help

    def compose_body(self) -> Iterable[Widget]:
        question, state = self.question, self.state
        yield Field(
            question.label(state),
            question.offered(state),
            replaced=question.replaced,
            help_text=question.field_help,
        )

    def built_from(self, state: WizardState) -> object:
        """Return the words of the field."""
        return state.info, self.question.offered(state)

    def typed_state(self) -> WizardState:
        keep = self.question.keep
        return keep(self.state, self.query_one(Field).value) if keep is not None else self.state

    def submit(self) -> None:
        field = self.query_one(Field)
        problem = self.question.problem(self.state, field.value)
        if problem:
            field.complain(problem)
            field.focus_input()
        else:
            self.answer(self.question.answer(self.state, field.value))

    @on(Input.Changed)
    def _changed(self) -> None:
        """Say at once what cannot stay, and what the order costs with it."""
        question, field = self.question, self.query_one(Field)
        text = field.value
        problem = question.problem(self.state, text)
        unfinished = question.unfinished(self.state, text) if question.unfinished is not None else problem
        field.complain(unfinished if text.strip() else "")
        if question.keep is not None:
            self.show_price(self.typed_state())
        elif not problem:
            self.show_price(question.answer(self.state, text))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.submit()
