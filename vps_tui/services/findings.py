"""What a list of the provider says about a paid call whose reply was lost, and the rules that hold for every one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from vps_tui.journal import Entry, Journal
from vps_tui.providers.models import Server

GRACE = timedelta(minutes=15)
"""How long "not listed" says nothing: an order can exist before the list of servers knows it."""

GRACE_MINUTES: Final = int(GRACE.total_seconds() // 60)

NO_CLOCK = "The provider does not state its time, so it is not known how long ago it was sent: this proves nothing."


class Sighting(StrEnum):
    """What a list of servers says about one order."""

    UNDER_WAY = "under way"
    """Another process has not had its answer yet, so nothing was looked at."""
    FOUND = "found"
    NOT_YET = "not yet"
    ABSENT = "absent"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class ReconcileFinding:
    """What was found, and how to say it."""

    sighting: Sighting
    message: str
    hint: str = ""
    servers: tuple[Server, ...] = ()
    """Those that can be the order's."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What the provider lists now."""

    servers: tuple[Server, ...]
    finding: ReconcileFinding | None
    """What that says about an order that was not known; None where none was."""
    entry: Entry | None
    """The order as the journal has it after the look."""


async def other_entries(journal: Journal, entry: Entry) -> list[Entry]:
    """Return every entry but `entry`; read after the list, so that no later order's servers count as its own."""
    return [other for other in await asyncio.to_thread(journal.entries) if other.reference != entry.reference]


def minutes_since_sent(entry: Entry, at: datetime | None) -> int | None:
    """Return the minutes since `entry` was sent by the provider's clock; None where that is not known for both."""
    if entry.server_time is None or at is None:
        return None
    return max(0, int((at - entry.server_time).total_seconds() // 60))


def sent_later(other: Entry, entry: Entry, margin: timedelta = timedelta(0)) -> bool:
    """Tell whether `other` was sent after `entry` or less than `margin` before; true where no clock tells."""
    if other.server_time is None or entry.server_time is None:
        return True
    return other.server_time + margin >= entry.server_time


def not_yet(words: str, minutes: int, hint: str) -> ReconcileFinding:
    """Return the finding that `words` say nothing so soon after the call."""
    return ReconcileFinding(
        Sighting.NOT_YET, f"{words}, {since(minutes)} it was sent: that says nothing so far.", hint
    )


def since(minutes: int) -> str:
    """Return how long after something it is, to be followed by what that was."""
    return "less than a minute after" if minutes == 0 else f"{minutes} min after"
