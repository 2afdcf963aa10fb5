"""What the receipts offer: their values for the clipboard, and bare for selecting by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget

from vps_tui.core.login import fold_command
from vps_tui.tui.screens.dialog import Dialog, Form
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.terminal.driver import ResilientDriver
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions.choices import Choice, Column

Values = Sequence[tuple[str, str]]
"""Labels and values."""

EVERYTHING = "everything"

SCROLLBAR = 2
"""Columns that it may take."""


class CopyingStep(StepScreen):
    """A step with buttons, and the keys F3 and F4, for its values."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "bare_view", show=False, id="step.bare-view"),
        Binding("f4", "copy", show=False, id="step.copy"),
    ]

    def values(self) -> Values:
        """Return what is useful elsewhere."""
        raise NotImplementedError

    def extra_buttons(self) -> Iterable[PushButton]:
        yield from super().extra_buttons()
        yield PushButton("Plain view", id="bare-view")
        yield PushButton("Copy", id="copy")

    def action_copy(self) -> None:
        """Ask what to copy."""
        self.app.push_screen(CopyScreen(self.values()), self._copy)

    def action_bare_view(self) -> None:
        """Show the values bare."""
        self.app.push_screen(BareView(self.values()))

    def _copy(self, text: str | None) -> None:
        if text and self.wizard_app.abilities.modern:
            self.app.copy_to_clipboard(text)
            self.say("Sent to your terminal's clipboard; not every terminal takes it.")
        elif text:
            self.say("This terminal has no clipboard. Plain view (F3) is for selecting by hand.")

    @on(PushButton.Pressed, "#copy")
    def _copy_pressed(self) -> None:
        self.action_copy()

    @on(PushButton.Pressed, "#bare-view")
    def _bare_view_pressed(self) -> None:
        self.action_bare_view()


class CopyScreen(Form[str]):
    """Asks which of the values to copy; gives the text for the clipboard."""

    AUTO_FOCUS = "ChoiceList"
    form_title = "Copy what?"
    use_label = "Copy"

    def __init__(self, values: Values) -> None:
        """Offer `values`, all of them first."""
        super().__init__()
        self._values = values

    def compose_body(self) -> Iterable[Widget]:
        rows = [Choice(str(index), value) for index, value in enumerate(self._values)]
        rows.insert(0, Choice(EVERYTHING, ("Everything", "one value a line, with its name")))
        yield Words("It goes to the clipboard of your terminal, over SSH too.")
        yield Words("")
        choices = ChoiceList((Column(""), Column("", flexible=True)), rows, filterable=False, header_lines=0)
        choices.styles.height = min(len(rows), 10)
        yield choices
        yield Words("")

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        everything = message.choice_id == EVERYTHING
        self.close(as_text(self._values) if everything else self._values[int(message.choice_id)][1])

    def use(self) -> None:
        self.query_one(ChoiceList).action_choose()


class BareView(Dialog[None]):
    """The values without frame, columns and colours; the mouse is the terminal's own meanwhile, for selecting."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,f3,q", "close", show=False, id="bare.close"),
        Binding("up", "scroll(-1)", show=False, id="bare.up"),
        Binding("down", "scroll(1)", show=False, id="bare.down"),
    ]
    DEFAULT_CSS = "BareView { align: left top; }"

    def __init__(self, values: Values) -> None:
        """Show `values`."""
        super().__init__()
        self._values = values

    def compose(self) -> Iterable[Widget]:
        width = self.app.size.width - SCROLLBAR
        # A command that the screen breaks would be pasted as two.
        values = (
            (label, fold_command(text, width) if text.startswith("ssh ") else text) for label, text in self._values
        )
        lines = [f"{label}:\n{value}" for label, value in values]
        with VerticalScroll(id="scroll", can_focus=False):
            yield Words("\n".join(lines))
        yield Words("Select with the mouse or as your terminal does. Esc goes back.")

    def on_mount(self) -> None:
        """Leave the mouse to the terminal."""
        self._report_mouse(wanted=False)

    def on_unmount(self) -> None:
        """Take the mouse again."""
        self._report_mouse(wanted=True)

    def action_scroll(self, lines: int) -> None:
        """Scroll what is longer than the screen."""
        self.query_one("#scroll").scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        self.close(None)

    def _report_mouse(self, *, wanted: bool) -> None:
        driver = self.app._driver  # noqa: SLF001 - Textual has no other way to the terminal's modes
        if isinstance(driver, ResilientDriver):
            driver.report_mouse(wanted=wanted)


def as_text(values: Values) -> str:
    """Return `values` one a line, each after its label."""
    return "\n".join(f"{label}: {value}" for label, value in values)
