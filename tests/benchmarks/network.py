"""Figures 11 and 12: what a slow provider costs, and whether keys wait for it."""

from __future__ import annotations

from collections.abc import Iterator

from .figures import Row, high, p95, spread
from .places import Home, live_home, new_home
from .program import Program, now
from .stops import COST, EDIS, HOSTNAME, LOCATION, OFFER, PROVIDER

DELAY = 0.3
"""Seconds by which the slow provider answers later."""
BUSY = 1.2
"""Seconds after the first screen within which the program loads what the coming steps need."""
SHORT = 0.02
"""Seconds of rest between two keys pressed one right after the other."""


def requests(runs: int) -> Iterator[Row]:
    """Figure 11: hurry to the cost, past a provider that answers at once and one that does not."""
    with live_home() as quick, live_home(f"slow-{DELAY}") as slow:
        turns = [[_starts(home) for home in (slow, quick)] for _ in range(max(1, min(runs, 4)))]
    for index, (what, goal) in enumerate((("first start", 2.2), ("second start", 1.2), ("resumed start", 1.2))):
        late = [(slow[index] - quick[index]) / DELAY / 1000 for slow, quick in turns]
        # A busy machine only ever adds time, here more than a request: the least of each says most.
        least = [min(turn[side][index] for turn in turns) for side in (0, 1)]
        waits = (least[0] - least[1]) / DELAY / 1000
        beside = f"{waits:.1f} of the least, {least[0]:.0f} and {least[1]:.0f} ms; turns {spread(late, '{:.1f}')}"
        yield high("11", f"requests one after another until the cost, {what}", goal, waits, beside)


def _starts(home: Home) -> tuple[float, float, float]:
    """Return the milliseconds from the start until the cost: first time, second time, and going on with a draft."""
    home.forget()
    first = _hurry(home)
    second = _hurry(home)
    with Program(home.program()) as program:
        program.usable(OFFER)
        program.send("enter")
        resumed = program.since_start(program.wait_for(*COST.texts))
        program.settle()
        program.end_by("ctrl+q", "ctrl+q")
    return first, second, resumed


def _hurry(home: Home) -> float:
    """Answer every question as soon as it can be answered; a draft that is offered is not taken."""
    with Program(home.program()) as program:
        program.wait_until(lambda: any(text in program.emulator.words for text in (OFFER, PROVIDER.texts[0])), OFFER)
        program.usable()
        if OFFER in program.emulator.words:
            program.press("escape", *PROVIDER.texts, quiet=SHORT)
        for stop in EDIS[: EDIS.index(COST)]:
            program.wait_for(*stop.texts)
            program.send("web1" if stop is HOSTNAME else "")
            program.send("enter")
        reached = program.since_start(program.wait_for(*COST.texts))
        program.settle()
        program.end_by("ctrl+q", "ctrl+q")
        return reached


def busy(runs: int) -> Iterator[Row]:
    """Figure 12: the same keys while something else is under way, and with nothing under way."""
    loading: list[float] = []
    rest: list[float] = []
    with new_home() as home:
        for _ in range(runs):
            with Program(home.program("--sandbox")) as program:
                program.usable(*PROVIDER.texts)
                loading += _keys(program, BUSY)
                program.pause(1)
                rest += _keys(program, BUSY)
                program.end_by("ctrl+q")
    yield _ratio("while the coming steps are loaded", loading, rest)
    with live_home() as free, live_home("slow-60:get/paymentmethods") as hanging:
        turns = [(_in_list(hanging), _in_list(free)) for _ in range(max(1, min(runs, 5)))]
    yield _ratio(
        "while a request hangs",
        [time for waiting, _ in turns for time in waiting],
        [time for _, without in turns for time in without],
    )


def _ratio(what: str, under_way: list[float], rest: list[float]) -> Row:
    value = p95(under_way) / p95(rest)
    measured = f"x{value:.2f}; p95 {p95(under_way):.1f} ms, worst {max(under_way):.1f} ms; at rest {p95(rest):.1f} ms"
    return high("12", f"key to paint {what} / at rest, p95", 1.25, value, measured)


def _in_list(home: Home) -> list[float]:
    home.forget()
    with Program(home.program()) as program:
        program.usable(*PROVIDER.texts)
        program.settle()
        program.press("enter", *LOCATION.texts)
        times = _keys(program, BUSY)
        program.end_by("ctrl+q", "ctrl+q")
        return times


def _keys(program: Program, seconds: float) -> list[float]:
    """Move up and down for that long, without waiting for the screen to come to rest."""
    times, end = [], now() + seconds
    while now() < end:
        times += [program.press(key, quiet=SHORT).last for key in ("down", "up")]
    return times
