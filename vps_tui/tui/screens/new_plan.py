"""Step: choose another plan for a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import new_plan


class NewPlanScreen(StepScreen):
    """Lists the plans that the server can have, each with its price and the difference to now."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = new_plan.HELP
    shows_price: ClassVar[bool] = False

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return new_plan.heading(self.state)

    def compose_body(self) -> Iterable[Widget]:
        """List the plans."""
        rows, columns = new_plan.choices(self.state), new_plan.columns(self.state)
        yield ChoiceList(columns, rows, chosen=new_plan.chosen(self.state), noun=new_plan.NOUN)

    def submit(self) -> None:
        """Choose the highlighted plan."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Highlighted)
    def _highlighted(self) -> None:
        self.complain("")

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        if message.choice_id == new_plan.TYPED:
            given = new_plan.typed_id(self.state)
            self.app.push_screen(PlanIdScreen(given, lambda text: new_plan.id_problem(self.state, text)), self._typed)
        else:
            self.answer(new_plan.answer(self.state, message.choice_id))

    def _typed(self, plan_id: str | None) -> None:
        if plan_id is not None:
            self.answer(new_plan.answer(self.state, plan_id))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.complain(message.reason)


class PlanIdScreen(Dialog[str | None]):
    """Asks for the id of a plan that is not listed."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="plan-id.back")
    ]

    def __init__(self, given: str, problem: Callable[[str], str]) -> None:
        """Start with `given`; `problem` says what is wrong with an id, empty for nothing."""
        super().__init__()
        self._given = given
        self._problem = problem

    def compose(self) -> Iterable[Widget]:
        """Lay out the field."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(new_plan.ID_TITLE, "bold"))
            yield Words("")
            yield Field(new_plan.ID_LABEL, self._given, help_text=new_plan.ID_HELP)
            with Buttons(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton("Use it", id="use")

    @on(Input.Submitted)
    @on(PushButton.Pressed, "#use")
    def _use(self) -> None:
        text = self.query_one(Field).value.strip()
        problem = self._problem(text)
        if problem:
            self.query_one(Field).complain(problem)
            self.query_one(Field).focus_input()
        else:
            self.close(text)

    @on(PushButton.Pressed, "#give-up")
    def action_give_up(self) -> None:
        """Go back without an id."""
        self.close(None)
