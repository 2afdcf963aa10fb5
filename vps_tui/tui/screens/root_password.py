"""Step: choose the root password."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core import root_password
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.chrome import Words
from vps_tui.tui.widgets.field import Field
from vps_tui.wizard import WizardState

TYPED = "root-password"


class RootPasswordScreen(StepScreen):
    """Shows a generated password before anything is sent, and lets it be replaced by one's own."""

    AUTO_FOCUS = "Input"
    keys: ClassVar[str] = "Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "The password of the user root (Administrator on Windows). It is sent to the provider with the order and "
        "kept nowhere by this program."
    )

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return "Root password", "Write it down now: it is not kept here and not shown after the order."

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the field with a generated password in it."""
        given = self.state.root_password
        value = given.get_secret_value() if given is not None else self.state.secret_text(TYPED)
        yield Field(
            "Password",
            value or root_password.generate(),
            replaced=True,
            help_text="Generated for you. Type over it to use your own.",
        )
        yield Words("12 to 64 characters with a small letter, a capital and a digit; no spaces.")

    def typed_state(self) -> WizardState:
        """Return the state with the password as it stands."""
        from pydantic import SecretStr

        value = self.query_one(Field).value
        given = self.state.root_password
        if given is not None and given.get_secret_value() == value:
            return self.state
        return replace(self.state.with_secret(TYPED, SecretStr(value)), root_password=None)

    def submit(self) -> None:
        """Check the password and go on."""
        from pydantic import SecretStr

        value = self.query_one(Field).value
        problem = root_password.problem(value)
        if problem:
            self.query_one(Field).complain(problem)
            self.query_one(Field).focus_input()
        else:
            self.answer(replace(self.state, root_password=SecretStr(value)))

    @on(Input.Changed)
    def _changed(self) -> None:
        self.query_one(Field).complain("")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.submit()
