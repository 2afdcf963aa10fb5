"""Question: who to order from."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.services.backend import Backend
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.state import WizardState

HELP = (
    "vps-tui orders a server from one of these providers, in your own account with them. "
    "You are asked for everything step by step, see the whole price, and nothing is bought "
    "until you type yes at the end."
)
EARLIER = "Earlier orders"
"""The words for looking at what was ordered before; offered where there is something to look at."""
OWNED = "Your servers"
"""The words for changing a server that one has."""
COLUMNS = (Column("PROVIDER"), Column("WHAT THEY OFFER", flexible=True))


def heading(state: WizardState | None = None) -> tuple[str, str]:
    """Return the question and a line that helps to answer it."""
    if state is not None and state.changing is not None:
        return "At which provider are your servers?", "Nothing is changed before you confirm it at the end."
    return "Where do you want to order a server?", "Nothing is bought before you type yes at the end."


def choices(backend: Backend) -> list[Choice]:
    """Return the providers."""
    return [Choice(info.id, (info.name, info.summary)) for info in backend.providers()]


def chosen(state: WizardState) -> str:
    """Return the id of the provider that was chosen before, else of the one last ordered from; empty for none."""
    return state.info.id if state.info else next((entry.purchase.provider for entry in state.latest), "")


def answer(state: WizardState, backend: Backend, choice_id: str) -> WizardState:
    """Return the state for ordering from that provider, or for the servers that one has there if those are meant."""
    info = next(info for info in backend.providers() if info.id == choice_id)
    return replace(
        state.with_provider(info, credentials_known=backend.credentials_known(info)), changing=state.changing
    )
