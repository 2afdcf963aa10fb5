"""A terminal, usually of 80 columns and 24 lines, with the program inside: keys go in, a screen comes out."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Self

import pyte

from . import warm

COLUMNS, LINES = 80, 24
MARGIN = 40
"""Columns right of the terminal that the emulated screen has, so that what is drawn too far right is seen."""

LIMIT = 20.0
"""Seconds until a state that does not come about fails the test."""

QUIET = 0.05
"""Seconds without output after which a screen is taken to be finished; more than lies between pasted keys."""

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "backspace": "\x7f",
    "ctrl+q": "\x11",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
}
"""What an xterm sends for the keys that have a name."""

_LAUNCH = """
import fcntl, os, signal, sys, termios
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGTSTP):
    signal.signal(number, signal.SIG_DFL)
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
command = [sys.executable, "-m", "vps_tui", *sys.argv[2:]]
if sys.argv[1]:
    command = ["bash", "-c", 'exec "$@" ' + sys.argv[1], "bash", *command]
os.execvp(command[0], command)
"""
"""Makes standard input the terminal of the session and heeds signals, as a login does, and becomes the program."""


class Terminal:
    """One run of the program, from the first byte to its exit code."""

    def __init__(
        self,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        *,
        size: tuple[int, int] = (COLUMNS, LINES),
        redirect: str = "",
        fresh: bool = False,
    ) -> None:
        """Start `vps-tui` with `arguments`; `environment` comes on top of the test's own.

        `redirect` takes streams away from the terminal, in the words of a shell. With `fresh`, and wherever streams
        or the interpreter's own environment differ, a new interpreter is started; else a fork of one that has the
        program loaded (see `warm`).
        """
        self.transcript = b""
        """Every byte that the program wrote."""
        self.presses = 0
        """How many keys were pressed by `press` and `type`."""
        self._screen = pyte.Screen(size[0] + MARGIN, size[1])
        self._stream = pyte.ByteStream(self._screen)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.first_attributes = termios.tcgetattr(slave)
        """How the terminal was set before the program came to it."""
        whole = {**_plain_environment(), **(environment or {})}
        unusual = redirect or any(not name.startswith("VPS_TUI_") for name in environment or {})
        self._process: warm.Process | subprocess.Popen[bytes]
        if fresh or unusual or sys.platform != "linux":
            command = [sys.executable, "-c", _LAUNCH, redirect, *arguments]
            self._process = subprocess.Popen(
                command, stdin=slave, stdout=slave, stderr=slave, env=whole, start_new_session=True
            )
        else:
            self._process = warm.start(arguments, whole, (slave, slave, slave))
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(LIMIT)
        os.close(self._master)

    def hang_up(self) -> int:
        """Take the terminal away, as a closed window or a lost connection does; returns the program's exit code."""
        spare, slave = pty.openpty()
        os.close(slave)
        os.dup2(spare, self._master)
        os.close(spare)
        return self._process.wait(LIMIT)

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, without the spaces at their ends; one that is too long for it shows so."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    @property
    def words(self) -> str:
        """The whole screen on one line, so that a wrapped sentence can be found in it."""
        return " ".join(self.text.split())

    def wait_for(self, *texts: str) -> None:
        """Read until every one of `texts` is on the screen."""
        self.wait_until(lambda: all(text in self.words for text in texts), " and ".join(texts))

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        """Read until `holds`; fails with the screen when it does not within `LIMIT` seconds."""
        end = time.monotonic() + LIMIT
        while not holds():
            left = end - time.monotonic()
            if left <= 0 or not self._read(left):
                raise AssertionError(f"There is no {what} on the screen:\n{self.text}")

    def settle(self) -> None:
        """Read until the program has nothing more to say."""
        end = time.monotonic() + LIMIT
        while self._read(QUIET):
            assert time.monotonic() < end, f"The screen never comes to rest:\n{self.text}"

    def type(self, text: str) -> None:
        """Press one key per letter of `text`, each once the one before is on the screen, as fingers would."""
        for letter in text:
            self.send(letter)
            self.presses += 1
            assert self._read(LIMIT), f"Nothing came of the key {letter!r}:\n{self.text}"
            self.settle()
        self.wait_for(text)

    def press(self, *keys: str) -> None:
        """Press keys by their names in `KEYS`, each once the screen has come to rest after the one before."""
        for key in keys:
            self.send(KEYS[key])
            self.presses += 1
            self.settle()

    def send(self, text: str) -> None:
        """Write `text` in one go, as a paste without brackets does."""
        os.write(self._master, text.encode())

    def paste(self, text: str) -> None:
        """Write `text` as a terminal does that brackets a paste."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    def click(self, text: str, times: int = 1) -> None:
        """Click on `text` as a mouse does, `times` within one write (xterm control sequences, SGR mouse reports)."""
        row = next(number for number, line in enumerate(self._screen.display, 1) if text in line)
        column = self._screen.display[row - 1].index(text) + 2
        self.send("".join(f"\x1b[<0;{column};{row}{final}" for _ in range(times) for final in "Mm"))

    def resize(self, columns: int, lines: int) -> None:
        """Make the terminal larger or smaller; what a real one does with its content then differs, so it is lost."""
        self._screen.resize(lines, columns + MARGIN)
        self._screen.reset()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def pause(self) -> None:
        """Read for a moment, while something is waited for that the screen does not show."""
        self._read(QUIET)

    def end_by(self, key: str) -> int:
        """Press `key` until the program ends; returns its exit code."""
        for _ in range(6):
            self.settle()
            if self.ended:
                break
            self.send(KEYS[key])
        return self.exit_code()

    @property
    def attributes(self) -> list[object]:
        """How the terminal is set now, as `termios` tells it."""
        return list(termios.tcgetattr(self._master))

    @property
    def echoes(self) -> bool:
        """Whether the terminal itself draws what is typed."""
        return bool(termios.tcgetattr(self._master)[3] & termios.ECHO)

    @property
    def process_id(self) -> int:
        """The program's number."""
        return self._process.pid

    def clear(self) -> None:
        """Forget what is on the screen, as when a shell has written over it."""
        self._screen.reset()

    def signal(self, number: int) -> None:
        """Send a signal to the program."""
        self._process.send_signal(number)

    @property
    def ended(self) -> bool:
        """True once the program is gone."""
        return self._process.poll() is not None

    def exit_code(self) -> int:
        """Read to the end and return the program's exit code."""
        end = time.monotonic() + LIMIT
        while self._read(max(0.0, end - time.monotonic())):
            pass
        try:
            return self._process.wait(max(0.5, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise AssertionError(f"The program does not end:\n{self.text}") from None

    def _read(self, seconds: float) -> bool:
        """Feed what comes within `seconds` to the screen; False when nothing comes or the program has ended."""
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        self.transcript += data
        self._stream.feed(data)
        return bool(data)


def _plain_environment() -> dict[str, str]:
    """Return the test's environment with a plain colour terminal and nothing that decides on its size."""
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
