"""The outcome of an order or a change whose reply was lost, found out by reading."""

from __future__ import annotations

import asyncio

from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import Entry, Journal
from vps_tui.services.reconcile import ReconcileFinding, Sighting, check_account, examine_order, sending
from vps_tui.services.session import Session


async def look(session: Session, journal: Journal, entry: Entry) -> tuple[ReconcileFinding, Entry]:
    """Read what the provider lists now and settle `entry` if that is clear; raises `VpsTuiError`.

    Only what the list shows settles it: that something is not listed never proves that it was not ordered. Another
    account's list says nothing, so it is refused with `UsageError`. While another process waits for the answer, only
    that process settles it.
    """
    if entry.live:
        for other in await asyncio.to_thread(journal.sent_elsewhere):
            if other.reference == entry.reference:
                return sending(other), other
        entry = await asyncio.to_thread(journal.entry, entry.reference)
    check_account(session, entry)
    if entry.purchase.is_order:
        finding, words, service_ids = await examine_order(session, journal, entry)
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
