"""What was ordered earlier: all of it as rows, one order in full, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from vps_tui.core.draft import Draft
from vps_tui.core.errors import UsageError, VpsTuiError
from vps_tui.core.outcome import OutcomeKind
from vps_tui.journal import Entry
from vps_tui.journal import words as journal_words
from vps_tui.journal.entry import printable
from vps_tui.providers.registry import MODULES, provider_info
from vps_tui.services.reconcile import draft_of
from vps_tui.wizard import summary
from vps_tui.wizard.questions import watching
from vps_tui.wizard.questions.choices import Choice, Column

if TYPE_CHECKING:
    from vps_tui.services.logins import WayIn

TITLE = "Earlier orders"
HINT = "Newest first. Enter shows one in full; nothing is ordered by looking."
NONE_YET = "Nothing has been ordered from here yet."
NOUN = "orders"
HELP = (
    "Every order that was about to be sent from this machine, and what became of it. From one of them you can "
    "follow its servers, look for one whose answer was lost, save it as an order file, or order the like again."
)
ORDER_HELP = (
    "What was ordered, when, by whom, and what became of it. Ordering again opens the wizard at the cost: the "
    "prices of today are looked up, the server gets another name, and nothing is bought before you type yes."
)
COLUMNS = (
    Column("WHEN"),
    Column("PROVIDER", spare=True),
    Column("SERVER", flexible=True),
    Column("OUTCOME"),
    Column("TOTAL", right=True),
    Column("REFERENCE"),
)
AGAIN_LABEL = "Order again"
AGAIN_HINT = "It opens at its cost, at the prices of today, and under another name."

_OUTCOMES = {
    OutcomeKind.PLACED: "ordered",
    OutcomeKind.REFUSED: "not ordered",
    OutcomeKind.NOT_SENT: "not sent",
    OutcomeKind.UNKNOWN: "NOT KNOWN",
}
_RECENT = timedelta(days=300)

SHOWN_NAMES = 2
"""Names of one order that stand in its row; the filter finds it by all of them."""


class HistoryAction(StrEnum):
    """What can be done with an earlier order."""

    RECEIPT = "receipt"
    """Go to its receipt, which looks for its servers."""
    SAVE = "save"
    """Save it as an order file."""
    AGAIN = "again"
    """Order the like again."""


def outcome(entry: Entry) -> str:
    """Return the outcome of `entry` in two words at most."""
    if entry.live:
        return "being sent" if entry.sent else "being prepared"
    kind = entry.outcome.kind
    return _OUTCOMES[kind] if entry.purchase.is_order else journal_words.short(entry.purchase, kind)


def choices(entries: Iterable[Entry], now: datetime | None = None) -> list[Choice]:
    """Return `entries` as rows, found by everything in them, by the whole date, and by order and service ids."""
    now = now or datetime.now(UTC)
    return [_row(entry, now) for entry in entries]


def heading(entry: Entry) -> tuple[str, str]:
    """Return the kind, the reference and the outcome."""
    noun, headline = entry.purchase.noun, journal_words.headline(entry.purchase, entry.outcome.kind)
    return f"{noun[:1].upper()}{noun[1:]} {entry.reference}: {outcome(entry)}", headline if not entry.live else ""


def message(entry: Entry) -> list[str]:
    """Return what its outcome says, and what is to be done."""
    found = [entry.outcome.message, entry.outcome.hint]
    if entry.outcome.paid is False:
        found.append("The invoice was NOT paid.")
    return [text for text in found if text]


def details(entry: Entry, ways: Sequence[WayIn] = ()) -> list[tuple[str, str]]:
    """Return everything that is recorded of an order: its numbers, what it bought, when and by whom.

    `ways` are those into its servers.
    """
    bought, ids = draft(entry) if entry.purchase.is_order else None, entry.outcome.service_ids
    services = summary.services(bought, entry.outcome) if bought is not None else [", ".join(ids)]
    found = [
        ("Order", entry.outcome.order_id),
        ("Invoice", entry.outcome.invoice_id),
        *(("Service", service) for service in services),
        *watching.recorded_values(ways),
        *entry.purchase.bought,
        *record(entry),
    ]
    return [(label, value) for label, value in found if value]


def record(entry: Entry) -> list[tuple[str, str]]:
    """Return from whom, for how much, when and by whom it was ordered, and how it was settled."""
    times = (("Prepared", entry.created), ("Sent", entry.sent), ("Answered", entry.finished))
    return [
        ("Provider", provider_name(entry.purchase.provider)),
        ("Account", entry.purchase.account),
        ("Due at once", summary.due_at_once(entry.purchase.quote)),
        *((label, time_of(moment)) for label, moment in times if moment),
        ("By", entry.owner),
        *([("Settled by", entry.settled_by)] if entry.settled_by else []),
        *([("Repeats", entry.again)] if entry.again else []),
        *([("Answer", entry.outcome.reply)] if entry.outcome.reply else []),
    ]


def actions(entry: Entry) -> tuple[HistoryAction, ...]:
    """Return what can be done with `entry`; what is being sent right now can only be looked at."""
    if entry.live or entry.purchase.provider not in MODULES:
        return ()
    followed = (HistoryAction.RECEIPT,) if entry.unsettled or entry.outcome.kind is OutcomeKind.PLACED else ()
    if not entry.purchase.is_order:
        return followed
    return (*followed, HistoryAction.SAVE, HistoryAction.AGAIN) if draft(entry) is not None else ()


def draft(entry: Entry) -> Draft | None:
    """Return what was ordered; None for what was no order of servers, or cannot be read any more."""
    try:
        found = draft_of(entry)
    except VpsTuiError:
        return None
    return found if found.server.plan else None


def receipt_label(entry: Entry) -> str:
    """Return the words for going to its receipt."""
    return "Look for it" if entry.unsettled else "Look after it"


def provider_name(provider_id: str) -> str:
    """Return a provider's name; the id itself of one that this version does not know."""
    try:
        return provider_info(provider_id).name
    except UsageError:
        return provider_id


def time_of(moment: datetime) -> str:
    """Return a moment in the local time, with its zone."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}".rstrip()


def _row(entry: Entry, now: datetime) -> Choice:
    created, purchase = entry.created.astimezone(), entry.purchase
    # As `ls -l` has it: the time of day while the year goes without saying, the year after that.
    recent = abs(now - entry.created) < _RECENT
    cells = (
        f"{created:%d %b %H:%M}" if recent else f"{created:%d %b  %Y}",
        provider_name(purchase.provider),
        _names(purchase.names),
        outcome(entry),
        summary.due_at_once(purchase.quote),
        entry.reference,
    )
    outcome_ids = (entry.outcome.order_id, entry.outcome.invoice_id, *entry.outcome.service_ids)
    ids = (*purchase.names, provider_name(purchase.provider), *outcome_ids)
    # Only what a row shows is made safe to draw: of thousands, all of each would take too long.
    return Choice(entry.reference, tuple(map(printable, cells)), search=" ".join((f"{created:%Y-%m-%d}", *ids)))


def _names(names: tuple[str, ...]) -> str:
    """Return the servers' names in the room of a cell: the first, and how many more there are."""
    shown = ", ".join(names[:SHOWN_NAMES])
    return shown if len(names) <= SHOWN_NAMES else f"{shown} +{len(names) - SHOWN_NAMES}"
