"""Start-up scripts: what a new server runs at its first start, checked before it is paid for.

A script that the server cannot start is accepted by providers and then ignored without a word, so what would
make it so (a missing first line, a byte order mark, Windows line ends) is found here. This is the one rule for
the wizard, the order file and the kept draft.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from vps_tui.core.errors import InvalidValue
from vps_tui.core.interpreter_line import BEGIN, character_name, interpreter_warnings
from vps_tui.core.ssh_private_keys import is_private_key
from vps_tui.core.text import clean

MAX_BYTES: Final = 64 * 1024
"""Longest script, in UTF-8 bytes: the usual limit of what hosts hand to a new server."""
MAX_GIVEN_BYTES: Final = 2 * MAX_BYTES + 2
"""Longest file that can become such a script: UTF-16 takes twice the room and a mark."""

FOR_CLOUD_INIT: Final = (
    "This is not a script but for cloud-init. The provider documents that a script is run, and not that cloud-init "
    "reads this: it may be ignored."
)

WITHOUT_MARK: Final = "A byte order mark was taken off its start."
LINUX_LINE_ENDS: Final = "Windows line ends were changed to Linux ones."

# Patterns stay text until they are used: compiling them all would delay the start of the program.
_CONTROLS: Final = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]"
_INVISIBLE: Final = (
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_UTF_16: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_GZIP: Final = b"\x1f\x8b"
# As cloud-init compares them, which ignores capitals. A C file begins with #include as well.
_CLOUD_INIT: Final = (
    r"(?i)#cloud-config-archive|#cloud-config-jsonp|#cloud-config(?![\w-])|#cloud-boothook|#part-handler"
    r"|#include(?:-once)?(?![\w-])(?!\s*[<\"])|## template: jinja"
)
_HEADER: Final = r"(?i)(?:content-[a-z-]+|mime-version|from|to|subject):"
_MIME_WITHIN: Final = 4096
"""Bytes in which cloud-init looks for the header by which it knows a MIME message."""
_WINDOWS: Final = (
    r"(?i)@echo\b|echo off\b|rem\b|::|setlocal\b|#ps1|<powershell>|<script>|<#|param\s*\(|write-(?:host|output)\b"
    r"|set-executionpolicy\b|#requires\b"
)


@dataclass(frozen=True, slots=True)
class StartupScript:
    """A script that a new server can run, as it is sent."""

    text: str
    """With line ends as Linux has them, and without a byte order mark."""
    repairs: tuple[str, ...] = ()
    """What was changed in it, each in a sentence."""
    warnings: tuple[str, ...] = ()
    """What to know before using it, each in a sentence."""
    for_cloud_init: bool = False
    """Whether only cloud-init can read it: to be sent only to a person's explicit yes."""


def parse_startup_script(given: str | bytes) -> StartupScript:
    """Return the script in a text or in the bytes of a file, repaired where it is certain what was meant.

    Raises `InvalidValue` for what no server would run. No message quotes more of the text than its first line.
    """
    text, repairs = _decode(given)
    text, repaired = _repair(text)
    kind = _cloud_init_kind(text)
    if kind and kind != kind.lower():
        text = kind.lower() + text[len(kind) :]
        repaired.append(f"Its first word was written in small letters: {kind.lower()}.")
    _refuse_unusable(text, starts=text.startswith("#!") or bool(kind))
    warnings = list(interpreter_warnings(text.split("\n", 1)[0]) if text.startswith("#!") else ())
    if kind:
        warnings = [FOR_CLOUD_INIT, *_boothook_warnings(text)]
    if space := re.search("\u00a0", text):
        warnings.append(f"Line {_line_of(space)} holds a no-break space, which a shell does not take for a space.")
    private = is_private_key(text)
    if private:
        warnings.append(f"It holds a private key ({private}), which the provider will be able to read.")
    return StartupScript(text, (*repairs, *repaired), tuple(warnings), bool(kind))


def script_problem(text: str, *, is_cloud_init: bool) -> str:
    """Return why a script that was kept cannot be ordered as it is, empty where it can.

    `is_cloud_init` is whether a person has confirmed that it is meant for cloud-init.
    """
    script, problem = _judge(text)
    if script is not None and script.for_cloud_init and not is_cloud_init:
        return FOR_CLOUD_INIT
    return problem


def warnings_of(text: str) -> tuple[str, ...]:
    """Return what to know of a script that was taken before."""
    script, problem = _judge(text)
    return script.warnings if script is not None else (problem,)


def describe_script(text: str, name: str = "") -> str:
    """Return a script in one line: the name of its file if known, its size, its first line; "none" for no script."""
    if not text:
        return "none"
    size = len(text.encode())
    first = text.split("\n", 1)[0]
    parts = (clean(name, 40), f"{size / 1000:.1f} KB" if size >= 1000 else f"{size} bytes", clean(first, 40))
    return ", ".join(part for part in parts if part)


