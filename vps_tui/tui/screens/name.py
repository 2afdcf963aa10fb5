"""Step: give the server a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.names import normalised
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.field import Field
from vps_tui.wizard import WizardState


class NameScreen(StepScreen):
    """Asks for the hostname or label and checks it while it is typed."""

    AUTO_FOCUS = "Input"
    keys: ClassVar[str] = "Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "Letters a-z, digits and hyphens; dots between the parts of a full name. "
        "The name is your own choice and need not exist in DNS."
    )

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        info = self.state.info
        word, hint = (info.name_word, info.name_help) if info else ("Name", "")
        return f"{word} of the server", hint

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the field."""
        label = self.state.info.name_word if self.state.info else "Name"
        yield Field(label, self.state.server.name, help_text="Letters, digits, hyphens and dots.")

    def typed_state(self) -> WizardState:
        """Return the state with the name as it stands, good or not."""
        name = self.query_one(Field).value
        return self.state.with_server(replace(self.state.server, name=name))

    def submit(self) -> None:
        """Check the name and go on."""
        name = normalised(self.query_one(Field).value)
        problem = self._problem(name)
        if problem:
            self.query_one(Field).complain(problem)
            self.query_one(Field).focus_input()
        else:
            self.answer(self.state.with_server(replace(self.state.server, name=name)))

    def _problem(self, name: str) -> str | None:
        return self.state.info.name_problem(name) if self.state.info else None

    @on(Input.Changed)
    def _changed(self) -> None:
        """Say at once what cannot stay; an unfinished name is not complained about while it may still grow."""
        field = self.query_one(Field)
        name = normalised(field.value)
        field.complain(self._problem(name.rstrip(".-")) or "" if name.rstrip(".-") else "")
        self.show_price(self.typed_state())

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.submit()
