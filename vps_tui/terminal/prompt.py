"""One question on a terminal, answered by a word typed in full.

What was typed before the question was there does not count: a paste or a held key answers nothing.
"""

from __future__ import annotations

import os
import select
import sys
import termios
from contextlib import suppress
from typing import Final

from vps_tui.core.errors import UsageError, VpsTuiError
from vps_tui.terminal import streams

WITHOUT: Final = "Add --yes to order without being asked."

BEHIND: Final = 0.05
"""Seconds in which the next line of a paste is there."""


def confirm_typed(question: str, *words: str, hint: str = WITHOUT) -> bool:
    """Ask `question` and tell whether exactly one of `words` was typed.

    Raises `UsageError` with `hint` where nobody can be asked, and `VpsTuiError` where the question, or what was
    printed before it and is asked about, cannot be seen.
    """
    clear_the_way(sys.stdin.fileno() if sys.stdin.isatty() else None, hint)
    print(question, end=" ", file=sys.stderr, flush=True)
    unseen = streams.failure(streams.OUT) or streams.failure(streams.ERR)
    if unseen:
        raise VpsTuiError(unseen, hint=WITHOUT, title="The question cannot be shown")
    answer = sys.stdin.readline()
    return any(confirms(answer, word) for word in words)


def clear_the_way(descriptor: int | None, hint: str) -> None:
    """Forget what was typed on the terminal `descriptor` before its question.

    Raises `UsageError` with `hint` where it is no terminal: what comes from a pipe was typed before everything.
    """
    if descriptor is None or not os.isatty(descriptor):
        raise UsageError("There is no terminal to ask on.", hint=hint, title="Nobody to ask")
    with suppress(termios.error):
        # A terminal that has gone in this moment has nothing to forget, and its end is read next.
        termios.tcflush(descriptor, termios.TCIFLUSH)


def is_followed(descriptor: int) -> bool:
    """Tell whether more stands behind an answer just read: fingers press Enter and wait, a paste goes on."""
    return bool(select.select([descriptor], [], [], BEHIND)[0])


def confirms(answer: str, word: str) -> bool:
    """Tell whether `answer`, a line with its end, is `word`.

    A line that breaks off, because the terminal is gone or its end was typed, was not confirmed with Enter.
    """
    return answer.endswith("\n") and answer.strip().lower() == word.lower()
