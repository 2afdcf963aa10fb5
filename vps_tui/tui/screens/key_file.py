"""Give an SSH key by the path of its file."""

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

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_key_list import KeysInText
from vps_tui.core.ssh_keys import PublicKey
from vps_tui.ssh.key_files import read_keys
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.screens.key_pick import KeyPickScreen, verdict
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import key_ways


class KeyFileScreen(Dialog[PublicKey | None]):
    """Asks for a path; Enter reads it and shows the fingerprint, a second Enter uses the key."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="file.back"),
    ]
    _found: KeysInText | None = None

    def compose(self) -> Iterable[Widget]:
        """Lay out the field and the verdict."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(key_ways.FILE_TITLE, "bold"))
            yield Words("")
            yield Field("Path", key_ways.FILE_START, help_text="Enter shows the key, Enter again uses it.")
            yield Words("", id="verdict")
            with Buttons(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton("Use this key", id="use")

    @on(Input.Changed)
    def _changed(self) -> None:
        self._found = None
        self.query_one("#verdict", Words).update("")

    @on(Input.Submitted)
    @on(PushButton.Pressed, "#use")
    def _use(self) -> None:
        if self._found is None:
            self._read(self.query_one(Field).value)
        elif self._found.single is not None:
            self.close(self._found.single)
        else:
            self.app.push_screen(KeyPickScreen("Keys in that file", self._found), self._picked)

    def _picked(self, key: PublicKey | None) -> None:
        if key is not None:
            self.close(key)

    @work(group="key", exclusive=True)
    async def _read(self, path: str) -> None:
        words = self.query_one("#verdict", Words)
        try:
            self._found = await asyncio.to_thread(read_keys, Path(path.strip()))
        except InvalidValue as error:
            words.update(Content.styled(f"{error.message} {error.hint}", "bold ansi_red"))
        else:
            words.update(verdict(self._found))

    def action_give_up(self) -> None:
        """Go back without a key."""
        self.close(None)

    @on(PushButton.Pressed, "#give-up")
    def _give_up(self) -> None:
        self.close(None)
