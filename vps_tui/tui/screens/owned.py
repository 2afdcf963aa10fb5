"""Step: choose one of the servers that one has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.change import OwnedListing
from vps_tui.questions import owned
from vps_tui.questions.rows import Choice
from vps_tui.tui.screens.fresh_reading import FreshReadingStep
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.chrome import Words


class OwnedScreen(FreshReadingStep[OwnedListing]):
    """Lists what the provider lists for the account, with what it costs and when it is due."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = owned.HELP
    waiting_for: ClassVar[str] = owned.WAITING_FOR

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return owned.heading(self.state)

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the list, still empty, and room for all that is known of the highlighted server."""
        yield ChoiceList(owned.COLUMNS, noun=owned.NOUN, told=self._highlighted)
        yield Words("", id="details")

    async def fetch(self) -> OwnedListing:
        """Read the servers."""
        return await self.wizard_app.flow.changes.owned()

    def received(self, found: OwnedListing) -> None:
        """List them, the one chosen before highlighted."""
        self.state = owned.received(self.state, found)
        choices = self.query_one(ChoiceList)
        choices.set_choices(owned.choices(self.state), owned.chosen(self.state))
        if found.servers:
            self.set_focus(choices)
        else:
            choices.display = False
            self.say(owned.NONE)
            self.query_one("#back").focus()

    def submit(self) -> None:
        """Choose the highlighted server."""
        self.query_one(ChoiceList).action_choose()

    def _highlighted(self, choice: Choice | None) -> None:
        self.complain("")
        lines = owned.details(self.state, choice.id) if choice is not None else []
        for words in self.query("#details").results(Words):
            words.update(Content.styled("\n".join(lines), "dim"))

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(owned.answer(self.state, message.choice_id))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.complain(message.reason)
