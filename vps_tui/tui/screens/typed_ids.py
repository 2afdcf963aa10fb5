"""Give the ids of a plan and an OS image by hand, from the provider's documentation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.models import TypedIds
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import typed_ids


class TypedIdsScreen(Dialog[TypedIds | None]):
    """Three fields and the family of the plan; they are remembered for the next order."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="ids.back"),
    ]

    def __init__(self, info: ProviderInfo) -> None:
        """Ask for ids of the provider `info`."""
        super().__init__()
        self._info = info

    def compose(self) -> Iterable[Widget]:
        """Lay out the fields."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(typed_ids.title(self._info), "bold"))
            yield Words(typed_ids.NOTE)
            yield Words("")
            for field in typed_ids.FIELDS:
                yield Field(field.label, field.usual, help_text=field.help_text, id=field.key)
            choices = typed_ids.choices(self._info)
            yield ChoiceList(typed_ids.COLUMNS, choices, filterable=False, header_lines=1)
            with Buttons(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton("Use them", id="use")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        fields = list(self.query(Input))
        following = fields.index(event.input) + 1
        (fields[following] if following < len(fields) else self.query_one(ChoiceList)).focus()

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self._use(message.choice_id)

    @on(PushButton.Pressed, "#use")
    def _use_pressed(self) -> None:
        self.query_one(ChoiceList).action_choose()

    def _use(self, plan_type: str) -> None:
        values = {
            field.key: self.query_one(f"#{field.key}", Field).value.strip().lower() for field in typed_ids.FIELDS
        }
        wrong = typed_ids.wrong(values)
        for key in values:
            self.query_one(f"#{key}", Field).complain(typed_ids.WRONG if key in wrong else "")
        if wrong:
            self.query_one(f"#{wrong[0]}", Field).focus_input()
        else:
            self.close(typed_ids.answer(values, plan_type))

    def action_give_up(self) -> None:
        """Go back without ids."""
        self.close(None)

    @on(PushButton.Pressed, "#give-up")
    def _give_up(self) -> None:
        self.close(None)
