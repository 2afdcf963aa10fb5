"""Dialogs for ids from the provider's documentation: of a plan and its OS image, or of a row that is not listed."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.models import TypedIds
from vps_tui.tui.screens.dialog import Form
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import Words
from vps_tui.wizard.questions import plan
from vps_tui.wizard.questions.choices import TypedRow
from vps_tui.wizard.state import WizardState


class TypedIdsScreen(Form[TypedIds | None]):
    """Three fields and the family of the plan; they are remembered for the next order."""

    use_label = "Use them"

    def __init__(self, info: ProviderInfo) -> None:
        """Ask for ids of the provider `info`."""
        super().__init__()
        self.form_title = plan.ids_title(info)
        self._info = info

    def compose_body(self) -> Iterable[Widget]:
        yield Words(plan.IDS_NOTE)
        yield Words("")
        for field in plan.ID_FIELDS:
            yield Field(field.label, field.usual, help_text=field.help_text, id=field.key)
        kinds = plan.plan_kinds(self._info)
        yield ChoiceList(plan.KIND_COLUMNS, kinds, filterable=False, header_lines=1)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        fields = list(self.query(Input))
        following = fields.index(event.input) + 1
        (fields[following] if following < len(fields) else self.query_one(ChoiceList)).focus()

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self._use(message.choice_id)

    def use(self) -> None:
        self.query_one(ChoiceList).action_choose()

    def _use(self, plan_type: str) -> None:
        values = {field.key: self.query_one(f"#{field.key}", Field).value.strip().lower() for field in plan.ID_FIELDS}
        wrong = plan.wrong_ids(values)
        for key in values:
            self.query_one(f"#{key}", Field).complain(plan.WRONG_ID if key in wrong else "")
        if wrong:
            self.query_one(f"#{wrong[0]}", Field).focus_input()
        else:
            self.close(plan.typed_ids(values, plan_type))


class TypedIdScreen(Form[str | None]):
    """Asks for the id of a row that is not listed."""

    use_label = "Use it"

    def __init__(self, row: TypedRow, state: WizardState) -> None:
        """Ask for the id that `row` stands for."""
        super().__init__()
        self.form_title = row.title
        self._row = row
        self._state = state

    def compose_body(self) -> Iterable[Widget]:
        yield Words("")
        yield Field(self._row.label, self._row.usual(self._state), help_text=self._row.help)

    @on(Input.Submitted)
    def use(self) -> None:
        field = self.query_one(Field)
        text = field.value.strip()
        problem = self._row.problem(self._state, text)
        if problem:
            field.complain(problem)
            field.focus_input()
        else:
            self.close(text)
