"""Medians, quotients and the rows of the table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["Row", "high", "median", "p95", "quotients", "spread"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    figure: str
    what: str
    goal: str
    measured: str
    met: bool | None
    """None where there is no goal, or nothing could be measured."""


def p95(values: Iterable[float]) -> float:
    """Return the value that 95 of 100 do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[-(-95 * len(ordered) // 100) - 1]


def quotients(pairs: Iterable[tuple[float, float]]) -> list[float]:
    """Return what each pair's first is to its second: turn by turn, so that slow moments cancel."""
    return [mine / other for mine, other in pairs if other]


def spread(values: Sequence[float], form: str = "x{:.2f}") -> str:
    """Return the median with the least and the most."""
    least, most = form.format(min(values)), form.format(max(values))
    return f"{form.format(median(values))} ({least} to {most})"


def high(figure: str, what: str, goal: float, value: float, measured: str, form: str = "<= {:g}") -> Row:
    """Return the row of a figure that must not exceed its goal."""
    return Row(figure, what, form.format(goal), measured, value <= goal)
