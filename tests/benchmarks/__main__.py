"""`python -m tests.benchmarks`: every figure in one run, as a table in Markdown."""

from __future__ import annotations

import argparse
import gc
import os
import platform
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from . import inside, instructions, many, network, starts, walk, work
from .figures import Row
from .program import Silent

RESULTS = Path(__file__).with_name("RESULTS.md")

Measurement = Callable[[int], Iterator[Row]]

MEASUREMENTS: tuple[tuple[Measurement, frozenset[str]], ...] = (
    (starts.starts, frozenset({"0", "1", "9", "13"})),
    (starts.commands, frozenset({"3"})),
    (instructions.instructions, frozenset({"2"})),
    (inside.modules, frozenset({"4"})),
    (walk.orders, frozenset({"5", "6", "7", "8", "9"})),
    (many.many, frozenset({"10"})),
    (network.requests, frozenset({"11"})),
    (network.busy, frozenset({"12"})),
    (work.escape, frozenset({"13"})),
    (inside.restored, frozenset({"14"})),
    (work.presses, frozenset({"keys"})),
)
"""What is run, and the figures that come of it."""


def main() -> int:
    """Measure what was asked for and write the table; returns 0 whatever the figures are."""
    options = _options()
    gc.disable()
    random.seed(1)
    rows: list[Row] = []
    for measurement, figures in MEASUREMENTS:
        if options.only and not figures & options.only:
            continue
        begin = time.monotonic()
        try:
            rows += measurement(options.runs)
        except Silent as silent:
            what = str(silent)
            sys.stderr.write(f"{what}\n")
            rows.append(Row(min(figures, key=_order), "could not be measured", "-", what.partition("\n")[0], None))
        sys.stderr.write(f"{measurement.__name__}: {time.monotonic() - begin:.0f} s\n")
    rows = [row for row in rows if not options.only or row.figure in options.only]
    text = report(rows, options.runs)
    sys.stdout.write(text)
    if options.write:
        RESULTS.write_text(text, "utf-8")
    return 0


def report(rows: list[Row], runs: int) -> str:
    """Return the table with what it was measured on."""
    day, python, textual = datetime.now(UTC).date(), platform.python_version(), version("textual")
    lines = [
        "# Figures",
        "",
        f"{day}, Python {python}, Textual {textual}, {os.cpu_count()} cores, {runs} runs, "
        f"load average {os.getloadavg()[1]:.1f} (the measurement itself makes about 1).",
        "",
        "| # | figure | goal | measured: median (least to most) | met |",
        "| --- | --- | ---: | --- | --- |",
    ]
    for row in sorted(rows, key=lambda row: _order(row.figure)):
        met = "-" if row.met is None else "yes" if row.met else "**no**"
        lines.append(f"| {row.figure} | {row.what} | {row.goal} | {row.measured} | {met} |")
    return "\n".join(lines) + "\n"


def _order(figure: str) -> tuple[int, str]:
    return (int(figure), "") if figure.isdecimal() else (1000, figure)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=7, metavar="N", help="turns of each measurement (default 7)")
    parser.add_argument(
        "--only",
        type=lambda text: frozenset(text.split(",")),
        default=frozenset(),
        metavar="1,6,7",
        help="these figures only",
    )
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name} beside this file, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
