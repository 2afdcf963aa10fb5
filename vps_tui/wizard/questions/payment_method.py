"""Question: how the invoices are paid."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.state import WizardState

HELP = "The method is used for the first invoice and for all renewals. It can be changed later with the provider."
COLUMNS = (Column("PAYMENT METHOD"), Column("", flexible=True))


def heading() -> tuple[str, str]:
    """Return the question and a line that helps to answer it."""
    return "How do you want to pay?", "Used for the first invoice and all renewals."


def choices(state: WizardState) -> list[Choice]:
    """Return the methods."""
    methods = state.terms.payment_methods if state.terms else ()
    return [Choice(method.id, (method.name, method.detail)) for method in methods]


def answer(state: WizardState, choice_id: str) -> WizardState:
    """Return the state with that method."""
    return replace(state, draft=replace(state.draft, payment_method=choice_id))
