"""Make a new key pair on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.ssh_keys import PublicKey
from vps_tui.ssh.key_pair import NewPair, make_pair, next_path, passphrase_problem
from vps_tui.tui.screens.dialog import ARROWS, Form
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import ssh_key


class KeyPairScreen(Form[PublicKey | None]):
    """Asks for a passphrase twice, makes the pair, shows its fingerprint; a further Enter uses it."""

    AUTO_FOCUS = "#first Input"
    BINDINGS: ClassVar[list[BindingType]] = ARROWS
    form_title = ssh_key.PAIR_TITLE
    use_label = "Make the pair"
    _made: NewPair | None = None
    _making = False

    def __init__(self, folder: Path) -> None:
        """Make the pair in `folder`."""
        super().__init__()
        self._folder = folder

    def compose_body(self) -> Iterable[Widget]:
        yield Words(ssh_key.where_made(next_path(self._folder)))
        yield Words("")
        yield Field("Passphrase", id="first", secret=True, help_text=ssh_key.PASSPHRASE_HELP)
        yield Field("Once more", id="second", secret=True, help_text="Enter makes the pair.")
        yield Words("", id="verdict")

    @on(Input.Changed)
    def _changed(self) -> None:
        if self._made is None and not self._making:
            self.say("")

    @on(Input.Submitted, "#first Input")
    def _first_typed(self) -> None:
        self.query_one("#second", Field).focus_input()

    @on(Input.Submitted, "#second Input")
    def use(self) -> None:
        if self._made is not None:
            self.close(self._made.key)
        elif not self._making:
            first, second = self.query_one("#first", Field), self.query_one("#second", Field)
            problem = passphrase_problem(first.value, second.value)
            if problem:
                self.complain(problem)
                first.focus_input()
            else:
                self._making = True
                self._make(first.value)

    @work(group="key", exclusive=True)
    async def _make(self, passphrase: str) -> None:
        self.say(ssh_key.MAKING)
        try:
            self._made = await asyncio.to_thread(make_pair, self._folder, passphrase)
        except VpsTuiError as error:
            self.complain(error)
        else:
            self._show(self._made)
        finally:
            self._making = False

    def _show(self, made: NewPair) -> None:
        for field in self.query(Field):
            field.query_one(Input).value = ""
            field.disabled = True
        key, where = ssh_key.use_made(made)
        self.say(Content.assemble((key, "bold ansi_green"), f"\n{where}"))
        use = self.query_one("#use", PushButton)
        use.relabel("Use this key")
        use.focus()

    def action_give_up(self) -> None:
        """Go back without a key; a pair that has been made stays where it is. Not while one is being made."""
        if not self._making:
            self.close(None)
