"""A row of buttons that goes on in the next line where the terminal is too narrow for it."""

from __future__ import annotations

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

GAP = 2
"""Cells between two buttons."""


class Flow(Layout):
    """Puts widgets beside each other, each as wide as its content, and below where there is no more room."""

    name = "flow"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        parent.pre_layout(self)
        x = y = 0
        placements = []
        for child in children:
            width = min(size.width, child.get_content_width(size, size))
            if x and x + width > size.width:
                x, y = 0, y + 1
            placements.append(WidgetPlacement(Region(x, y, width, 1), NULL_OFFSET, NULL_SPACING, child))
            x += width + GAP
        return placements


class Buttons(Widget):
    """Holds buttons."""

    DEFAULT_CSS = "Buttons { height: auto; }"

    def __init__(self, *buttons: Widget, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(*buttons, id=id)
        self._default_layout = Flow()  # type: ignore[assignment]
