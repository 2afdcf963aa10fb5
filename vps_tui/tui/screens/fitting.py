"""What the location and plan screens share: finding what fits, by the key F8 or a button."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from vps_tui.core.steps import Step
from vps_tui.tui.screens.reading import Read, ReadingStep
from vps_tui.tui.widgets.frame import PushButton

if TYPE_CHECKING:
    from vps_tui.core.requirements import Requirements
    from vps_tui.services.compare import Everywhere
    from vps_tui.tui.screens.fit_form import Fitted


class FittingStep(ReadingStep[Read]):
    """A step with a button, and the key F8, to find what fits."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f8", "fit", show=False, id="step.fit")]
    everywhere: ClassVar[bool]
    """Whether it is looked for in all locations."""

    @abstractmethod
    async def look(self, wanted: Requirements, told: Callable[[int, int], None]) -> Everywhere:
        """Return the plans to look among; `told` hears how far reading them has come. Raises `VpsTuiError`."""

    def extra_buttons(self) -> Iterable[PushButton]:
        """Offer to find what fits."""
        yield from super().extra_buttons()
        yield PushButton("What fits", id="fit")

    def action_fit(self) -> None:
        """Ask what the server must have, once there is something to choose from."""
        from vps_tui.tui.screens.fit_form import FitFormScreen

        if self.has_read and not self.failed:
            self.app.push_screen(FitFormScreen(self.state, self.look, everywhere=self.everywhere), self._fitted)

    def _fitted(self, result: Fitted | None) -> None:
        from vps_tui.wizard.questions import requirements

        if result is None:
            return
        self.state = requirements.with_typed(self.state, result.typed)
        if result.offer is not None and result.found is not None:
            self.answer(requirements.answer(self.state, result.found, result.offer), through=Step.PLAN)

    @on(PushButton.Pressed, "#fit")
    def _fit_pressed(self) -> None:
        self.action_fit()
