"""`watch`: wait until one can log in to the servers of an order, and say how."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from vps_tui.cli.commands.orders import journal_of
from vps_tui.cli.commands.output import PROGRAM, document, telling_aside
from vps_tui.core import exit_codes
from vps_tui.core.login import typed_address, usual_ports
from vps_tui.core.order_servers import expand_quantities
from vps_tui.journal import Entry, Journal, under_way
from vps_tui.providers.registry import provider_info
from vps_tui.services.backend import Backend
from vps_tui.services.logins import Machine, SshDocument
from vps_tui.services.reconcile import draft_of, look, settle_answer
from vps_tui.services.session import Session
from vps_tui.services.watch import Watch, check_watchable, watch_of
from vps_tui.terminal import streams
from vps_tui.wizard.questions import watching as words

TICK_SECONDS = 1.0
"""Between two changes of the line that shows the time."""


def watch_order(backend: Backend, reference: str, *, minutes: float, addresses: Sequence[str], as_json: bool) -> int:
    """Wait at most `minutes`, 0 for as long as it takes; returns the exit code. Raises `VpsTuiError`."""
    journal = journal_of(backend)
    entry = journal.entry(reference)
    typed = [_parse_addresses(text) for text in addresses]
    if not (entry.live and entry.purchase.is_order):
        check_watchable(entry)
    teller = Teller(sys.stderr if as_json else sys.stdout)
    waiting = _Waiting(backend, journal, entry, teller)
    again = f"vps-tui {'--sandbox ' if backend.sandbox else ''}watch {entry.reference}"
    last: list[str] = []
    try:
        code = asyncio.run(waiting.until_ready(typed, minutes * 60))
    except KeyboardInterrupt:
        code = exit_codes.CANCELLED
        sent = not waiting.entry.live
        last.append(f"Stopped waiting{'; the order stands' if sent else ''}. Go on with: {again}")
    except ReaderLeft:
        return exit_codes.FAILED
    if code == exit_codes.FAILED:
        span = f"{minutes:g} minute{'' if minutes == 1 else 's'}"
        last.append(f"Not all is ready after {span} of waiting; the order stands. Go on with: {again}")
    with telling_aside(*([] if as_json else [*waiting.ways_in(), *last])):
        teller.say(*last)
        if as_json:
            document(_document(waiting))
    return code


class ReaderLeft(Exception):
    """Nobody reads any more what is said, so there is nothing to wait for."""


class Teller:
    """Says what has changed, a line each; on a terminal a last line shows the time that has passed."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._moving = stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._shown = 0

    def say(self, *lines: str) -> None:
        """Say lines, above the one that shows the time."""
        self.show("")
        for line in lines:
            print(line, file=self._stream, flush=True)

    def show(self, line: str) -> None:
        """Show `line` in place of what was shown last; nothing where lines cannot be written over."""
        if self._moving and (line or self._shown):
            blank = " " * max(0, self._shown - len(line))
            back = "" if line else "\r"
            print(f"\r{line}{blank}{back}", end="", file=self._stream, flush=True)
            self._shown = len(line)


