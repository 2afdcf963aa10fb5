"""Step: choose a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.core.catalog import Catalog
from vps_tui.providers.models import TypedIds
from vps_tui.tui.screens.fitting import FittingStep
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.wizard.questions import plan
from vps_tui.wizard.questions.choices import Choice
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.core.requirements import Requirements
    from vps_tui.services.compare import Everywhere


class PlanScreen(FittingStep[Catalog]):
    """Asks which size of server; only what the location sells is listed."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  F8 what fits  Esc back"
    help_text: ClassVar[str] = f"{plan.HELP} F8 asks for sizes and lists what fits, the cheapest first."
    everywhere: ClassVar[bool] = False
    waiting_for: ClassVar[str] = plan.WAITING_FOR

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return plan.heading(self.state)

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the list, still empty."""
        yield ChoiceList(plan.columns(self.state), noun=plan.NOUN, told=self._highlighted)

    def built_from(self, state: WizardState) -> object:
        """Return who is ordered from: all else is filled in later."""
        return state.info

    async def fetch(self) -> Catalog:
        """Read the plans of the chosen location."""
        session = await self.wizard_app.session()
        return await session.catalog(self.state.draft.location)

    def at_hand(self) -> Catalog | None:
        """Return the plans where they are known by now."""
        session = self.wizard_app.flow.open_session
        return session.ready_catalog(self.state.draft.location) if session else None

    async def look(self, wanted: Requirements, told: Callable[[int, int], None]) -> Everywhere:
        """Return the plans that are listed here."""
        from vps_tui.wizard.questions import requirements

        return requirements.here(self.state)

    def received(self, found: Catalog) -> None:
        """List them, the one chosen before or its namesake highlighted."""
        self.state = plan.received(self.state, found)
        self.show_hint(self.heading()[1])
        choices = self.query_one(ChoiceList)
        choices.set_choices(plan.choices(self.state), plan.chosen(self.state))
        self.set_focus(choices)

    def submit(self) -> None:
        """Choose the highlighted plan."""
        self.query_one(ChoiceList).action_choose()

    def _highlighted(self, choice: Choice | None) -> None:
        self.complain("")
        if choice is not None:
            self.show_price(plan.priced(self.state, choice.id) or self.state)

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        if message.choice_id == plan.TYPED:
            self._ask_ids()
            return
        state = plan.answer(self.state, message.choice_id)
        if state is not None:
            self.answer(state)

    def _ask_ids(self) -> None:
        from vps_tui.tui.screens.typed_ids import TypedIdsScreen

        if self.state.info is not None:
            self.app.push_screen(TypedIdsScreen(self.state.info), self._typed)

    def _typed(self, typed: TypedIds | None) -> None:
        if typed is not None and self.state.catalog is not None:
            self.post_message(self.IdsTyped(typed))
            self.answer(plan.answer_typed(self.state, typed))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.complain(message.reason)
