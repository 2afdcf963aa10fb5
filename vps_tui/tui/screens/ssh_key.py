"""Step: choose an SSH key."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.ssh_keys import PublicKey
from vps_tui.key_agent import VARIABLE, AgentKeys, agent_keys
from vps_tui.key_files import FoundKeys, find_keys, label
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.chrome import Words
from vps_tui.tui.widgets.rows import Choice, Column

PASTE, FILE, WEB, PAIR, CHOSEN, NONE = "paste", "file", "web", "pair", "chosen", "none"

AT_ONCE = 0.3
"""Seconds in which the agent's keys may still come into the list as if they had always been there."""


class SshKeyScreen(StepScreen):
    """Offers the keys found on this machine and in its agent, and ways to others; shows fingerprints before use."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "With an SSH key you log in without a password. Only the PUBLIC half goes to the server: the file that "
        "ends in .pub. If you have none, choose to make a new pair. The order carries one key for each server; add "
        "further ones later to ~/.ssh/authorized_keys on the server."
    )
    _found = FoundKeys()
    _agent = AgentKeys()

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
        """Look in the folder and ask the agent; a slow agent's keys come later, and the highlight stays then."""
        address = os.environ.get(VARIABLE, "")
        asked = asyncio.create_task(asyncio.to_thread(agent_keys, address)) if address else None
        self._found = await asyncio.to_thread(find_keys, self.wizard_app.ssh_folder)
        if asked is not None:
            await asyncio.wait({asked}, timeout=AT_ONCE)
        if asked is not None and asked.done():
            self._agent = asked.result()
        self._show()
        if asked is not None and not asked.done():
            self._agent = await asked
            self._show(stay=True)

    def _offers(self) -> Iterator[tuple[PublicKey, str]]:
        """Yield each key once, with where it comes from."""
        held = {key.fingerprint for key in self._agent.keys}
        for found in self._found.keys:
            agent = ", agent" if found.key.fingerprint in held else ""
            yield found.key, f"~/.ssh/{found.path.name}{agent}"
        on_disk = {found.key.fingerprint for found in self._found.keys}
        yield from ((key, "agent") for key in self._agent.keys if key.fingerprint not in on_disk)

    def _show(self, *, stay: bool = False) -> None:
        server = self.state.server
        choices = [
            Choice(key.line, (f"{key.kind} {key.bits}", key.comment, origin)) for key, origin in self._offers()
        ]
        if server.ssh_key and server.ssh_key not in {choice.id for choice in choices}:
            choices.insert(0, Choice(CHOSEN, ("The key you gave", self.state.key_label, "")))
        choices += [
            Choice(PASTE, ("Paste a key ...", "the line of a .pub file", "")),
            Choice(FILE, ("Read a file ...", "path of a .pub file", "")),
            Choice(WEB, ("From a site ...", "keys on GitHub or GitLab", "")),
            Choice(PAIR, ("Make a new pair ...", "made on this machine", "")),
            Choice(NONE, ("No SSH key", "log in with a password", "")),
        ]
        chosen = NONE if server.without_key else server.ssh_key
        rows = self.query_one(ChoiceList)
        highlighted = rows.highlighted
        rows.set_choices(choices, highlighted.id if stay and highlighted is not None else chosen)

    def submit(self) -> None:
        """Choose the highlighted row."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Highlighted)
    def _highlighted(self, message: ChoiceList.Highlighted) -> None:
        key = self._key(message.choice.id) if message.choice else None
        details = self.query_one("#details", Words)
        if key is not None:
            warning = (f"\n{key.warning}", "bold ansi_magenta") if key.warning else ""
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
        """Have a key given in another way; a pair made and not used after all is found in the folder."""
        from vps_tui.tui.screens.key_file import KeyFileScreen
        from vps_tui.tui.screens.key_pair import KeyPairScreen
        from vps_tui.tui.screens.key_paste import KeyPasteScreen
        from vps_tui.tui.screens.key_web import KeyWebScreen

        def given(key: PublicKey | None) -> None:
            self.take(key)
            if key is None and way == PAIR:
                self._search()

        screens: dict[str, type[Dialog[PublicKey | None]]] = {
            PASTE: KeyPasteScreen,
            FILE: KeyFileScreen,
            WEB: KeyWebScreen,
        }
        self.app.push_screen(KeyPairScreen(self.wizard_app.ssh_folder) if way == PAIR else screens[way](), given)

    def _key(self, choice_id: str) -> PublicKey | None:
        return next((key for key, _ in self._offers() if key.line == choice_id), None)

    def _left_out(self) -> Content:
        lines = [f"{path.name} is left out: {reason}" for path, reason in self._found.left_out]
        shown = ([self._agent.problem] if self._agent.problem else []) + lines
        return Content.styled("\n".join(shown[:3]), "dim")
