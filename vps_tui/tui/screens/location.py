"""Step: choose a location."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.core.catalog import Location
from vps_tui.tui.screens.fitting import FittingStep
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.wizard.questions import location
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.core.requirements import Requirements
    from vps_tui.services.compare import Everywhere


class LocationScreen(FittingStep[tuple[Location, ...]]):
    """Asks where the server should stand."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  F8 what fits  Esc back"
    help_text: ClassVar[str] = f"{location.HELP} F8 looks in all of them for the cheapest server that fits."
    everywhere: ClassVar[bool] = True
    waiting_for: ClassVar[str] = location.WAITING_FOR
    _locations: tuple[Location, ...] = ()

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return location.heading()

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the list, still empty."""
        yield ChoiceList(location.COLUMNS, noun=location.NOUN)

    def built_from(self, state: WizardState) -> object:
        """Return who is ordered from: all else is filled in later."""
        return state.info

    async def fetch(self) -> tuple[Location, ...]:
        """Read the locations."""
        session = await self.wizard_app.session()
        return await session.locations()

    def at_hand(self) -> tuple[Location, ...] | None:
        """Return the locations where they are known by now."""
        session = self.wizard_app.flow.open_session
        return session.ready_locations() if session else None

    async def look_ahead(self) -> None:
        """Begin to read the plans of the highlighted location."""
        highlighted = self.query_one(ChoiceList).highlighted
        if highlighted is not None and not highlighted.refusal:
            (await self.wizard_app.session()).expect_catalog(highlighted.id)

    async def look(self, wanted: Requirements, told: Callable[[int, int], None]) -> Everywhere:
        """Read what all locations in the right country sell."""
        from vps_tui.services.compare import read_everywhere, worth_asking

        session = await self.wizard_app.session()
        places = worth_asking(session.info, await session.locations(), wanted.country)
        return await read_everywhere(session, places, told)

    def received(self, found: tuple[Location, ...]) -> None:
        """List them."""
        self._locations = found
        choices = self.query_one(ChoiceList)
        choices.set_choices(location.choices(found), location.chosen(self.state, found))
        self.set_focus(choices)

    def submit(self) -> None:
        """Choose the highlighted location."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(location.answer(self.state, self._locations, message.choice_id))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.complain(message.reason)

    @on(ChoiceList.Highlighted)
    def _highlighted(self) -> None:
        self.complain("")
