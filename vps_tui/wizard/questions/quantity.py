"""Question: how many servers of one kind, where the provider counts them."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.wizard.state import WizardState

HELP = "So many servers are bought, alike in everything: plan, image, add-ons, key, script and root password."
LABEL = "How many"


def heading(state: WizardState) -> tuple[str, str]:
    """Return the question, and what servers that are counted have in common."""
    return "How many servers like this one?", state.info.shared_name_note if state.info else ""


def problem(state: WizardState, text: str) -> str:
    """Return what is wrong with `text` as a number of servers, empty for nothing."""
    most = state.info.most_alike if state.info else 1
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return "" if 1 <= number <= most else f"Type a number from 1 to {most}."


def answer(state: WizardState, text: str) -> WizardState:
    """Return the state with that number; there may be no `problem` with it."""
    return state.with_server(replace(state.server, quantity=int(text)))
