"""What every screen has around its question: masthead, heading, price, buttons, keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from vps_tui.tui.widgets.rows import shorten

RULE = "─"

MAX_READABLE_CELLS = 102
"""Cells across which the eye still finds the other end of a line; wider terminals leave the rest empty."""

BUTTON_GAP = 2
"""Cells between two buttons."""


class Masthead(Widget):
    """The program's name, the sandbox's mark, and the trail of stages with the present one marked."""

    DEFAULT_CSS = "Masthead { height: 3; }"
    ALLOW_SELECT = False

    def __init__(self, stages: Sequence[str], stage: str, *, sandbox: bool) -> None:
        super().__init__()
        self._stages = tuple(stages)
        self._stage = stage
        self._sandbox = sandbox

    def render(self) -> Content:
        width = self.size.width
        mark = " SANDBOX: nothing is bought " if self._sandbox else ""
        gap = " " * max(1, width - 9 - len(mark) - 1)
        name = Content.assemble((" vps-tui", "bold"), gap, (mark, "reverse bold"))
        return Content("\n").join([name, self._trail(width), Content.styled(RULE * width, "dim")])

    def _trail(self, width: int) -> Content:
        present = self._stages.index(self._stage) if self._stage in self._stages else 0
        if sum(len(stage) + 3 for stage in self._stages) > width:
            return Content(f" Step {present + 1} of {len(self._stages)}: {self._stage}")
        parts: list[str | tuple[str, str]] = [" "]
        for index, stage in enumerate(self._stages):
            if index:
                parts.append((" > ", "dim"))
            style = "bold underline ansi_magenta" if index == present else "" if index < present else "dim"
            parts.append((stage, style) if style else stage)
        return Content.assemble(*parts)


class Words(Widget):
    """Plain text that is never read as markup."""

    DEFAULT_CSS = "Words { height: auto; max-width: 102; }"

    def __init__(
        self,
        content: str | Content = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes, markup=False)
        self._words = Content(content) if isinstance(content, str) else content

    @property
    def text(self) -> str:
        """What is shown, without its styles."""
        return self._words.plain

    def update(self, content: str | Content) -> None:
        words = Content(content) if isinstance(content, str) else content
        if words.is_same(self._words):
            return
        self._words = words
        self.refresh(layout=self.styles.height is None or self.styles.height.is_auto)

    def render(self) -> Content:
        return self._words


class KeyLine(Words):
    """The keys of a screen, parted by two spaces; a line ends between two of them only."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content.styled("\n".join(self._lines(self.size.width)), "dim")

    def _lines(self, width: int) -> list[str]:
        lines = [""]
        for key in self.text.split("  "):
            longer = f"{lines[-1]}  {key}".strip()
            if lines[-1] and len(longer) > width:
                lines.append(key)
            else:
                lines[-1] = longer
        return lines


class Pairs(Widget):
    """Labels and values in two columns; a long value goes on under itself."""

    DEFAULT_CSS = "Pairs { height: auto; }"

    def __init__(
        self,
        pairs: Sequence[tuple[str, str]] = (),
        *,
        strong: str = "",
        label_width: int = 0,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        """Show `pairs`, the value of the one labelled `strong` in bold; labels take `label_width` cells at least."""
        super().__init__(id=id, markup=False)
        self._label_width = label_width
        self._pairs = tuple(pairs)
        self._strong = strong

    @property
    def text(self) -> str:
        """What is shown, one pair a line."""
        return "\n".join(f"{label}  {value}" for label, value in self._pairs)

    def update(self, pairs: Sequence[tuple[str, str]]) -> None:
        if tuple(pairs) != self._pairs:
            self._pairs = tuple(pairs)
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        indent = max((cell_len(label) for label, _ in self._pairs), default=0)
        indent = max(indent, self._label_width) + 4
        lines = []
        for label, value in self._pairs:
            parts = wrap(value, max(12, width - indent - 1)) or [""]
            for number, part in enumerate(parts):
                head = (set_cell_size(f"  {label}" if number == 0 else "", indent), "dim")
                lines.append(Content.assemble(head, (part, "bold") if label == self._strong else part))
        return lines


class OrderPanel(Pairs):
    """What has been chosen, and what it costs now and later."""

    DEFAULT_CSS = "OrderPanel { dock: right; width: 40; height: 100%; padding: 0 1; border-left: solid $foreground; }"

    def __init__(self, order: Sequence[tuple[str, str]]) -> None:
        super().__init__(order, strong="Now", id="panel")

    def render(self) -> Content:
        body = super().render() if self.text else Content.styled("  Nothing is chosen yet.", "dim")
        return Content("\n").join([Content.styled("  Your order", "bold"), Content(""), body])


class PriceBar(Widget):
    """What is chosen so far and what it costs; it never scrolls away."""

    DEFAULT_CSS = """
    PriceBar { height: 2; }
    PriceBar.-rule { height: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._choice = ""
        self._price = ""

    @property
    def text(self) -> str:
        """What is shown: the choice, then the price."""
        return f"{self._choice}  {self._price}"

    def show(self, choice: str, price: str) -> None:
        """Show what is chosen on the left and its price on the right."""
        if (choice, price) != (self._choice, self._price):
            self._choice, self._price = choice, price
            self.refresh()

    def render(self) -> Content:
        width = min(self.size.width, MAX_READABLE_CELLS)
        room = max(0, width - cell_len(self._price) - 4)
        left = shorten(self._choice, room)
        gap = " " * max(1, width - 2 - cell_len(left) - cell_len(self._price))
        line = Content.assemble(" ", (left, "dim"), gap, (self._price, "bold"))
        return Content("\n").join([Content.styled(RULE * self.size.width, "dim"), line])


class PushButton(Widget, can_focus=True):
    """A button of one line: `[ Continue ]`; Enter, Space or a click presses it."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "press", show=False, id="button.press"),
    ]
    DEFAULT_CSS = """
    PushButton { width: auto; height: 1; }
    PushButton:focus { text-style: reverse bold; }
    PushButton:disabled { text-style: dim; }
    """

    @dataclass
    class Pressed(Message):
        """The button was pressed."""

        button: PushButton

        @property
        def control(self) -> PushButton:
            """The button, for `@on` selectors."""
            return self.button

    def __init__(self, label: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._label = label

    @property
    def label(self) -> str:
        return self._label

    def relabel(self, label: str) -> None:
        if label != self._label:
            self._label = label
            self.refresh(layout=True)

    def render(self) -> Content:
        return Content(f"[ {self._label} ]")

    def action_press(self) -> None:
        self.post_message(self.Pressed(self))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.action_press()


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
            x += width + BUTTON_GAP
        return placements


class Buttons(Widget):
    """Holds buttons."""

    DEFAULT_CSS = "Buttons { height: auto; }"

    def __init__(self, *buttons: Widget, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(*buttons, id=id)
        self._default_layout = Flow()  # type: ignore[assignment]
