"""TOML read strictly: every key that nobody knows, every wrong type and every missing value is refused in words.

A refusal names the file and the key, such as `server[1].plan` (counted from 1), or the line where the text is
no TOML at all. It quotes keys, never a value: that could be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeVar

from vps_tui.core.errors import UsageError
from vps_tui.core.nearest import nearest
from vps_tui.core.text import MAX_LENGTH, clean

MAX_WHOLE: Final = 10**18 - 1
"""Largest whole number read; every integer up to here fits the 64 bits that TOML promises."""

_MAX_KEY: Final = 60
# Text until it is used: compiling it would delay the start of the program.
_SENSITIVE: Final = (
    r"(?i)pass(?!ive)|secret|token|credential|api_?key|private_?key|(?:^|[_-])(?:pin|pw|pwd)(?:$|[_-])"
)
_TYPES: Final[Mapping[type, str]] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number with a point",
    str: "text",
    list: "a list",
    dict: "a table",
}

Kind = TypeVar("Kind")
Value = TypeVar("Value", str, int, bool)


def parse_toml(text: str, file: str) -> Table:
    """Return the top table of the TOML `text`; raises `UsageError` with the line where it is no TOML.

    `file` is the name that begins every message about it.
    """
    import tomllib

    try:
        return Table(file, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        detail, _, place = str(error).rpartition(" (at ")
        line = re.match(r"line (\d+)", place)
        where = f"line {line[1]}" if line else "at its end"
        raise UsageError(
            f"{clean(file)}, {where}: this is not valid TOML ({clean(detail, 80)}).", hint="Correct the file."
        ) from None
    except (ValueError, RecursionError):
        # tomllib lets through what Python itself cannot take: a number of thousands of digits, endless brackets.
        raise UsageError(
            f"{clean(file)}: it holds a number that is too long or brackets that go too deep.",
            hint="Correct the file.",
        ) from None


class Table:
    """One table, read key by key; `finish` refuses what was not asked for and what was missing.

    Reading a key without a `default` makes it required. A required key that is missing reads as an empty value
    until `finish`, so that a mistyped key is named rather than the one that it was meant to be.
    """

    def __init__(self, file: str, values: Mapping[str, object], place: str = "") -> None:
        """Prepare to read `values`, which are at `place` ("server[1]", empty for the top) of `file`."""
        self._file = clean(file)
        self._values = values
        self._place = place
        self._asked: dict[str, None] = {}
        self._missing: list[str] = []

    def __iter__(self) -> Iterator[str]:
        """Yield the keys in the order of the file."""
        return iter(self._values)

    def text(self, key: str, default: str | None = None) -> str:
        """Return one printable line of at most `core.text.MAX_LENGTH` characters."""
        value = self.verbatim(key, default)
        if clean(value) != value:
            raise self.error(
                key,
                f"must be one line of at most {MAX_LENGTH} printable characters, without spaces around it",
            )
        if key in self._values and not value and default is None:
            raise self.error(key, "is empty")
        return value

    def verbatim(self, key: str, default: str | None = None) -> str:
        """Return a text as it is written: the caller checks what is in it."""
        return self._read(key, str, "text in quotes", default, "")

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int = MAX_WHOLE) -> int:
        """Return a whole number from `least` to `most`; true and false are none."""
        value = self._read(key, int, "a whole number", default, least)
        if not least <= value <= most:
            raise self.error(key, f"must be from {least} to {most}")
        return value

    def seconds(self, key: str, *, most: int) -> float | None:
        """Return a duration above 0 and up to `most`, whole or not; None where the key is absent."""
        kind: type[float] = int if isinstance(self._values.get(key), int) else float
        value = self._typed(key, kind, "a number of seconds")
        if value is not None and not 0 < value <= most:
            raise self.error(key, f"must be a number of seconds above 0 and at most {most}")
        return None if value is None else float(value)

    def boolean(self, key: str, default: bool | None = None) -> bool:
        """Return true or false."""
        return self._read(key, bool, "true or false", default, False)

    def identifier(self, key: str, default: str | None = None, *, may_be_text: bool = False) -> str:
        """Return a provider's id as text; it is written as a whole number, or as text where `may_be_text`."""
        if key not in self._values or (may_be_text and isinstance(self._values[key], str)):
            return self.text(key, default)
        return str(self.whole(key))

    def one_of(self, key: str, words: Iterable[str], default: str | None = None) -> str:
        """Return one of `words`; the first replaces a required one that is missing."""
        known = list(words)
        value = self.text(key, default)
        if key in self._values and value not in known:
            near = nearest(value.lower(), known)
            raise self.error(
                key,
                f"must be one of: {', '.join(known)}",
                hint=f"Did you mean {near}?" if near else "",
            )
        return value or known[0]

    def words(self, key: str) -> tuple[str, ...] | None:
        """Return a command as its program and arguments; None where the key is absent."""
        value = self._typed(key, list, 'a list such as ["pass", "show", "name"]')
        if value is None:
            return None
        words = tuple(entry for entry in value if isinstance(entry, str))
        if len(words) != len(value) or not words or not words[0].strip():
            raise self.error(key, "must list a program and its arguments, each in quotes")
        return words

    def tables(self, key: str, *, required: bool = False) -> tuple[Table, ...]:
        """Return the tables of a list such as `[[server]]`."""
        wanted = f"a list of tables, each under [[{key}]] or in braces"
        entries = self._typed(key, list, wanted) or []
        if not all(isinstance(entry, dict) for entry in entries):
            raise self._wrong(key, entries, wanted)
        if required and not entries:
            self._missing.append(key)
        return tuple(
            Table(self._file, entry, f"{self._at(key)}[{number}]") for number, entry in enumerate(entries, 1)
        )

    def table(self, key: str) -> Table:
        """Return the table under `[key]`, an empty one where there is none."""
        return Table(self._file, self._typed(key, dict, f"a section, as in [{key}]") or {}, self._at(key))

    def error(self, key: str, problem: str, hint: str = "") -> UsageError:
        """Return the refusal of `key`; `problem` goes on after the key: "is empty"."""
        return UsageError(f"{self._file}, {self._at(key)}: {problem}.", hint=hint or "Correct the file.")

    def finish(self, *, elsewhere: Mapping[str, str] | None = None, secrets: str = "") -> None:
        """Refuse the first key that was not asked for, then the first that is missing.

        `elsewhere` says of keys which are known in other files what is wrong with them here. `secrets` is the
        hint for a key that looks as if a secret stood behind it.
        """
        for key in self._values:
            if key not in self._asked:
                raise self._unknown(key, elsewhere or {}, secrets)
        for key in self._missing:
            raise self.error(key, "is missing", hint="Add it to the file.")

    def _unknown(self, key: str, elsewhere: Mapping[str, str], secrets: str) -> UsageError:
        if secrets and re.search(_SENSITIVE, key):
            return self.error(key, "there is no such key, and no secret may stand in this file", hint=secrets)
        if key in elsewhere:
            return self.error(key, elsewhere[key], hint="Leave it out.")
        near = nearest(key.lower(), self._asked)
        return self.error(key, "there is no such key", hint=f"Did you mean {near}?" if near else "Leave it out.")

    def _typed(self, key: str, kind: type[Kind], wanted: str) -> Kind | None:
        self._asked[key] = None
        value = self._values.get(key)
        if value is None or (isinstance(value, kind) and isinstance(value, bool) is (kind is bool)):
            return value
        raise self._wrong(key, value, wanted)

    def _read(self, key: str, kind: type[Value], wanted: str, default: Value | None, stand_in: Value) -> Value:
        value = self._typed(key, kind, wanted)
        if value is not None:
            return value
        if default is not None:
            return default
        self._missing.append(key)
        return stand_in

    def _wrong(self, key: str, value: object, wanted: str) -> UsageError:
        found = _TYPES.get(type(value), "a date or time")
        return self.error(key, f"must be {wanted}, not {found}")

    def _at(self, key: str) -> str:
        shown = clean(key, _MAX_KEY)
        return f"{self._place}.{shown}" if self._place else shown


def written_identifier(text: str) -> int | str | None:
    """Return an id as `Table.identifier` reads it back, None for an empty one.

    It is a number wherever that is read back as the same text: not for "007".
    """
    if re.fullmatch("0|[1-9][0-9]*", text) and len(text) <= len(str(MAX_WHOLE)):
        return int(text)
    return clean(text) or None
