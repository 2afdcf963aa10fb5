"""What was repaired in what a person gave for the servers of an order, and what to know of it before it is sent."""

from __future__ import annotations

from collections.abc import Iterator

from vps_tui.core.draft import ServerDraft
from vps_tui.core.order_servers import join_names, server_label
from vps_tui.wizard.state import WizardState


def input_notes(state: WizardState) -> list[str]:
    """Return what was repaired in what was given for the servers, and what to know of it before it is ordered."""
    found: dict[str, list[str]] = {}
    servers = state.to_order().servers
    for index, server in enumerate(servers):
        for note in _script_notes(server):
            found.setdefault(note, []).append(server_label(state.draft, index))
    return [
        note if len(labels) == len(servers) else f"{join_names(labels)}: {note}" for note, labels in found.items()
    ]


def _script_notes(server: ServerDraft) -> Iterator[str]:
    if server.startup_script:
        from vps_tui.core.startup_script import warnings_of

        for words in (*server.script_repairs, *warnings_of(server.startup_script)):
            yield f"Start-up script: {words}"
