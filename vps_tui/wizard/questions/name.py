"""Question: the server's name."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.core.hostnames import normalised
from vps_tui.wizard.state import WizardState

HELP = (
    "Letters a-z, digits and hyphens; dots between the parts of a full name. "
    "The name is your own choice and need not exist in DNS."
)
FIELD_HELP = "Letters, digits, hyphens and dots."


def heading(state: WizardState) -> tuple[str, str]:
    """Return the question and what the provider says about names."""
    if state.shares_name and state.several:
        return f"{label(state)} of all servers of this order", state.info.shared_name_note if state.info else ""
    return f"{label(state)} of the server", state.info.name_help if state.info else ""


def label(state: WizardState) -> str:
    """Return what the provider calls it: Hostname, Label."""
    return state.info.name_word if state.info else "Name"


def typed(state: WizardState, text: str) -> WizardState:
    """Return the state with the name as it stands, good or not."""
    return state.with_server(replace(state.server, name=text))


def problem(state: WizardState, text: str) -> str:
    """Return what is wrong with `text` as a name, also beside the order's other names; empty for nothing."""
    if state.info is None:
        return ""
    name = normalised(text)
    clash = None if state.shares_name else state.name_clash(name)
    if clash is not None:
        return f"Server {clash + 1} of this order is called that already: choose another name."
    return unfit(state, name)


def unfit(state: WizardState, text: str) -> str:
    """Return what is wrong with `text` as a name by itself: beside the others it may still grow into a good one."""
    return (state.info.name_problem(normalised(text)) or "") if state.info else ""


def answer(state: WizardState, text: str) -> WizardState:
    """Return the state with `text` as the name; there may be no `problem` with it."""
    return typed(state, normalised(text))
