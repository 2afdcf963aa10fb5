"""What lies over a step: a dialog that closes once, and the frame of a question and of a form."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar, Final, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from vps_tui.core.errors import VpsTuiError
from vps_tui.tui.widgets.frame import Buttons, PushButton, Words

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


ARROWS: Final[list[BindingType]] = [
    Binding("down", "app.focus_next", show=False, id="form.down"),
    Binding("up", "app.focus_previous", show=False, id="form.up"),
]
"""Keys for a form of several fields."""


class Form(Dialog[Result]):
    """A title, something to fill in or choose from, and two buttons: back, and to use what is there."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="form.back"),
    ]
    form_title = ""
    use_label = ""

    @abstractmethod
    def compose_body(self) -> Iterable[Widget]:
        """Return the widgets between title and buttons."""

    @abstractmethod
    def use(self) -> None:
        """Close with what is there, or say what is wrong with it."""

    def extra_buttons(self) -> Iterable[PushButton]:
        """Return what else can be pressed."""
        return ()

    def compose(self) -> Iterable[Widget]:
        with Vertical(classes="dialog"):
            yield Words(Content.styled(self.form_title, "bold"), id="title")
            yield from self.compose_body()
            with Buttons(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton(self.use_label, id="use")
                yield from self.extra_buttons()

    def say(self, content: str | Content, style: str = "") -> None:
        """Say something about what is there, where the form has room for a verdict."""
        text = Content(content) if isinstance(content, str) else content
        self.query_one("#verdict", Words).update(text.stylize(style) if style else text)

    def complain(self, problem: str | VpsTuiError) -> None:
        """Say what is wrong with what is there."""
        words = problem if isinstance(problem, str) else f"{problem.message} {problem.hint}"
        self.say(words, "bold ansi_red")

    @on(PushButton.Pressed, "#use")
    def _use_pressed(self) -> None:
        self.use()

    @on(PushButton.Pressed, "#give-up")
    def _give_up_pressed(self) -> None:
        self.action_give_up()

    def action_give_up(self) -> None:
        """Close without an answer."""
        self.close(None)
