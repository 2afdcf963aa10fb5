"""Give an SSH key by one's user name on GitHub, GitLab or a site like them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.ssh_keys import PublicKey
from vps_tui.ssh.key_sites import HOSTS, answering, asked_address, fetch_keys, host_problem, user_problem
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.screens.key_pick import KeyPickScreen
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.tui.widgets.option_rows import OptionRow, OptionRows
from vps_tui.wizard.questions import key_ways
from vps_tui.wizard.questions.choices import Option


class KeyWebScreen(Dialog[PublicKey | None]):
    """Asks for a name and a site, fetches the public keys there, and has one of them chosen by its fingerprint."""

    AUTO_FOCUS = "#user Input"
    DEFAULT_CSS = "KeyWebScreen OptionRows { height: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="web.back"),
        Binding("down", "app.focus_next", show=False, id="web.down"),
        Binding("up", "app.focus_previous", show=False, id="web.up"),
    ]
    _site = 0

    def compose(self) -> Iterable[Widget]:
        """Lay out site, name and verdict."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(key_ways.WEB_TITLE, "bold"))
            yield Words(Content.styled(f"{key_ways.WEB_HINT} Tab reaches the site.", "dim"))
            yield Words("")
            yield Field("User name", id="user", help_text="Enter fetches the keys, then you choose one.")
            yield SiteRow([OptionRow("Site", tuple(map(Option, (*HOSTS, key_ways.OTHER_SITE))))])
            other = Field("Its name", id="site", help_text=key_ways.SITE_EXAMPLE)
            other.display = False
            yield other
            yield Words("", id="verdict")
            with Buttons(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton("Fetch the keys", id="use")

    @property
    def _host(self) -> str:
        typed = self.query_one("#site", Field).value.strip().lower()
        return HOSTS[self._site] if self._site < len(HOSTS) else typed

    @on(OptionRows.Changed)
    def _site_changed(self, message: OptionRows.Changed) -> None:
        self._site = message.index
        self.query_one("#site", Field).display = self._site == len(HOSTS)
        self._say("")

    @on(Input.Changed)
    def _changed(self) -> None:
        self._say("")

    @on(Input.Submitted)
    @on(OptionRows.Submitted)
    @on(PushButton.Pressed, "#use")
    def _submitted(self) -> None:
        user, host = self.query_one("#user", Field).value.strip().removeprefix("@"), self._host
        for field_id, problem in (("#user", user_problem(user)), ("#site", host_problem(host))):
            if problem:
                self._say(problem, "bold ansi_red")
                self.query_one(field_id, Field).focus_input()
                return
        self._fetch(host, user)

    @work(group="key", exclusive=True)
    async def _fetch(self, host: str, user: str) -> None:
        self._say(key_ways.fetching(asked_address(host, user)))
        try:
            found = await fetch_keys(host, user)
        except VpsTuiError as error:
            self._say(f"{error.message} {error.hint}", "bold ansi_red")
        else:
            self._say("")
            if self.is_current:
                self.app.push_screen(KeyPickScreen(f"{user} at {answering(host)}", found), self._picked)

    def _picked(self, key: PublicKey | None) -> None:
        if key is not None:
            self.close(key)

    def _say(self, text: str, style: str = "") -> None:
        self.query_one("#verdict", Words).update(Content.styled(text, style) if style else text)

    @on(PushButton.Pressed, "#give-up")
    def action_give_up(self) -> None:
        """Go back without a key; what is being fetched is given up with it."""
        self.close(None)


class SiteRow(OptionRows):
    """One row, so that the arrow keys up and down lead out of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", show=False, id="site.up"),
        Binding("down", "app.focus_next", show=False, id="site.down"),
    ]
