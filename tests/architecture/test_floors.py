"""The rooms of the package lie on floors: every import, for types and in functions too, leads downwards."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import pytest

from .sources import PACKAGE, Module, imports, modules, within

FLOORS = (
    ("cli",),
    ("tui", "plain"),
    ("wizard",),
    ("services",),
    ("ssh", "credentials"),
    ("providers",),
    ("terminal", "journal"),
    ("files",),
    ("core", "sandbox"),
)
"""From the top; rooms of one floor do not know each other."""

FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
LOOSE = {"__init__.py", "__main__.py", "py.typed", "vps-tui.1"}
"""What may lie beside the rooms."""


def room_of(name: str) -> str:
    """Return the room that a module of the program is in; empty for what lies beside the rooms."""
    room = name.split(".")[1] if "." in name else ""
    return room if room in FLOOR else ""


def wrong_ways(sources: tuple[Module, ...]) -> list[str]:
    """Return "module: import" for every import that does not lead to a lower floor."""
    return [
        f"{module.name}: {name}"
        for module in sources
        for name in imports(module)
        if within(name, "vps_tui")
        and room_of(module.name)
        and room_of(name) not in ("", room_of(module.name))
        and FLOOR[room_of(module.name)] >= FLOOR[room_of(name)]
    ]


def circle(sources: tuple[Module, ...]) -> list[str]:
    """Return the modules of a circle of imports; empty where there is none. A package is not its modules' user."""
    names = {module.name for module in sources}
    needs = {
        module.name: {
            name for name in imports(module) if name in names and not within(module.name, name) and name != "vps_tui"
        }
        for module in sources
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_the_package_holds_rooms_only() -> None:
    # A folder without a module is what compiled files of an earlier layout leave behind.
    found = {path.name for path in PACKAGE.iterdir() if path.is_file() or any(path.glob("*.py"))}
    assert found - LOOSE == set(FLOOR)


def test_every_import_leads_to_a_lower_floor() -> None:
    assert wrong_ways(modules()) == []


def test_no_import_leads_back() -> None:
    assert circle(modules()) == []


@pytest.mark.parametrize(
    "text",
    [
        "from vps_tui.wizard.state import WizardState",
        "def f():\n    import vps_tui.cli.main",
        "if TYPE_CHECKING:\n    from vps_tui.tui import app",
    ],
)
def test_an_import_upwards_is_noticed(text: str) -> None:
    assert wrong_ways((Module("vps_tui.services.session", text),)) != []


def test_an_import_aside_is_noticed() -> None:
    assert wrong_ways((Module("vps_tui.tui.app", "import vps_tui.plain.loop"),)) != []


def test_a_circle_is_noticed() -> None:
    first = Module("vps_tui.core.a", "def f():\n    from vps_tui.core.b import B")
    second = Module("vps_tui.core.b", "if TYPE_CHECKING:\n    from vps_tui.core import a")
    assert set(circle((first, second))) == {"vps_tui.core.a", "vps_tui.core.b"}
