"""Many reads of one provider, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from itertools import islice
from typing import Any, TypeVar

from vps_tui.core.errors import ProviderError, SignInRefused

Item = TypeVar("Item")
Value = TypeVar("Value")


async def side_by_side(
    items: Iterable[Item], read: Callable[[Item], Coroutine[Any, Any, Value]], at_once: int
) -> AsyncGenerator[tuple[Item, Value | ProviderError], None]:
    """Yield each of `items` with what `read` gives for it, or why that failed, as they come; `at_once` at a time.

    After `at_once` failures in a row the rest is not asked for and yields the last of them. Raises `SignInRefused`,
    and the failure itself where there is nothing but failures: a provider that is down, or that locks an account
    after some refused sign-ins, is not asked over and over. Closing the iterator stops what is being read.
    """
    waiting = iter(items)
    under_way: dict[asyncio.Task[Value], Item] = {}
    failures = 0
    failure: ProviderError | None = None
    some = False
    try:
        while True:
            if failures < at_once:
                under_way |= {
                    asyncio.create_task(read(one)): one for one in islice(waiting, at_once - len(under_way))
                }
            if not under_way:
                break
            done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                found = _found(task)
                if isinstance(found, ProviderError):
                    failure, failures = found, failures + 1
                else:
                    some, failures = True, 0
                yield under_way.pop(task), found
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
    if failure is not None:
        if not some:
            raise failure
        for item in waiting:
            yield item, failure


def _found(task: asyncio.Task[Value]) -> Value | ProviderError:
    try:
        return task.result()
    except SignInRefused:
        raise
    except ProviderError as error:
        return error
