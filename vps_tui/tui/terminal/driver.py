"""Textual's way to the terminal, made to outlive it and to hear every key at once."""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Any, cast

from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from vps_tui.terminal.capabilities import abilities
from vps_tui.terminal.first_paint import FirstPaint
from vps_tui.tui.terminal.paste_filter import Pastes

if TYPE_CHECKING:
    from vps_tui.tui.terminal.diff_app import DiffApp

_QUESTIONS = ("\x1b[>25u", "\x1b[<u", "\x1b[?2026$p", "\x1b[?2048$p")
"""The kitty keyboard's on and off, and two questions whether a mode is there."""

_POINTER = "\x1b]22;"
"""The beginning of what changes the mouse pointer over a field: of no use in a program for the keyboard."""

ALTERNATE_SCREEN = "\x1b[?1049h"

MAX_READ_BYTES = 4096


class ResilientDriver(LinuxDriver):
    """Gives up writing to a terminal that is gone, and reads keys without looking at the clock.

    Textual's writing thread ends with the first error; from then on its queue fills, and the program waits for
    room in it for ever, a paid call under way or not. Its reading thread looks up ten times a second, which is
    what Escape and leaving wait for.
    """

    def __init__(
        self, app: App[Any], *args: Any, taking: Callable[[], None], opening: FirstPaint | None = None, **options: Any
    ) -> None:
        """Take what Textual gives its driver; `taking` is called before the terminal is taken over."""
        super().__init__(app, *args, **options)
        self._modern = abilities(os.environ).modern
        self.exit_event = self._end = WakeableEvent()
        self._taking = taking
        self._opening = opening
        self._alternate = False
        self._taken = False

    def start_application_mode(self) -> None:
        """Take the terminal over; one that was taken by the opening is given back later as it was before that."""
        cast("DiffApp", self._app).forget_terminal()
        self._taking()
        self._alternate = self._opening is not None and self._opening.hand_over()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._taken = True
        if self._alternate and self._opening is not None:
            self.attrs_before, self._alternate = self._opening.attributes, False

    def stop_application_mode(self) -> None:
        super().stop_application_mode()
        self._taken = False

    def _sigcont_application(self, *_: object) -> None:
        """Take the terminal again and draw everything, also after a stop without a signal before it.

        A terminal that goes away sends the signal as well: there is nothing to take then.
        """
        if not self._auto_restart or not os.isatty(self.fileno):
            return
        if self._taken:
            self.suspend_application_mode()
        self._must_signal_resume = True
        self.resume_application_mode()

    def write(self, data: str) -> None:
        """Write `data`, unless it is a shape for the mouse, or what an old terminal would put onto its screen.

        The alternate screen is entered once: a second time would clear it and lose the cursor.
        """
        unwanted = data.startswith(_POINTER) or (data in _QUESTIONS and not self._modern)
        if not unwanted and not (self._alternate and data == ALTERNATE_SCREEN):
            super().write(data)

    def report_mouse(self, *, wanted: bool) -> None:
        """Have the terminal report its mouse, or keep it for itself; nothing changes where it is not used."""
        if wanted:
            self._enable_mouse_support()
        else:
            self._disable_mouse_support()

    def run_input_thread(self) -> None:
        """Read keys until the end, woken by keys, by the end, and by the time-out of an unfinished sequence.

        Bytes that are no UTF-8 are dropped, where Textual's reading ends with the first.
        """
        parser, pastes = XTermParser(), Pastes()
        decode = getincrementaldecoder("utf-8")("ignore").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._end.reader, selectors.EVENT_READ)
            while not self._end.is_set():
                ready = [key.fd for key, _ in selector.select(_seconds_left(parser))]
                if self.fileno in ready:
                    data = self._read()
                    text = pastes.hide(decode(data))
                    if not data:
                        selector.unregister(self.fileno)
                    # To the parser, nothing would be the end.
                    self._send(pastes.restore(parser.feed(text)) if text else ())
                self._send(parser.tick())

    def _read(self) -> bytes:
        """Return what has been typed; nothing once the terminal is gone."""
        try:
            return os.read(self.fileno, MAX_READ_BYTES)
        except OSError:
            return b""

    def _send(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)


class WakeableEvent(Event):
    """An event that a selector can wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.reader, self._writer = os.pipe()
        os.set_blocking(self.reader, False)

    def set(self) -> None:
        super().set()
        os.write(self._writer, b".")

    def clear(self) -> None:
        super().clear()
        with suppress(BlockingIOError):
            os.read(self.reader, MAX_READ_BYTES)


def _seconds_left(parser: XTermParser) -> float | None:
    """Return the seconds until an Escape that nothing follows counts as the key; None where there is none."""
    due = parser._timeout_time  # noqa: SLF001 - nothing else tells it
    return None if due is None else max(0.0, due - get_time())
