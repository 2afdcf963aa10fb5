"""Rules for server names, checked while typing: text in, one sentence on what to do out."""

from __future__ import annotations

import re
import string
from typing import Final

MAX_NAME: Final = 253
"""Longest host name in characters without a trailing dot (RFC 1123, 2.1, with RFC 1035, 2.3.4)."""
MAX_PART: Final = 63
"""Longest part between two dots in characters (RFC 1035, 2.3.4)."""

_ALLOWED: Final = "Use letters a-z, digits and hyphens, with dots between the parts."
_ADVICE: Final = {
    " ": "Leave out the space; a hyphen can stand in its place.",
    "_": "Replace the underscore with a hyphen.",
    ":": "Type the name alone, without an address or a port.",
    "/": "Type the name alone, without an address or a path.",
    "@": "Type the name alone, without a user in front.",
}
_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def normalise(text: str) -> str:
    """Return the name as it is sent: surrounding spaces removed, letters A-Z made small.

    Other letters stay as they are: some of them have an ASCII letter as their small form, and a name must not
    become valid by turning into a different one.
    """
    return text.strip(" ").translate(_LOWER)


def hostname_problem(text: str) -> str | None:
    """Return None for a usable host name (RFC 1123, 2.1), else one sentence saying what to do about it.

    The sentence is about the first problem only and never quotes the text. Capital letters are fine. A last
    part of digits only is not, because such a name reads as an IP address.
    """
    if not text:
        return "Type a name, such as web1."
    wrong = re.search(r"[^A-Za-z0-9.-]", text)
    if wrong is not None:
        return _character_problem(wrong[0])
    for found, advice in (
        (text.endswith("."), "Remove the dot at the end."),
        (text.startswith("."), "Remove the dot at the start."),
        (".." in text, "Put only one dot between two parts."),
    ):
        if found:
            return advice
    if len(text) > MAX_NAME:
        return f"Shorten the name by {len(text) - MAX_NAME}: at most {MAX_NAME} characters fit."
    return _part_problem(text.split("."))


def _character_problem(character: str) -> str:
    if character.isspace() and character != " ":
        return "Leave out the tab or line break; a name is one word on one line."
    if not character.isascii():
        return f'{_ALLOWED[:-1]}; a name in another script goes in its "xn--" form.'
    return _ADVICE.get(character, _ALLOWED)


def _part_problem(parts: list[str]) -> str | None:
    for place, part in enumerate(parts, start=1):
        where = "the name" if len(parts) == 1 else f"part {place} of the name"
        if len(part) > MAX_PART:
            return f"Shorten {where} by {len(part) - MAX_PART}: at most {MAX_PART} characters fit."
        if part.startswith("-"):
            return f"Remove the hyphen at the start of {where}."
        if part.endswith("-"):
            return f"Remove the hyphen at the end of {where}."
    if parts[-1].isdigit():
        return "Add a letter to the last part; with digits only the name reads as an address."
    return None
