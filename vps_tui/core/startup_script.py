"""Start-up scripts: what a new server runs at its first start, checked before it is paid for.

A script that the server cannot start is accepted by providers and then ignored without a word, so what would
make it so (a missing first line, a byte order mark, Windows line ends) is found here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from vps_tui.core.private_keys import is_private_key
from vps_tui.core.text import clean
from vps_tui.errors import InvalidValue

MAX_BYTES: Final = 64 * 1024
"""Longest script, in UTF-8 bytes: the usual limit of what hosts hand to a new server."""

CLOUD_CONFIG: Final = "#cloud-config"

# Patterns stay text until they are used: compiling them all would delay the start of the program.
_CONTROLS: Final = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]"
_REORDERING: Final = "[\u202a-\u202e\u2066-\u2069]"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_START: Final = "Begin it with a line such as #!/bin/bash, or with #cloud-config."


@dataclass(frozen=True, slots=True)
class StartupScript:
    """A script that a new server can run."""

    text: str
    """With line ends as Linux has them, and without a byte order mark."""
    repaired: str = ""
    """What was changed in it, in whole sentences; empty for nothing."""
    warning: str = ""
    """What to know before using it, in whole sentences; empty for nothing."""


def parse_startup_script(given: str | bytes) -> StartupScript:
    """Return the script in a pasted text or in the bytes of a file, repaired where Windows has saved it.

    Raises `InvalidValue` for what no server would run. No message quotes the text.
    """
    if len(given if isinstance(given, bytes) else given.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise InvalidValue(
            f"This is longer than {MAX_BYTES // 1024} KB.", hint="Let a short script fetch the long one."
        )
    text, repairs = _decoded(given), []
    if text.startswith("\ufeff"):
        text = text.lstrip("\ufeff")
        repairs.append("A byte order mark was taken off its start.")
    if "\r\n" in text:
        text = re.sub("\r+\n", "\n", text)
        repairs.append("Windows line ends were changed to Linux ones.")
    _refuse_unusable(text)
    private = is_private_key(text)
    warning = f"It holds a private key ({private}), which the provider will be able to read." if private else ""
    return StartupScript(text, " ".join(repairs), warning)


def described(text: str, name: str = "") -> str:
    """Return a script in one line: the name of its file if known, its size, its first line; "none" for no script."""
    if not text:
        return "none"
    size = len(text.encode())
    first = text.split("\n", 1)[0]
    parts = (clean(name, 40), f"{size / 1000:.1f} KB" if size >= 1000 else f"{size} bytes", clean(first, 40))
    return ", ".join(part for part in parts if part)


def digest(text: str) -> str:
    """Return what tells one script from another without holding it."""
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def control_character(text: str) -> int | None:
    """Return the number of the first line with a character that no script may hold, None for a clean text.

    Line ends of Windows are none: they are repaired.
    """
    found = re.search(f"{_CONTROLS}|{_REORDERING}", text.replace("\r\n", "\n"))
    return None if found is None else text.replace("\r\n", "\n").count("\n", 0, found.start()) + 1


def _decoded(given: str | bytes) -> str:
    try:
        if isinstance(given, bytes):
            if given[:2] in _UTF_16:
                raise InvalidValue("This is UTF-16, not UTF-8.", hint="Save it as UTF-8 and try again.")
            return given.decode()
        given.encode()
    except UnicodeError:
        raise InvalidValue("This is not text in UTF-8.", hint="Save it as UTF-8 and try again.") from None
    return given


def _refuse_unusable(text: str) -> None:
    if not text.strip():
        raise InvalidValue("There is no script here.", hint=_START)
    starts = text.startswith("#!") or text.split("\n", 1)[0].rstrip() == CLOUD_CONFIG
    private = is_private_key(text)
    if private and not starts:
        raise InvalidValue(f"This is a PRIVATE key ({private}). It was not kept.", hint="Choose a script.")
    line = control_character(text)
    if line is not None:
        raise InvalidValue(
            f"Line {line} holds a control character.",
            hint="Only tabs and line ends may stand in a script; write others as escapes, such as \\033.",
        )
    if not starts:
        raise InvalidValue("The first line does not say what runs the script.", hint=_START)
    if re.fullmatch(r"#!\s*", text.split("\n", 1)[0]):
        raise InvalidValue("The first line names no program after #!.", hint=_START)
