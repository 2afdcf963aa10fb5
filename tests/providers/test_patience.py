"""The limits of a call: counted while the process runs, and never ahead of what can be read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from vps_tui.providers.patience import GRACE, ROUNDS, Overdue, Patience, patience

PAUSE, WHOLE = 60.0, 120.0
TICK = 0.5
HOUR = 3600.0


class Loop:
    """An event loop whose clock goes by what is waited for; `stop` is how long the process stops at each wait."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.stop = 0.0
        self.turn: Callable[[], None] = lambda: None
        """What comes in during each turn without a wait."""
        self._next: tuple[float, Callable[[], None]] | None = None

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, call: Callable[[], None]) -> Any:
        self._next = seconds + self.stop, call

    def call_soon(self, call: Callable[[], None]) -> Any:
        self._next = 0.0, call

    def run(self) -> bool:
        """Wait for what is due next and do it; False where nothing is."""
        if self._next is None:
            return False
        (seconds, call), self._next = self._next, None
        self.now += seconds
        if not seconds:
            self.turn()
        call()
        return True


class Call:
    """A call with its limits, on such a loop."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.loop = Loop()
        self.ended_at: float | None = None
        self.limits = Patience(PAUSE, WHOLE)
        monkeypatch.setattr(asyncio, "get_running_loop", lambda: self.loop)
        self.limits.start(cast(asyncio.Timeout, self))

    def reschedule(self, when: float) -> None:
        self.ended_at = when

    def lasts(self) -> float:
        """Return how long the call went on."""
        began = self.loop.now
        while self.loop.run():
            pass
        assert self.ended_at is not None
        return self.ended_at - began


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    return Call(monkeypatch)


def test_silence_ends_it_after_the_pause(call: Call) -> None:
    assert call.lasts() == PAUSE
    assert call.limits.words == "no answer within 60 seconds"


def test_a_stop_counts_as_one_tick(call: Call) -> None:
    """Of an hour that the process did not run, hardly any is taken from the answer's time."""
    call.loop.stop = HOUR
    call.loop.run()
    call.loop.stop = 0.0  # The wait that has begun has the stop in it.
    assert call.lasts() == HOUR + PAUSE - 2 * TICK


def test_stops_without_end_do_not_let_it_wait_without_end(call: Call) -> None:
    call.loop.stop = HOUR
    assert call.lasts() < PAUSE / TICK * (HOUR + 1)


def test_what_comes_at_the_last_moment_is_read(call: Call) -> None:
    """The limit is over, the answer lies in the socket: it is news within a few turns, and the call goes on."""
    turns = 0

    def turn() -> None:
        nonlocal turns
        turns += 1
        if turns == ROUNDS // 2:
            call.limits.progress(answer=True)

    call.loop.turn = turn
    assert call.lasts() == 2 * PAUSE
    assert call.limits.words == "the answer broke off, and nothing more came within 60 seconds"


def test_a_little_now_and_then_ends_after_the_whole(call: Call) -> None:
    """What comes slowly is not in the socket, so nothing is waited for beyond the limit."""

    def little() -> None:
        call.limits.progress(answer=True)

    while call.loop.now < 1000 + WHOLE - TICK:
        call.loop.run()
        little()
    assert call.lasts() <= TICK
    assert call.limits.words == "the answer had not finished after 120 seconds"


def test_much_without_end_ends_soon_after_the_whole(call: Call) -> None:
    def much() -> None:
        call.loop.now += 0.001
        call.limits.progress(answer=True)

    call.loop.turn = much
    while call.loop.now < 1000 + WHOLE - TICK:
        call.loop.run()
        much()
    assert call.lasts() < TICK + GRACE + 0.1


async def test_it_is_called_overdue() -> None:
    with pytest.raises(Overdue, match=r"^no answer within 0\.05 seconds$"):
        async with patience(0.05, 1.0):
            await asyncio.get_running_loop().create_future()


async def test_giving_up_from_outside_stays_what_it_is() -> None:
    async def wait() -> None:
        async with patience(60, 120):
            await asyncio.get_running_loop().create_future()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
