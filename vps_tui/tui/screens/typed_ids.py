"""Give the ids of a plan and an OS image by hand, from the provider's documentation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.catalog import OsFamily
from vps_tui.providers.provider import ProviderInfo, TypedIds
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.chrome import PushButton, Words
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.rows import Choice, Column

_FIELDS = ("plan", "os", "family", "currency")


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
            yield Words(Content.styled(f"Ids from {self._info.name}'s documentation", "bold"))
            yield Words("A plan given by its id has no price here; the provider charges its own.")
            yield Words("")
            yield Field("Plan id", help_text="A number.", id="plan")
            yield Field("OS image id", help_text="A number, also called OS template id.", id="os")
            yield Field("System", OsFamily.LINUX.value, help_text="linux, windows or other.", id="family")
            yield Field("Currency", help_text="For an account's first order, such as usd; else empty.", id="currency")
            choices = [Choice(word, (title,)) for word, title in self._info.plan_types]
            yield ChoiceList((Column("KIND OF PLAN", flexible=True),), choices, filterable=False, header_lines=1)
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
        values = {name: self.query_one(f"#{name}", Field).value.strip().lower() for name in _FIELDS}
        wrong = [name for name in ("plan", "os") if not re.fullmatch("[0-9]{1,18}", values[name])]
        wrong += [] if values["family"] in set(OsFamily) else ["family"]
        wrong += [] if re.fullmatch("([a-z]{3})?", values["currency"]) else ["currency"]
        for name in values:
            self.query_one(f"#{name}", Field).complain("That is none of them." if name in wrong else "")
        if wrong:
            self.query_one(f"#{wrong[0]}", Field).focus_input()
        else:
            family = OsFamily(values["family"])
            self.close(TypedIds(values["plan"], plan_type, values["os"], family, values["currency"]))

    def action_give_up(self) -> None:
        """Go back without ids."""
        self.close(None)

    @on(PushButton.Pressed, "#give-up")
    def _give_up(self) -> None:
        self.close(None)
