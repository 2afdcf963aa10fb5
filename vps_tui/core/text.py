"""Text from outside made safe to draw: once, where it enters."""

from __future__ import annotations

import re
import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date, datetime

MAX_LENGTH = 200
"""Characters kept of one piece of foreign text; no name in either catalogue comes near it."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Stays text until it is used: compiling it would delay the start of the program.
_INVISIBLE = (
    "\x1b\\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def clean(text: str, limit: int = MAX_LENGTH) -> str:
    """Return `text` as one printable line of at most `limit` (1 or more) characters.

    Control characters, escape sequences' introducers, bidirectional and zero-width controls, lone
    surrogates and unassigned code points are dropped; runs of white space and line ends become one space.
    """
    kept = "".join(
        character
        for character in text[: limit * 8]
        if character.isspace() or unicodedata.category(character) not in _DROPPED
    )
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def without_invisible(text: str) -> str:
    """Return `text` with its line ends and spaces but without escape sequences and characters nobody sees.

    For text that must be read further, such as a pasted key; what is drawn goes through `clean`.
    """
    return re.sub(_INVISIBLE, "", text)


def day(when: date) -> str:
    """Return a day as people write it: "5 Dec 2026"."""
    return f"{when.day} {when:%b %Y}"


def moment(when: datetime) -> str:
    """Return an aware time as people write it, with its zone: "5 Dec 2026 14:05 UTC"."""
    return f"{day(when)} {when:%H:%M %Z}".rstrip()
