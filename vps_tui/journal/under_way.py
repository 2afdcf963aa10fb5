"""What is said of an order that a living process is working on: one sentence, wherever it is asked about."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vps_tui.core.errors import Consequence, UsageError
from vps_tui.core.text import clean, day
from vps_tui.journal.entry import State

if TYPE_CHECKING:
    from vps_tui.journal.entry import Entry


def words(state: State, since: datetime, owner: str, now: datetime | None = None) -> str:
    """Return the sentence, which begins in lower case: it follows the name of what is being sent."""
    process = f"{clean(owner)}{_is_stopped(owner)}"
    if state is State.PREPARED:
        return f"being prepared since {_time(since, now)} by {process}; nothing has been sent yet; ask again later."
    return f"being sent since {_time(since, now)} by {process}; ask again later."


def of(entry: Entry) -> str:
    """Return the sentence about `entry`, which is live."""
    return words(entry.state, entry.sent or entry.created, entry.owner)


def describe_sender(entry: Entry) -> str:
    """Return the sentence with what is being sent before it."""
    noun, names = entry.purchase.noun, clean(", ".join(entry.purchase.names))
    return f"{noun[:1].upper()}{noun[1:]} {entry.reference} ({names}): {of(entry)}"


def refusal(entry: Entry) -> UsageError:
    return UsageError(describe_sender(entry), title="Not settled", money=Consequence.UNTOUCHED)


def _time(moment: datetime, now: datetime | None) -> str:
    moment, now = moment.astimezone(UTC), (now or datetime.now(UTC)).astimezone(UTC)
    before = "" if moment.date() == now.date() else f"{day(moment)}, "
    return f"{before}{moment:%H:%M:%S} UTC"


def _is_stopped(owner: str) -> str:
    """Return what lets a stopped process of this machine go on: it is alive, and sends nothing until then."""
    found = re.fullmatch(r".*@(.+), process ([0-9]{1,10})", owner)
    if found is None or found[1] != os.uname().nodename:
        return ""
    try:
        state = Path(f"/proc/{found[2]}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""
    return f", which is stopped (kill -CONT {found[2]} lets it go on)" if state in ("T", "t") else ""
