"""The order so far, beside the question where the terminal is wide enough for both."""

from __future__ import annotations

from textual.content import Content

from vps_tui.questions import running
from vps_tui.tui.widgets.chrome import Pairs
from vps_tui.wizard import WizardState

WIDE = 120
"""Columns from which on the panel is shown: 80 stay for the question."""


class OrderPanel(Pairs):
    """What has been chosen, and what it costs now and later."""

    DEFAULT_CSS = "OrderPanel { dock: right; width: 40; height: 100%; padding: 0 1; border-left: solid $foreground; }"

    def __init__(self, state: WizardState) -> None:
        """Show the order of `state`."""
        super().__init__(running.order(state), strong="Now", id="panel")

    def render(self) -> Content:
        """Return the lines under their title."""
        body = super().render() if self.text else Content.styled("  Nothing is chosen yet.", "dim")
        return Content("\n").join([Content.styled("  Your order", "bold"), Content(""), body])
