"""Side step: the servers of this order, to add, copy, change and take away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.steps import Step
from vps_tui.tui.screens.choice import ChoiceScreen
from vps_tui.tui.screens.dialog import AskDialog, Form
from vps_tui.tui.screens.saving import SavingStep
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard import order_servers as several
from vps_tui.wizard.questions import servers
from vps_tui.wizard.questions.choices import Choice
from vps_tui.wizard.state import WizardState


class ServersScreen(ChoiceScreen, SavingStep):
    """Lists every server with its plan and price; whatever is done is done to the highlighted one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", show=False, id="servers.add"),
        Binding("c", "copy", show=False, id="servers.copy"),
        Binding("r", "remove", show=False, id="servers.remove"),
    ]
    keys: ClassVar[str] = "Enter change  A add  C copy  R remove  Esc back"

    def continue_label(self) -> str:
        return "Done"

    def extra_buttons(self) -> Iterable[PushButton]:
        yield PushButton("Add", id="add")
        yield PushButton("Copy", id="copy")
        yield PushButton("Remove", id="remove")
        yield from super().extra_buttons()

    def submit(self) -> None:
        self.answer(self.state)

    def choose(self, choice_id: str) -> None:
        """Go to the lines of that server."""
        self.post_message(self.JumpRequested(replace(self.state, server_index=int(choice_id)), Step.SERVER))

    def on_highlight(self, choice: Choice) -> None:
        """Make that server the present one."""
        self.state = replace(self.state, server_index=int(choice.id))

    @on(PushButton.Pressed, "#add")
    def action_add(self) -> None:
        """Describe one more server."""
        if several.most_copies(self.state) < 1:
            self.complain(servers.FULL)
        else:
            self.post_message(self.AnotherRequested(self.state))

    @on(PushButton.Pressed, "#copy")
    def action_copy(self) -> None:
        """Ask how many copies of the highlighted server."""
        if several.most_copies(self.state) < 1:
            self.complain(servers.FULL)
        else:
            self.app.push_screen(CopiesScreen(self.state), self._copied)

    def _copied(self, copies: int | None) -> None:
        if copies:
            self._changed(several.with_copies(self.state, self.state.server_index, copies))

    @on(PushButton.Pressed, "#remove")
    def action_remove(self) -> None:
        """Ask whether the highlighted server is to go."""
        if not self.state.several:
            self.complain(servers.LAST)
        else:
            self.app.push_screen(RemoveScreen(self.state), self._removed)

    def _removed(self, sure: bool | None) -> None:
        if sure and self.state.several:
            self._changed(several.without(self.state, self.state.server_index))

    def _changed(self, state: WizardState) -> None:
        """Show the servers as they are now, the highlight on the one that was made or comes after."""
        self.state = state
        self.show_hint(self.heading()[1])
        self.list_rows()
        self.show_price(state)


class ServerScreen(ChoiceScreen):
    """Every answer about one server of several can be changed in place."""

    keys: ClassVar[str] = "Enter change  Tab to Done  Esc back"

    def continue_label(self) -> str:
        return "Done"

    def submit(self) -> None:
        self.answer(self.state)

    def choose(self, choice_id: str) -> None:
        """Change that answer."""
        self.post_message(self.JumpRequested(self.state, Step(choice_id)))


class CopiesScreen(Form[int]):
    """Asks for a number and names the copies while it is typed."""

    use_label = "Copy"

    def __init__(self, state: WizardState) -> None:
        """Ask about the present server of `state`."""
        super().__init__()
        self.form_title = servers.copies_title(state)
        self._state = state

    def compose_body(self) -> Iterable[Widget]:
        yield Field(servers.COPIES_LABEL, "1", replaced=True, help_text="Enter copies.")
        yield Words(servers.copies_made(self._state, "1"), id="verdict")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self.say(servers.copies_made(self._state, event.value.strip()))

    @on(Input.Submitted)
    def use(self) -> None:
        copies = servers.copies(self._state, self.query_one(Field).value.strip())
        if isinstance(copies, str):
            self.complain(copies)
        else:
            self.close(copies)


class RemoveScreen(AskDialog[bool]):
    """Keeping it is the first button."""

    def __init__(self, state: WizardState) -> None:
        """Ask about the present server of `state`."""
        lines = ("What was chosen for it is lost; the other servers stay as they are.",)
        buttons = (("keep", "Keep it", None), ("confirm-remove", "Remove", True))
        super().__init__(servers.removal(state), lines, buttons)
