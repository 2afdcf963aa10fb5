"""Question: what to add to a server that one has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from vps_tui.wizard.questions.choices import Option
from vps_tui.wizard.questions.owned_servers import changing, server
from vps_tui.wizard.state import WizardState

HELP = (
    "Each row says how many units more of it the server is to have; what it has already stays. What they cost is "
    "asked of the provider next, before anything is changed."
)
HINT = "Counted in units more than now. What it costs is asked for next."
NOTHING = "Nothing is added yet: choose at least one unit of something."
MOST = 10
"""Units of one add-on that are offered; the command line takes more."""


@dataclass(frozen=True, slots=True)
class Group:
    """One add-on, and how many units of it are chosen now."""

    key: str
    title: str
    index: int

    @property
    def options(self) -> tuple[Option, ...]:
        """None, then one unit and more."""
        return (Option("none"), *(Option(f"{count} more") for count in range(1, MOST + 1)))


def heading(state: WizardState) -> tuple[str, str]:
    """Return the question."""
    return f"What should be added to {server(state).display_name}?", HINT


def groups(state: WizardState) -> list[Group]:
    """Return what can be added."""
    found = changing(state)
    present = dict(found.resources)
    offered = found.offered.resources if found.offered is not None else ()
    return [Group(one.id, one.title, present.get(one.id, 0)) for one in offered]


def answer(state: WizardState, group: Group, count: int) -> WizardState:
    """Return the state with `count` units of that."""
    wanted = dict(changing(state).resources) | {group.key: count}
    return replace(state, changing=replace(changing(state), resources=tuple(_ordered(state, wanted)), quote=None))


def problem(state: WizardState) -> str:
    """Return why there is no going on, empty where there is."""
    return "" if changing(state).resources else NOTHING


def _ordered(state: WizardState, wanted: dict[str, int]) -> Iterator[tuple[str, int]]:
    return ((group.key, wanted[group.key]) for group in groups(state) if wanted.get(group.key))
