"""What became of an order or a change whose reply was lost, whichever it is."""

from __future__ import annotations

import asyncio

from vps_tui.journal import Entry, Journal
from vps_tui.services.reconcile import ReconcileFinding, check_account, look_for_order, sending
from vps_tui.services.session import Session


async def look(session: Session, journal: Journal, entry: Entry) -> tuple[ReconcileFinding, Entry]:
    """Read what the provider lists now and settle `entry` if that is clear; raises `VpsTuiError`.

    Only finding the servers settles it: that something is not listed never proves that it was not ordered.
    Another account's list says nothing at all, so it is refused with `UsageError`. While another process waits for
    the answer, that process alone settles it.
    """
    if entry.live:
        for other in await asyncio.to_thread(journal.sent_elsewhere):
            if other.reference == entry.reference:
                return sending(other), other
        entry = await asyncio.to_thread(journal.entry, entry.reference)
    check_account(session, entry)
    if not entry.purchase.is_order:
        from vps_tui.services.reconcile_change import look_at_server

        return await look_at_server(session, journal, entry)
    return await look_for_order(session, journal, entry)
