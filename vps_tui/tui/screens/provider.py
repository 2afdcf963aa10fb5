"""Step: choose a provider."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import PushButton
from vps_tui.wizard.questions import provider
from vps_tui.wizard.state import WizardState


class ProviderScreen(StepScreen):
    """Asks who to order from."""

    AUTO_FOCUS = "ChoiceList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "app.earlier", show=False, id="provider.earlier"),
        Binding("f6", "owned", show=False, id="provider.owned"),
    ]
    keys: ClassVar[str] = "Up/Down choose  Enter continue"
    help_text: ClassVar[str] = provider.HELP

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return provider.heading(self.state)

    def compose_body(self) -> Iterable[Widget]:
        """List the providers."""
        choices = provider.choices(self.wizard_app.backend)
        chosen = provider.chosen(self.state)
        yield ChoiceList(provider.COLUMNS, choices, chosen=chosen, filterable=False, header_lines=1)

    def extra_buttons(self) -> Iterable[PushButton]:
        """Offer to look at earlier orders, where there are any, and at the servers that one has."""
        yield from super().extra_buttons()
        if self.wizard_app.flow.any_recorded:
            yield PushButton(f"{provider.EARLIER} (F5)", id="earlier")
        yield PushButton(f"{provider.OWNED} (F6)", id="owned")

    @on(PushButton.Pressed, "#earlier")
    def _earlier_pressed(self) -> None:
        self.wizard_app.action_earlier()

    def likely_next(self) -> WizardState:
        """Return the state after choosing the highlighted provider."""
        highlighted = self.query_one(ChoiceList).highlighted
        if highlighted is None:
            return self.state
        return provider.answer(self.state, self.wizard_app.backend, highlighted.id).forward()

    async def look_ahead(self) -> None:
        """Read from the sandbox; nobody real hears of a choice that has not been made."""
        info = self.likely_next().info
        if info is not None and self.wizard_app.backend.sandbox:
            session = await self.wizard_app.flow.open_ahead(info)
            if not info.has_locations:
                session.expect_catalog("")

    def submit(self) -> None:
        """Choose the highlighted provider."""
        self.query_one(ChoiceList).action_choose()

    @on(PushButton.Pressed, "#owned")
    def action_owned(self) -> None:
        """Go to the servers that one has at the highlighted provider."""
        from vps_tui.wizard.questions import owned_servers

        highlighted = self.query_one(ChoiceList).highlighted
        if highlighted is not None:
            self.answer(owned_servers.begin(provider.answer(self.state, self.wizard_app.backend, highlighted.id)))

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(provider.answer(self.state, self.wizard_app.backend, message.choice_id))
