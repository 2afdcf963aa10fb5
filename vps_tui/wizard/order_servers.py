"""The servers of one order in the wizard: which one is described, and more or fewer of them."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.core import order_servers
from vps_tui.core.secret import RootPassword
from vps_tui.core.steps import Step, start_adding
from vps_tui.wizard.state import WizardState


def open_server(state: WizardState, index: int) -> WizardState:
    """Return the state at the lines of the server at `index`."""
    return replace(state, server_index=index).jump(Step.SERVER)


def with_another(state: WizardState) -> WizardState:
    """Return the state with one more server, at its first question; the location is that of the order."""
    draft = order_servers.add_server(state.draft, shared_name=state.shares_name)
    return replace(state, draft=draft, server_index=len(draft.servers) - 1, position=start_adding(state.position))


def with_copies(state: WizardState, index: int, copies: int) -> WizardState:
    """Return the state with `copies` of the server at `index` behind it, which have its root password too."""
    draft = order_servers.duplicate_server(state.draft, index, copies, shared_name=state.shares_name)
    passwords = _all_passwords(state)
    passwords[index:index] = [passwords[index]] * copies
    return replace(state, draft=draft, root_passwords=tuple(passwords), server_index=index + copies)


def without(state: WizardState, index: int) -> WizardState:
    """Return the state without the server at `index`; raises ValueError for the last one there is."""
    draft = order_servers.remove_server(state.draft, index)
    passwords = _all_passwords(state)
    del passwords[index]
    return replace(
        state, draft=draft, root_passwords=tuple(passwords), server_index=min(index, len(draft.servers) - 1)
    )


def most_copies(state: WizardState) -> int:
    """Return how many more servers the order has room for."""
    return order_servers.MAX_SERVERS - len(state.draft.servers)


def copy_names(state: WizardState, index: int, copies: int) -> list[str]:
    """Return the names that copies of the server at `index` would have."""
    draft = order_servers.duplicate_server(state.draft, index, copies, shared_name=state.shares_name)
    return [server.name for server in draft.servers[index + 1 : index + 1 + copies]]


def _all_passwords(state: WizardState) -> list[RootPassword]:
    missing = len(state.draft.servers) - len(state.root_passwords)
    return [*state.root_passwords, *[RootPassword()] * missing]
