"""The dialogs that have a public key given: pasted, read, fetched, or picked from several."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, TextArea

from vps_tui.core.errors import InvalidValue, VpsTuiError
from vps_tui.core.ssh_key_list import KeysInText, parse_public_keys
from vps_tui.core.ssh_keys import PublicKey
from vps_tui.ssh.key_files import describe_key, read_keys
from vps_tui.ssh.key_sites import HOSTS, address_asked, answering, fetch_keys, host_problem, user_problem
from vps_tui.tui.screens.dialog import ARROWS, Form
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import Words
from vps_tui.tui.widgets.key_area import KeyArea
from vps_tui.tui.widgets.option_rows import OptionRow, OptionRows
from vps_tui.wizard.questions import ssh_key
from vps_tui.wizard.questions.choices import Choice, Option

ASK = "ask"
HOW = "Go down to the key whose fingerprint you know, then press Enter."


class KeyForm(Form[PublicKey | None]):
    """A dialog that a key comes from; of several keys one is picked in another."""

    use_label = "Use this key"

    def take(self, found: KeysInText, title: str) -> None:
        """Close with the one key of `found`, or have one of several picked."""
        if found.single is not None:
            self.close(found.single)
        else:
            self.app.push_screen(KeyPickScreen(title, found), self._picked)

    def _picked(self, key: PublicKey | None) -> None:
        if key is not None:
            self.close(key)


class KeyPasteScreen(KeyForm):
    """A field for the key, with the verdict on what is in it underneath; Enter uses a good one."""

    AUTO_FOCUS = "KeyArea"
    form_title = ssh_key.PASTE_TITLE
    _found: KeysInText | None = None
    _judged = ""
    """The text that the verdict on the screen is about."""

    def compose_body(self) -> Iterable[Widget]:
        yield Words(Content.styled(f"{ssh_key.PASTE_HINT} Then Enter.", "dim"))
        yield KeyArea()
        yield Words("", id="verdict")

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        self._judge(event.text_area.text)

    def _judge(self, text: str) -> None:
        """Judge the text; a refusal of a private key, which empties the field, comes after this."""
        self._judged, self._found = text, None
        if not text.strip():
            self.say("")
            return
        try:
            self._found = parse_public_keys(text)
        except InvalidValue as error:
            self.say(f"{error.message} {error.hint}", "bold")
        else:
            self.say(verdict(self._found))

    @on(KeyArea.PrivateKeyRefused)
    def _refused(self, message: KeyArea.PrivateKeyRefused) -> None:
        self.complain(ssh_key.refuse_private(message.kind))

    @on(KeyArea.Submitted)
    def use(self) -> None:
        """Use a key only once its verdict has been on the screen."""
        area = self.query_one(KeyArea)
        area.flush()
        if area.text != self._judged:
            # Its verdict has not been seen.
            self._judge(area.text)
        elif self._found is None:
            area.focus()
        else:
            self.take(self._found, "Keys in what you pasted")


class KeyFileScreen(KeyForm):
    """Asks for a path; Enter reads it and shows the fingerprint, a second Enter uses the key."""

    form_title = ssh_key.FILE_TITLE
    _found: KeysInText | None = None

    def compose_body(self) -> Iterable[Widget]:
        yield Words("")
        yield Field("Path", ssh_key.FILE_START, help_text="Enter shows the key, Enter again uses it.")
        yield Words("", id="verdict")

    @on(Input.Changed)
    def _changed(self) -> None:
        self._found = None
        self.say("")

    @on(Input.Submitted)
    def use(self) -> None:
        if self._found is None:
            self._read(self.query_one(Field).value)
        else:
            self.take(self._found, "Keys in that file")

    @work(group="key", exclusive=True)
    async def _read(self, path: str) -> None:
        try:
            self._found = await asyncio.to_thread(read_keys, Path(path.strip()))
        except InvalidValue as error:
            self.complain(error)
        else:
            self.say(verdict(self._found))


class KeyPickScreen(Form[PublicKey | None]):
    """Lists keys with their fingerprints. The row it starts on is none of them, so no key is taken unseen."""

    AUTO_FOCUS = "ChoiceList"
    DEFAULT_CSS = "KeyPickScreen .dialog ChoiceList { height: 9; }"
    use_label = "Use this key"

    def __init__(self, title: str, found: KeysInText) -> None:
        """List the keys of `found` under `title`."""
        super().__init__()
        self.form_title = ssh_key.pick_title(title, found)
        self._found = found

    def compose_body(self) -> Iterable[Widget]:
        yield Words("")
        choices = [Choice(ASK, ("Choose one", ""), refusal=HOW), *ssh_key.pick_choices(self._found)]
        yield ChoiceList(ssh_key.PICK_COLUMNS, choices, chosen=ASK, filterable=False, header_lines=1)
        yield Words("", id="verdict")

    def on_mount(self) -> None:
        """Say how to choose."""
        self._explain()

    @on(ChoiceList.Highlighted)
    def _highlighted(self, message: ChoiceList.Highlighted) -> None:
        key = ssh_key.pick(self._found, message.choice.id) if message.choice else None
        if key is None:
            self._explain()
        else:
            self.say(Content.assemble((describe_key(key), "bold ansi_green"), f"\n{key.warning}"))

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.close(ssh_key.pick(self._found, message.choice_id))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.say(message.reason, "bold")

    def use(self) -> None:
        self.query_one(ChoiceList).action_choose()

    def _explain(self) -> None:
        self.say(Content.assemble(HOW, (f"\n{ssh_key.left_out(self._found)}", "dim")))


class KeyWebScreen(KeyForm):
    """Asks for a name and a site, fetches the public keys there, and has one of them chosen by its fingerprint."""

    AUTO_FOCUS = "#user Input"
    DEFAULT_CSS = "KeyWebScreen OptionRows { height: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = ARROWS
    form_title = ssh_key.WEB_TITLE
    use_label = "Fetch the keys"
    _site = 0

    def compose_body(self) -> Iterable[Widget]:
        yield Words(Content.styled(f"{ssh_key.WEB_HINT} Tab reaches the site.", "dim"))
        yield Words("")
        yield Field("User name", id="user", help_text="Enter fetches the keys, then you choose one.")
        yield SiteRow([OptionRow("Site", tuple(map(Option, (*HOSTS, ssh_key.OTHER_SITE))))])
        other = Field("Its name", id="site", help_text=ssh_key.SITE_EXAMPLE)
        other.display = False
        yield other
        yield Words("", id="verdict")

    @on(OptionRows.Changed)
    def _site_changed(self, message: OptionRows.Changed) -> None:
        self._site = message.index
        self.query_one("#site", Field).display = self._site == len(HOSTS)
        self.say("")

    @on(Input.Changed)
    def _changed(self) -> None:
        self.say("")

    @on(Input.Submitted)
    @on(OptionRows.Submitted)
    def use(self) -> None:
        user = self.query_one("#user", Field).value.strip().removeprefix("@")
        typed = self.query_one("#site", Field).value.strip().lower()
        host = HOSTS[self._site] if self._site < len(HOSTS) else typed
        for field_id, problem in (("#user", user_problem(user)), ("#site", host_problem(host))):
            if problem:
                self.complain(problem)
                self.query_one(field_id, Field).focus_input()
                return
        self._fetch(host, user)

    @work(group="key", exclusive=True)
    async def _fetch(self, host: str, user: str) -> None:
        self.say(ssh_key.fetching(address_asked(host, user)))
        try:
            found = await fetch_keys(host, user)
        except VpsTuiError as error:
            self.complain(error)
        else:
            self.say("")
            if self.is_current:
                # Even a single key is picked: nobody has seen its fingerprint.
                self.app.push_screen(KeyPickScreen(f"{user} at {answering(host)}", found), self._picked)


class SiteRow(OptionRows):
    """One row, so that the arrow keys up and down lead out of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", show=False, id="site.up"),
        Binding("down", "app.focus_next", show=False, id="site.down"),
    ]


def verdict(found: KeysInText) -> Content:
    """Return in words what a text holds: its one key, or that one of several has to be chosen."""
    key = found.single
    if key is not None:
        return Content.assemble((describe_key(key), "bold ansi_green"), f"\n{key.warning}")
    words = f"{ssh_key.several(found)} Press Enter to choose one."
    return Content.assemble((words, "bold"), (f"\n{ssh_key.left_out(found)}", "dim"))
