"""One signed-in provider: reads started early and shared, the paid call made once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from vps_tui.core.errors import ProviderError, SignInRefused
from vps_tui.core.login import Ports

if TYPE_CHECKING:
    from vps_tui.core.billing_cycle import BillingCycle
    from vps_tui.core.catalog import Catalog, Location
    from vps_tui.core.draft import Draft
    from vps_tui.core.errors import ProviderError
    from vps_tui.core.server_change import Change, ChangeQuote, ChangesOffered, OwnedListing, OwnedServer
    from vps_tui.providers.changes_protocol import Changer
    from vps_tui.providers.delivery import Awaited, Delivery
    from vps_tui.providers.info import ProviderInfo
    from vps_tui.providers.models import Account, Listing, PaymentMethod, TypedIds
    from vps_tui.providers.protocol import Provider

Value = TypeVar("Value")

AT_ONCE = 6
"""Catalogues that are asked for side by side: what a browser asks of one host at once.

No provider documents how much it takes. Of the client's ten connections it leaves four for `Session.begin`.
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """How an order can be paid."""

    account: Account
    billing_cycles: tuple[BillingCycle, ...]
    payment_methods: tuple[PaymentMethod, ...]


class Session:
    """Reads of one account. A read that was asked for once is answered from memory until it is dropped."""

    def __init__(self, info: ProviderInfo, provider: Provider, ports: Ports | None = None) -> None:
        """Wrap a connected provider; nothing is asked yet. `ports` are its servers', where they are not the usual."""
        self.info = info
        self.ports = ports or Ports()
        """Where its servers answer."""
        self.provider = provider
        self._reads: dict[str, asyncio.Future[Any]] = {}
        self._under_way: set[asyncio.Task[Any]] = set()
        """What is being asked and is not to be kept."""
        self._closed = False

    def begin(self) -> None:
        """Start every read that depends on no answer, all at once."""
        self._begin("account", self.provider.account)
        self._begin("cycles", self.provider.billing_cycles)
        self._begin("methods", self.provider.payment_methods)
        self._begin("locations", self.provider.locations)

    async def account(self) -> Account:
        """Return whose account it is; raises `SignInRefused`."""
        return await self._get("account", self.provider.account)

    async def locations(self) -> tuple[Location, ...]:
        return await self._get("locations", self.provider.locations)

    async def catalog(self, location: str) -> Catalog:
        return await self._get(f"catalog {location}", lambda: self.provider.catalog(location))

    async def catalogs(
        self, locations: Sequence[Location]
    ) -> AsyncGenerator[tuple[Location, Catalog | ProviderError], None]:
        """Yield the plans of each of `locations`, or the failure, as `side_by_side` does; what was read is kept."""
        async with aclosing(side_by_side(locations, self._one_of_many, AT_ONCE)) as found:
            async for one in found:
                yield one

    async def _one_of_many(self, location: Location) -> Catalog:
        """Read the plans without sharing the task, so cancelling one caller cancels only its read."""
        key = f"catalog {location.id}"
        known: Catalog | None = self._ready(key)
        if known is not None:
            return known
        reading = asyncio.current_task()
        if reading is not None:
            self._under_way.add(reading)
            reading.add_done_callback(self._under_way.discard)
        found = await self.provider.catalog(location.id)
        other = self._reads.get(key)
        if other is None or other.done():
            kept: asyncio.Future[Catalog] = asyncio.get_running_loop().create_future()
            kept.set_result(found)
            self._reads[key] = kept
        return found

    async def terms(self) -> Terms:
        """Return how an order can be paid; its three reads run side by side."""
        account, cycles, methods = await asyncio.gather(
            self.account(),
            self._get("cycles", self.provider.billing_cycles),
            self._get("methods", self.provider.payment_methods),
        )
        return Terms(account, cycles, methods)

    def expect_catalog(self, location: str) -> None:
        """Begin to read the plans of one location, for the next caller."""
        self._begin(f"catalog {location}", lambda: self.provider.catalog(location))

    def ready_catalog(self, location: str) -> Catalog | None:
        """Return the plans of one location if they are here already."""
        found: Catalog | None = self._ready(f"catalog {location}")
        return found

    def ready_locations(self) -> tuple[Location, ...] | None:
        found: tuple[Location, ...] | None = self._ready("locations")
        return found

    def ready_terms(self) -> Terms | None:
        """Return how an order can be paid if all of it is here already."""
        account, cycles, methods = self._ready("account"), self._ready("cycles"), self._ready("methods")
        return None if account is None or cycles is None or methods is None else Terms(account, cycles, methods)

    def cancel_reads(self) -> None:
        """Stop what is still being read; asking again starts it again."""
        for key, task in list(self._reads.items()):
            if not task.done():
                task.cancel()
                del self._reads[key]

    async def read_again(self, location: str) -> tuple[Catalog, tuple[Location, ...]]:
        """Return the plans of `location` and every location as they are at this moment."""
        for key in (f"catalog {location}", "locations"):
            self._reads.pop(key, None)
        return await asyncio.gather(self.catalog(location), self.locations())

    async def read_offer_again(
        self, location: str
    ) -> tuple[Catalog, tuple[Location, ...], tuple[BillingCycle, ...], tuple[PaymentMethod, ...]]:
        """Return the same, and how an order can be paid, all of it read side by side."""
        for key in ("cycles", "methods"):
            self._reads.pop(key, None)
        (catalog, locations), cycles, methods = await asyncio.gather(
            self.read_again(location),
            self._get("cycles", self.provider.billing_cycles),
            self._get("methods", self.provider.payment_methods),
        )
        return catalog, locations, cycles, methods

    async def remember(self, typed: TypedIds) -> None:
        """Keep typed ids for the next time, and read the catalogue again then; raises `UsageError`."""
        await self.provider.remember(typed)
        for key in [key for key in self._reads if key.startswith("catalog ")]:
            del self._reads[key]

    @property
    def account_name(self) -> str:
        return self.provider.account_name

    async def find(self, draft: Draft) -> Listing:
        """Return the servers listed now that could be those of `draft`; never from memory."""
        return await self._asked(self.provider.find(draft))

    async def deliveries(self, awaited: Awaited) -> tuple[Delivery, ...]:
        """Return how far the servers of an order are now; never from memory."""
        return await self._asked(self.provider.deliveries(awaited))

    async def _asked(self, call: Coroutine[Any, Any, Value]) -> Value:
        """Return what `call` gives; it ends with the session, and after that nothing is begun."""
        if self._closed:
            call.close()
            raise asyncio.CancelledError
        asking = asyncio.create_task(call)
        self._under_way.add(asking)
        asking.add_done_callback(self._under_way.discard)
        return await asking

    async def owned(self) -> OwnedListing:
        """Return the servers that the account has now; never from memory. Raises `UsageError` as `changer` does."""
        return await self._asked(self.changer.owned())

    async def changes_offered(self, server: OwnedServer) -> ChangesOffered:
        return await self._asked(self.changer.changes_offered(server))

    async def quote_change(self, change: Change) -> ChangeQuote:
        """Return what `change` costs at this moment; never from memory."""
        return await self._asked(self.changer.quote_change(change))

    @property
    def changer(self) -> Changer:
        """What changes servers of the account; raises `UsageError` where the provider has no call for that."""
        from vps_tui.core.errors import Consequence, UsageError
        from vps_tui.providers.changes_protocol import ChangesServers

        if isinstance(self.provider, ChangesServers):
            return self.provider.changer
        raise UsageError(
            f"{self.info.name} has no call that lists or changes servers one has.",
            hint=f"Look in {self.info.panel}." if self.info.panel else "",
            money=Consequence.NOTHING_CHANGED,
        )

    async def aclose(self) -> None:
        """Stop reading and close every connection; one that is still being made would be left open."""
        self._closed = True
        stopped = [task for task in (*self._reads.values(), *self._under_way) if not task.done()]
        self.cancel_reads()
        for task in stopped:
            task.cancel()
        await asyncio.gather(*stopped, return_exceptions=True)
        await self.provider.aclose()

    def _begin(self, key: str, call: Callable[[], Coroutine[Any, Any, Value]]) -> asyncio.Future[Value]:
        task = self._reads.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = asyncio.create_task(call(), name=key)
            task.add_done_callback(_seen)
            self._reads[key] = task
        return task

    def _ready(self, key: str) -> Any:
        task = self._reads.get(key)
        ready = task is not None and task.done() and not task.cancelled() and task.exception() is None
        return task.result() if task is not None and ready else None

    async def _get(self, key: str, call: Callable[[], Coroutine[Any, Any, Value]]) -> Value:
        return await asyncio.shield(self._begin(key, call))


def _seen(task: asyncio.Future[Any]) -> None:
    """Mark a failure as seen: a read that nobody waits for yet fails again, aloud, when it is asked for."""
    if not task.cancelled():
        task.exception()


Item = TypeVar("Item")


async def side_by_side(
    items: Iterable[Item], read: Callable[[Item], Coroutine[Any, Any, Value]], at_once: int
) -> AsyncGenerator[tuple[Item, Value | ProviderError], None]:
    """Yield each of `items` with what `read` gives for it, or its failure, as they come; `at_once` at a time.

    After `at_once` failures in a row the rest is not asked for and gets the last of them. Raises `SignInRefused`, and
    the failure if there is nothing else: an account may be locked by many tries. Closing it stops the reads.
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
                found = _find(task)
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


def _find(task: asyncio.Task[Value]) -> Value | ProviderError:
    try:
        return task.result()
    except SignInRefused:
        raise
    except ProviderError as error:
        return error
