"""Step: choose a provider."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from vps_tui.tui.screens.choice import ChoiceScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import PushButton
from vps_tui.wizard.questions import account
from vps_tui.wizard.questions.choices import ListQuestion
from vps_tui.wizard.state import WizardState


class ProviderScreen(ChoiceScreen):
    """Asks who to order from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "app.earlier", show=False, id="provider.earlier"),
        Binding("f6", "owned", show=False, id="provider.owned"),
    ]
    keys: ClassVar[str] = "Up/Down choose  Enter continue"

    @property
    def question(self) -> ListQuestion:
        """Which of the providers is meant."""
        return account.provider_question(self.wizard_app.backend)

    def extra_buttons(self) -> Iterable[PushButton]:
        yield from super().extra_buttons()
        if self.wizard_app.flow.any_recorded:
            yield PushButton(f"{account.EARLIER} (F5)", id="earlier")
        yield PushButton(f"{account.OWNED} (F6)", id="owned")

    @on(PushButton.Pressed, "#earlier")
    def _earlier_pressed(self) -> None:
        self.wizard_app.action_earlier()

    def likely_next(self) -> WizardState:
        """Return the state after choosing the highlighted provider."""
        return self._highlighted_state().forward()

    def _highlighted_state(self) -> WizardState:
        highlighted = self.query_one(ChoiceList).highlighted
        return (self.question.answer(self.state, highlighted.id) if highlighted is not None else None) or self.state

    async def look_ahead(self) -> None:
        """Read from the sandbox; no real provider hears of a choice that has not been made."""
        info = self._highlighted_state().info
        if info is not None and self.wizard_app.backend.sandbox:
            session = await self.wizard_app.flow.open_ahead(info)
            if not info.has_locations:
                session.expect_catalog("")

    @on(PushButton.Pressed, "#owned")
    def action_owned(self) -> None:
        """Go to the existing servers at the highlighted provider."""
        from vps_tui.wizard.questions import owned_servers

        self.answer(owned_servers.begin(self._highlighted_state()))
