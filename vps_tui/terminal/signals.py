"""Signals while an order is placed: before the paid call they stop it, then its answer is waited for."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from vps_tui.core.outcome import Phase
from vps_tui.terminal.first_paint import SIGNALS


class Interruption:
    """Decides what a signal does, by how far the order has come."""

    def __init__(self, say: Callable[[str], None], noun: str = "order") -> None:
        """Take what tells a person that the answer is waited for, and what it is the answer to."""
        self._say = say
        self._noun = noun
        self.sending = False
        self.heeded = False
        """Whether the order was told to stop."""
        self.over = False
        """Whether it is known what became of the order: nothing is left to stop then."""
        self.warned = False
        """Whether the order was told to stop when it was on its way already."""

    def announce(self, phase: Phase) -> None:
        """Note how far the order has come."""
        self.sending = phase is Phase.SENDING

    def interrupt(self, task: asyncio.Task[object]) -> None:
        """Stop `task`; while the paid call is under way only when asked a second time."""
        if self.over:
            return
        if self.sending and not self.warned:
            self.warned = True
            self._say(
                f"The {self._noun} is on its way; its answer is waited for. Once more to stop: then it is unknown."
            )
        else:
            self.heeded = True
            task.cancel()


@contextmanager
def heeding(interruption: Interruption) -> Iterator[None]:
    """Hand signals to `interruption` while the current task is in here; after that they do nothing.

    `stoppable`, around this, gives them back: until the outcome is printed nothing may end the program.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    if task is None:
        raise RuntimeError("there is no task to interrupt")

    def hand_over(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(interruption.interrupt, task)

    # Not the loop's own handlers: taking those away leaves a moment in which a signal ends the program.
    # What whoever started the program has it ignore, such as nohup the end of the terminal, stays ignored.
    with _waking(loop):
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, hand_over)
        try:
            yield
        finally:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_IGN)


@contextmanager
def _waking(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Have every signal wake `loop`: one that comes just before it begins to wait would be heard only after that."""
    awake, wake = socket.socketpair()
    with awake, wake:
        awake.setblocking(False)
        wake.setblocking(False)
        loop.add_reader(awake, awake.recv, 4096)
        before = signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            loop.remove_reader(awake)


@contextmanager
def stoppable() -> Iterator[None]:
    """Have every signal stop the program as Ctrl+C does, with `KeyboardInterrupt`, but where `heeding` says else."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in (signal.SIGTERM, signal.SIGHUP):
        if before[number] is signal.SIG_DFL:
            signal.signal(number, lambda _number, _frame: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
