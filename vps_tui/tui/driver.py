"""Textual's way to the terminal, made to outlive it."""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, cast

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from vps_tui.glyphs import abilities

if TYPE_CHECKING:
    from vps_tui.tui.painted import PaintedApp

_QUESTIONS = ("\x1b[>25u", "\x1b[<u", "\x1b[?2026$p", "\x1b[?2048$p")
"""The kitty keyboard's on and off, and two questions whether a mode is there."""

_POINTER = "\x1b]22;"
"""The beginning of what changes the mouse pointer over a field: of no use in a program for the keyboard."""

_LOOK_EVERY = 0.1
"""Seconds after which the reading thread looks whether it shall end."""


class SturdyDriver(LinuxDriver):
    """Gives up writing to a terminal that is gone.

    Textual's writing thread ends with the first error; from then on its queue fills, and the program waits for
    room in it for ever, a paid call under way or not.
    """

    def __init__(self, app: App[Any], *args: Any, **options: Any) -> None:
        """Take what Textual gives its driver."""
        super().__init__(app, *args, **options)
        self._file = Forgiving(self._file)  # type: ignore[assignment, arg-type]
        self._modern = abilities(os.environ).modern

    def write(self, data: str) -> None:
        """Write `data`, unless it is a shape for the mouse, or what an old terminal would put onto its screen."""
        if not data.startswith(_POINTER) and (self._modern or data not in _QUESTIONS):
            super().write(data)

    def report_mouse(self, *, wanted: bool) -> None:
        """Have the terminal report its mouse, or keep it for itself; nothing changes where it is not used."""
        if wanted:
            self._enable_mouse_support()
        else:
            self._disable_mouse_support()

    def start_application_mode(self) -> None:
        """Take the terminal over; nothing is known of what it shows."""
        cast("PaintedApp", self._app).forget_terminal()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def run_input_thread(self) -> None:
        """Hand on what is typed; bytes that are no UTF-8 are dropped, where Textual's reading ends with the first."""
        decode = getincrementaldecoder("utf-8")("ignore").decode
        parser = XTermParser(self._debug)
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], _LOOK_EVERY)[0]:
                data = os.read(self.fileno, 4096)
                if not data:
                    # The terminal is gone: reading on would return at once, for ever.
                    self.exit_event.wait(_LOOK_EVERY)
                for message in parser.feed(decode(data)) if data else ():
                    self.process_message(message)
            for message in parser.tick():
                self.process_message(message)


class Forgiving:
    """A stream that swallows what cannot be written any more: nobody is there to read it."""

    def __init__(self, file: IO[str]) -> None:
        """Write to `file` for as long as that goes."""
        self._file = file
        self._gone = False

    def write(self, text: str) -> None:
        """Write `text`, unless the terminal is gone."""
        self._safely(lambda: self._file.write(text))

    def flush(self) -> None:
        """Flush, unless the terminal is gone."""
        self._safely(self._file.flush)

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._file.fileno()

    def _safely(self, action: Callable[[], object]) -> None:
        if not self._gone:
            try:
                action()
            except (OSError, ValueError):
                self._gone = True
