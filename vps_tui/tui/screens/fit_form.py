"""Say what the server must have at least; what fits is listed over it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.offers import Offer
from vps_tui.core.requirements import Requirements
from vps_tui.services.compare import Everywhere
from vps_tui.tui.screens.fit_list import FitListScreen
from vps_tui.tui.screens.form import ARROWS, Form
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import Words
from vps_tui.wizard.questions import requirements
from vps_tui.wizard.state import WizardState

Look = Callable[[Requirements, Callable[[int, int], None]], Awaitable[Everywhere]]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was typed, good or not, and what was chosen, if anything was."""

    typed: Mapping[str, str]
    offer: Offer | None = None
    found: Everywhere | None = None


class FitFormScreen(Form[Fitted]):
    """A field for each thing that can be asked for; what is left open does not matter."""

    DEFAULT_CSS = "FitFormScreen Field { min-height: 2; }"
    BINDINGS: ClassVar[list[BindingType]] = ARROWS

    def __init__(self, state: WizardState, look: Look, *, everywhere: bool) -> None:
        """Ask for the wizard in `state`; `look` reads what there is to choose from."""
        super().__init__(requirements.TITLE, "Find")
        self._state = state
        self._look = look
        self._everywhere = everywhere
        self._wishes = requirements.wishes(state, everywhere=everywhere)

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the fields with what was typed the last time."""
        typed = requirements.typed(self._state, self._wishes)
        yield Words(Content.styled(requirements.NOTE, "dim"))
        for wish in self._wishes:
            yield Field(wish.label, typed[wish.key], help_text=wish.help_text, id=wish.key)

    def _typed(self) -> dict[str, str]:
        return {wish.key: self.query_one(f"#{wish.key}", Field).value for wish in self._wishes}

    @on(Input.Submitted)
    def use(self) -> None:
        """Look for what fits, or say what is wrong with a field."""
        wanted, wrong = requirements.read(self._typed())
        for wish in self._wishes:
            self.query_one(f"#{wish.key}", Field).complain(wrong.get(wish.key, ""))
        if wrong:
            self.query_one(f"#{next(iter(wrong))}", Field).focus_input()
        elif self.is_current:
            screen = FitListScreen(self._state, wanted, self._look, everywhere=self._everywhere)
            self.app.push_screen(screen, self._chosen)

    def _chosen(self, chosen: tuple[Offer, Everywhere] | None) -> None:
        if chosen is not None:
            self.close(Fitted(self._typed(), *chosen))

    def action_give_up(self) -> None:
        """Go back to the question; what was typed is kept."""
        self.close(Fitted(self._typed()))
