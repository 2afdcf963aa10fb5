"""What F1 shows: the answer to the question one has on the screen underneath."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.frame import PushButton, Words

EVERYWHERE = (
    "Tab moves between list and buttons, Up and Down scroll a long text. "
    "Ctrl+L draws the screen again, Ctrl+Q leaves."
)
"""The keys that do the same on every screen."""


class Explained(Protocol):
    """A screen that has something to say about itself."""

    @property
    def keys(self) -> str:
        """The keys that work on it."""
        ...

    def heading(self) -> tuple[str, str]:
        """Return its question or title, and a line under that."""
        ...

    def help_words(self) -> str:
        """Return what F1 says."""
        ...


class HelpScreen(Dialog[None]):
    """Closes with Escape, Enter or F1."""

    AUTO_FOCUS = "PushButton"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1", "close", show=False, id="help.close")]

    def __init__(self, screen: Explained) -> None:
        """Explain `screen`."""
        super().__init__()
        self._about = screen

    def compose(self) -> Iterable[Widget]:
        """Lay out the explanation and the keys."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(self._about.heading()[0], "bold"))
            yield Words(self._about.help_words())
            yield Words("")
            yield Words(Content.styled("Keys", "bold"))
            yield Words(f"{self._about.keys}\n{EVERYWHERE}")
            yield Words("")
            yield PushButton("Close", id="close")

    def on_push_button_pressed(self) -> None:
        """Close."""
        self.close(None)

    def action_close(self) -> None:
        """Close."""
        self.close(None)
