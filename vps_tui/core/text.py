"""Text from outside made safe to draw: once, where it enters."""

from __future__ import annotations

import unicodedata

MAX_LENGTH = 200
"""Characters kept of one piece of foreign text; no name in either catalogue comes near it."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(text: str, limit: int = MAX_LENGTH) -> str:
    """Return `text` as one printable line of at most `limit` characters.

    Control characters, escape sequences' introducers, bidirectional and zero-width controls, lone
    surrogates and unassigned code points are dropped, runs of white space become one space.
    """
    kept = "".join(
        " " if character in "\t\n\r\x0b\x0c" else character
        for character in text[: limit * 8]
        if character in "\t\n\r\x0b\x0c" or unicodedata.category(character) not in _DROPPED
    )
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
