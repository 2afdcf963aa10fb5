"""Step: give the provider's subscription id of a server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.field import Field
from vps_tui.wizard.questions import subscription
from vps_tui.wizard.state import WizardState


class SubscriptionScreen(StepScreen):
    """Asks for the number; what the provider lists stands there as a suggestion."""

    AUTO_FOCUS = "Input"
    keys: ClassVar[str] = "Enter continue  Esc back"
    help_text: ClassVar[str] = subscription.HELP
    shows_price: ClassVar[bool] = False

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return subscription.heading(self.state)

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the field."""
        yield Field(subscription.LABEL, subscription.offered(self.state), help_text=subscription.FIELD_HELP)

    def typed_state(self) -> WizardState:
        """Return the state with the id as it stands, good or not."""
        return subscription.typed(self.state, self.query_one(Field).value)

    def submit(self) -> None:
        """Check the id and go on."""
        field = self.query_one(Field)
        problem = subscription.problem(field.value)
        if problem:
            field.complain(problem)
            field.focus_input()
        else:
            self.answer(subscription.answer(self.state, field.value))

    @on(Input.Changed)
    def _changed(self) -> None:
        field = self.query_one(Field)
        field.complain(subscription.problem(field.value) if field.value.strip() else "")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.submit()
