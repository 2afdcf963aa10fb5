"""Figure 2: instructions instead of time, which any machine counts alike."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace

from .figures import Row, high
from .places import Home, new_home
from .program import Command, Program
from .stops import FLOOR_LIST, PROVIDER, Stop

PATIENCE = 10
"""How many times as long everything may take: valgrind makes a program about 40 times slower."""
REST = 0.8
"""Seconds without a change that count as rest under it."""

_COUNTED = re.compile(r"I\s+refs:\s+([\d,]+)")


def instructions(_runs: int) -> Iterator[Row]:
    """Count once: another run comes to the same, but for what a thread does meanwhile."""
    goal = 1.10
    if shutil.which("valgrind") is None:
        yield Row(
            "2", "instructions of start and quit / floor", f"<= {goal:g}", "skipped: valgrind is not here", None
        )
        return
    with new_home() as home:
        floor = _count(home, home.floor(), FLOOR_LIST)
        ours = _count(home, home.program("--sandbox"), PROVIDER)
    measured = f"x{ours / floor:.3f}; {ours / 1e6:.0f} M, floor's {floor / 1e6:.0f} M"
    yield high("2", "instructions of start and quit / floor", goal, ours / floor, measured)


def _count(home: Home, command: Command, stop: Stop) -> int:
    log = home.current / "valgrind.log"
    tool = (str(shutil.which("valgrind")), "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
    counted = replace(
        command,
        arguments=(*tool, f"--log-file={log}", *command.arguments),
        environment={**command.environment, "PYTHONHASHSEED": "0"},
    )
    with Program(counted, patience=PATIENCE) as program:
        program.usable(*stop.texts)
        program.settle(REST, limit=30)
        program.end_by("ctrl+q")
    found = _COUNTED.search(log.read_text())
    assert found is not None, log.read_text()
    return int(found[1].replace(",", ""))
