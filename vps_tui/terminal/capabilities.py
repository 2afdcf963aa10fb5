"""What the terminal can show, as far as its environment says, and text for one that knows ASCII alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_UTF8 = re.compile(r"utf-?8", re.IGNORECASE)
_OLD = re.compile(r"vt[1-5]\d\d|vt52|ansi|cons25|unknown|dumb")
"""Terminals, and programs that stand in for them, from before Unicode and colours."""

_COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python itself writes into LC_CTYPE when it finds the C locale (PEP 538)."""

_LIKE = {
    "\u2500": "-",
    "\u2502": "|",
    "\u2191": "^",
    "\u2193": "v",
    "\u2026": "~",
    "\xb7": "|",
    "\u2022": "*",
    "\u2013": "-",
    "\u2014": "-",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\xdf": "s",
    "\xd8": "O",
    "\xf8": "o",
    "\u0141": "L",
    "\u0142": "l",
} | dict.fromkeys("\u250c\u2510\u2514\u2518\u256d\u256e\u256f\u2570", "+")
"""Lines, arrows, ellipsis, dots between words and in passwords, dashes, quotation marks, letters, corners."""

_CONSOLE = str.maketrans("╭╮╰╯…", "┌┐└┘~")


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a terminal can show."""

    ascii_only: bool = False
    """It is not known to show anything but ASCII."""
    colours: bool = True
    console: bool = False
    """It is the Linux console, whose fonts have 256 or 512 glyphs."""
    modern: bool = True
    """It takes questions and modes from after the VT220 without writing part of them onto the screen."""

    def shown(self, text: str, width: Callable[[str], int] | None = None) -> str:
        """Return `text` in the characters that the terminal has, each as wide as before.

        `width` tells the cells that a character takes; where it is left out, a character takes one or two.
        """
        if text.isascii():
            return text
        if self.ascii_only:
            return as_ascii(text, width)
        return text.translate(_CONSOLE) if self.console else text


def abilities(environ: Mapping[str, str], started_with: Path = Path("/proc/self/environ")) -> Abilities:
    """Return what the terminal of `environ` can show.

    `started_with` holds the variables as they were before Python changed them; it need not be there.
    """
    term = environ.get("TERM", "")
    old = _OLD.match(term) is not None
    return Abilities(
        ascii_only=old or not _speaks_utf8(environ, started_with),
        colours=not environ.get("NO_COLOR") and not old,
        console=term.startswith("linux"),
        modern=not old and not term.startswith("linux"),
    )


def as_ascii(text: str, width: Callable[[str], int] | None = None) -> str:
    """Return `text` in ASCII, each character as wide as before: its likeness, its letter without accents, or "?".

    `width` is as in `Abilities.shown`.
    """
    if text.isascii():
        return text
    width = width or character_width
    return "".join(character if character.isascii() else _likeness(character, width(character)) for character in text)


def _speaks_utf8(environ: Mapping[str, str], started_with: Path) -> bool:
    """Tell whether the locale is one of UTF-8, by the first of the three variables that is set."""
    name = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or "C"
    if not environ.get("LC_ALL") and environ.get("LC_CTYPE") in _COERCED:
        name = _before_coercion(started_with) or environ.get("LANG") or name
    return _UTF8.search(name) is not None


def _before_coercion(started_with: Path) -> str:
    """Return LC_CTYPE as it was when the program started; where that is not known, take it as it is."""
    try:
        variables = started_with.read_bytes().split(b"\0")
    except OSError:
        return _COERCED[0]
    found = next((line for line in variables if line.startswith(b"LC_CTYPE=")), b"=")
    return found.partition(b"=")[2].decode("ascii", "replace")


def character_width(character: str) -> int:
    """Return the cells that a character takes."""
    import unicodedata

    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


@lru_cache(1024)
def _likeness(character: str, width: int) -> str:
    like = _LIKE.get(character)
    if like is None:
        import unicodedata

        parts = unicodedata.normalize("NFKD", character)
        like = "".join(part for part in parts if part.isascii() and part.isprintable())
    return like if len(like) == width else "?" * width
