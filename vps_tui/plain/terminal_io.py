"""Lines in and out: nothing is ever drawn over, no escape sequence is written, and nothing read is lost."""

from __future__ import annotations

import asyncio
import os
import select
import shutil
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from textwrap import wrap
from typing import Final

from vps_tui.core.text import clean
from vps_tui.terminal import streams
from vps_tui.terminal.prompt import clear_the_way, is_followed

LONGEST: Final = 4000
"""Characters kept of one line of output."""
NARROWEST: Final = 20
QUIET: Final = 1.0
"""Seconds without a byte after which a paste is over: a slow line pauses within one."""


class Left(Exception):
    """The person leaves, or nobody is there any more."""


class Lines:
    """A terminal, or pipes in its place."""

    def __init__(self, source: int = 0, target: int = 1) -> None:
        """Read from and write to file descriptors; neither is closed here."""
        self.source = source
        self._target = streams.sink(target)
        self._unread = b""
        self._encoding = sys.stdout.encoding or "utf-8"

    @property
    def is_terminal(self) -> bool:
        """True where what is read is typed."""
        return os.isatty(self.source)

    def say(self, *lines: str) -> None:
        """Write lines, wrapped to the terminal's width; where nobody reads them they are dropped."""
        self._write("".join(f"{part}\n" for line in lines for part in wrap_lines(line)))

    async def ask(self, prompt: str) -> str:
        """Ask and return the answer without the spaces around it; raises `Left` at the end of what can be read."""
        return (await self.ask_whole(prompt)).strip()

    async def ask_whole(self, prompt: str) -> str:
        """The same with the line's end, as it was typed."""
        self._show(prompt)
        line = await self.line()
        if line is None:
            self._write("\n")
            raise Left
        if not self.is_terminal:
            # No terminal has echoed it, and an answer that cannot be seen makes no sense of the next question.
            self._write(f"{clean(line)}\n")
        return line

    async def secret(self, prompt: str) -> str:
        """Ask for something that is not shown while it is typed, on the terminal or on the one that started us.

        Raises `LookupError` where there is none, and `Left`.
        """
        if self._target.error is not None:
            raise Left
        if self.is_terminal:
            return await self._hidden(prompt)
        try:
            terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError:
            raise LookupError("no terminal") from None
        try:
            return await Lines(terminal, terminal).secret(prompt)
        finally:
            os.close(terminal)

    async def line(self) -> str | None:
        """Return the next line with its end, None where there is no whole one any more."""
        while b"\n" not in self._unread:
            chunk = await self._chunk()
            if not chunk:
                self._unread = b""
                return None
            self._unread += chunk
        line, _, self._unread = self._unread.partition(b"\n")
        return line.rstrip(b"\r").decode(self._encoding, "replace") + "\n"

    def forget_typed(self, hint: str) -> None:
        """Forget what was typed so far; raises `UsageError` with `hint` where nothing is typed at all."""
        clear_the_way(self.source, hint)
        self._unread = b""

    def goes_on(self) -> bool:
        """Tell whether more of a paste is there behind the line just read."""
        return self.is_terminal and (bool(self._unread) or is_followed(self.source))

    def forget_paste(self) -> None:
        """Read the rest of a paste and forget it, also what of it is still coming."""
        self._unread = b""
        while self.is_terminal and select.select([self.source], [], [], QUIET)[0]:
            if not self._read():
                return

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """Switch the terminal's echo off in here; it is on again afterwards, whatever happens."""
        if not self.is_terminal:
            yield
            return
        before = termios.tcgetattr(self.source)
        hidden = list(before)
        hidden[3] &= ~termios.ECHO
        termios.tcsetattr(self.source, termios.TCSAFLUSH, hidden)
        try:
            yield
        finally:
            # The terminal may be gone by now, and then there is nothing to switch on.
            with suppress(termios.error):
                termios.tcsetattr(self.source, termios.TCSADRAIN, before)

    async def _hidden(self, prompt: str) -> str:
        with self.unseen():
            self._show(prompt)
            try:
                line = await self.line()
            finally:
                self._write("\n")
        if line is None:
            raise Left
        return line.removesuffix("\n")

    async def _chunk(self) -> bytes:
        loop = asyncio.get_running_loop()
        readable: asyncio.Future[None] = loop.create_future()
        try:
            loop.add_reader(self.source, _settle, readable)
        except PermissionError:
            # A file or /dev/null: it can always be read, and cannot be waited for.
            return self._read()
        try:
            await readable
        finally:
            loop.remove_reader(self.source)
        return self._read()

    def _read(self) -> bytes:
        """Return what is there; nothing at the end, and where the terminal has gone."""
        try:
            return os.read(self.source, 65536)
        except OSError:
            return b""

    def _show(self, prompt: str) -> None:
        """Ask; raises `Left` where the question cannot be seen."""
        self._write("\n".join(wrap_lines(prompt)) + " ")
        if self._target.error is not None:
            raise Left

    def _write(self, text: str) -> None:
        data = text.encode(self._encoding, "replace")
        while data:
            data = data[self._target.write(data) :]


def _settle(readable: asyncio.Future[None]) -> None:
    if not readable.done():
        readable.set_result(None)


def wrap_lines(line: str) -> list[str]:
    """Return `line`, safe for a terminal, in parts that fit its width; further parts are indented as the first."""
    body = clean(line, LONGEST)
    indent = " " * (len(line) - len(line.lstrip(" ")))
    width = max(NARROWEST, shutil.get_terminal_size((80, 24)).columns - 1)
    parts = wrap(
        body, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return parts or [""]
