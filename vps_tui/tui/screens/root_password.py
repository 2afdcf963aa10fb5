"""Step: choose the root password."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core import root_password
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import server
from vps_tui.wizard.state import WizardState


class RootPasswordScreen(StepScreen):
    """Shows a generated password before anything is sent, and lets it be replaced by one's own."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "generate", show=False, id="password.generate")]
    keys: ClassVar[str] = "Enter continue  F3 another  Esc back"
    help_text: ClassVar[str] = server.ROOT_HELP

    def heading(self) -> tuple[str, str]:
        return server.ROOT_HEADING

    def compose_body(self) -> Iterable[Widget]:
        yield Field(
            "Password",
            server.offered_password(self.state),
            replaced=True,
            help_text="Generated for you. Type over it to use your own.",
        )
        yield Words(server.ROOT_RULE)

    def built_from(self, state: WizardState) -> object:
        """Return the password in the field."""
        return state.info, state.own_password

    def typed_state(self) -> WizardState:
        return server.type_password(self.state, self.query_one(Field).value)

    def submit(self) -> None:
        value = self.query_one(Field).value
        problem = root_password.problem(value)
        if problem:
            self.query_one(Field).complain(problem)
            self.query_one(Field).focus_input()
        else:
            self.answer(server.answer_password(self.state, value))

    def extra_buttons(self) -> Iterable[PushButton]:
        yield PushButton("Generate another", id="generate")

    @on(PushButton.Pressed, "#generate")
    def action_generate(self) -> None:
        """Put a new password into the field."""
        self.query_one(Input).value = root_password.generate()
        self.query_one(Field).focus_input()

    @on(Input.Changed)
    def _changed(self) -> None:
        self.query_one(Field).complain("")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.submit()
