"""Signals while an order is placed: before the paid call they stop it, then its answer is waited for."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from vps_tui.ordering import Phase

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """Decides what a signal does, by how far the order has come."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """Take what tells a person that the answer is waited for."""
        self._say = say
        self.sending = False
        self.heeded = False
        """Whether the order was told to stop."""
        self._warned = False

    def announce(self, phase: Phase) -> None:
        """Note how far the order has come."""
        self.sending = phase is Phase.SENDING

    def interrupt(self, task: asyncio.Task[object]) -> None:
        """Stop `task`; while the paid call is under way only when asked a second time."""
        if self.sending and not self._warned:
            self._warned = True
            self._say("The order is on its way; its answer is waited for. Once more to stop: then it is unknown.")
        else:
            self.heeded = True
            task.cancel()


@contextmanager
def heeding(interruption: Interruption) -> Iterator[None]:
    """Hand signals to `interruption` for as long as the current task is in here."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    if task is None:
        raise RuntimeError("there is no task to interrupt")
    for number in SIGNALS:
        loop.add_signal_handler(number, interruption.interrupt, task)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
