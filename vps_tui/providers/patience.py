"""How long an answer is waited for, counted in time in which this process ran.

A process can be stopped during a call: by a signal, a closed lid, a suspended virtual machine. Its clock goes on, and
when it wakes up, the answer may lie in the socket. So a stop counts as one tick, and what can be read without waiting
is read before a limit ends the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

TICK: Final = 0.5
"""Seconds between two looks at the clock; a limit of less than ten of them gets shorter ones."""

MOST_TICKS: Final = 2
"""Ticks that the time between two looks counts at most: more than that is a stop."""

ROUNDS: Final = 50
"""Turns of the event loop without news after which nothing is left in the socket; an answer takes about ten."""

GRACE: Final = 2.0
"""Seconds at most in which what keeps coming is read after the limit."""


class Overdue(TimeoutError):
    """The answer did not come in time; its text says so in words."""


class Patience:
    """The limits of one call, in seconds: a pause in which nothing comes, and the whole call."""

    def __init__(self, pause: float, whole: float) -> None:
        """Take both limits; `start` begins to count."""
        self._pause = pause
        self._whole = whole
        self._tick_seconds = min(TICK, pause / 10)
        self._quiet = self._total = self._last = 0.0
        self._news = self._seen = self._rounds = 0
        self._begun = False
        self.words = ""
        """Which limit was reached; empty before."""

    def start(self, timeout: asyncio.Timeout) -> None:
        """Count from now on; `timeout` ends the call once a limit is reached."""
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._last = self._loop.time()
        self._handle: asyncio.Handle = self._loop.call_later(self._tick_seconds, self._tick)

    def stop(self) -> None:
        """Count no longer."""
        self._handle.cancel()

    def progress(self, *, answer: bool = False) -> None:
        """Note that the call went on; `answer` says that the answer has begun."""
        self._news += 1
        self._quiet = 0.0
        self._begun = self._begun or answer

    def _words(self) -> str:
        if self._quiet < self._pause:
            return f"the answer had not finished after {self._whole:g} seconds"
        if self._begun:
            return f"the answer broke off, and nothing more came within {self._pause:g} seconds"
        return f"no answer within {self._pause:g} seconds"

    def _tick(self) -> None:
        self._count()
        if self._due:
            self._seen, self._rounds = self._news, 0
            self._read_out()
        else:
            self._handle = self._loop.call_later(self._tick_seconds, self._tick)

    def _read_out(self) -> None:
        """Let the event loop deliver what is in the socket, turn by turn, and end the call when nothing is left."""
        self._count()
        self._seen, self._rounds = self._news, 0 if self._news != self._seen else self._rounds + 1
        if not self._due:
            self._handle = self._loop.call_later(self._tick_seconds, self._tick)
        elif self._rounds > ROUNDS or self._total >= self._whole + GRACE:
            # Kept now, since ending the call takes steps that would look like progress.
            self.words = self._words()
            self._timeout.reschedule(self._loop.time())
        else:
            self._handle = self._loop.call_soon(self._read_out)

    @property
    def _due(self) -> bool:
        return self._quiet >= self._pause or self._total >= self._whole

    def _count(self) -> None:
        now = self._loop.time()
        span = min(now - self._last, MOST_TICKS * self._tick_seconds)
        self._quiet, self._total, self._last = self._quiet + span, self._total + span, now


@asynccontextmanager
async def patience(pause: float, whole: float) -> AsyncIterator[Patience]:
    """Limit what happens inside to `whole` seconds, and to `pause` seconds without progress; raises `Overdue`."""
    limits = Patience(pause, whole)
    try:
        async with asyncio.timeout(None) as timeout:
            limits.start(timeout)
            try:
                yield limits
            finally:
                limits.stop()
    except TimeoutError as error:
        raise Overdue(limits.words) from error
