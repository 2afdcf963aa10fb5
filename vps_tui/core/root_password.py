"""Root passwords for new servers: making one, and judging one that was typed.

LayerStack wants one for every server (Order, add-to-cart, field password) and does not document its rules, so
these are ours, chosen so that what passes here should pass anywhere.
"""

from __future__ import annotations

import secrets
import string
from typing import Final

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 64

_LENGTH: Final = 24
# Without 0 O 1 l I, which are misread from a screen or a note.
_LOWER: Final = "abcdefghijkmnopqrstuvwxyz"
_UPPER: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS: Final = "23456789"
# RFC 3986, 2.3: besides letters and digits only these need no escape in a URL, a form, JSON or a shell word.
_SYMBOLS: Final = "-._~"
_CLASSES: Final = (_LOWER, _UPPER, _DIGITS, _SYMBOLS)


def generate() -> str:
    """Return a new random password of 24 characters, about 140 bits, that `problem` has nothing against.

    It begins with a letter and has at least one small letter, capital, digit and symbol.
    """
    alphabet = "".join(_CLASSES)
    while True:
        # Drawing again, rather than repairing what is missing, keeps every valid password equally likely.
        rest = (secrets.choice(alphabet) for _ in range(_LENGTH - 1))
        drawn = secrets.choice(_LOWER + _UPPER) + "".join(rest)
        if all(any(char in kind for char in drawn) for kind in _CLASSES):
            return drawn


def problem(text: str) -> str | None:
    """Return None for a usable root password, else one sentence saying what to do about it.

    Usable is 12 to 64 printable ASCII characters without spaces, among them a small letter, a capital and a
    digit. The sentence never quotes the password.
    """
    if not text:
        return "Type a password, or let one be generated."
    if not all("!" <= char <= "~" for char in text):
        return "Leave out spaces, line breaks and letters outside ASCII."
    if len(text) < MIN_LENGTH:
        return f"Make it longer by {MIN_LENGTH - len(text)}: at least {MIN_LENGTH} characters."
    if len(text) > MAX_LENGTH:
        return f"Make it shorter by {len(text) - MAX_LENGTH}: at most {MAX_LENGTH} characters."
    for characters, name in (
        (string.ascii_lowercase, "small letter"),
        (string.ascii_uppercase, "capital letter"),
        (string.digits, "digit"),
    ):
        if not any(character in characters for character in text):
            return f"Add a {name}."
    return None
