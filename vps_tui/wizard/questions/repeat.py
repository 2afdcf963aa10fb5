"""Question: is buying the same once more really meant."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.journal import Repeated
from vps_tui.wizard.state import WizardState

HELP = (
    "The same server has been ordered from this account, or an order for it may have been taken. Ordering it "
    "again can buy it twice."
)
WORD = "again"
QUESTION = "Type again to order it once more, then Enter:"
EXPECTED = "Nothing was ordered. Type the word again to go on"
WAIT = "Nothing can be ordered beside it: go back, and ask again later."


def heading(state: WizardState) -> tuple[str, str]:
    """Return the title and what going on would do."""
    if live(state):
        return "This is being ordered now", "Nothing can be ordered beside it."
    if unsettled(state):
        return "This may be ordered already", "It can be bought twice: find out first what became of it."
    return "You have ordered this already", "Going on buys a second one."


def message(state: WizardState) -> str:
    """Return what stands in the journal."""
    return Repeated(state.repeated).message


def unsettled(state: WizardState) -> bool:
    """Tell whether nobody knows what became of one of the earlier orders."""
    return any(entry.unsettled for entry in state.repeated)


def live(state: WizardState) -> bool:
    """Tell whether one of them is being sent at this moment: then there is no way on."""
    return any(entry.live for entry in state.repeated)


def answer(state: WizardState) -> WizardState:
    """Return the state with what is repeated on record."""
    return replace(state, again=",".join(entry.reference for entry in state.repeated))
