"""Question: order this, yes or not."""

from __future__ import annotations

from datetime import datetime

from vps_tui.wizard import summary
from vps_tui.wizard.state import WizardState

HELP = (
    "Typing yes and pressing Enter sends the order once and cannot be undone here. Anything else buys nothing. "
    "Pasted text is not taken as an answer."
)
WORD = "yes"
QUESTION = "Type yes to order, then Enter:"
EXPECTED = "Nothing was ordered. Type the word yes to order"


def heading(state: WizardState) -> tuple[str, str]:
    """Return the question: from whom, and with which account."""
    name = state.info.name if state.info else ""
    account = state.terms.account.name if state.terms else ""
    return f"Order this from {name}?", f"With the account {account}."


def money(state: WizardState, now: datetime) -> list[tuple[str, str]]:
    """Return what is paid now and at each renewal, and how."""
    pairs = summary.money_pairs(state, now)[:2]
    if state.catalog is not None and state.catalog.source:
        pairs.append(("Prices", state.catalog.source))
    return [*pairs, ("Payment", f"{summary.payment_method(state)}, for this and all renewals")]


def busy(state: WizardState) -> str:
    """Return what is said while the order is under way."""
    name = state.info.name if state.info else "the provider"
    return f"Ordering. Waiting for {name} to answer; this cannot be stopped now."
