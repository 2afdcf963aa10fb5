"""What became of a change, and what can be done about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vps_tui.core import change_words
from vps_tui.core.change_words import CHOOSE_AGAIN
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.server_change import Cancellation, ChangeKind
from vps_tui.services.reconcile import LOOK_EVERY
from vps_tui.wizard import summary
from vps_tui.wizard.change_state import ChangeDraft
from vps_tui.wizard.questions.owned_servers import changing, server
from vps_tui.wizard.questions.receipt import SURE, outcome_of, panel, settled
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.services.reconcile import Looked

__all__ = ["SURE", "outcome_of", "panel", "settled"]

HELP = (
    "The provider took the change, or it certainly did not, or that is not known because the reply was lost: then "
    "the provider's list of servers is looked at for it, and you can say yourself what its panel shows."
)
WAITING_FOR = "the server as it is listed now"
SERVERS = "Your servers"
LOOKING = f"It is looked at every {LOOK_EVERY:.0f} seconds."


def heading(state: WizardState) -> tuple[str, str]:
    """Return the outcome in words, and the first thing to know about it."""
    outcome, kind = outcome_of(state), _kind(state)
    title = change_words.headline_of(kind, outcome.kind)
    one = server(state).display_name
    if outcome.kind is OutcomeKind.UNKNOWN:
        return title, f"{one}: do not try it again before you know what became of it."
    if outcome.kind is not OutcomeKind.PLACED:
        return title, f"{one} is as it was."
    if kind is ChangeKind.UPGRADE and outcome.paid is not True:
        return title, f"{one}: see in {panel(state)} whether the invoice is paid."
    return title, one


def next_label(state: WizardState) -> str:
    """Return in words what one would do next."""
    kind = outcome_of(state).kind
    if kind is OutcomeKind.UNKNOWN:
        return "Look now"
    if kind is OutcomeKind.PLACED:
        return "What is listed?"
    return "Back to the price" if can_try_again(state) else SERVERS


def can_try_again(state: WizardState) -> bool:
    """Tell whether a change that was certainly not made can be gone back to.

    Not where the server has changed since: its price would be asked for as if it had not, and stopped each time.
    """
    outcome = outcome_of(state)
    return outcome.kind in SURE and outcome.hint != CHOOSE_AGAIN and changing(state).offered is not None


def message(state: WizardState) -> list[str]:
    """Return what the outcome says, and what to do."""
    outcome = outcome_of(state)
    return [text for text in (outcome.message, outcome.hint) if text]


def pairs(state: WizardState) -> list[tuple[str, str]]:
    """Return the numbers of the change, what it changes and what it was to cost."""
    outcome, entry, quote = outcome_of(state), state.entry, changing(state).quote
    recorded = entry.purchase.quote if entry is not None else {}
    due = summary.due_at_once(recorded) if recorded.get("due_now") and _charges(state) else ""
    found = [
        ("Order", outcome.order_id),
        ("Invoice", outcome.invoice_id),
        ("Due at once", due),
        *((change_words.money(quote)[1:]) if quote is not None and outcome.kind is OutcomeKind.PLACED else []),
        ("Recorded as", entry.reference if entry else ""),
        ("Sent", f"{entry.sent.astimezone():%d %b %Y %H:%M %Z}" if entry and entry.sent else ""),
        *(entry.purchase.bought if entry else change_words.described(changing(state).change)),
    ]
    return [(label, value) for label, value in found if value]


def values(state: WizardState) -> list[tuple[str, str]]:
    """Return what one may want elsewhere."""
    outcome, one = outcome_of(state), server(state)
    found = [
        ("Server", one.display_name),
        ("Id", one.id),
        ("Order", outcome.order_id),
        ("Invoice", outcome.invoice_id),
        ("Recorded as", state.entry.reference if state.entry else ""),
    ]
    return [(label, value) for label, value in found if value]


def again(state: WizardState) -> WizardState:
    """Return the state for going back to the price of what was certainly not made."""
    cleared = replace(changing(state), quote=None)
    return replace(state, outcome=None, entry=None, repeated=(), again="", changing=cleared)


def to_servers(state: WizardState) -> WizardState:
    """Return the state for choosing a server anew; the one of this change is highlighted."""
    return replace(
        state,
        outcome=None,
        entry=None,
        repeated=(),
        again="",
        changing=ChangeDraft(server=changing(state).server),
    )


def look_failed(state: WizardState) -> str:
    """Return what a failed look means for the change."""
    if outcome_of(state).kind is OutcomeKind.UNKNOWN:
        return "It is still not known whether it was made."
    return "It stands as it is."


def looked(state: WizardState, found: Looked, unsettled: str) -> list[str]:
    """Return in words what a look at the provider's list has shown, with what follows while that settles nothing."""
    if found.finding is not None:
        words = f"{found.finding.message} {found.finding.hint}".rstrip()
        if found.entry is not None and found.entry.unsettled:
            words = f"{words} {unsettled}".rstrip()
        return [words]
    name = state.info.name if state.info else "the provider"
    if not found.servers:
        return [f"{name} does not list the server any more."]
    one = found.servers[0]
    parts = (one.id, one.name, one.plan, one.location, one.status, one.address)
    return [f"{name} lists it now as:", f"  {'  '.join(part for part in parts if part)}"]


def last_words(state: WizardState, *, sandbox: bool) -> list[str]:
    """Return what should stay on the terminal: what became of the change, and where to look later."""
    outcome, entry, info = outcome_of(state), state.entry, state.info
    where = f"{info.name if info else ''}{' (sandbox: nothing was changed)' if sandbox else ''}"
    ids = (("order", outcome.order_id), ("invoice", outcome.invoice_id))
    numbers = "  ".join(f"{label} {value}" for label, value in ids if value)
    line = f"{server(state).display_name}: {change_words.headline_of(_kind(state), outcome.kind)}. {where}"
    found = [f"{line}  {numbers}".rstrip(), *message(state)]
    if entry is not None:
        command = f"vps-tui {'--sandbox ' if sandbox else ''}orders {'check' if entry.unsettled else 'show'}"
        found.append(f"Recorded as {entry.reference}: {command} {entry.reference}")
    return found


def _kind(state: WizardState) -> ChangeKind:
    return changing(state).change.kind


def _charges(state: WizardState) -> bool:
    return not isinstance(changing(state).change, Cancellation)
