"""Side step: how many servers of one kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.field import Field
from vps_tui.wizard.questions import quantity


class QuantityScreen(StepScreen):
    """Asks for a number and shows what so many cost."""

    AUTO_FOCUS = "Input"
    keys: ClassVar[str] = "Enter continue  Esc back"
    help_text: ClassVar[str] = quantity.HELP

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return quantity.heading(self.state)

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the field with the present number in it."""
        yield Field(quantity.LABEL, str(self.state.server.quantity), replaced=True, help_text=quantity.HELP)

    def submit(self) -> None:
        """Check the number and go on."""
        field = self.query_one(Field)
        problem = quantity.problem(self.state, field.value.strip())
        if problem:
            field.complain(problem)
            field.focus_input()
        else:
            self.answer(quantity.answer(self.state, field.value.strip()))

    @on(Input.Changed)
    def _changed(self) -> None:
        text = self.query_one(Field).value.strip()
        problem = quantity.problem(self.state, text)
        self.query_one(Field).complain(problem if text else "")
        if not problem:
            self.show_price(quantity.answer(self.state, text))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.submit()
