"""The steps for location and plan: lists in which what fits can be looked for instead of chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from vps_tui.core.steps import Step
from vps_tui.tui.screens.choice import ChoiceScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import PushButton
from vps_tui.wizard.questions import plan

if TYPE_CHECKING:
    from vps_tui.core.requirements import Requirements
    from vps_tui.providers.models import TypedIds
    from vps_tui.services.compare import Everywhere
    from vps_tui.tui.screens.fit_dialogs import Fitted


class FittingScreen(ChoiceScreen):
    """A list with a button, and the key F8, to find what fits."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f8", "fit", show=False, id="step.fit")]
    keys: ClassVar[str] = "Up/Down choose  Enter continue  F8 what fits  Esc back"
    fit_help: ClassVar[str]

    def help_words(self) -> str:
        return f"{super().help_words()} {self.fit_help}"

    def extra_buttons(self) -> Iterable[PushButton]:
        yield PushButton("What fits", id="fit")

    @on(PushButton.Pressed, "#fit")
    def action_fit(self) -> None:
        """Ask what the server must have, once there is something to choose from."""
        from vps_tui.tui.screens.fit_dialogs import FitFormScreen

        if self.has_read and not self.failed:
            everywhere = self.state.step is Step.LOCATION
            self.app.push_screen(FitFormScreen(self.state, self._look, everywhere=everywhere), self._fitted)

    async def _look(self, wanted: Requirements, report: Callable[[int, int], None]) -> Everywhere:
        from vps_tui.wizard.questions import requirements

        return await requirements.look(self.wizard_app.flow, self.state, wanted, report)

    def _fitted(self, result: Fitted | None) -> None:
        from vps_tui.wizard.questions import requirements

        if result is None:
            return
        self.state = requirements.with_typed(self.state, result.typed)
        if result.offer is not None and result.found is not None:
            self.answer(requirements.answer(self.state, result.found, result.offer), through=Step.PLAN)


class LocationScreen(FittingScreen):
    """Asks where the server should stand."""

    fit_help: ClassVar[str] = "F8 looks in all of them for the cheapest server that fits."

    async def look_ahead(self) -> None:
        """Begin to read the plans of the highlighted location."""
        highlighted = self.query_one(ChoiceList).highlighted
        if highlighted is not None and not highlighted.refusal:
            (await self.wizard_app.session()).expect_catalog(highlighted.id)


class PlanScreen(FittingScreen):
    """Asks which size of server; only what the location sells is listed."""

    fit_help: ClassVar[str] = "F8 asks for sizes and lists what fits, the cheapest first."

    def choose(self, choice_id: str) -> None:
        """Answer with that plan, or have ids typed."""
        from vps_tui.tui.screens.typed_ids import TypedIdsScreen

        if choice_id == plan.TYPED and self.state.info is not None:
            self.app.push_screen(TypedIdsScreen(self.state.info), self._ids_typed)
        else:
            super().choose(choice_id)

    def _ids_typed(self, typed: TypedIds | None) -> None:
        if typed is not None and self.state.catalog is not None:
            self.post_message(self.IdsTyped(typed))
            self.answer(plan.answer_typed(self.state, typed))
