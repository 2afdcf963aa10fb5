"""What servers were called when they were ordered from here: EDIS Global lists machines by ids of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.order_servers import certain_names
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.server_change import OwnedListing
from vps_tui.journal import Entry, Journal
from vps_tui.services.reconcile import draft_of
from vps_tui.services.session import Session


async def owned_by_name(session: Session, journal: Journal) -> OwnedListing:
    """Return the servers that the account has now, those without a name under the one they were ordered with.

    Raises `VpsTuiError`; a journal that cannot be read names none, and that is no reason to list none.
    """
    listing = await session.owned()
    try:
        entries = await asyncio.to_thread(journal.entries)
    except VpsTuiError:
        return listing
    return named(listing, entries, session.info.id, session.account_name)


def named(listing: OwnedListing, entries: Iterable[Entry], provider: str, account: str) -> OwnedListing:
    """Return `listing` with the names from those of `entries`, newest first, that `account` has placed.

    Where an order's servers have one plan nobody can tell which is which, and none of them is named.
    """
    names: dict[str, str] = {}
    plans = {one.id: one.plan for one in listing.servers}
    for entry in entries:
        bought = entry.purchase
        ours = (bought.provider, bought.account.casefold()) == (provider, account.casefold())
        if ours and bought.is_order and entry.outcome.kind is OutcomeKind.PLACED and entry.outcome.service_ids:
            known = certain_names(draft_of(entry.printable()), entry.outcome.service_ids, plans)
            names = {**known, **names}
    servers = (replace(one, name=one.name or names.get(one.id, "")) for one in listing.servers)
    return replace(listing, servers=tuple(servers))
