"""Rows under headings, as wide as the terminal and in the characters that it has."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from vps_tui.core.text import clean
from vps_tui.terminal.capabilities import abilities, character_width

GAP = "  "
LEAST = 14
"""Cells in which a name can still be told from others."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; only the `flexible` one is ever cut, so that no amount is."""

    title: str
    right: bool = False
    flexible: bool = False
    spare: int = 0
    """Where the room is short, the column with the largest number is left out first; one with 0 never is."""


def table_lines(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], least: int = LEAST, room: int | None = None
) -> list[str]:
    """Return headings and rows as lines of at most `room` cells, where that is possible at all.

    `room` is the terminal's width if it is not given. The flexible column keeps `least` cells while there are others
    to leave out.
    """
    shown = abilities(os.environ).shown
    room = room or shutil.get_terminal_size((80, 24)).columns
    cells = [[shown(clean(cell)) for cell in row] for row in rows]
    widths = [
        max([_cells(column.title), *(_cells(row[index]) for row in cells)]) for index, column in enumerate(columns)
    ]
    kept = _keep(columns, widths, room, least)
    spare = room - sum(widths[index] for index in kept) - len(GAP) * (len(kept) - 1)
    for index in kept:
        if columns[index].flexible and spare < 0:
            widths[index] = max(LEAST, widths[index] + spare)
    heading = [column.title for column in columns]
    return [
        GAP.join(_fit(row[index], widths[index], right=columns[index].right) for index in kept).rstrip()
        for row in (heading, *cells)
    ]


def _keep(columns: Sequence[Column], widths: Sequence[int], room: int, flexible: int) -> list[int]:
    """Return which columns there is room for."""
    kept = list(range(len(columns)))
    least = [
        min(width, flexible) if column.flexible else width for column, width in zip(columns, widths, strict=True)
    ]
    while sum(least[index] for index in kept) + len(GAP) * (len(kept) - 1) > room:
        spare = [index for index in kept if columns[index].spare]
        if not spare:
            break
        kept.remove(max(spare, key=lambda index: columns[index].spare))
    return kept


def _fit(text: str, width: int, *, right: bool) -> str:
    if _cells(text) > width:
        sign = abilities(os.environ).shown("…")
        while _cells(text) > width - 1:
            text = text[:-1]
        text += sign
    padding = " " * (width - _cells(text))
    return padding + text if right else text + padding


def _cells(text: str) -> int:
    return len(text) if text.isascii() else sum(map(character_width, text))
