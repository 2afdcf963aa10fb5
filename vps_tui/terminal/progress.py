"""How far a command has come, on standard error while it is a terminal; gone when it is done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counted(noun: str) -> Iterator[Callable[[int, int], None]]:
    """Yield what shows "31 of 48" and `noun` in place of what it showed before.

    Nothing but carriage returns and spaces is written, so that terminals without cursor movement show it as well.
    """
    shown = ""

    def told(done: int, of: int) -> None:
        nonlocal shown
        before, shown = shown, f"{done} of {of} {noun}"
        _write(f"\r{shown:<{len(before)}}")

    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    try:
        yield told
    finally:
        _write(f"\r{' ' * len(shown)}\r")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
