"""Earlier orders read from the journal, looked after, and ordered again, for screens and lines alike."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from vps_tui.beginning import at_order, at_saved
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Position, Step

if TYPE_CHECKING:
    from vps_tui.core.draft import Draft
    from vps_tui.flow import Flow
    from vps_tui.journal import Entry
    from vps_tui.questions.rows import Choice
    from vps_tui.wizard import WizardState

AT_ONCE: Final = 200
"""Orders that are read and shown before the rest: several screens full, in a twentieth of a second."""


def only_look(flow: Flow) -> None:
    """Have the run of `flow` begin with the earlier orders; raises `JournalFailed` where they cannot be read."""
    flow.journal.recover()
    flow.only_looking = True


async def rows(flow: Flow, newest: int = -1) -> list[Choice]:
    """Return the earlier orders as rows, newest first, all or as many as `newest` says; raises `JournalFailed`."""

    def read() -> list[Choice]:
        from vps_tui.questions import earlier

        return earlier.choices(flow.journal.entries(newest))

    return await asyncio.to_thread(read)


async def order(flow: Flow, reference: str) -> Entry:
    """Return one order as it stands now, its texts safe to draw; raises `JournalFailed`, `UsageError`."""
    entry = await asyncio.to_thread(lambda: flow.journal.entry(reference))
    return entry.printable()


def followed(flow: Flow, entry: Entry, present: WizardState) -> WizardState:
    """Return the state for looking after `entry`; going back from there leads to `present`."""
    home = present.home
    return replace(_signed_in(at_order(flow.backend, entry), home), came_from=home)


def again(flow: Flow, draft: Draft, present: WizardState) -> WizardState:
    """Return the state for ordering the like of `draft` at the prices of today, under another name.

    Two servers of one name are told apart by nobody. So the name of one server is asked for, and several get
    the next numbers, which the cost shows before anything is bought.
    """
    home = present.home
    flow.only_looking = False
    if home.entry is not None and home.outcome is not None:
        if home.outcome.kind is OutcomeKind.UNKNOWN:
            flow.passed |= {home.entry.reference}
        elif home.entry.reference in flow.ordered_here and home.outcome.kind is OutcomeKind.PLACED:
            flow.left += (home,)
    names = [server.name for server in draft.servers]
    others = _numbered_on(names) if len(names) > 1 else {}
    servers = tuple(replace(server, name=others.get(server.name, "")) for server in draft.servers)
    state = _signed_in(at_saved(flow.backend, replace(draft, servers=servers)), home)
    return replace(state, latest=home.latest, position=Position(_first(state), revising=Step.COST))


def _signed_in(state: WizardState, home: WizardState) -> WizardState:
    """Return `state` with the credentials that were typed for the same provider in `home`."""
    if home.info is not state.info or not home.signed_in:
        return state
    return replace(state, signed_in=True, typed=home.typed, typed_secrets=home.typed_secrets)


def _numbered_on(names: list[str]) -> dict[str, str]:
    """Return a new name for each of `names`: web1 and web2 become web3 and web4, db becomes db-2."""
    found: dict[str, str] = {}
    for name in filter(None, names):
        head, dot, rest = name.partition(".")
        stem = head.rstrip("0123456789")
        digits = head[len(stem) :]
        stem, number = (stem, int(digits)) if digits else (f"{head}-", 1)
        while (new := f"{stem}{number:0{len(digits)}d}{dot}{rest}") in (*names, *found.values()) or number == 1:
            number += 1
        found.setdefault(name, new)
    return found


def _first(state: WizardState) -> Step:
    return Step.SAVED_ORDER if state.facts.signed_in else Step.SIGN_IN
