"""A dialog with something to fill in and two buttons: back, and to use what is there."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from vps_tui.tui.screens.dialog import Dialog, Result
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.frame import PushButton, Words

ARROWS: Final[list[BindingType]] = [
    Binding("down", "app.focus_next", show=False, id="form.down"),
    Binding("up", "app.focus_previous", show=False, id="form.up"),
]
"""Keys for a form of several fields."""


class Form(Dialog[Result]):
    """The frame of such a dialog; what is asked differs."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="form.back"),
    ]

    def __init__(self, title: str, use_label: str) -> None:
        """Show `title`, and `use_label` on the button that uses what is there."""
        super().__init__()
        self.form_title = title
        self._use_label = use_label

    @abstractmethod
    def compose_body(self) -> Iterable[Widget]:
        """Return the widgets between title and buttons."""

    @abstractmethod
    def use(self) -> None:
        """Close with what is there, or say what is wrong with it."""

    def compose(self) -> Iterable[Widget]:
        """Lay out the frame."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(self.form_title, "bold"))
            yield from self.compose_body()
            with Buttons(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton(self._use_label, id="use")
                yield from self.extra_buttons()

    def extra_buttons(self) -> Iterable[PushButton]:
        """Return what else can be pressed."""
        return ()

    def say(self, content: str | Content, style: str = "") -> None:
        """Say something about what is there, where the form has room for a verdict."""
        styled = Content.styled(content, style) if isinstance(content, str) and style else content
        self.query_one("#verdict", Words).update(styled)

    @on(PushButton.Pressed, "#use")
    def _use_pressed(self) -> None:
        self.use()

    @on(PushButton.Pressed, "#give-up")
    def _give_up_pressed(self) -> None:
        self.action_give_up()

    def action_give_up(self) -> None:
        """Go back without an answer."""
        self.close(None)
