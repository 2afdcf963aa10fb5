"""Question: what does the provider's panel show of an order or a change that is not known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vps_tui.services.findings import GRACE

if TYPE_CHECKING:
    from vps_tui.journal import Entry

TITLE = "What have you found?"


def answers(entry: Entry) -> tuple[str, str]:
    """Return the words for finding what was sent, and for certainly not finding it."""
    if entry.purchase.is_order:
        return "It is there", "It is not there"
    return "It was made", "It was not made"


def hints(entry: Entry, where: str) -> list[str]:
    """Return what to look for in `where`, the provider's panel, and whether it is too early to be sure."""
    sent = entry.sent or entry.created
    names = ", ".join(entry.purchase.names)
    when = f"{sent.astimezone():%H:%M %Z on %d %b}"
    found = [f"Look in {where} for an order, an invoice or a server from {when} ({names})."]
    if not entry.purchase.is_order:
        found = [f"Look in {where} whether the {entry.purchase.noun} of {names}, sent at {when}, was made."]
    if datetime.now(UTC) - sent < GRACE:
        found.append("It was sent a short while ago: it can still appear. If in doubt, wait.")
    return found
