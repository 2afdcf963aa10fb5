"""The outcome of an order whose reply was lost: found by reading or stated by a person, never by guessing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat

from vps_tui.core.draft import Draft
from vps_tui.core.errors import Consequence, UsageError
from vps_tui.core.order_servers import are_other_servers, expand_quantities, sort_by_draft
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import ORDER, Entry, Journal
from vps_tui.providers.models import Listing, Server
from vps_tui.providers.order_file import parse
from vps_tui.providers.registry import provider_info
from vps_tui.services.findings import (
    GRACE,
    GRACE_MINUTES,
    NO_CLOCK,
    ReconcileFinding,
    Sighting,
    minutes_since_sent,
    not_yet,
    other_entries,
    sent_later,
    since,
)
from vps_tui.services.session import Session

IN_PANEL = (
    "An unpaid order may not be listed: look for an order or invoice in the provider's panel, then settle it by hand."
)

ANSWER_PAUSE = 0.5
"""Seconds between two looks into the journal while another process waits for its answer."""

LOOK_EVERY = 20.0
"""Seconds between two looks while somebody waits."""


def draft_of(entry: Entry) -> Draft:
    """Return what was ordered, with the plans' names from the quote: servers are listed by these."""
    draft = parse(entry.purchase.order_file, name=entry.reference, partial=True).draft
    names = [str(server.get("plan", "")) for server in entry.purchase.quote.get("servers", ())]
    servers = tuple(replace(server, plan_name=name) for server, name in zip(draft.servers, names, strict=False))
    files = chain(entry.purchase.key_files, repeat(""))
    keyed = (
        replace(server, ssh_key_file=file) for server, file in zip(servers or draft.servers, files, strict=False)
    )
    return replace(draft, servers=tuple(keyed))


async def look(session: Session, journal: Journal, entry: Entry) -> tuple[ReconcileFinding, Entry]:
    """Read what the provider lists now and settle `entry` if that is clear; raises `VpsTuiError`.

    What is not listed never proves anything. Another account's list is refused with `UsageError`, and while another
    process waits for the answer, only that process settles it.
    """
    if entry.live:
        for other in await asyncio.to_thread(journal.sent_elsewhere):
            if other.reference == entry.reference:
                return sending(other), other
        entry = await asyncio.to_thread(journal.entry, entry.reference)
    check_account(session, entry)
    if entry.purchase.is_order:
        finding, words, service_ids = await _examine_order(session, journal, entry)
    else:
        from vps_tui.services.reconcile_change import examine_change

        finding, words, service_ids = await examine_change(session, journal, entry)
    if finding.sighting is Sighting.FOUND and entry.unsettled:
        lost = "Its answer left that open" if entry.outcome.order_id else "Its answer was lost"
        outcome = Outcome(
            OutcomeKind.PLACED,
            f"{lost}, {words}",
            order_id=entry.outcome.order_id,
            invoice_id=entry.outcome.invoice_id,
            service_ids=service_ids,
        )
        entry = await asyncio.to_thread(journal.finish, entry.reference, outcome, settled_by="reading")
    return finding, entry


async def _examine_order(
    session: Session, journal: Journal, entry: Entry
) -> tuple[ReconcileFinding, str, tuple[str, ...]]:
    """Read the list of servers; returns the finding, and how it settles the order: in words, and its service ids."""
    draft = draft_of(entry)
    listing = await session.find(draft)
    others = [other for other in await other_entries(journal, entry) if other.purchase.is_order]
    finding = weigh(entry, draft, listing, others)
    found = finding.sighting is Sighting.FOUND
    ids = sort_by_draft(draft, {server.id: server.plan for server in finding.servers}) if found else ()
    return finding, f"but it was found in the list of servers.{_which(draft)}", ids


def sending(entry: Entry) -> ReconcileFinding:
    return ReconcileFinding(Sighting.UNDER_WAY, entry.outcome.message)


