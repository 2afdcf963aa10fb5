"""Step: choose a location."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.core.catalog import Location
from vps_tui.tui.screens.reading import ReadingStep
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.rows import Choice, Column


class LocationScreen(ReadingStep[tuple[Location, ...]]):
    """Asks where the server should stand."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "The server stands in this place: the nearer to those who use it, the quicker it answers them. "
        "Plans and prices differ by location. A location that is sold out takes no orders now."
    )
    waiting_for: ClassVar[str] = "its locations"
    _locations: tuple[Location, ...] = ()

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return "Where should the server stand?", "Plans and prices differ by location."

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the list, still empty."""
        columns = (
            Column("LOCATION"),
            Column("CITY", flexible=True),
            Column("CODE"),
            Column("STOCK", right=True),
        )
        yield ChoiceList(columns, noun="locations")

    async def fetch(self) -> tuple[Location, ...]:
        """Read the locations."""
        session = await self.wizard_app.session()
        return await session.locations()

    def received(self, found: tuple[Location, ...]) -> None:
        """List them."""
        self._locations = found
        choices = self.query_one(ChoiceList)
        choices.set_choices([_choice(location) for location in found], self.state.draft.location)
        choices.focus()

    def submit(self) -> None:
        """Choose the highlighted location."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        location = next(location for location in self._locations if location.id == message.choice_id)
        self.answer(self.state.with_location(location.id, location.name))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.complain(message.reason)

    @on(ChoiceList.Highlighted)
    def _highlighted(self) -> None:
        self.complain("")


def _choice(location: Location) -> Choice:
    stock = "in stock" if location.in_stock else "sold out"
    refusal = "" if location.in_stock else f"{location.name} is sold out. Choose a location that is in stock."
    return Choice(location.id, (location.name, location.city, location.country, stock), refusal, location.id)
