"""Step: choose what to add to a server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.option_rows import OptionRow, OptionRows
from vps_tui.wizard.questions import more_add_ons


class MoreAddOnsScreen(StepScreen):
    """Asks how many units more of each add-on."""

    AUTO_FOCUS = "OptionRows"
    keys: ClassVar[str] = "Left/Right change  Enter continue  Esc back"
    help_text: ClassVar[str] = more_add_ons.HELP
    shows_price: ClassVar[bool] = False

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        title, hint = more_add_ons.heading(self.state)
        return title, f"Left and Right change a row. {hint}"

    def compose_body(self) -> Iterable[Widget]:
        """Lay out one row per add-on."""
        self._groups = more_add_ons.groups(self.state)
        yield OptionRows([OptionRow(group.title, group.options, group.index) for group in self._groups])

    def submit(self) -> None:
        """Go on if anything is to be added."""
        problem = more_add_ons.problem(self.state)
        if problem:
            self.complain(problem)
        else:
            self.answer(self.state)

    @on(OptionRows.Changed)
    def _changed(self, message: OptionRows.Changed) -> None:
        self.complain("")
        self.state = more_add_ons.answer(self.state, self._groups[message.row], message.index)

    @on(OptionRows.Submitted)
    def _submitted(self) -> None:
        self.submit()
