"""What lies over a step: a dialog that closes once, and the frame of a question with buttons or with a field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """A dialog that closes once, however many keys ask for it.

    Textual's `dismiss` takes whatever screen is on top: a second call would take the step underneath.
    """

    _answered_once = False

    def close(self, result: Result | None = None) -> None:
        """Close with `result`; nothing happens when it is closed already."""
        if not self._answered_once and self.is_current:
            self._answered_once = True
            self.dismiss(result)


class AskDialog(Dialog[Result]):
    """A title, some lines and buttons; the first button, and Escape, change nothing."""

    AUTO_FOCUS = "PushButton"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, id="dialog.back"),
        Binding("left", "app.focus_previous", show=False, id="dialog.previous"),
        Binding("right", "app.focus_next", show=False, id="dialog.next"),
    ]

    def __init__(
        self,
        title: str | Content,
        lines: Iterable[str | Content],
        buttons: Sequence[tuple[str, str, Result | None]],
    ) -> None:
        """Ask `title`; `buttons` are the id, the label and the result of each."""
        super().__init__()
        self._lines = (Content.styled(title, "bold") if isinstance(title, str) else title, *lines, "")
        self._buttons = buttons

    def compose(self) -> Iterable[Widget]:
        with Vertical(classes="dialog"):
            yield from map(Words, self._lines)
            with Buttons(id="actions"):
                for button_id, label, _ in self._buttons:
                    yield PushButton(label, id=button_id)

    def action_give_up(self) -> None:
        """Close without an answer."""
        self.close(None)

    async def chosen(self, result: Result | None) -> None:
        """Take the answer of a button."""
        self.close(result)

    @on(PushButton.Pressed)
    async def _pressed(self, event: PushButton.Pressed) -> None:
        await self.chosen(next(result for button, _, result in self._buttons if button == event.button.id))


class FieldDialog(Dialog[Result]):
    """A title, a field, what is wrong with it, and a button that takes it as Enter does."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="field.back"),
    ]

    def compose_field(self) -> Iterable[Widget]:
        """Return the title, the field and the words around it."""
        raise NotImplementedError

    def take_label(self) -> str:
        """Return the words on the button."""
        raise NotImplementedError

    def changed(self, text: str) -> None:
        """Say what comes of `text`, which is being typed."""
        self.say("")

    def take(self, text: str) -> None:
        """Close with what `text` stands for, or say what is wrong with it."""
        raise NotImplementedError

    def compose(self) -> Iterable[Widget]:
        with Vertical(classes="dialog"):
            yield from self.compose_field()
            with Buttons(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton(self.take_label(), id="use")

    def say(self, words: str) -> None:
        """Say something about the field."""
        self.query_one("#verdict", Words).update(words)

    def complain(self, words: str) -> None:
        """Say what is wrong with the field."""
        self.query_one("#verdict", Words).update(Content.styled(words, "bold ansi_red"))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self.changed(event.value.strip())

    @on(Input.Submitted)
    @on(PushButton.Pressed, "#use")
    def _submitted(self) -> None:
        self.take(self.query_one(Field).value.strip())

    @on(PushButton.Pressed, "#give-up")
    def action_give_up(self) -> None:
        """Close without an answer."""
        self.close(None)
