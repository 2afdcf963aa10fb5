"""How an order's servers are called in words."""

from __future__ import annotations

from vps_tui.core.draft import Draft

MOST_NAMES = 6
"""Names that are said one by one in a line."""


def server_label(draft: Draft, index: int) -> str:
    """Return what one server of an order is called: its name, with its number where that tells them apart."""
    all_names, name = [server.name for server in draft.servers], draft.servers[index].name
    if name and all_names.count(name) == 1:
        return name
    return f"{index + 1}. {name}" if name else f"Server {index + 1}"
