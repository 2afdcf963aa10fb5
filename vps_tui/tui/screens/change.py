"""Step: choose what to do about a server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.server_change import ChangesOffered
from vps_tui.tui.screens.fresh_reading import FreshReadingStep
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import Words
from vps_tui.wizard.questions import change, owned_servers


class ChangeScreen(FreshReadingStep[ChangesOffered]):
    """Asks for another plan, add-ons or the end; what the provider cannot be asked for says so."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = change.HELP
    waiting_for: ClassVar[str] = change.WAITING_FOR

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return change.heading(self.state)

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the list, still empty, and room for what is to be known."""
        yield ChoiceList(change.COLUMNS, filterable=False, header_lines=1)
        with VerticalScroll(id="scroll", can_focus=False):
            yield Words("", id="change-notes")

    async def fetch(self) -> ChangesOffered:
        """Read what can be changed."""
        return await self.wizard_app.flow.changes.offered(self.state)

    def at_hand(self) -> ChangesOffered | None:
        """Return that where it was read for this server since it was chosen."""
        return owned_servers.changing(self.state).offered

    def received(self, found: ChangesOffered) -> None:
        """List what can be done."""
        self.state = change.received(self.state, found)
        choices = self.query_one(ChoiceList)
        rows = change.choices(self.state)
        choices.styles.height = len(rows) + 2
        choices.set_choices(rows, change.chosen(self.state))
        notes = "\n".join(f"* {note}" for note in change.notes(self.state))
        self.query_one("#change-notes", Words).update(Content.styled(notes, "dim"))
        self.set_focus(choices)

    def help_words(self) -> str:
        """Return the help, and everything that has to be known."""
        return "\n".join((self.help_text, *change.notes(self.state)))

    def submit(self) -> None:
        """Choose the highlighted row."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Highlighted)
    def _highlighted(self) -> None:
        self.complain("")

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(change.answer(self.state, message.choice_id))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.complain(message.reason)
