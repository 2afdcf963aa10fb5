"""Earlier orders read from the journal, looked after, and ordered again, for screens and lines alike."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from vps_tui.core.order_servers import number_names
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Position, Step
from vps_tui.providers.registry import provider_info
from vps_tui.wizard.start import at_order, at_saved

if TYPE_CHECKING:
    from vps_tui.core.draft import Draft
    from vps_tui.journal import Entry
    from vps_tui.services.logins import WayIn
    from vps_tui.wizard.questions.choices import Choice
    from vps_tui.wizard.run import Run
    from vps_tui.wizard.state import WizardState

FIRST_ROWS: Final = 200
"""Orders that are read and shown before the rest: several screens full, in a twentieth of a second."""


def only_look(flow: Run) -> None:
    """Have the run of `flow` begin with the earlier orders; raises `JournalFailed` where they cannot be read."""
    flow.journal.recover()
    flow.history_only = True


async def rows(flow: Run, newest: int = -1) -> list[Choice]:
    """Return the earlier orders as rows, newest first, all or as many as `newest` says; raises `JournalFailed`."""

    def read() -> list[Choice]:
        from vps_tui.wizard.questions import history

        return history.choices(flow.journal.entries(newest))

    return await asyncio.to_thread(read)


async def order(flow: Run, reference: str) -> Entry:
    """Return one order as it stands now, its texts safe to draw; raises `JournalFailed`, `UsageError`."""
    entry = await asyncio.to_thread(lambda: flow.journal.entry(reference))
    return entry.printable()


async def order_and_ways(flow: Run, reference: str) -> tuple[Entry, tuple[WayIn, ...]]:
    """Return the same with how to log in to those of its servers that answered so far."""
    from vps_tui.services.logins import ways_in

    entry = await order(flow, reference)
    return entry, await asyncio.to_thread(ways_in, entry)


def follow(flow: Run, entry: Entry, present: WizardState) -> WizardState:
    """Return the state for looking after `entry`; going back from there leads to `present`."""
    home = present.home
    return replace(_sign_in(at_order(flow.backend, entry), home), return_to=home)


def again(flow: Run, draft: Draft, present: WizardState) -> WizardState:
    """Return the state for ordering the like of `draft` at the prices of today, under another name.

    Two servers of one name are told apart by nobody. So a name that is one server's, or that of all, is asked
    for; several get the next numbers, which the cost shows before anything is bought.
    """
    home = present.home
    flow.history_only = False
    if home.entry is not None and home.outcome is not None:
        if home.outcome.kind is OutcomeKind.UNKNOWN:
            flow.skipped_references |= {home.entry.reference}
        elif home.entry.reference in flow.ordered_here and home.outcome.kind is OutcomeKind.PLACED:
            flow.finished += (home,)
    names = [server.name for server in draft.servers]
    asked = len(names) == 1 or provider_info(draft.provider).shares_name
    new = [""] * len(names) if asked else _number_on(names)
    servers = tuple(replace(server, name=name) for server, name in zip(draft.servers, new, strict=True))
    state = _sign_in(at_saved(flow.backend, replace(draft, servers=servers)), home)
    return replace(state, latest=home.latest, position=Position(_first(state), revising=Step.COST))


def _sign_in(state: WizardState, home: WizardState) -> WizardState:
    """Return `state` with the credentials that were typed for the same provider in `home`."""
    if home.info is not state.info or not home.signed_in:
        return state
    return replace(state, signed_in=True, unsaved_text=home.unsaved_text)


def _number_on(names: list[str]) -> list[str]:
    """Return a new name for each of `names`: web1 and web2 become web3 and web4, db becomes db-2."""
    found: list[str] = []
    for name in names:
        found += number_names(name, 1, taken=(*names, *found)) if name else [""]
    return found


def _first(state: WizardState) -> Step:
    return Step.SAVED_ORDER if state.facts.signed_in else Step.SIGN_IN
