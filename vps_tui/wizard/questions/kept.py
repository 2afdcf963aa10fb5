"""What is said about the order that was left unfinished, when leaving and when coming back."""

from __future__ import annotations

from vps_tui.core.text import clean
from vps_tui.wizard.state import WizardState
from vps_tui.wizard.summary import names

RESUME_TITLE = "Go on with the order you left?"
LEAVE_TITLE = "Leave?"
LEAVING = "Nothing has been ordered. What you have chosen so far is kept: the next start offers it."
LEAVING_CHANGE = "Nothing has been changed about your server. What you have chosen here is not kept."


def offer(state: WizardState) -> tuple[str, str]:
    """Return in two sentences which order was left and what going on with it means."""
    name = clean(names(state.draft), 60)
    words = f"from {state.info.name if state.info else ''}{f' for {name}' if name else ''}"
    return (
        f"You left an unfinished order {words}. Going on buys nothing yet:",
        "its price and everything in it are looked up again first.",
    )


def leaving(state: WizardState) -> str:
    """Return what leaving means for what has been chosen."""
    return LEAVING if state.changing is None else LEAVING_CHANGE
