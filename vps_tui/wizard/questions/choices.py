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

    @property
    def text(self) -> str:
        """What the filter looks into."""
        return " ".join((*self.cells, self.search)).casefold()

    def matches(self, words: Sequence[str]) -> bool:
        """Tell whether every word occurs somewhere in the row."""
        return all(word in self.text for word in words)


class Filter:
    """Finds the rows that match what is typed; what it looks into is made once, when something is typed at all."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        """Look into `choices`."""
        self._choices = choices
        self._texts: list[str] = []

    def matching(self, typed: str) -> list[Choice]:
        """Return the rows in which every word of `typed` occurs, as `Choice.matches` tells."""
        words = typed.casefold().split()
        if not words:
            return list(self._choices)
        if not self._texts:
            self._texts = [choice.text for choice in self._choices]
        found = list(zip(self._choices, self._texts, strict=True))
        for word in words:
            found = [(choice, text) for choice, text in found if word in text]
        return [choice for choice, _ in found]


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
