"""The first words on the screen, there before the libraries are loaded that draw the rest."""

from __future__ import annotations

import os
import signal
import sys
import termios
from contextlib import suppress

from vps_tui.core import exit_codes
from vps_tui.core.errors import Consequence, VpsTuiError
from vps_tui.terminal import streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J\x1b[H"
LEAVE = "\x1b[?1049l\x1b[?25h"

LEAVE_ALL = "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?7h\x1b[<u" + LEAVE
"""Also takes back what Textual switches on."""


class FirstPaint:
    """Holds the terminal until Textual takes it over, and puts it back if that fails.

    Keys that are pressed meanwhile are neither drawn nor lost: Textual reads them.
    """

    def __init__(self, *, sandbox: bool) -> None:
        """Prepare; nothing is drawn yet."""
        self._sandbox = sandbox
        self._handed_over = False
        self._handlers: dict[signal.Signals, Any] = {}
        self.attributes: list[Any] = []
        """The terminal as it was found, as `termios` tells it."""

    def __enter__(self) -> FirstPaint:
        """Show the program's name; raises `VpsTuiError` where the terminal is gone or cannot be drawn on."""
        try:
            self.attributes = termios.tcgetattr(0)
            self._heed_signals()
            termios.tcsetattr(0, termios.TCSANOW, _quiet(self.attributes))
        except termios.error as error:
            raise _no_screen("The terminal is gone.") from error
        sys.__stderr__.write(f"{ENTER}\x1b[1m vps-tui\x1b[m{self._mark()}\r\n\r\n\r\n Starting ...")  # type: ignore[union-attr]
        unseen = streams.failure(streams.ERR)
        if unseen:
            self.__exit__(VpsTuiError, None, None)
            raise _no_screen(unseen)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the terminal back, unless Textual has done so."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        if not self._handed_over or kind is not None:
            self._give_back()

    def _give_back(self) -> None:
        # A terminal that is gone need not be put back. Nothing goes through the stream, for a signal that comes while
        # that is writing could not write to it again.
        with suppress(OSError):
            os.write(2, (LEAVE_ALL if self._handed_over else LEAVE).encode())
        with suppress(termios.error):
            termios.tcsetattr(0, termios.TCSANOW, self.attributes)

    def hand_over(self) -> bool:
        """Leave the terminal to Textual; tells whether that is done for the first time."""
        first, self._handed_over = not self._handed_over, True
        return first

    def _heed_signals(self) -> None:
        """Have every signal end the program with the terminal put back; stopping waits until it can be."""
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._handlers[number] = signal.signal(number, self._end)
        self._handlers[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, signal.SIG_IGN)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        """End at once: an exception would come up in the middle of some import, which makes another one of it."""
        self._give_back()
        with suppress(OSError):
            os.write(1, f"{Consequence.NOTHING_ORDERED}\n".encode())
        os._exit(exit_codes.CANCELLED)

    def _mark(self) -> str:
        """Return the words that every sandbox screen bears, at their place."""
        words = " SANDBOX: nothing is bought " if self._sandbox else ""
        columns = os.get_terminal_size(2).columns
        return f"{' ' * max(1, columns - 9 - len(words))}\x1b[1;7m{words}\x1b[m" if words else ""


def _no_screen(reason: str) -> VpsTuiError:
    return VpsTuiError(reason, hint="Try again with --plain.", title="The screen cannot be drawn")


def _quiet(attributes: list[Any]) -> list[Any]:
    """Return terminal attributes under which keys are kept as they come and none is drawn."""
    changed = list(attributes)
    changed[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    changed[3] &= ~(termios.ECHO | termios.ICANON)
    return changed
