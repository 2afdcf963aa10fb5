"""Whether a changed name still names the same thing."""

from __future__ import annotations

import re
import unicodedata

_ARCHITECTURE = r"\b(?:64[\s-]?bit|x86[\s_-]?64|amd64|x64)\b"
"""What every image is, whether or not its name says so. ARM and 32 bits are not in here: they are something else."""

_UNITS = {letter + ending: letter for letter in "kmgt" for ending in ("", "b", "ib", "byte", "bytes")}
"""Units of memory and disk as they are spelled, and the letter that tells them apart."""


def same_system(before: str, now: str) -> bool:
    """Tell whether two names of an OS image name the same distribution and version.

    Capitals, spaces, punctuation and a word for 64 bits are cosmetic; every other word or number is another system:
    stopping an order once too often costs a look, installing another system costs a server.
    """
    return _system_words(before) == _system_words(now)


def same_place(before: str, now: str) -> bool:
    """Tell whether two names name the same place: capitals, spaces and punctuation aside."""
    return _words(before) == _words(now)


def same_measures(before: str, now: str) -> bool:
    """Tell whether two names have the same numbers and units: an add-on's size is in nothing but its name."""
    return _measures(before) == _measures(now)


def _words(name: str) -> list[str]:
    # "Alma Linux" and "AlmaLinux" are one name, "Debian 1 2" and "Debian 12" are not.
    joined = re.sub(r"(?<=[^\W\d_])[\W_]+(?=[^\W\d_])", "", _folded(name))
    return re.findall(r"[^\W\d_]+|\d+(?:\.\d+)*", joined)


def _system_words(name: str) -> list[str]:
    return _words(re.sub(_ARCHITECTURE, " ", _folded(name)))


def _measures(name: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+|\d+(?:[.,]\d+)*", _folded(name))
    return sorted(_UNITS.get(word, word) for word in words if word in _UNITS or word[0].isdigit())


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
