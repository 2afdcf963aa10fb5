"""Figures 0, 1, 9 and 13: starting, resting on the first screen, leaving; each time right after the floor."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

from .figures import Row, high, median, quotients, spread
from .places import PYTHON, Home, new_home
from .processes import tree_computing
from .program import Command, Program
from .stops import FLOOR_LIST, PROVIDER, Stop


@dataclass(frozen=True, slots=True)
class Start:
    """One start and the end right after it; times in milliseconds."""

    first_text: float
    usable: float
    cpu: float
    """Computing until then, of all processes and threads."""
    settled: float
    peak: float
    """Bytes of the whole run."""
    exit: float


def start(command: Command, stop: Stop) -> Start:
    """Start, wait until `stop` can be used and has come to rest, and leave."""
    with Program(command) as program:
        usable = program.usable(*stop.texts)
        cpu = tree_computing(program.pid)
        program.settle()
        settled = program.last_change
        ending = program.end_by("ctrl+q")
        return Start(
            first_text=program.since_start(program.first_text),
            usable=program.since_start(usable),
            cpu=cpu,
            settled=program.since_start(settled),
            peak=program.peak,
            exit=ending.milliseconds,
        )


def starts(runs: int) -> Iterator[Row]:
    """Measure twice as many starts as asked for: they are short, and noisy."""
    with new_home() as home:
        start(home.floor(), FLOOR_LIST)
        start(home.program("--sandbox"), PROVIDER)
        turns = [_turn(home) for _ in range(2 * runs)]
    first = [ours.first_text for _, ours, _ in turns]
    bare = median([bare for *_, bare in turns])
    beside = f"{spread(first, '{:.0f} ms')}; `python -c pass` {bare:.0f} ms"
    yield high("0", "something on the screen after the command", 50, median(first), beside, "<= {:g} ms")
    for figure, what, goal in (
        ("1", "usable", 1.15),
        ("1", "cpu", 1.15),
        ("1", "settled", 1.35),
        ("9", "peak", 1.20),
        ("13", "exit", 1.0),
    ):
        against = quotients((getattr(ours, what), getattr(floor, what)) for floor, ours, _ in turns)
        size = median([getattr(ours, what) for _, ours, _ in turns])
        beside = f"{spread(against)}; {size / 1e6:.1f} MB" if what == "peak" else f"{spread(against)}; {size:.0f} ms"
        yield high(figure, _WORDS[what], goal, median(against), beside)


_WORDS = {
    "usable": "first usable screen / floor",
    "cpu": "computing until then / floor, which another program's share changes little",
    "settled": "first screen at rest / floor",
    "peak": "peak memory with the first screen / floor",
    "exit": "exit / floor's exit",
}


def _turn(home: Home) -> tuple[Start, Start, float]:
    floor = start(home.floor(), FLOOR_LIST)
    return floor, start(home.program("--sandbox"), PROVIDER), bare(home, PYTHON, "-c", "pass")


def bare(home: Home, *command: str) -> float:
    """Return the milliseconds of a command that has no screen."""
    begin = time.monotonic()
    subprocess.run(command, env=home.environment(), cwd=home.current, stdout=subprocess.DEVNULL, check=True)
    return (time.monotonic() - begin) * 1000


def commands(runs: int) -> Iterator[Row]:
    """Figure 3: what answers without a screen, against an interpreter that does nothing."""
    with new_home() as home:
        for option in ("--version", "--help"):
            program = home.program(option).arguments
            bare(home, *program)
            pairs = [(bare(home, *program), bare(home, PYTHON, "-c", "pass")) for _ in range(4 * runs)]
            against = quotients(pairs)
            beside = f"{spread(against)}; {median([ours for ours, _ in pairs]):.0f} ms"
            yield high("3", f"`{option}` / `python -c pass`", 2.5, median(against), beside)