def digest(text: str) -> str:
    """Return the checksum that identifies a script."""
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def refused_character(text: str) -> InvalidValue | None:
    """Return the refusal of a text that a terminal would obey or that hides something, None for a clean text.

    Line ends of Windows are allowed: they are repaired.
    """
    plain = text.replace("\r\n", "\n")
    found = re.search(f"{_CONTROLS}|{_INVISIBLE}", plain)
    if found is None:
        return None
    line, named = _line_of(found), character_name(found[0])
    if re.match(_INVISIBLE, found[0]):
        return InvalidValue(
            f"Line {line} holds the character {named}, which nobody sees.",
            hint="Delete it, or write it as an escape, such as $'\\u202e'.",
        )
    escapes = "Only tabs and line ends may be in a script; write others as escapes, such as \\033."
    return InvalidValue(
        f"Line {line} holds a control character, {named}.",
        hint="Save it as UTF-8 text." if found[0] == "\0" else escapes,
    )


@lru_cache(maxsize=64)
def _judge(text: str) -> tuple[StartupScript | None, str]:
    """Return the verdict on a text; the wizard asks for it with every key."""
    try:
        return parse_startup_script(text), ""
    except InvalidValue as error:
        return None, f"{error.message} {error.hint}"


def _decode(given: str | bytes) -> tuple[str, list[str]]:
    if len(given) > MAX_GIVEN_BYTES:
        raise _too_long()
    try:
        if isinstance(given, str):
            given.encode()
            return given, []
        if given.startswith(_GZIP):
            raise InvalidValue("This is compressed with gzip.", hint="Unpack it first.")
        encoding = _UTF_16.get(given[:2])
        if encoding is None:
            return given.decode(), []
        return given[2:].decode(encoding), ["It was changed from UTF-16 to UTF-8."]
    except UnicodeError:
        raise InvalidValue("This is not text in UTF-8.", hint="Save it as UTF-8 and try again.") from None


def _repair(text: str) -> tuple[str, list[str]]:
    """Return `text` as Linux writes it, and what was changed."""
    repairs: list[str] = []
    if text.startswith("\ufeff"):
        text = text.lstrip("\ufeff")
        repairs.append(WITHOUT_MARK)
    if "\r\n" in text:
        text = re.sub("\r+\n", "\n", text)
        repairs.append(LINUX_LINE_ENDS)
    elif "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
        repairs.append("Line ends that are carriage returns were changed to Linux ones.")
    start = text.lstrip(" \t\n")
    if start != text and (start.startswith("#!") or _cloud_init_kind(start)):
        text = start
        repairs.append("Blank space before its first line was taken off.")
    return text, repairs


def _cloud_init_kind(text: str) -> str:
    """Return the beginning by which cloud-init knows `text`, as it is written there; empty for other text."""
    first = text.split("\n", 1)[0]
    if re.match(_HEADER, first) and "mime-version:" in text[:_MIME_WITHIN].lower():
        return first.partition(":")[0].lower() + ":"
    found = re.match(_CLOUD_INIT, first)
    return found[0] if found else ""


def _boothook_warnings(text: str) -> tuple[str, ...]:
    """Return what to know of the script in a boothook, which cloud-init runs without the line that marks it."""
    mark = "#cloud-boothook"
    if not text.startswith(mark):
        return ()
    inner = text.removeprefix(mark).lstrip()
    if not inner.startswith("#!"):
        raise InvalidValue(f"The script behind {mark} does not say what runs it.", hint="Write #!/bin/bash below it.")
    return interpreter_warnings(inner.split("\n", 1)[0])


def _refuse_unusable(text: str, *, starts: bool) -> None:
    if not text.strip():
        raise InvalidValue("There is no script here.", hint=BEGIN)
    private = is_private_key(text)
    if private and not starts:
        raise InvalidValue(f"This is a PRIVATE key ({private}). It was not kept.", hint="Choose a script.")
    if refusal := refused_character(text):
        raise refusal
    if len(text.encode()) > MAX_BYTES:
        raise _too_long()
    if not starts:
        raise _without_start(text)


def _without_start(text: str) -> InvalidValue:
    first = text.lstrip().split("\n", 1)[0]
    if re.match(_WINDOWS, first):
        return InvalidValue("This is a script for Windows, which a Linux server cannot run.", hint=BEGIN)
    if re.match(_HEADER, first):
        return InvalidValue(
            "This looks like a MIME message, which cloud-init takes only with a MIME-Version line; it has none.",
            hint="Add the line MIME-Version: 1.0, or give a script.",
        )
    if re.match(r"(?i)#\s*cloud[-_ ]?config", first):
        return InvalidValue(
            "The first line does not say what runs the script, and is not #cloud-config either.",
            hint="Write it as #cloud-config, or give a script.",
        )
    return InvalidValue("The first line does not say what runs the script.", hint=BEGIN)


def _too_long() -> InvalidValue:
    return InvalidValue(f"This is longer than {MAX_BYTES // 1024} KB.", hint="Let a short script fetch the long one.")


def _line_of(found: re.Match[str]) -> int:
    return found.string.count("\n", 0, found.start()) + 1
