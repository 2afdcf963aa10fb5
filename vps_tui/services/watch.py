"""An order that was placed, followed until one can log in: what its provider tells, then who answers at the address.

ask        the provider, with growing pauses: it is waited for, not hurried
knock      at every address that is known, until an SSH server answers
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING

from vps_tui.core.catalog import OsFamily, os_family
from vps_tui.core.errors import ProviderError, SignInRefused, UsageError, VpsTuiError
from vps_tui.core.login import Ports, ProbeResult
from vps_tui.core.order_servers import expand_quantities
from vps_tui.core.outcome import OutcomeKind
from vps_tui.journal import JournalFailed, under_way
from vps_tui.providers.delivery import Awaited, Delivery
from vps_tui.services.logins import Machine, ServerKeys, merge_logins, server_keys
from vps_tui.services.reconcile import check_account, draft_of

if TYPE_CHECKING:
    from vps_tui.core.draft import Draft
    from vps_tui.journal import Entry, Journal
    from vps_tui.services.session import Session

ASK_PAUSES = (1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0)
"""Seconds between two questions to the provider; the last for ever."""

KNOCK_PAUSE = 5.0
"""Seconds at most between two tries at an address; at first they are as short as the provider's."""


class NothingToWatch(VpsTuiError):
    """The order brought no server."""

    title = "Nothing to wait for"


def check_watchable(entry: Entry) -> None:
    """Raise `NothingToWatch` for what certainly brings no new server; an order that is not known may have."""
    hint = f"See {entry.program} orders show {entry.reference}."
    if not entry.purchase.is_order:
        raise NothingToWatch(f"{entry.reference} is no order, but a change: {entry.purchase.noun}.", hint=hint)
    if entry.live:
        raise NothingToWatch(under_way.describe_sender(entry))
    if entry.outcome.kind is not OutcomeKind.PLACED and not entry.unsettled:
        raise NothingToWatch(f"Order {entry.reference} brought no server: {entry.outcome.kind.headline}.", hint=hint)


