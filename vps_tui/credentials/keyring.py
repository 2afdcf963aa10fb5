"""The platform's keyring: an optional package whose back end may be absent, locked, broken or hung."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, TypeVar

from vps_tui.core.secret import Secret

SERVICE: Final = "vps-tui"
"""The service that every entry belongs to; `keyring set vps-tui edis.password` makes one by hand."""

LIMIT = 3.0
"""Seconds that one visit to the keyring may take; without a desktop session some back ends wait for ever."""

ABSENT: Final = "The keyring is not used: pip install 'vps-tui[keyring]' adds it."
NONE_WORKS: Final = "There is no keyring here that could keep a secret."

_WORDS: Final = {
    "NoKeyringError": NONE_WORKS,
    "KeyringLocked": "The keyring is locked.",
    "InitError": "The keyring could not be opened.",
}
_NOT_SAFE: Final = ("PlaintextKeyring",)

Result = TypeVar("Result")


class Keyring:
    """Reads and writes entries, each time in a thread that is left behind when it hangs; then asks no more."""

    def __init__(self) -> None:
        self.problem = ""
        """One sentence on why it is of no use; empty as long as it is."""

    @property
    def installed(self) -> bool:
        return find_spec("keyring") is not None

    def read(self, names: Sequence[str]) -> dict[str, Secret]:
        """Return the entries among `names` that there are; none, with `problem` set, where the keyring fails."""

        def reading(keyring: Any) -> dict[str, Secret]:
            _refuse_useless(keyring)
            found = {name: keyring.get_password(SERVICE, name) for name in names}
            return {name: Secret(value) for name, value in found.items() if value}

        return self._visit(reading) or {}

    def write(self, values: Mapping[str, Secret]) -> None:
        """Keep `values` as entries; `problem` tells whether that failed."""

        def writing(keyring: Any) -> None:
            _refuse_useless(keyring)
            for name, value in values.items():
                keyring.set_password(SERVICE, name, value.reveal())

        self._visit(writing)

    def _visit(self, work: Callable[[Any], Result]) -> Result | None:
        """Return what `work` makes of the keyring module, or None with `problem` set."""
        if self.problem:
            return None
        if not self.installed:
            self.problem = ABSENT
            return None
        results: list[Result] = []
        problems: list[str] = []

        def visit() -> None:
            try:
                results.append(work(import_module("keyring")))
            except (Exception, SystemExit) as error:  # noqa: BLE001 - a back end may raise anything, and its text may hold a secret
                problems.append(_in_words(error))

        thread = threading.Thread(target=visit, name="keyring", daemon=True)
        thread.start()
        thread.join(LIMIT)
        if thread.is_alive():
            self.problem = f"The keyring did not answer within {LIMIT:g} s."
            return None
        self.problem = next(iter(problems), "")
        return results[0] if results else None


class _Useless(Exception):
    """The back end keeps nothing, or keeps it where everybody can read it."""


def _refuse_useless(keyring: Any) -> None:
    back_end = keyring.get_keyring()
    if back_end.priority <= 0 or type(back_end).__name__ in _NOT_SAFE:
        raise _Useless


def _in_words(error: BaseException) -> str:
    names = [kind.__name__ for kind in type(error).__mro__]
    if _Useless.__name__ in names:
        return NONE_WORKS
    known = next((_WORDS[name] for name in names if name in _WORDS), "")
    return known or f"The keyring failed ({names[0]})."
