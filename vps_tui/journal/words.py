"""The outcome of an entry of the journal, in words."""

from __future__ import annotations

from vps_tui.core.change_words import DONE, headline_of
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.server_change import ChangeKind
from vps_tui.journal.entry import Purchase


def headline(purchase: Purchase, outcome: OutcomeKind) -> str:
    """Return the outcome of an order or a change, as its receipt begins."""
    return outcome.headline if purchase.is_order else headline_of(ChangeKind(purchase.kind), outcome)


def short(purchase: Purchase, outcome: OutcomeKind) -> str:
    """Return the outcome of a change in a word or two, for a list."""
    kind = ChangeKind(purchase.kind)
    done = DONE[kind].lower()
    return {
        OutcomeKind.PLACED: "upgrade taken" if kind is ChangeKind.UPGRADE else done,
        OutcomeKind.REFUSED: f"not {done}",
        OutcomeKind.NOT_SENT: "not sent",
        OutcomeKind.UNKNOWN: "NOT KNOWN",
    }[outcome]
