"""The order so far, beside the question where the terminal is wide enough for both."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from vps_tui.tui.widgets.frame import Pairs


class OrderPanel(Pairs):
    """What has been chosen, and what it costs now and later."""

    DEFAULT_CSS = "OrderPanel { dock: right; width: 40; height: 100%; padding: 0 1; border-left: solid $foreground; }"

    def __init__(self, order: Sequence[tuple[str, str]]) -> None:
        super().__init__(order, strong="Now", id="panel")

    def render(self) -> Content:
        body = super().render() if self.text else Content.styled("  Nothing is chosen yet.", "dim")
        return Content("\n").join([Content.styled("  Your order", "bold"), Content(""), body])
