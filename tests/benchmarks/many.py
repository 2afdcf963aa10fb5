"""Figure 10: ten thousand plans against ten, in the program and in its list alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .figures import Row, high, median, p95, quotients, spread
from .places import PYTHON, Home, live_home
from .program import Command, Press, Program
from .stops import LAYERSTACK_PLAN, PROVIDER

FEW, MANY = 10, 10_000
MOVES = ("down",) * 6 + ("pagedown", "up", "pagedown", "up")
LETTERS = "s07"
READING = 1.0
"""Seconds for which the screen before is looked at."""


@dataclass(frozen=True, slots=True)
class Long:
    """What a list of one length came to; times in milliseconds."""

    complete: float
    """Until the list was complete, from the key or the start that led to it."""
    moves: list[Press]
    letters: list[Press]


def many(runs: int) -> Iterator[Row]:
    """Measure both lengths in turns."""
    with live_home() as home:
        alone = [(_alone(home, MANY), _alone(home, FEW)) for _ in range(_some(runs) + 1)][1:]
        yield from _rows("list alone", "started", alone)
        program = [(_step(home, MANY), _step(home, FEW)) for _ in range(_some(runs))]
        yield from _rows("in the program", "Enter to plans", program)


def _some(runs: int) -> int:
    return max(1, min(runs, 3))


def _rows(where: str, complete: str, turns: list[tuple[Long, Long]]) -> Iterator[Row]:
    what = f"{MANY:,} / {FEW} plans, {where}"
    against = quotients((many.complete, few.complete) for many, few in turns)
    beside = f"{spread(against)}; {median([many.complete for many, _ in turns]):.0f} ms"
    yield high("10", f"{what}: {complete}, complete", 1.25, median(against), beside)
    moves = [[press.last for each in turns for press in each[side].moves] for side in (0, 1)]
    yield _ratio(f"{what}: list move, p95", 1.5, p95(moves[0]), p95(moves[1]))
    letters = [[press.last for each in turns for press in each[side].letters] for side in (0, 1)]
    yield _ratio(f"{what}: letter that filters, median", 2, median(letters[0]), median(letters[1]))
    yield _ratio(f"{what}: letter that filters, worst", 5, max(letters[0]), max(letters[1]))


def _ratio(what: str, goal: float, many: float, few: float) -> Row:
    return high("10", what, goal, many / few, f"x{many / few:.2f}; {many:.1f} ms against {few:.1f} ms")


def _alone(home: Home, count: int) -> Long:
    file = Path(__file__).with_name("long_list.py")
    with Program(Command((PYTHON, str(file), str(count)), home.environment(), home.current)) as program:
        usable = program.since_start(program.usable("S00000-HK"))
        program.settle()
        return _used(program, usable)


def _step(home: Home, count: int) -> Long:
    home.forget()
    catalog = home.config / "layerstack-catalog.toml"
    catalog.touch(mode=0o600)
    catalog.write_text(_catalog(count))
    with Program(home.program()) as program:
        program.usable(*PROVIDER.texts)
        program.settle()
        program.press("down")
        program.pause(READING)
        return _used(program, program.press("enter", *LAYERSTACK_PLAN.texts).last)


def _used(program: Program, complete: float) -> Long:
    moves = [program.press(key) for key in MOVES]
    letters = []
    for _ in range(2):
        letters += program.type(LETTERS)
        letters += [program.press("backspace") for _ in LETTERS]
    program.end_by("ctrl+q", "ctrl+q")
    return Long(complete, moves, letters)


def _catalog(count: int) -> str:
    plans = "".join(
        f'[[plan]]\nid = {1000 + number}\nname = "S{number:05d}"\nplan_type = "cloud_servers_standard"\n'
        f'region = "HK"\nram_mb = {1024 * (number % 64 + 1)}\nprices = {{ monthly = "{number % 400}.90" }}\n\n'
        for number in range(count)
    )
    return f'currency = "usd"\n\n{plans}[[os_image]]\nid = 12\nname = "Debian 12"\nfamily = "linux"\n'
