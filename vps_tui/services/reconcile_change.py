"""What the list of servers says about a change whose reply was lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vps_tui.core.change_documents import change_of
from vps_tui.core.errors import VpsTuiError
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.server_change import (
    Cancellation,
    CancelWhen,
    Change,
    ChangeKind,
    ChangeQuote,
    OwnedListing,
    OwnedServer,
    PlanChange,
)
from vps_tui.journal import Entry, Journal
from vps_tui.providers.models import Server
from vps_tui.services.findings import (
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

BY_HAND = "Look in the provider's panel, then settle it by hand."
UNPAID = "An upgrade is made once its invoice is paid: look for an open invoice in the provider's panel."


async def examine_change(
    session: Session, journal: Journal, entry: Entry
) -> tuple[ReconcileFinding, str, tuple[str, ...]]:
    """Read the server; returns the finding, and how it settles the change: in words, and the server's id.

    A new plan or an end in the list settles it. No change in the list does not, nor does a new price: that is a hint.
    """
    change = change_of(entry.purchase.change, entry.purchase.provider)
    listing = await session.owned()
    finding = weigh(entry, change, listing, await other_entries(journal, entry))
    if finding.sighting is not Sighting.FOUND and change.kind in (ChangeKind.SWITCH, ChangeKind.ADD_ON):
        finding = replace(finding, hint=f"{finding.hint} {await _price_again(session, change)}".strip())
    return finding, f"but: {finding.message}", (change.server.id,)


def weigh(entry: Entry, change: Change, listing: OwnedListing, others: Iterable[Entry]) -> ReconcileFinding:
    """Compare the server as it is listed with what it was before `change`."""
    server = listing.server(change.server.id)
    if isinstance(change, Cancellation):
        finding = _has_ended(change, server, minutes_since_sent(entry, listing.at), complete=_whole(entry, listing))
    elif isinstance(change, PlanChange):
        finding = _has_new_plan(change, server, minutes_since_sent(entry, listing.at))
    else:
        finding = ReconcileFinding(Sighting.UNCLEAR, "The list does not show which add-ons a server has.", BY_HAND)
    rival = next((other for other in others if _rivals(other, entry)), None)
    if finding.sighting is Sighting.FOUND and rival is not None:
        message = f"{finding.message} But that can be the work of {rival.purchase.noun} {rival.reference} as well."
        finding = ReconcileFinding(Sighting.UNCLEAR, message, BY_HAND)
    return replace(finding, servers=listed_servers(server))


def _whole(entry: Entry, listing: OwnedListing) -> bool:
    """Tell whether every other server of the account is still listed.

    Only then is a missing server a sign: a list can be cut short, and an empty one may never have been filled.
    """
    listed = {server.id for server in listing.servers}
    others = set(entry.before or ()) - {name for name, _ in entry.purchase.servers}
    return entry.before is not None and bool(listed) and others <= listed


def _has_ended(
    change: Cancellation, server: OwnedServer | None, minutes: int | None, *, complete: bool
) -> ReconcileFinding:
    gone = server is None or server.ended
    if change.when is CancelWhen.AT_END_OF_PERIOD:
        state = "It has ended; whether through this cancellation," if gone else "It is listed as before, and"
        words = f"{state} the list does not show: a server that is cancelled for later looks like any other there."
        return ReconcileFinding(Sighting.UNCLEAR, words, BY_HAND)
    if server is None and not complete:
        words = (
            "The server is not listed any more, but the list is empty or lacks other servers too: it says nothing."
        )
        return ReconcileFinding(Sighting.UNCLEAR, words, BY_HAND)
    if server is None:
        return ReconcileFinding(Sighting.FOUND, "The server is not listed any more: it was cancelled.")
    if gone:
        return ReconcileFinding(Sighting.FOUND, f"The server is {server.status}: it was cancelled.")
    return _is_unchanged(f"The server is still {server.status or 'listed'}", minutes, BY_HAND)


def _has_new_plan(change: PlanChange, server: OwnedServer | None, minutes: int | None) -> ReconcileFinding:
    if server is None:
        return ReconcileFinding(Sighting.UNCLEAR, "The server is not listed any more.", BY_HAND)
    before, wanted = change.server.plan, change.plan_name
    if not (server.plan and before and wanted):
        return ReconcileFinding(Sighting.UNCLEAR, "The list does not name the plans, so it shows nothing.", BY_HAND)
    if server.plan == wanted and server.plan != before:
        return ReconcileFinding(Sighting.FOUND, f"The server's plan is {wanted} now.")
    if server.plan == before:
        hint = f"{UNPAID} Then settle it by hand." if change.kind is ChangeKind.UPGRADE else BY_HAND
        return _is_unchanged(f"The server's plan is still {before}", minutes, hint)
    return ReconcileFinding(Sighting.UNCLEAR, f"The server's plan is {server.plan}, which is neither.", BY_HAND)


def _is_unchanged(words: str, minutes: int | None, hint: str) -> ReconcileFinding:
    if minutes is None:
        return ReconcileFinding(Sighting.NOT_YET, f"{words}. {NO_CLOCK}", hint)
    if minutes < GRACE_MINUTES:
        return not_yet(words, minutes, hint)
    return ReconcileFinding(Sighting.ABSENT, f"{words}, {since(minutes)} it was sent.", hint)


def _rivals(other: Entry, entry: Entry) -> bool:
    """Tell whether `other` may have done to the server what `entry` was to do."""
    if not (other.purchase.touches(entry.purchase) or other.purchase.repeats(entry.purchase)):
        return False
    placed = other.outcome.kind is OutcomeKind.PLACED
    return other.unsettled or other.live or (placed and sent_later(other, entry))


async def _price_again(session: Session, change: Change) -> str:
    """Return what the provider answers now to the question for the price: no more than a hint."""
    try:
        quote: ChangeQuote = await session.quote_change(change)
    except VpsTuiError as error:
        return f"Asked for the price again, it says: {error.message} That may mean that the change was made."
    if not quote.available or quote.inapplicable:
        return "Asked for the price again, it says that the change cannot be had: that may mean that it was made."
    return "Asked for the price again, it still names one: that may mean that the change was not made."


def listed_servers(server: OwnedServer | None) -> tuple[Server, ...]:
    """Return `server` as a list of servers has it, nothing where there is none."""
    if server is None:
        return ()
    name = server.display_name if server.display_name != server.id else ""
    return (Server(server.id, name, server.plan, server.location, server.status, server.address, server.created),)
