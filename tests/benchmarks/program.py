"""One run of a program in a terminal, with the moments at which a person would see something."""

from __future__ import annotations

import fcntl
import gc
import os
import pty
import random
import select
import signal
import struct
import termios
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from .emulator import COLUMNS, LINES, PASTE_MODE, Emulator, Piece
from .processes import tree_memory

QUIET = 0.15
"""Seconds without a change of the screen that count as rest."""
LIMIT = 20.0
"""Seconds to wait for a screen."""
UNANSWERED = 1.5
"""Seconds after which a key counts as not answered."""
SAMPLE = 0.05
"""Seconds between two looks at the memory."""

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f9": "\x1b[20~",
    "ctrl+c": "\x03",
    "ctrl+q": "\x11",
}
"""What an xterm sends for the keys that have a name; every other key is the letter itself."""

now = time.monotonic


class Silent(Exception):
    """What was waited for never came about; says what, and shows the screen."""


@dataclass(frozen=True, slots=True)
class Press:
    """What one key press came to; times in milliseconds from the press."""

    first: float
    """Until the first change of the screen."""
    last: float
    """Until the last change before the screen rested."""
    bytes: int
    frames: int


@dataclass(frozen=True, slots=True)
class WakeableEvent:
    """How a program ended."""

    milliseconds: float
    """From the last key or signal to the end of the process."""
    code: int
    left: tuple[str, ...]
    """What was not restored in the terminal; empty when all is as before."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is started, and where."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path


class Program:
    """A running program; use it as a context manager, so that it does not outlive the measurement."""

    def __init__(self, command: Command, patience: float = 1) -> None:
        """Start `command` in a terminal of its own; everything may take `patience` times as long."""
        gc.collect()
        self.bytes = self.presses = self.peak = 0
        """Bytes written by the program, keys pressed, and the most memory that its process tree had, in bytes."""
        self.first_byte = self.first_text = self.last_change = 0.0
        """Moments, 0 before they came: output, a character that can be seen, the latest change."""
        self._patience = patience
        self._backlog: deque[Piece | float] = deque()
        self._ended = 0.0
        self._status = 0
        self._on_change: Callable[[float], object] = _nothing
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._as_before = termios.tcgetattr(self._slave)
        self.emulator = Emulator(lambda data: os.write(self._master, data))
        self.pid, self.start = _spawn(command, self._slave)
        self._next_sample = self.start + SAMPLE

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if not self._ended:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._master)
        os.close(self._slave)

    def since_start(self, moment: float) -> float:
        """Return a moment as milliseconds from the start."""
        return (moment - self.start) * 1000

    def usable(self, *texts: str) -> float:
        """Return the moment from which `texts` are on the screen, put there by the program that reads keys.

        What was on the screen before the program took the terminal over does not count: nobody obeys it yet.
        """
        return self.wait_until(lambda: self._shows(texts) and self._taken_over(), " and ".join(texts))

    def wait_for(self, *texts: str) -> float:
        """Return the moment of the change with which all of `texts` are on the screen; at once if they are."""
        return self.wait_until(lambda: self._shows(texts), " and ".join(texts))

    def wait_until(self, holds: Callable[[], bool], what: str, limit: float = LIMIT) -> float:
        """Return the moment of the change with which `holds` is true; raises `Silent`."""
        found = [now()] if holds() else []
        end = now() + limit * self._patience
        self._on_change = lambda at: found.append(at) if holds() else None
        while not found and now() < end and not (self._ended and not self._backlog):
            self._turn(now() + 0.02)
        self._on_change = _nothing
        if not found:
            raise Silent(f"{what}: not on the screen:\n{self.emulator.text}")
        return found[0]

    def settle(self, quiet: float = QUIET, limit: float = 4.0) -> None:
        """Read until nothing has changed for `quiet` seconds, or `limit` is over."""
        since = now()
        while now() < since + limit and not self._ended:
            rest = max(since, self.last_change) + quiet
            if now() >= rest and not self._backlog:
                return
            self._turn(rest)

    def pause(self, seconds: float) -> None:
        """Read for that long."""
        end = now() + seconds
        while now() < end:
            self._turn(end)

    def press(self, key: str, *texts: str, quiet: float = QUIET) -> Press:
        """Press a key at a random moment and wait until `texts` are there and the screen rests; raises `Silent`."""
        self.pause(random.uniform(0, 0.04))
        changes: list[float] = []

        def answered() -> bool:
            if self.last_change > pressed:
                changes.append(self.last_change)
            return bool(changes) and self._shows(texts)

        bytes_before, frames_before, pressed = self.bytes, self.emulator.frames, now()
        self.send(key)
        self.wait_until(answered, f"{key}: {' and '.join(texts)}", LIMIT if texts else UNANSWERED)
        self.settle(quiet)
        first, last = ((moment - pressed) * 1000 for moment in (changes[0], self.last_change))
        return Press(first, last, self.bytes - bytes_before, self.emulator.frames - frames_before)

    def type(self, text: str) -> list[Press]:
        """Press one key per letter."""
        return [self.press(letter) for letter in text]

    def send(self, key: str) -> None:
        """Press a key and wait for nothing."""
        self.presses += bool(key)
        os.write(self._master, KEYS.get(key, key).encode())

    def end_by(self, *keys: str, number: signal.Signals | None = None) -> WakeableEvent:
        """Press `keys` until the program ends, or send it a signal; raises `Silent` if it does not end."""
        moment = now()
        if number is not None:
            self.tell(number)
        for key in keys:
            if not self._ended:
                moment = now()
                self.send(key)
                self.settle(limit=0.5 * self._patience)
        return self.ending(moment)

    def tell(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def ending(self, since: float) -> WakeableEvent:
        """Read to the end of the program, which was asked for at the moment `since`; raises `Silent`."""
        end = now() + LIMIT / 2 * self._patience
        while not self._ended or self._backlog or select.select([self._master], [], [], 0)[0]:
            if now() > end:
                raise Silent(f"the end of the program: it goes on:\n{self.emulator.text}")
            self._turn(now() + 0.02)
        left = self.emulator.left_behind()
        modes = termios.tcgetattr(self._slave)
        names = {0: "input modes", 1: "output modes", 3: "echo and lines"}
        left += [name for index, name in names.items() if modes[index] != self._as_before[index]]
        milliseconds = max(0.0, self._ended - since) * 1000
        return WakeableEvent(milliseconds, os.waitstatus_to_exitcode(self._status), tuple(left))

    @property
    def ended(self) -> bool:
        """True once the process is gone."""
        return bool(self._ended)

    def _shows(self, texts: Sequence[str]) -> bool:
        words = self.emulator.words if texts else ""
        return all(text in words for text in texts)

    def _taken_over(self) -> bool:
        return PASTE_MODE in self.emulator.modes and self.emulator.drawn_since_taken > 0

    def _turn(self, until: float) -> None:
        """Read what has come, so that its moment is right; else emulate a piece of it; else wait a little."""
        waiting = 0.0 if self._backlog else max(0.0, min(until - now(), 0.02))
        if select.select([self._master], [], [], waiting)[0]:
            data, at = os.read(self._master, 65536), now()
            self.bytes += len(data)
            self.first_byte = self.first_byte or at
            self._backlog.extend(self.emulator.pieces(data))
            self._backlog.append(at)
        elif self._backlog:
            self._emulate(self._backlog.popleft())
        elif not self._ended:
            pid, self._status = os.waitpid(self.pid, os.WNOHANG)
            self._ended = now() if pid else 0.0
        if now() >= self._next_sample and not self._ended:
            self.peak, self._next_sample = max(self.peak, tree_memory(self.pid)), now() + SAMPLE

    def _emulate(self, piece: Piece | float) -> None:
        if not isinstance(piece, float):
            self.emulator.take(piece)
            return
        if self.emulator.changed():
            self.last_change = piece
            if not self.first_text and self.emulator.text.strip():
                self.first_text = piece
        self._on_change(piece)


def _spawn(command: Command, terminal: int) -> tuple[int, float]:
    """Return process id and the moment at which the program took the place of this one."""
    mine, its = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.login_tty(os.dup(terminal))
            os.chdir(command.folder)
            # The pipe is closed as the program starts, so the moment is that of its beginning.
            os.write(its, struct.pack("d", now()))
            os.execve(command.arguments[0], list(command.arguments), dict(command.environment))
        finally:
            os._exit(127)
    os.close(its)
    moment = struct.unpack("d", os.read(mine, 8))[0]
    os.close(mine)
    return pid, moment


def _nothing(_at: float) -> None:
    """Take a change for what it is."""
