"""Step: choose an SSH key."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.ssh_keys import PublicKey
from vps_tui.ssh.agent import VARIABLE, agent_keys
from vps_tui.ssh.key_files import find_keys
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import Words
from vps_tui.wizard.questions import ssh_key
from vps_tui.wizard.questions.choices import Choice
from vps_tui.wizard.questions.ssh_key import CHOSEN, FILE, NONE, PAIR, PASTE, WEB, KeysHere
from vps_tui.wizard.state import WizardState

AT_ONCE = 0.3
"""Seconds in which the agent's keys may still come into the list as if they had always been there."""


class SshKeyScreen(StepScreen):
    """Offers the keys found on this machine and in its agent, and ways to others; shows fingerprints before use."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = ssh_key.HELP
    _here = KeysHere()

    _first: Choice | None = None
    """What was highlighted when the keys were last listed."""

    def heading(self) -> tuple[str, str]:
        return ssh_key.heading()

    def compose_body(self) -> Iterable[Widget]:
        yield ChoiceList(ssh_key.COLUMNS, filterable=False, header_lines=1, told=self._describe)
        yield Words("", id="details")

    def built_from(self, state: WizardState) -> object:
        """Return who is ordered from: all else is filled in later."""
        return state.info

    async def read_ahead(self) -> None:
        """Look in the folder, which takes no time worth waiting for."""
        self._here = replace(self._here, found=await asyncio.to_thread(find_keys, self.wizard_app.ssh_folder))

    def ready(self) -> None:
        """Look for keys, once more where that has been done ahead."""
        super().ready()
        self._show()
        self._search()

    @work(group="keys", exclusive=True)
    async def _search(self) -> None:
        """Look in the folder and ask the agent; a slow agent's keys come later, and the highlight stays then."""
        address = os.environ.get(VARIABLE, "")
        asked = asyncio.create_task(asyncio.to_thread(agent_keys, address)) if address else None
        await self.read_ahead()
        if asked is not None:
            await asyncio.wait({asked}, timeout=AT_ONCE)
        if asked is not None and asked.done():
            self._here = replace(self._here, agent=asked.result())
        self._show()
        if asked is not None and not asked.done():
            self._here = replace(self._here, agent=await asked)
            self._show(stay=True)

    def _show(self, *, stay: bool = False) -> None:
        rows = self.query_one(ChoiceList)
        highlighted = rows.highlighted
        # Keys that were found ahead are on the screen before the agent answers: somebody may have moved by then.
        stay = stay or highlighted != self._first
        chosen = highlighted.id if stay and highlighted is not None else ssh_key.chosen(self.state)
        chosen = chosen or ssh_key.usual(self.state, self._here)
        rows.set_choices(ssh_key.choices(self.state, self._here), chosen)
        self._first = rows.highlighted

    def submit(self) -> None:
        self.query_one(ChoiceList).action_choose()

    def _describe(self, choice: Choice | None) -> None:
        key = self._here.key(choice.id) if choice else None
        details = self.query_one("#details", Words)
        if key is not None:
            warning = (f"\n{key.warning}", "bold ansi_magenta") if key.warning else ""
            details.update(Content.assemble((ssh_key.details(key), "bold"), warning))
        elif choice is not None and choice.id == CHOSEN:
            details.update(self.state.key_label)
        elif choice is not None and choice.id == NONE and self.state.info is not None:
            details.update(self.state.info.key_optional_help)
        else:
            details.update(Content.styled("\n".join(self._here.left_out()), "dim"))

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        key = self._here.key(message.choice_id)
        if key is not None:
            self.take(key)
        elif message.choice_id == NONE:
            self.answer(ssh_key.answer_none(self.state))
        elif message.choice_id == CHOSEN:
            self.answer(self.state)
        else:
            self._ask(message.choice_id)

    def take(self, key: PublicKey | None) -> None:
        """Go on with `key`; None when none was given after all."""
        if key is not None:
            self.answer(ssh_key.answer(self.state, key))

    def _ask(self, way: str) -> None:
        """Have a key given in another way; a pair made and not used after all is found in the folder."""
        from vps_tui.tui.screens.key_dialogs import KeyFileScreen, KeyPasteScreen, KeyWebScreen
        from vps_tui.tui.screens.key_pair import KeyPairScreen

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
