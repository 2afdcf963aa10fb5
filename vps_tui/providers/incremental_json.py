"""JSON read member by member, so that a thread that reads a huge reply lets the screen's thread run in between."""

from __future__ import annotations

import json
from typing import Any

LEVELS = 2
"""Levels of nesting that are taken apart; EDIS's catalogue has its plans on the second."""

_SPACE = " \t\n\r"


def loads(text: str) -> Any:
    """Return what `json.loads` returns, with numbers that have a point as text; raises ValueError."""
    reader = _Reader(text)
    value = reader.value(LEVELS)
    if reader.next() != "":
        raise ValueError("there is more than one value")
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._decoder = json.JSONDecoder(parse_float=str)

    def next(self) -> str:
        """Return the next character that is not white space, without passing it; empty at the end."""
        text, at = self._text, self._at
        while at < len(text) and text[at] in _SPACE:
            at += 1
        self._at = at
        return text[at : at + 1]

    def value(self, levels: int) -> Any:
        """Read one value; what it holds is read one by one for so many `levels`."""
        first = self.next()
        if levels and first == "{":
            return self._object(levels - 1)
        if levels and first == "[":
            return self._array(levels - 1)
        value, self._at = self._decoder.raw_decode(self._text, self._at)
        return value

    def _object(self, levels: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._take("{")
        while self.next() != "}":
            if found:
                self._take(",")
            key = self.value(0)
            if not isinstance(key, str):
                raise ValueError("a key must be text")
            self._take(":")
            found[key] = self.value(levels)
        self._take("}")
        return found

    def _array(self, levels: int) -> list[Any]:
        found: list[Any] = []
        self._take("[")
        while self.next() != "]":
            if found:
                self._take(",")
            found.append(self.value(levels))
        self._take("]")
        return found

    def _take(self, character: str) -> None:
        if self.next() != character:
            raise ValueError(f"expected {character} at {self._at}")
        self._at += 1
