"""Step: choose one of the servers that one has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.server_change import OwnedListing
from vps_tui.tui.screens.fresh_reading import FreshReadingStep
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import Words
from vps_tui.wizard.questions import owned_servers
from vps_tui.wizard.questions.choices import Choice


class OwnedScreen(FreshReadingStep[OwnedListing]):
    """Lists what the provider lists for the account, with what it costs and when it is due."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = owned_servers.HELP
    waiting_for: ClassVar[str] = owned_servers.WAITING_FOR

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return owned_servers.heading(self.state)

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the list, still empty, and room for all that is known of the highlighted server."""
        yield ChoiceList(owned_servers.COLUMNS, noun=owned_servers.NOUN, told=self._highlighted)
        yield Words("", id="details")

    async def fetch(self) -> OwnedListing:
        """Read the servers."""
        return await self.wizard_app.flow.changes.owned()

    def received(self, found: OwnedListing) -> None:
        """List them, the one chosen before highlighted."""
        self.state = owned_servers.received(self.state, found)
        choices = self.query_one(ChoiceList)
        choices.set_choices(owned_servers.choices(self.state), owned_servers.chosen(self.state))
        if found.servers:
            self.set_focus(choices)
        else:
            choices.display = False
            self.say(owned_servers.NONE)
            self.query_one("#back").focus()

    def submit(self) -> None:
        """Choose the highlighted server."""
        self.query_one(ChoiceList).action_choose()

    def _highlighted(self, choice: Choice | None) -> None:
        self.complain("")
        lines = owned_servers.details(self.state, choice.id) if choice is not None else []
        for words in self.query("#details").results(Words):
            words.update(Content.styled("\n".join(lines), "dim"))

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(owned_servers.answer(self.state, message.choice_id))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.complain(message.reason)
