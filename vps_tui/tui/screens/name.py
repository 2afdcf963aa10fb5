"""Step: give the server a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.field import Field
from vps_tui.wizard.questions import name
from vps_tui.wizard.state import WizardState


class NameScreen(StepScreen):
    """Asks for the hostname or label and checks it while it is typed."""

    AUTO_FOCUS = "Input"
    keys: ClassVar[str] = "Enter continue  Esc back"
    help_text: ClassVar[str] = name.HELP

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return name.heading(self.state)

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the field."""
        yield Field(name.label(self.state), self.state.server.name, help_text=name.FIELD_HELP)

    def built_from(self, state: WizardState) -> object:
        """Return the words of the field."""
        return state.info, state.server.name

    def typed_state(self) -> WizardState:
        """Return the state with the name as it stands, good or not."""
        return name.typed(self.state, self.query_one(Field).value)

    def submit(self) -> None:
        """Check the name and go on."""
        text = self.query_one(Field).value
        problem = name.problem(self.state, text)
        if problem:
            self.query_one(Field).complain(problem)
            self.query_one(Field).focus_input()
        else:
            self.answer(name.answer(self.state, text))

    @on(Input.Changed)
    def _changed(self) -> None:
        """Say at once what cannot stay; an unfinished name is not complained about while it may still grow."""
        field = self.query_one(Field)
        started = field.value.strip().rstrip(".-")
        field.complain(name.unfit(self.state, started) if started else "")
        self.show_price(self.typed_state())

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.submit()
