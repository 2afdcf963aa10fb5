"""How the cells of rows are fitted into one line."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from vps_tui.wizard.questions.choices import Column

MAX_CELLS = 34
"""The longest documented name of a location has 32."""

MIN_CELLS = 3
"""Less says nothing: a flexible column that has fewer left is not shown."""

GAP = "  "
"""Between two columns."""


def column_widths(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return the width that each column needs for its title and every row, in cells.

    One long text does not push the other columns off the screen: only the flexible one may be wider than `MAX_CELLS`.
    """
    natural = (
        max((_width(row[index]) for row in rows), default=cell_len(column.title))
        for index, column in enumerate(columns)
    )
    return tuple(
        width if column.flexible else min(width, MAX_CELLS) for width, column in zip(natural, columns, strict=True)
    )


def fit_row(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int], width: int) -> str:
    """Return `cells` as one line of at most `width`; the flexible column gives and takes."""
    needed = [max(own, cell_len(column.title)) for own, column in zip(widths, columns, strict=True)]
    spare = width - 1 - sum(needed) - len(GAP) * (len(needed) - 1)
    left_out = set[int]()
    for index, column in reversed(list(enumerate(columns))):
        if column.spare and spare < 0:
            left_out.add(index)
            spare += needed[index] + len(GAP)
    parts = []
    for index, (cell, column, own) in enumerate(zip(cells, columns, needed, strict=True)):
        size = own + spare if column.flexible else own
        if size < MIN_CELLS or index in left_out:
            continue
        fitted = shorten(cell, size)
        padding = " " * (size - cell_len(fitted))
        parts.append(padding + fitted if column.right else fitted + padding)
    return GAP.join(parts)


def counted(total: int, noun: str, seen: tuple[int, int] | None) -> str:
    """Return how many rows there are, `noun` being more than one; of a longer list than its room which are `seen`."""
    if seen is not None:
        return f"{seen[0]}-{seen[1]} of {total}"
    return f"{total} {noun if total != 1 else noun.removesuffix('s')}" if total else ""


def shorten(text: str, width: int) -> str:
    """Return `text` in at most `width` cells, with a sign where something was cut off."""
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)) + "…"


def _width(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)
