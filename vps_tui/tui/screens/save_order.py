"""Save the order as a file that a script can order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.draft import Draft
from vps_tui.core.errors import VpsTuiError
from vps_tui.services.order_files import save
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import saving


class SaveOrderScreen(Dialog[Path | None]):
    """Asks for a path; a file that exists is never written over."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="save.back"),
    ]

    def __init__(self, draft: Draft) -> None:
        """Save `draft`."""
        super().__init__()
        self._draft = draft

    def compose(self) -> Iterable[Widget]:
        """Lay out the field and the verdict."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(saving.TITLE, "bold"))
            yield Words(saving.HINT)
            yield Words("")
            yield Field("Path", saving.usual(self._draft), help_text="Enter saves.")
            yield Words("", id="verdict")
            with Buttons(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton("Save", id="confirm-save")

    @on(Input.Changed)
    def _changed(self) -> None:
        self.query_one("#verdict", Words).update("")

    @on(Input.Submitted)
    @on(PushButton.Pressed, "#confirm-save")
    def _submitted(self) -> None:
        self._save(Path(self.query_one(Field).value.strip() or "."))

    @work(group="save", exclusive=True)
    async def _save(self, path: Path) -> None:
        try:
            await asyncio.to_thread(save, path, self._draft)
        except VpsTuiError as error:
            words = Content.styled(f"{error.message} {error.hint}", "bold ansi_red")
            self.query_one("#verdict", Words).update(words)
        else:
            self.close(path)

    def action_give_up(self) -> None:
        """Go back without saving."""
        self.close(None)

    @on(PushButton.Pressed, "#give-up")
    def _give_up(self) -> None:
        self.close(None)