class Watch:
    """Looks after the servers of one order; a look changes `machines` and `trouble`."""

    def __init__(
        self,
        entry: Entry,
        others: Iterable[Entry],
        session: Session | None,
        ports: Ports,
        *,
        keys: ServerKeys | None = None,
        journal: Journal | None = None,
    ) -> None:
        """Take the order, the other entries and the session; without a session addresses are to be typed.

        Raises `NothingToWatch` for an order that was not placed, `UsageError` for another account's.
        """
        if entry.unsettled:
            raise NothingToWatch(f"It is not known what became of order {entry.reference}.")
        check_watchable(entry)
        if session is not None:
            check_account(session, entry)
        self.entry = entry
        self._session = session
        self._keys = keys or ServerKeys()
        self._journal = journal
        draft = draft_of(entry)
        self._awaited = Awaited(draft, entry.outcome.service_ids, _others(entry, others))
        families = _families(entry, draft)
        names = [server.name for server in expand_quantities(draft)]
        self.machines: tuple[Machine, ...] = tuple(
            Machine(
                Delivery(name, waiting_for="waiting for the provider's answer"),
                family,
                ports,
                key=self._keys.of(name),
                alike=names.count(name) > 1,
            )
            for name, family in zip(names, families, strict=True)
        )
        self.trouble = ""
        """Why the provider could not be asked the last time; empty where it could."""
        self.not_recorded = ""
        """Why the journal does not have what answers; empty where it does."""
        self._asked = self._knocks = 0
        self._next_ask = float("-inf")

    @property
    def sent(self) -> datetime:
        return self.entry.sent or self.entry.created

    def elapsed(self, now: datetime | None = None) -> timedelta:
        return max(timedelta(0), (now or datetime.now(UTC)) - self.sent)

    @property
    def ready(self) -> bool:
        """Whether one can log in everywhere."""
        return all(machine.ready for machine in self.machines)

    def use(self, address: str, name: str = "") -> None:
        """Set the address of the server with this name or service id, or the first without; raises `UsageError`."""
        known = [(one.name, one.delivery.service_id) for one in self.machines]
        fits = [
            number for number, one in enumerate(self.machines) if (name in known[number] if name else not one.address)
        ]
        fits.sort(key=lambda number: bool(self.machines[number].address))
        if not fits:
            raise UsageError(
                f"No server called {name!r} is waited for." if name else "Every server has an address already.",
                hint=f"The order's servers: {', '.join(one.name for one in self.machines)}.",
            )
        machines = list(self.machines)
        one = machines[fits[0]]
        delivery = replace(one.delivery, address=address, waiting_for="", look_for="")
        machines[fits[0]] = replace(one, delivery=delivery, answer=ProbeResult(), typed=True)
        self.machines = tuple(machines)

    async def follow(self, changed: Callable[[], None]) -> None:
        """Look until every server takes a login, calling `changed`; raises `SignInRefused`, `UsageError`."""
        while not self.ready:
            await self.look()
            changed()
            if not self.ready:
                await asyncio.sleep(self.pause())

    async def look(self) -> None:
        """Ask the provider if it is time to, and knock at every address where nobody has answered yet."""
        if (
            self._session is not None
            and self._now() >= self._next_ask
            and not all(one.typed for one in self.machines)
        ):
            await self._ask(self._session)
        waiting = [one for one in self.machines if one.address and not one.ready]
        if waiting:
            self._knocks += 1
            from vps_tui.ssh.probe import probe_login

            answers = await asyncio.gather(*(probe_login(one.family, one.address, one.ports) for one in waiting))
            answered = {id(one): answer for one, answer in zip(waiting, answers, strict=True)}
            # What was typed meanwhile stays as it is, since it is another machine then.
            self.machines = tuple(replace(one, answer=answered.get(id(one), one.answer)) for one in self.machines)
            await self._record()

    async def _record(self) -> None:
        """Write down how to log in to what answers, so that `orders show` says it from now on."""
        seen = datetime.now(UTC)
        now = [machine.record(seen) for machine in self.machines if machine.ready]
        logins = merge_logins(
            self.entry.logins, now, (server.name for server in expand_quantities(self._awaited.draft))
        )
        if self._journal is None or logins == self.entry.logins:
            return
        try:
            self.entry = await asyncio.to_thread(self._journal.note_logins, self.entry.reference, logins)
        except JournalFailed as error:
            self.not_recorded = error.message
        else:
            self.not_recorded = ""

    def pause(self) -> float:
        """Return the seconds until the next look is worth it."""
        to_ask = max(0.05, self._next_ask - self._now()) if self._session is not None else KNOCK_PAUSE
        if any(one.address and not one.ready for one in self.machines):
            return min(KNOCK_PAUSE, _growing(self._knocks - 1))
        return to_ask

    async def _ask(self, session: Session) -> None:
        try:
            deliveries = await session.deliveries(self._awaited)
        except SignInRefused:
            raise
        except ProviderError as error:
            self.trouble = error.message
        else:
            self.trouble = ""
            self.machines = tuple(self._merged(deliveries))
        self._next_ask = self._now() + _growing(self._asked)
        self._asked += 1

    def _merged(self, deliveries: Sequence[Delivery]) -> Iterable[Machine]:
        """Yield every server with what the provider says now; an address stays with its service."""
        earlier = {one.delivery.service_id: one for one in self.machines if one.delivery.service_id}
        for machine, delivery in zip_longest(self.machines, deliveries):
            if machine is None:
                key = self._keys.of(delivery.name)
                yield replace(self.machines[-1], delivery=delivery, key=key, answer=ProbeResult(), typed=False)
            elif delivery is None or machine.typed:
                yield machine
            else:
                unknown = not delivery.service_id or not machine.delivery.service_id
                before = earlier.get(delivery.service_id) or (machine if unknown else None)
                address, answer = (before.address, before.answer) if before is not None else ("", ProbeResult())
                moved = bool(delivery.address) and delivery.address != address
                found = replace(delivery, address=delivery.address or address)
                key = self._keys.of(delivery.name)
                yield replace(machine, delivery=found, key=key, answer=ProbeResult() if moved else answer)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


async def watch_of(session: Session | None, journal: Journal, entry: Entry, ports: Ports) -> Watch:
    """Return what follows `entry`; raises `JournalFailed` besides what `Watch` raises."""
    others, keys = await asyncio.gather(asyncio.to_thread(journal.entries), asyncio.to_thread(server_keys, entry))
    return Watch(entry, others, session, ports, keys=keys, journal=journal)


def _growing(number: int) -> float:
    return ASK_PAUSES[min(max(number, 0), len(ASK_PAUSES) - 1)]


def _others(entry: Entry, others: Iterable[Entry]) -> frozenset[str] | None:
    """Return the ids of servers that are not of `entry`; None where it is not known what was there before it."""
    if entry.before is None:
        return None
    claimed = (
        service for other in others if other.reference != entry.reference for service in other.outcome.service_ids
    )
    return frozenset((*entry.before, *claimed))


def _families(entry: Entry, draft: Draft) -> list[OsFamily]:
    """Return what every server of the order runs, by the image's name in the quote."""
    quoted = entry.purchase.quote.get("servers", ())
    names = [str(server.get("os", "")) for server in quoted if isinstance(server, dict)]
    found = [
        os_family(names[number]) if number < len(names) else OsFamily.LINUX for number in range(len(draft.servers))
    ]
    return [family for family, server in zip(found, draft.servers, strict=True) for _ in range(server.quantity)]
