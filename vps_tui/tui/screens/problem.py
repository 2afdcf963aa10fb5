"""Something that is wrong before anything was asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

from vps_tui.core.errors import VpsTuiError
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.screens.reading import error_content
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.frame import PushButton, Words


class ProblemScreen(Dialog[None]):
    """Says what is wrong; one can look around all the same."""

    AUTO_FOCUS = "PushButton"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False, id="problem.close")]

    def __init__(self, error: VpsTuiError) -> None:
        """Tell of `error`."""
        super().__init__()
        self._error = error

    def compose(self) -> Iterable[Widget]:
        """Lay out what is wrong."""
        with Vertical(classes="dialog"):
            yield Words(error_content(self._error))
            yield Words("")
            with Buttons(id="actions"):
                yield PushButton("Look around all the same", id="close")

    def on_push_button_pressed(self) -> None:
        """Close."""
        self.close(None)

    def action_close(self) -> None:
        """Close."""
        self.close(None)
