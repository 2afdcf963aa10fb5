"""Question: where the server stands."""

from __future__ import annotations

from collections.abc import Iterable

from vps_tui.core.catalog import Location
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.state import WizardState

HELP = (
    "The server stands in this place: the nearer to those who use it, the quicker it answers them. "
    "Plans and prices differ by location. A location that is sold out takes no orders now."
)
WAITING_FOR = "its locations"
NOUN = "locations"
COLUMNS = (
    Column("LOCATION"),
    Column("CITY", flexible=True),
    Column("CODE"),
    Column("STOCK", right=True),
)


def heading() -> tuple[str, str]:
    """Return the question and a line that helps to answer it."""
    return "Where should the server stand?", "Plans and prices differ by location."


def choices(locations: Iterable[Location]) -> list[Choice]:
    """Return the locations; those that are sold out cannot be chosen."""
    return [_choice(location) for location in locations]


def chosen(state: WizardState, locations: Iterable[Location]) -> str:
    """Return the id of the location that was chosen before, else of the last order's if it can be had; or nothing."""
    usual = state.draft.location or state.usual.location
    sold = {location.id for location in locations if location.in_stock}
    return usual if state.draft.location or usual in sold else ""


def answer(state: WizardState, locations: Iterable[Location], choice_id: str) -> WizardState:
    """Return the state at that location."""
    location = next(location for location in locations if location.id == choice_id)
    return state.with_location(location.id, location.name)


def _choice(location: Location) -> Choice:
    stock = "in stock" if location.in_stock else "sold out"
    refusal = "" if location.in_stock else f"{location.name} is sold out. Choose a location that is in stock."
    return Choice(location.id, (location.name, location.city, location.country, stock), refusal, location.id)
