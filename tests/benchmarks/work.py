"""Escape in figure 13, and how many keys a person presses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from .figures import Row, high, median, quotients, spread
from .places import Home, new_home
from .program import Program
from .stops import CONFIRM, COST, EDIS, FLOOR_LIST, HOST, HOSTNAME, LOCATION, PLAN, PROVIDER, Stop

TIMES = 4

_ORDER = """version = 1
provider = "edis"
location = 122
billing_cycle = "monthly"
payment_method = "cryptomus"

[[server]]
name = "web1"
plan = 1707
os = 208
"""


def escape(runs: int) -> Iterator[Row]:
    """Figure 13: Escape on an xterm, where it could begin a longer key, right after the floor's Down."""
    turns: list[tuple[float, float, float]] = []
    with new_home() as home:
        for _ in range(max(1, min(runs, 5))):
            with Program(home.floor()) as program:
                program.usable(*FLOOR_LIST.texts)
                program.settle()
                downs = median([program.press(key).first for key in FLOOR_LIST.moves])
                program.end_by("ctrl+q")
            home.forget()
            turns.append((*_escapes(home), downs))
    for index, what in enumerate(("back to the step before", "out of the help")):
        against = quotients((turn[index], turn[2]) for turn in turns)
        size = median([turn[index] for turn in turns])
        yield high("13", f"Escape {what} / floor's Down", 6, median(against), f"{spread(against)}; {size:.0f} ms")


def _escapes(home: Home) -> tuple[float, float]:
    """Return the milliseconds until Escape changes something, the medians for a step and for a dialog."""
    with Program(home.program("--sandbox")) as program:
        program.usable(*PROVIDER.texts)
        program.settle()
        back: list[float] = []
        closed: list[float] = []
        for _ in range(TIMES):
            program.press("enter", *LOCATION.texts)
            back.append(program.press("escape", *PROVIDER.texts).first)
            program.press("f1")
            closed.append(program.press("escape", *PROVIDER.texts).first)
        program.end_by("ctrl+q", "ctrl+q")
    return median(back), median(closed)


def presses(_runs: int) -> Iterator[Row]:
    """Count the keys of a first order, a saved one, and of another plan once the cost is known."""
    with new_home() as home, Program(home.program("--sandbox")) as program:
        program.usable(*PROVIDER.texts)
        _go(program, EDIS[: EDIS.index(COST) + 1])
        before = program.presses
        _change_plan(program)
        changed = program.presses - before
        _go(program, EDIS[EDIS.index(COST) :])
        first = program.presses - changed
        program.end_by("ctrl+q")
    with new_home() as home:
        file = home.current / "web1.toml"
        file.write_text(_ORDER)
        with Program(home.program("--sandbox", "--order-file", str(file))) as program:
            _go(program, EDIS[EDIS.index(COST) :])
            saved = program.presses
            program.end_by("ctrl+q")
    yield _keys("a first order", 45, first)
    yield _keys("a saved order", 12, saved)
    yield _keys("another plan, from the cost and back", 6, changed)


def _keys(what: str, goal: int, count: int) -> Row:
    return high("keys", f"key presses: {what}", goal, count, str(count))


def _go(program: Program, stops: tuple[Stop, ...]) -> None:
    for stop, following in pairwise(stops):
        program.wait_for(*stop.texts)
        program.settle()
        if stop in (HOSTNAME, CONFIRM):
            program.type(HOST if stop is HOSTNAME else "yes")
        program.press("enter", *following.texts)


def _change_plan(program: Program) -> None:
    """Choose the next plan; the list of the cost is left with the focus on what goes on."""
    program.press("up")
    while "> Plan" not in program.emulator.text:
        program.press("down")
    program.press("enter", *PLAN.texts)
    program.press("down")
    program.press("enter", *COST.texts)