async def settle_answer(journal: Journal, entry: Entry, seconds: float | None) -> Entry:
    """Return `entry` once the process that sends it has its answer or has ended, or as it is after `seconds`."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while entry.live:
                await asyncio.sleep(ANSWER_PAUSE)
                entry = await asyncio.to_thread(journal.entry, entry.reference)
    return entry


def _which(draft: Draft) -> str:
    """Return in words that servers of one plan look alike, where an order has several."""
    servers = [(server.plan_name, server.name) for server in expand_quantities(draft)]
    alike = [name for plan, name in servers if sum(plan == other for other, _ in servers) > 1]
    if len(set(alike)) < 2:
        return ""
    return f" Which of {', '.join(alike)} has which service id is not told: compare host names before you rely on it."


def check_account(session: Session, entry: Entry) -> None:
    """Raise `UsageError` where `session` is with another account than the one that `entry` was ordered with."""
    noun = entry.purchase.noun
    if session.account_name.casefold() != entry.purchase.account.casefold():
        raise UsageError(
            f"{noun[:1].upper()}{noun[1:]} {entry.reference} was made with the account {entry.purchase.account}, "
            f"and this is {session.account_name}.",
            hint="Sign in with that account, then look again.",
            money=Consequence.UNTOUCHED,
        )


def weigh(entry: Entry, draft: Draft, listing: Listing, others: Iterable[Entry]) -> ReconcileFinding:
    """Compare what is listed with what was listed before the order; only the provider's clock counts for dates."""
    wanted = len(expand_quantities(draft))
    claimed = {service for other in others for service in other.outcome.service_ids}
    earliest = None if entry.server_time is None else (entry.server_time - timedelta(days=1)).date()
    new = tuple(
        server
        for server in listing.servers
        if server.id not in claimed
        and server.id not in (entry.before or ())
        and (server.created is None or earliest is None or server.created >= earliest)
    )
    if not new:
        return _name(entry) or _nothing(minutes_since_sent(entry, listing.at))
    rivals = [other for other in others if _may_own(other, entry) and _alike(draft, draft_of(other), new)]
    if entry.before is None:
        message = "A server like that is listed, but what was there before the order is not known."
    elif rivals:
        state = "is not settled either" if rivals[0].unsettled else "was placed, but whose servers are not known"
        message = f"It could belong to order {rivals[0].reference}, which {state}."
    elif len(new) < wanted:
        message = f"{len(new)} of {wanted} servers are listed."
    elif len(new) > wanted:
        message = f"{len(new)} new servers like that are listed, {wanted} were ordered here."
    elif are_other_servers(draft, [server.plan for server in new]):
        message = f"{len(new)} new servers are listed, but with other plans than were ordered here."
    else:
        return ReconcileFinding(Sighting.FOUND, "It is there: the order was taken.", servers=new)
    return ReconcileFinding(
        Sighting.UNCLEAR, message, "Compare with the provider's panel, then settle it by hand.", new
    )


def settle_by_hand_outcome(
    *, there: bool, panel: str, order_id: str = "", noun: str = ORDER, known: Outcome | None = None
) -> Outcome:
    """Return the outcome by a person who has looked at `panel` for the `noun`; ids that are `known` stay."""
    if there:
        ids = known or Outcome(OutcomeKind.UNKNOWN)
        return Outcome(
            OutcomeKind.PLACED,
            f"You found the {noun} in {panel}.",
            order_id=order_id or ids.order_id,
            invoice_id=ids.invoice_id,
            service_ids=ids.service_ids,
        )
    safe = "It can be ordered again." if noun == ORDER else "It can be tried again."
    return Outcome(OutcomeKind.REFUSED, f"You found no such {noun} in {panel}.", safe, order_id=order_id)


def settle_by_hand(journal: Journal, entry: Entry, *, there: bool, order_id: str = "") -> Entry:
    """Record in `journal` what a person sees in the provider's panel; raises `JournalFailed`."""
    panel, noun = provider_info(entry.purchase.provider).panel, entry.purchase.noun
    outcome = settle_by_hand_outcome(there=there, panel=panel, order_id=order_id, noun=noun, known=entry.outcome)
    return journal.finish(entry.reference, outcome, settled_by="hand")


def _may_own(other: Entry, entry: Entry) -> bool:
    """Tell whether `other` may have brought servers that were not there before `entry`, and nobody knows which."""
    if other.unsettled:
        return True
    if not sent_later(other, entry, GRACE) or other.outcome.kind is not OutcomeKind.PLACED:
        return False
    return len(other.outcome.service_ids) < len(expand_quantities(draft_of(other)))


def _alike(one: Draft, other: Draft, listed: Iterable[Server]) -> bool:
    """Tell whether two orders' servers look the same in the list that `listed` is from.

    Names tell them apart only where the list has those that were ordered: EDIS lists machines by its own ids.
    """
    if (one.provider, one.location) != (other.provider, other.location):
        return False
    names = {server.name for draft in (one, other) for server in draft.servers}
    named = all(server.name in names for server in listed)
    ours, theirs = ({server.name if named else server.plan for server in draft.servers} for draft in (one, other))
    return not ours.isdisjoint(theirs)


def _name(entry: Entry) -> ReconcileFinding | None:
    """Return what it means that nothing is listed of an order that the answer named; None where it named none."""
    ids = (("order", entry.outcome.order_id), ("invoice", entry.outcome.invoice_id))
    named = " and ".join(f"{word} {number}" for word, number in ids if number)
    if not named:
        return None
    return ReconcileFinding(
        Sighting.UNCLEAR,
        f"No server of it is listed, but the provider's answer names {named}.",
        f"Look for {named} in the provider's panel, and whether it is to be paid, then settle it by hand.",
    )


def _nothing(minutes: int | None) -> ReconcileFinding:
    if minutes is None:
        return ReconcileFinding(Sighting.NOT_YET, f"Not listed. {NO_CLOCK}", IN_PANEL)
    left = GRACE_MINUTES - minutes
    if left > 0:
        hint = f"If it is not there in {left} minutes, it most likely was not taken."
        return not_yet("Not listed yet", minutes, hint)
    words = f"Still not listed, {since(minutes)} it was sent: most likely it was not taken."
    return ReconcileFinding(Sighting.ABSENT, words, IN_PANEL)