class _Waiting:
    """One wait: what is known so far, and how it is said."""

    def __init__(self, backend: Backend, journal: Journal, entry: Entry, teller: Teller) -> None:
        self.entry = entry
        self.watch: Watch | None = None
        self._backend = backend
        self._journal = journal
        self._teller = teller
        self._info = provider_info(entry.purchase.provider)
        self._said: dict[int, str] = {}
        self._told: set[str] = set()
        self._trouble = ""

    async def until_ready(self, typed: Sequence[tuple[str, str]], seconds: float) -> int:
        """Return the exit code once one can log in everywhere, or `seconds` have passed (0: they never do)."""
        if self.entry.live:
            self._teller.say(under_way.describe_sender(self.entry), "Its answer is waited for.")
            self.entry = await settle_answer(self._journal, self.entry, seconds or None)
            if self.entry.live:
                self._teller.say(under_way.describe_sender(self.entry))
                return exit_codes.UNKNOWN
            check_watchable(self.entry)
        # Nobody has to sign in where nothing has to be asked; the sandbox's servers answer only while it is served.
        all_typed = len(typed) >= len(expand_quantities(draft_of(self.entry))) and not self._backend.sandbox
        session = None if all_typed else await self._backend.open(self._info, {}, read_only=True)
        ticking = None
        try:
            if session is not None and not await self._is_outcome_known(session):
                return exit_codes.UNKNOWN
            ports = session.ports if session is not None else usual_ports(os.environ)
            self.watch = watch = await watch_of(session, self._journal, self.entry, ports)
            for name, address in typed:
                watch.use(address, name)
            self._teller.say(f"{self.entry.reference}: {self._info.name}, sent {words.since(watch.elapsed())} ago.")
            if self.entry.outcome.paid is False:
                self._teller.say(
                    f"The invoice is NOT paid yet. Pay it in {self._info.panel}: servers are made after that."
                )
            ticking = asyncio.create_task(self._tick(watch))
            async with asyncio.timeout(seconds or None):
                await watch.follow(lambda: self._tell(watch))
        except TimeoutError:
            self._say_ways_in()
            return exit_codes.FAILED
        finally:
            if ticking is not None:
                ticking.cancel()
            if session is not None:
                await session.aclose()
        self._say_ways_in()
        return exit_codes.DONE

    def _say_ways_in(self) -> None:
        """Say how to log in to every server that is ready, also where another one is not."""
        lines = self.ways_in()
        if lines:
            self._teller.say("", *lines)
        if self.watch is not None and self.watch.not_recorded:
            self._teller.say(words.not_recorded(self.watch))

    def ways_in(self) -> list[str]:
        """Return how to log in to every server that is ready."""
        machines = self.watch.machines if self.watch is not None else ()
        return [line for machine in machines if machine.ready for line in words.way_in(machine)]

    async def _is_outcome_known(self, session: Session) -> bool:
        """Tell whether the outcome of the order is known; an unknown one is looked for once."""
        if not self.entry.unsettled:
            return True
        finding, self.entry = await look(session, self._journal, self.entry)
        self._teller.say(f"{self.entry.reference}: {finding.message}", *filter(None, (finding.hint,)))
        if self.entry.unsettled:
            self._teller.say(f"Find out first what became of it: {PROGRAM.get()} orders check {self.entry.reference}")
        return not self.entry.unsettled

    def _tell(self, watch: Watch) -> None:
        """Say what has changed since the last look."""
        elapsed = words.since(watch.elapsed())
        if watch.trouble != self._trouble:
            self._trouble = watch.trouble
            self._teller.say(words.trouble(watch, self._info.name) or f"{self._info.name} answers again.")
        for number, machine in enumerate(watch.machines):
            line = words.how_far(machine)
            if self._said.get(number) != line:
                self._said[number] = line
                self._teller.say(f"{elapsed:>10}  {line}")
            if machine.look_for and machine.look_for not in self._told:
                self._told.add(machine.look_for)
                self._teller.say(machine.look_for)
        if streams.reader_left() and not watch.ready:
            raise ReaderLeft
        self._show(watch)

    async def _tick(self, watch: Watch) -> None:
        while True:
            self._show(watch)
            await asyncio.sleep(TICK_SECONDS)

    def _show(self, watch: Watch) -> None:
        ready = sum(machine.ready for machine in watch.machines)
        if ready < len(watch.machines):
            count = f", {ready} of {len(watch.machines)} ready" if len(watch.machines) > 1 else ""
            self._teller.show(f"{words.since(watch.elapsed()):>10}  waiting{count}; Ctrl+C stops the waiting only")


def _parse_addresses(text: str) -> tuple[str, str]:
    """Return a server's name, which may be empty, and its address; raises `InvalidValue`."""
    name, _, address = text.rpartition("=")
    return name.strip(), typed_address(address)


def _document(waiting: _Waiting) -> dict[str, Any]:
    machines: Iterable[Machine] = waiting.watch.machines if waiting.watch else ()
    return {
        "reference": waiting.entry.reference,
        "outcome": waiting.entry.outcome.kind.value,
        "ready": waiting.watch is not None and waiting.watch.ready,
        "servers": [_server(machine) for machine in machines],
    }


def _server(machine: Machine) -> dict[str, str | SshDocument | None]:
    way = machine.way_in
    found: dict[str, str | SshDocument | None] = {
        "name": machine.name,
        "service_id": machine.delivery.service_id,
        "address": machine.address,
        "ssh_command": way.command if way else None,
        "ssh": way.document if way else None,
        "host_key_fingerprint": machine.answer.fingerprint,
        "banner": machine.answer.banner,
        "waiting_for": machine.waiting_for,
        "look_for": machine.look_for,
    }
    return {key: value or None for key, value in found.items()}
