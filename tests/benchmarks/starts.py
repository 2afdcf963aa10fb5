"""Figures 0, 1, 9 and 13: starting, resting on the first screen, leaving; each time right after the floor."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .figures import Row, high, median, quotients, spread
from .places import PYTHON, Home, new_home
from .program import Command, Program
from .stops import FLOOR_LIST, PROVIDER, Stop


@dataclass(frozen=True, slots=True)
class Start:
    """One start and the end right after it; times in milliseconds."""

    first_text: float
    usable: float
    settled: float
    peak: float
    """Bytes of the whole run."""
    exit: float


def start(command: Command, stop: Stop) -> Start:
    """Start, wait until `stop` can be used and has come to rest, and leave."""
    with Program(command) as program:
        usable = program.usable(*stop.texts)
        program.settle()
        settled = program.last_change
        ending = program.end_by("ctrl+q")
        return Start(
            first_text=program.since_start(program.first_text),
            usable=program.since_start(usable),
            settled=program.since_start(settled),
            peak=program.peak,
            exit=ending.milliseconds,
        )


def starts(runs: int) -> Iterator[Row]:
    """Measure three times as many starts as asked for: they are short, and noisy.

    Each stands between two of the floor, and is compared with their mean: a machine that gets slower or faster
    meanwhile does so for both.
    """
    with new_home() as home:
        start(home.floor(), FLOOR_LIST)
        start(home.program("--sandbox"), PROVIDER)
        floors, ours = [start(home.floor(), FLOOR_LIST)], []
        nothing = []
        for _ in range(3 * runs):
            ours.append(start(home.program("--sandbox"), PROVIDER))
            nothing.append(bare(home, PYTHON, "-c", "pass"))
            floors.append(start(home.floor(), FLOOR_LIST))
    first = [each.first_text for each in ours]
    beside = f"{spread(first, '{:.0f} ms')}; `python -c pass` {median(nothing):.0f} ms"
    yield high("0", "something on the screen after the command", 50, median(first), beside, "<= {:g} ms")
    for figure, what, goal in (
        ("1", "usable", 1.15),
        ("1", "settled", 1.35),
        ("9", "peak", 1.20),
        ("13", "exit", 1.0),
    ):
        mine, base = ([getattr(each, what) for each in some] for some in (ours, floors))
        size = median(mine)
        against = quotients(zip(mine, [(one + two) / 2 for one, two in pairwise(base)], strict=True))
        beside = f"{spread(against)}; {size / 1e6:.1f} MB" if what == "peak" else f"{spread(against)}; {size:.0f} ms"
        yield high(figure, _WORDS[what], goal, median(against), beside)


_WORDS = {
    "usable": "first usable screen / floor",
    "settled": "first screen at rest / floor",
    "peak": "peak memory with the first screen / floor",
    "exit": "exit / floor's exit",
}


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
