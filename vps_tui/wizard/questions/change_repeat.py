"""Question: is making the same change once more really meant."""

from __future__ import annotations

from vps_tui.wizard.questions.owned_servers import changing
from vps_tui.wizard.questions.repeat import WORD, answer, live, message, unsettled
from vps_tui.wizard.state import WizardState

__all__ = ["EXPECTED", "HELP", "QUESTION", "WAIT", "WORD", "answer", "heading", "live", "message"]

HELP = (
    "The same has been done to this server from here, or it may have been done: then doing it again can be paid "
    "twice."
)
QUESTION = "Type again to go on all the same, then Enter:"
EXPECTED = "Nothing was changed. Type the word again to go on"
WAIT = "Nothing can be changed beside it: go back, and ask again later."


def heading(state: WizardState) -> tuple[str, str]:
    """Return the title and what going on would do."""
    noun = changing(state).change.kind.noun
    if live(state):
        return f"This {noun} is being made now", "Nothing can be changed beside it."
    if unsettled(state):
        return f"The {noun} may have been made already", "Find out first what became of it."
    return f"You have made this {noun} already", "Going on makes it once more."


def way_out(state: WizardState) -> str:
    """Return how to find out what became of it, or how not to make it twice."""
    if live(state):
        return WAIT
    if unsettled(state):
        return "To find out, leave with Ctrl+Q and start again: the wizard opens with it."
    return "If you did not mean to make it once more, go back or leave."
