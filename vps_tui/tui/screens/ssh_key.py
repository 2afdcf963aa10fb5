"""Step: choose an SSH key."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.ssh_keys import PublicKey
from vps_tui.key_files import FoundKeys, find_keys, label
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.chrome import Words
from vps_tui.tui.widgets.rows import Choice, Column

PASTE, FILE, CHOSEN, NONE = "paste", "file", "chosen", "none"


class SshKeyScreen(StepScreen):
    """Offers the keys found on this machine, a paste, a file, or no key; shows fingerprints before use."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "With an SSH key you log in without a password. Only the PUBLIC half goes to the server: the file that "
        "ends in .pub. If you have none, run: ssh-keygen -t ed25519"
    )
    _found = FoundKeys()

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return "Which SSH key may log in?", "Public keys only. Compare the fingerprint with the one you know."

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the list and the details of the highlighted key."""
        columns = (Column("KEY"), Column("COMMENT", flexible=True), Column("FROM"))
        yield ChoiceList(columns, filterable=False, header_lines=1)
        yield Words("", id="details")

    def ready(self) -> None:
        """Look for keys."""
        super().ready()
        self._show()
        self._search()

    @work(group="keys", exclusive=True)
    async def _search(self) -> None:
        self._found = await asyncio.to_thread(find_keys, self.wizard_app.ssh_folder)
        self._show()

    def _show(self) -> None:
        server = self.state.server
        choices = [
            Choice(found.key.line, (_kind(found.key), found.key.comment, f"~/.ssh/{found.path.name}"))
            for found in self._found.keys
        ]
        if server.ssh_key and server.ssh_key not in {choice.id for choice in choices}:
            choices.insert(0, Choice(CHOSEN, ("The key you gave", self.state.key_label, "")))
        choices += [
            Choice(PASTE, ("Paste a key ...", "the line of a .pub file", "")),
            Choice(FILE, ("Read a file ...", "type the path of a .pub file", "")),
            Choice(NONE, ("No SSH key", "log in with a password", "")),
        ]
        chosen = NONE if server.without_key else server.ssh_key
        self.query_one(ChoiceList).set_choices(choices, chosen)

    def submit(self) -> None:
        """Choose the highlighted row."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Highlighted)
    def _highlighted(self, message: ChoiceList.Highlighted) -> None:
        key = self._key(message.choice.id) if message.choice else None
        details = self.query_one("#details", Words)
        if key is not None:
            warning = (f"\n{key.warning}", "bold ansi_yellow") if key.warning else ""
            details.update(Content.assemble((f"{key.kind}, {key.bits} bits\n{key.fingerprint}", "bold"), warning))
        elif message.choice is not None and message.choice.id == CHOSEN:
            details.update(self.state.key_label)
        elif message.choice is not None and message.choice.id == NONE and self.state.info is not None:
            details.update(self.state.info.key_optional_help)
        else:
            details.update(self._left_out())

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        key = self._key(message.choice_id)
        if key is not None:
            self.take(key)
        elif message.choice_id == NONE:
            server = replace(self.state.server, ssh_key="", without_key=True)
            self.answer(replace(self.state.with_server(server), key_label=""))
        elif message.choice_id == CHOSEN:
            self.answer(self.state)
        else:
            self._ask(message.choice_id)

    def take(self, key: PublicKey | None) -> None:
        """Go on with `key`; None when none was given after all."""
        if key is not None:
            server = replace(self.state.server, ssh_key=key.line, without_key=False)
            self.answer(replace(self.state.with_server(server), key_label=label(key)))

    def _ask(self, way: str) -> None:
        from vps_tui.tui.screens.key_file import KeyFileScreen
        from vps_tui.tui.screens.key_paste import KeyPasteScreen

        self.app.push_screen(KeyPasteScreen() if way == PASTE else KeyFileScreen(), self.take)

    def _key(self, choice_id: str) -> PublicKey | None:
        return next((found.key for found in self._found.keys if found.key.line == choice_id), None)

    def _left_out(self) -> Content:
        lines = [f"{path.name} is left out: {reason}" for path, reason in self._found.left_out[:2]]
        return Content.styled("\n".join(lines), "dim")


def _kind(key: PublicKey) -> str:
    return f"{key.kind} {key.bits}"
