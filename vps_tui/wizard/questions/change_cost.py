"""Question: is this what the change may cost, or lose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vps_tui.core import change_words
from vps_tui.core.server_change import ChangeKind, ChangeQuote
from vps_tui.core.steps import ChangeAction
from vps_tui.wizard.questions.owned_servers import changing, server
from vps_tui.wizard.state import WizardState

HELP = (
    "Now is what the change itself costs: asked of the provider where its API tells it, else reckoned here and "
    "marked with about. For are the days that this pays for, Then is each renewal from then on. It is asked for "
    "once more before the change is made, and nothing is changed if anything has moved."
)
CANCEL_HELP = "Nothing is charged for a cancellation. Read what is lost and when: this program cannot take it back."
PRICE, LOSS = "the price of the change", "what the cancellation means"


def heading(state: WizardState) -> tuple[str, str]:
    """Return the title."""
    one = server(state).display_name
    if changing(state).action is ChangeAction.CANCEL:
        return f"What cancelling {one} means", ""
    kind = changing(state).change.kind
    title = {ChangeKind.ADD_ON: "What the add-ons cost"}.get(kind, f"What the {kind.noun} costs")
    return f"{title} for {one}", ""


def help_text(state: WizardState) -> str:
    """Return what helps to read it."""
    return CANCEL_HELP if changing(state).action is ChangeAction.CANCEL else HELP


def waiting_for(state: WizardState) -> str:
    """Return what is being asked for."""
    return LOSS if changing(state).action is ChangeAction.CANCEL else PRICE


def received(state: WizardState, quote: ChangeQuote) -> WizardState:
    """Return the state with what the provider says now."""
    return replace(state, changing=replace(changing(state), quote=quote))


def money(state: WizardState) -> list[tuple[str, str]]:
    """Return what is paid now, for which days, and from then on."""
    quote = changing(state).quote
    return change_words.money(quote) if quote is not None and not problem(state) else []


def described(state: WizardState) -> list[tuple[str, str]]:
    """Return what is changed; add-ons by their titles."""
    offered = changing(state).offered
    titles = {one.id: one.title for one in offered.resources} if offered is not None else {}
    pairs: Sequence[tuple[str, str]] = change_words.described(changing(state).change)
    found = []
    for label, value in pairs:
        name, _, count = value.rpartition(" +")
        title = titles.get(name) if label == "Add" else None
        found.append((label, f"{title} ({name}) +{count}" if title else value))
    return found


def notes(state: WizardState) -> list[str]:
    """Return what has to be known about price and consequences."""
    quote = changing(state).quote
    return list(quote.notes) if quote is not None else []


def problem(state: WizardState) -> str:
    """Return why the change cannot be made at all, empty where it can."""
    quote = changing(state).quote
    if quote is None:
        return ""
    name = state.info.name if state.info else "The provider"
    if quote.inapplicable:
        return f"{name} says that the server cannot have this: {', '.join(quote.inapplicable)}. Nothing was changed."
    if not quote.available:
        return f"{name} says that this change is not available. Nothing was changed."
    return ""
