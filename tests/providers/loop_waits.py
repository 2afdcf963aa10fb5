"""How long the event loop is held up while something is done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

TRIES = 3


async def holds_up_the_loop(work: Callable[[], Awaitable[None]], part: float = 1 / 4) -> bool:
    """Tell whether the loop's longest wait during `work` is more than `part` of the whole, in each of some tries.

    A machine with other things to do stalls now and then; what holds up the loop by itself does so every time.
    """
    for _ in range(TRIES):
        if await _once(work) < part:
            return False
    return True


async def _once(work: Callable[[], Awaitable[None]]) -> float:
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            begin = time.monotonic()
            await asyncio.sleep(0.005)
            longest = max(longest, time.monotonic() - begin)

    ticking = asyncio.create_task(tick())
    begin = time.monotonic()
    await work()
    whole = time.monotonic() - begin
    ticking.cancel()
    return longest / whole
