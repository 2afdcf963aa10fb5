"""A whole screen over a step: something to look at, from which one comes back to where one was."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from vps_tui.tui.screens.dialog import Dialog, Result
from vps_tui.tui.widgets.frame import Buttons, KeyLine, Masthead, PushButton, Words


class Page(Dialog[Result]):
    """The frame of such a screen; only the body and the buttons differ."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False, id="page.back"),
        Binding("f1", "help", show=False, id="page.help"),
        Binding("left", "app.focus_previous", show=False, id="page.previous"),
        Binding("right", "app.focus_next", show=False, id="page.next"),
    ]
    keys: ClassVar[str] = "Enter press  Esc back"
    help_text: ClassVar[str] = ""
    stage: ClassVar[str] = ""
    """What the masthead says where steps have their trail."""

    def heading(self) -> tuple[str, str]:
        """Return the title and a line under it."""
        raise NotImplementedError

    def compose_body(self) -> Iterable[Widget]:
        """Return the widgets between heading and buttons."""
        raise NotImplementedError

    def buttons(self) -> Iterable[PushButton]:
        """Return what can be pressed besides going back."""
        return ()

    def compose(self) -> Iterable[Widget]:
        """Lay out the frame."""
        backend: Any = getattr(self.app, "backend", None)
        yield Masthead((self.stage,), self.stage, sandbox=backend is not None and backend.sandbox)
        yield Words(self._heading(), id="heading")
        with Vertical(id="body"):
            yield from self.compose_body()
        complaint = Words("", id="complaint")
        complaint.display = False
        yield complaint
        with Buttons(id="actions"):
            yield PushButton("Back", id="back")
            yield from self.buttons()
        yield KeyLine(f"{self.keys}  F1 help  Ctrl+Q leave", id="keys")

    def help_words(self) -> str:
        """Return what F1 says."""
        return self.help_text

    def say(self, words: str | Content) -> None:
        """Say something above the buttons; an empty text takes it back."""
        line = self.query_one("#complaint", Words)
        line.update(Content.styled(words, "bold") if isinstance(words, str) else words)
        line.display = bool(line.text)

    def show_heading(self) -> None:
        """Draw the heading anew."""
        self.query_one("#heading", Words).update(self._heading())

    def _heading(self) -> Content:
        title, hint = self.heading()
        return Content.assemble((f"{title}\n", "bold"), (hint, "dim"))

    def action_back(self) -> None:
        """Go back to where one was."""
        self.close(None)

    def action_help(self) -> None:
        """Explain what is on the screen."""
        from vps_tui.tui.screens.modals import HelpScreen

        self.app.push_screen(HelpScreen(self))

    @on(PushButton.Pressed, "#back")
    def _back_pressed(self) -> None:
        self.action_back()
