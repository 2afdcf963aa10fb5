"""The order so far, beside the question where the terminal is wide enough for both."""

from __future__ import annotations

from datetime import UTC, datetime

from textual.content import Content

from vps_tui import summary
from vps_tui.tui.widgets.chrome import Pairs
from vps_tui.wizard import WizardState

WIDE = 120
"""Columns from which on the panel is shown: 80 stay for the question."""


class OrderPanel(Pairs):
    """What has been chosen, and what it costs now and later."""

    DEFAULT_CSS = "OrderPanel { dock: right; width: 40; height: 100%; padding: 0 1; border-left: solid $foreground; }"

    def __init__(self, state: WizardState) -> None:
        """Show the order of `state`."""
        super().__init__(running_order(state), strong="Now", id="panel")

    def render(self) -> Content:
        """Return the lines under their title."""
        body = super().render() if self.text else Content.styled("  Nothing is chosen yet.", "dim")
        return Content("\n").join([Content.styled("  Your order", "bold"), Content(""), body])


def running_order(state: WizardState) -> list[tuple[str, str]]:
    """Return what has been answered, and the money it comes to, as labels and values."""
    lines = [(label, value) for label, value in summary.pairs(state) if value]
    provider = [("Provider", state.info.name)] if state.info else []
    money = summary.money_pairs(state, datetime.now(UTC).date())[:2]
    return [*provider, *lines, *([("", "")] if money else []), *money]
