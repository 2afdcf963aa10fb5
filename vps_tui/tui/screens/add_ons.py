"""Step: choose add-ons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.option_rows import OptionRow, OptionRows
from vps_tui.wizard.questions import add_ons
from vps_tui.wizard.state import WizardState


class AddOnsScreen(StepScreen):
    """Asks what to add to the plan; leaving everything at none is the usual answer."""

    AUTO_FOCUS = "OptionRows"
    keys: ClassVar[str] = "Left/Right change  Enter continue  Esc back"
    help_text: ClassVar[str] = add_ons.HELP

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return add_ons.TITLE, f"Left and Right change a row. {add_ons.HINT}"

    def compose_body(self) -> Iterable[Widget]:
        """Lay out one row per group that the plan offers."""
        self._groups = add_ons.groups(self.state)
        yield OptionRows(
            [
                OptionRow(group.title, tuple(offer.option for offer in group.offers), group.index)
                for group in self._groups
            ]
        )

    def built_from(self, state: WizardState) -> object:
        """Return what the rows offer and hold."""
        return state.info, state.plan, state.draft.billing_cycle, state.server.add_ons

    def typed_state(self) -> WizardState:
        """Return the state with the rows as they stand."""
        return self.state

    def submit(self) -> None:
        """Go on with the rows as they stand."""
        self.answer(self.state)

    @on(OptionRows.Changed)
    def _changed(self, message: OptionRows.Changed) -> None:
        self.state = add_ons.answer(self.state, self._groups[message.row], message.index)
        self.show_price(self.state)

    @on(OptionRows.Submitted)
    def _submitted(self) -> None:
        self.submit()
