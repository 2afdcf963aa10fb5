"""Rows to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column; the `flexible` one takes what room is left."""

    title: str
    right: bool = False
    flexible: bool = False
    spare: bool = False
    """It is left out where the flexible one would have too little room."""
    spoken: str = ""
    """What is said before the cell where no heading stands over it; empty where the cell says it itself."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: `id` comes back when it is chosen."""

    id: str
    cells: tuple[str, ...]
    refusal: str = ""
    """Why it cannot be chosen; empty when it can."""
    search: str = ""
    """Further text that the filter finds it by."""

    def matches(self, words: Sequence[str]) -> bool:
        """Tell whether every word occurs somewhere in the row."""
        text = " ".join((*self.cells, self.search)).casefold()
        return all(word in text for word in words)


def spoken(choice: Choice, columns: Sequence[Column] = ()) -> str:
    """Return a row as one line to be read aloud; what stands in no cell is left out."""
    names = [column.spoken for column in columns] or [""] * len(choice.cells)
    cells = (cell.removesuffix(" ...") for cell in choice.cells)
    return ", ".join(f"{name} {cell}".strip() for name, cell in zip(names, cells, strict=False) if cell)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that a row of options can hold."""

    label: str
    price: str = ""
