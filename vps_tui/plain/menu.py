"""One of several, by number or by part of its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from vps_tui.wizard.questions.choices import Choice, Column, spoken

AT_A_TIME: Final = 20
"""Rows that are said before one has to ask for more."""


class Menu:
    """Numbered rows; a number means the same row for as long as the question stands."""

    def __init__(
        self, choices: Sequence[Choice], columns: Sequence[Column] = (), *, first: int = 1, default: str = ""
    ) -> None:
        """Number `choices` from `first` on; `default` is the id of the one that Enter takes, if it can be had."""
        self._choices = tuple(choices)
        self._columns = columns
        self._first = first
        self._shown = list(range(len(self._choices)))
        self._said = 0
        found = (index for index, one in enumerate(self._choices) if one.id == default and not one.refusal)
        self._default = next(found, None)

    @property
    def has_more(self) -> bool:
        """True while there are rows that have not been said."""
        return self._said < len(self._shown)

    def page(self) -> list[str]:
        """Return the first rows."""
        self._said = 0
        return self.next_page()

    def next_page(self) -> list[str]:
        """Return the rows that come next, and how many there are where that is not all of them."""
        rows = self._shown[self._said : self._said + AT_A_TIME]
        self._said += len(rows)
        widest = len(str(self._first + len(self._choices) - 1))
        lines = [f"{index + self._first:>{widest}}. {spoken(self._choices[index], self._columns)}" for index in rows]
        if len(self._shown) > AT_A_TIME:
            lines.append(f"{self._said} of {len(self._shown)} so far." if self.has_more else "That is all of them.")
        return lines

    def prompt(self, word: str, extra: Mapping[str, str], enter: str = "") -> str:
        """Return the question: what can be typed, and what Enter takes."""
        last = self._first + len(self._choices) - 1
        ways = [f"{self._first}-{last}" if last > self._first else str(last), "part of a name"]
        if enter:
            ways.append(f"Enter {enter}")
        elif self._default is not None:
            chosen = self._choices[self._default].cells[0]
            ways.append(f"Enter for {self._default + self._first} ({chosen})")
        ways[-1] += ";"
        commands = [f"{key} {words}" for key, words in extra.items()] + (["m more"] if self.has_more else [])
        return f"{word} [{', '.join(ways)} {', '.join([*commands, 'b back', '? help', 'q leave'])}]:"

    def answer(self, text: str) -> tuple[list[str], Choice | None]:
        """Return what is to be said about `text`, and the row that it chooses, None for none."""
        if not text:
            if self._default is not None:
                return self._taken(self._default)
            return ["Type a number, or part of a name."], None
        if text.isascii() and text.isdecimal():
            index = int(text[:9]) - self._first
            if 0 <= index < len(self._choices):
                return self._taken(index)
        words = text.casefold().split()
        found = [index for index, choice in enumerate(self._choices) if choice.matches(words)]
        if len(found) == 1:
            return self._taken(found[0])
        if not found:
            return ["Nothing matches. Type a number, or part of a name."], None
        self._shown = found
        return [f"{len(found)} of {len(self._choices)} match:", *self.page()], None

    def _taken(self, index: int) -> tuple[list[str], Choice | None]:
        choice = self._choices[index]
        if choice.refusal:
            return [choice.refusal], None
        return [f"Chosen: {spoken(choice, self._columns)}"], choice
