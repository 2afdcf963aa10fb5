"""Figures 5 to 9: one whole order from EDIS in the sandbox, key by key, right after the same keys in the floor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .figures import Row, high, median, p95, quotients, spread
from .places import Home, new_home
from .program import Press, Program
from .stops import CONFIRM, COST, EDIS, FLOOR_LIST, HOST, HOSTNAME, Stop

READING = 0.6
"""Seconds for which every screen is looked at: what is got ready meanwhile is ready, and a cursor would blink."""


@dataclass(slots=True)
class Walk:
    """What one order came to."""

    moves: dict[str, list[Press]] = field(default_factory=dict)
    """By list."""
    filters: dict[str, list[Press]] = field(default_factory=dict)
    """Letters that narrow a list, by list."""
    letters: list[Press] = field(default_factory=list)
    """Letters typed into a field."""
    screens: dict[str, Press] = field(default_factory=dict)
    """The Enter that leads to a screen, by screen."""
    idle: float = 0.0
    """Bytes per second while nothing was pressed."""
    order: int = 0
    """Bytes of a whole order without looking around: those of moves and filters are not in it."""
    peak: int = 0
    """Most memory until the cost was on the screen, in bytes."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The same for the floor app."""

    downs: list[Press]
    peak: int


def walk(home: Home) -> Walk:
    """Order a server, looking around on the way."""
    found, idle, around = Walk(), 0, 0
    with Program(home.program("--sandbox")) as program:
        program.usable(*EDIS[0].texts)
        for stop, following in zip(EDIS, (*EDIS[1:], None), strict=True):
            program.settle()
            before = program.bytes
            program.pause(READING)
            idle += program.bytes - before
            if stop is COST:
                found.peak = program.peak
            if following is None:
                break
            before = program.bytes
            _look_around(program, stop, found)
            around += program.bytes - before
            if stop in (HOSTNAME, CONFIRM):
                found.letters += program.type(HOST if stop is HOSTNAME else "yes")
            found.screens[following.name] = program.press("enter", *following.texts)
        found.order = program.bytes - around
        program.end_by("ctrl+q")
    found.idle = idle / (READING * len(EDIS))
    return found


def _look_around(program: Program, stop: Stop, found: Walk) -> None:
    if stop is COST:
        program.press("up")
    for key in stop.moves:
        found.moves.setdefault(stop.name, []).append(program.press(key))
    if stop.filtered:
        found.filters[stop.name] = program.type(stop.filtered)
        for _ in stop.filtered:
            program.press("backspace")
    if stop is COST:
        # From the list over Back to Continue.
        program.press("tab")
        program.press("tab")


def floor(home: Home) -> Floor:
    """Press the same keys in the floor app."""
    with Program(home.floor()) as program:
        program.usable(*FLOOR_LIST.texts)
        program.settle()
        downs = [program.press(key) for key in FLOOR_LIST.moves]
        program.end_by("ctrl+q")
        return Floor(downs, program.peak)


def orders(runs: int) -> Iterator[Row]:
    """Measure that many orders, each right after the floor."""
    turns = []
    for _ in range(runs):
        with new_home() as home:
            turns.append((floor(home), walk(home)))
    floors, walks = [turn[0] for turn in turns], [turn[1] for turn in turns]
    yield from _latencies(floors, walks)
    yield from _screens(floors, walks)
    yield from _amounts(walks)
    against = quotients((ours.peak, theirs.peak) for theirs, ours in turns)
    size = median([ours.peak for ours in walks]) / 1e6
    yield high("9", "peak memory until the cost / floor", 1.6, median(against), f"{spread(against)}; {size:.1f} MB")


def _latencies(floors: list[Floor], walks: list[Walk]) -> Iterator[Row]:
    base = p95(down.last for each in floors for down in each.downs)
    for name in walks[0].moves:
        yield _against("5", f"key to paint in the list, {name}", 1.0, base, [each.moves[name] for each in walks])
    for name in walks[0].filters:
        yield _against("5", f"typed letter, filter of {name}", 1.2, base, [each.filters[name] for each in walks])
    yield _against("5", "typed letter in a field", 1.2, base, [each.letters for each in walks])


def _against(figure: str, what: str, goal: float, base: float, runs: list[list[Press]]) -> Row:
    times = [press.last for run in runs for press in run]
    value = p95(times) / base
    measured = f"x{value:.2f}; p95 {p95(times):.1f} ms, median {median(times):.1f} ms, floor's p95 {base:.1f} ms"
    return high(figure, f"{what}: p95 / floor's p95", goal, value, measured)


def _screens(floors: list[Floor], walks: list[Walk]) -> Iterator[Row]:
    downs = [median([down.last for down in each.downs]) for each in floors]
    for name in walks[0].screens:
        enters = [each.screens[name] for each in walks]
        against = quotients(zip([enter.last for enter in enters], downs, strict=True))
        beside = f"{spread(against)}; {median([enter.last for enter in enters]):.0f} ms"
        yield high("6", f"Enter to {name} complete / floor's Down", 4, median(against), beside)
        against = quotients((enter.last, enter.first) for enter in enters)
        yield high("6", f"Enter to {name}: last change / first", 1.3, median(against), spread(against))


def _amounts(walks: list[Walk]) -> Iterator[Row]:
    for name in walks[0].moves:
        sizes = [press.bytes for each in walks for press in each.moves[name]]
        yield _bytes(f"bytes per list move, {name}", 600, sizes)
    sizes = [press.bytes for each in walks for press in each.letters]
    yield _bytes("bytes per character typed into a field", 150, sizes)
    for name in walks[0].filters:
        sizes = [press.bytes for each in walks for press in each.filters[name]]
        yield Row("7", f"bytes per letter that filters, {name}", "-", spread(sizes, "{:.0f}"), None)
    yield _bytes("bytes per idle second", 0, [each.idle for each in walks])
    for name in walks[0].screens:
        yield _bytes(f"bytes of a new screen, {name}", 8000, [each.screens[name].bytes for each in walks])
    yield _bytes("bytes of a whole order", 100_000, [each.order for each in walks])
    yield from _frames(walks)


def _bytes(what: str, goal: float, sizes: list[int] | list[float]) -> Row:
    return high("7", what, goal, median(sizes), spread(sizes, "{:.0f}"))


def _frames(walks: list[Walk]) -> Iterator[Row]:
    kinds = {
        "list moves": [press for each in walks for presses in each.moves.values() for press in presses],
        "letters": [press for each in walks for press in each.letters],
        "letters that filter": [press for each in walks for presses in each.filters.values() for press in presses],
        **{f"Enter to {name}": [each.screens[name] for each in walks] for name in walks[0].screens},
    }
    for kind, presses in kinds.items():
        frames = [press.frames for press in presses]
        yield high("8", f"frames per key, {kind}", 2, median(frames), spread(frames, "{:.0f}"))
