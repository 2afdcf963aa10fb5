"""Following the servers of an order in lines: a word for what changes, until a login works or Enter is pressed."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.login import typed_address
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.plain.terminal_io import Left
from vps_tui.services.watch import Watch, watch_of
from vps_tui.wizard.questions import watching as words

REMIND = 60.0
"""Seconds between two words on how long it has been."""


async def give_address(ask: Prompter) -> None:
    """Ask for the address of a server that the provider tells by mail only, then follow it there."""
    try:
        address = typed_address(await ask.text("IP address", help_text=words.ADDRESS_HINT))
    except Back:
        return
    except VpsTuiError as error:
        ask.say_error(error, words.STANDS)
        return
    await follow(ask, address)


async def follow(ask: Prompter, address: str = "") -> None:
    """Say what changes until every server takes a login, or Enter is pressed; raises `Left`."""
    entry = ask.state.entry
    if entry is None:
        return
    try:
        session = await ask.flow.session()
        watch = await watch_of(session, ask.flow.journal, entry, session.ports)
        if address:
            watch.use(address)
        ask.say(words.WAITING)
        stopped = await _until_stopped(ask, watch)
    except VpsTuiError as error:
        ask.say_error(error, words.STANDS)
        return
    ways_in = (line for one in watch.machines if one.ready for line in words.way_in(one))
    ask.say(words.STOPPED if stopped else "", *ways_in, *filter(None, [words.not_recorded(watch)]))


async def _until_stopped(ask: Prompter, watch: Watch) -> bool:
    """Return whether Enter ended it; raises `VpsTuiError`, and `Left` where nobody is there any more."""
    teller = _Teller(ask, watch)
    following = asyncio.create_task(watch.follow(teller.tell))
    reminding = asyncio.create_task(teller.remind())
    stopping = asyncio.create_task(ask.lines.line())
    tasks = (following, reminding, stopping)
    try:
        await asyncio.wait((following, stopping), return_when=asyncio.FIRST_COMPLETED)
        if following.done():
            await following
            return False
        if await stopping is None:
            raise Left
        return True
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError, VpsTuiError):
                await task


class _Teller:
    """Says what has changed since it was said last."""

    def __init__(self, ask: Prompter, watch: Watch) -> None:
        self._ask = ask
        self._watch = watch
        self._name = ask.state.info.name if ask.state.info else ""
        self._said: set[str] = set()

    def tell(self) -> None:
        """Say what is new."""
        machines = self._watch.machines
        lines = [words.how_far(machine) for machine in machines]
        lines += [*(machine.look_for for machine in machines), words.trouble(self._watch, self._name)]
        new = [line for line in dict.fromkeys(lines) if line and line not in self._said]
        self._said = set(lines)
        if new:
            self._ask.say(f"{words.since(self._watch.elapsed())} after the order:", *new)

    async def remind(self) -> None:
        """Say now and then how long it has been."""
        while True:
            await asyncio.sleep(REMIND)
            self._ask.say(f"Still waiting, {words.since(self._watch.elapsed())} after the order.")
