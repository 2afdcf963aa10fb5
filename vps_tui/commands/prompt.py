"""One question on a terminal, answered by a word typed in full."""

from __future__ import annotations

import sys
import termios

from vps_tui.errors import UsageError


def typed(question: str, word: str) -> bool:
    """Ask `question` and tell whether exactly `word` was typed; raises `UsageError` where nobody can be asked.

    What was typed before the question was there does not count: a paste or a held key answers nothing.
    """
    if not sys.stdin.isatty():
        raise UsageError(
            "There is no terminal to ask on.", hint="Add --yes to order without being asked.", title="Nobody to ask"
        )
    termios.tcflush(sys.stdin, termios.TCIFLUSH)
    print(question, end=" ", file=sys.stderr, flush=True)
    answer = sys.stdin.readline()
    # A line that breaks off, because the terminal is gone or its end was typed, was not confirmed with Enter.
    return answer.endswith("\n") and answer.strip().lower() == word
