"""Give an SSH key by the path of its file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.ssh_keys import PublicKey
from vps_tui.errors import InvalidValue
from vps_tui.key_files import read_key
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.chrome import PushButton, Words
from vps_tui.tui.widgets.field import Field


class KeyFileScreen(Dialog[PublicKey | None]):
    """Asks for a path; Enter reads it and shows the fingerprint, a second Enter uses the key."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="file.back"),
    ]
    _key: PublicKey | None = None

    def compose(self) -> Iterable[Widget]:
        """Lay out the field and the verdict."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled("Read a public key from a file", "bold"))
            yield Words("")
            yield Field("Path", "~/.ssh/", help_text="Enter shows the key, Enter again uses it.")
            yield Words("", id="verdict")
            with Horizontal(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton("Use this key", id="use")

    @on(Input.Changed)
    def _changed(self) -> None:
        self._key = None
        self.query_one("#verdict", Words).update("")

    @on(Input.Submitted)
    @on(PushButton.Pressed, "#use")
    def _use(self) -> None:
        if self._key is not None:
            self.close(self._key)
        else:
            self._read(self.query_one(Field).value)

    @work(group="key", exclusive=True)
    async def _read(self, path: str) -> None:
        verdict = self.query_one("#verdict", Words)
        try:
            key = await asyncio.to_thread(read_key, Path(path.strip()))
        except InvalidValue as error:
            verdict.update(Content.styled(f"{error.message} {error.hint}", "bold ansi_red"))
        else:
            self._key = key
            facts = f"{key.kind}, {key.bits} bits  {key.comment}\n{key.fingerprint}"
            verdict.update(Content.assemble((facts, "bold ansi_green"), f"\n{key.warning}"))

    def action_give_up(self) -> None:
        """Go back without a key."""
        self.close(None)

    @on(PushButton.Pressed, "#give-up")
    def _give_up(self) -> None:
        self.close(None)
