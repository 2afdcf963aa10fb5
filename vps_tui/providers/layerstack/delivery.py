"""How far LayerStack has come with an order's servers: its list of servers, filtered by label, is all that tells."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.providers.delivery import Awaited, Delivery, of_listing
from vps_tui.providers.layerstack.account import LayerStackAccount


async def deliveries(account: LayerStackAccount, awaited: Awaited) -> tuple[Delivery, ...]:
    """Return how far every server is (Cloud Server, list, query `label`; no document shows a state in it)."""
    names = list(dict.fromkeys(server.name for server in awaited.draft.servers))
    listings = [await account.listed({"label": name}) for name in names]
    found = {server.id: server for listing in listings for server in listing.servers if server.name in names}
    # Ids grow: the order of the ids is that in which they were made.
    listed = sorted(found.values(), key=lambda server: (len(server.id), server.id))
    known = tuple(one for one in awaited.service_ids if one in found)
    # Which kind of id an order's answer has is in no document: one that the list does not know is no server's.
    awaited = replace(awaited, service_ids=known)
    return of_listing(awaited, listed, account.info.name, account.info.panel)
