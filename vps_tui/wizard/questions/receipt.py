"""What became of the order, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vps_tui.core.draft import Draft
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.service_ids import matched, wanted, without_service
from vps_tui.providers.models import Server
from vps_tui.services.reconcile import GRACE, LOOK_EVERY, draft_of
from vps_tui.wizard import summary
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.journal import Entry
    from vps_tui.services.reconcile import Looked

HELP = (
    "Placed: the provider took the order. Not ordered: it certainly did not. Not known: the reply was lost; the "
    "provider's list of servers is looked at for it, and you can say yourself what its panel shows."
)
WAITING_FOR = "its list of servers"
LOOKING = f"It is looked for every {LOOK_EVERY:.0f} seconds."
SETTLE_TITLE = "What have you found?"
SURE = (OutcomeKind.REFUSED, OutcomeKind.NOT_SENT)
"""Outcomes after which it can be ordered again without further ado."""


def outcome_of(state: WizardState) -> Outcome:
    """Return the outcome that the receipt is about."""
    if state.outcome is None:
        raise RuntimeError("the receipt needs an outcome")
    return state.outcome


def panel(state: WizardState) -> str:
    """Return where a person finds orders on the provider's own site."""
    return state.info.panel if state.info else "the provider's site"


def heading(state: WizardState) -> tuple[str, str]:
    """Return the outcome in words, and the first thing to know about it."""
    outcome = outcome_of(state)
    if outcome.kind is OutcomeKind.PLACED:
        return outcome.kind.headline, _payment(outcome, panel(state))
    if outcome.kind is OutcomeKind.UNKNOWN:
        names = summary.names(state.draft)
        return outcome.kind.headline, f"{names}: do not order it again before you know what became of it."
    return outcome.kind.headline, "Nothing was bought."


def next_label(state: WizardState) -> str:
    """Return in words what one would do next."""
    kind = outcome_of(state).kind
    if kind is OutcomeKind.UNKNOWN:
        return "Look now"
    if kind is OutcomeKind.PLACED:
        return "What is listed?"
    return "Change and order again" if state.catalog else "Order something"


def message(state: WizardState) -> list[str]:
    """Return what the outcome says, and what to do."""
    outcome = outcome_of(state)
    return [text for text in (outcome.message, outcome.hint) if text]


def delivery(state: WizardState) -> str:
    """Return what to look for after an order that was taken, empty after another one."""
    if outcome_of(state).kind is not OutcomeKind.PLACED or state.info is None:
        return ""
    shared = state.info.shared_name_note if len(wanted(state.draft)) > 1 else ""
    return f"{state.info.delivery_help} {shared}".strip()


def pairs(state: WizardState) -> list[tuple[str, str]]:
    """Return the order's numbers and what it buys."""
    outcome, entry = outcome_of(state), state.entry
    quote = entry.purchase.quote if entry else {}
    found = [
        ("Order", outcome.order_id),
        ("Invoice", outcome.invoice_id),
        *(("Service", words) for words in summary.services(state.draft, outcome)),
        ("Due at once", summary.due_at_once(quote) if quote else ""),
        ("Recorded as", entry.reference if entry else ""),
        ("Sent", f"{entry.sent.astimezone():%d %b %Y %H:%M %Z}" if entry and entry.sent else ""),
        *(entry.purchase.bought if entry else summary.bought(state)),
    ]
    return [(label, value) for label, value in found if value]


def values(state: WizardState, servers: Sequence[Server]) -> list[tuple[str, str]]:
    """Return what one may want elsewhere: ids, and the address where `servers`, the provider's list, has it."""
    outcome, entry = outcome_of(state), state.entry
    names = {service: name for name, service in matched(state.draft, outcome.service_ids)} if state.several else {}
    found = [
        *(("Server", name) for name in dict.fromkeys(server.name for server in state.draft.servers)),
        ("Order", outcome.order_id),
        ("Invoice", outcome.invoice_id),
        *((f"Service {names.get(service, '')}".rstrip(), service) for service in outcome.service_ids),
        ("Recorded as", entry.reference if entry else ""),
    ]
    ordered = {server.name for server in state.draft.servers}
    for server in servers if outcome.kind is OutcomeKind.PLACED else ():
        if server.address and (server.id in outcome.service_ids or server.name in ordered):
            of_which = f" {names.get(server.id, server.name)}" if state.several else ""
            found.append((f"Address{of_which}", server.address))
    return [(label, value) for label, value in found if value]


def draft_to_save(state: WizardState) -> Draft:
    """Return what was ordered."""
    return state.to_order() if state.catalog or state.entry is None else draft_of(state.entry)


def again(state: WizardState) -> WizardState:
    """Return the state for going back to the cost of what was certainly not taken."""
    return replace(state, outcome=None, entry=None, repeated=(), again="")


def settled(state: WizardState, entry: Entry) -> WizardState:
    """Return the state now that it is known what became of its order."""
    return replace(state, entry=entry, outcome=entry.outcome)


def looked(state: WizardState, found: Looked, unsettled: str = LOOKING) -> list[str]:
    """Return in words what a look at the provider's list has shown, with what follows while that settles nothing."""
    name = state.info.name if state.info else "the provider"
    if found.finding is not None:
        words = f"{found.finding.message} {found.finding.hint}".rstrip()
        if found.entry is not None and found.entry.unsettled:
            words += f" {unsettled}"
    else:
        words = f"{name} lists:" if found.servers else f"{name} lists no such server yet. Look again later."
    ids, plans = outcome_of(state).service_ids, {server.id: server.plan for server in found.servers}
    pairs = matched(state.draft, ids, plans)
    names = {service: name for name, service in pairs if service} if len(pairs) > 1 else {}
    shown = found.servers[-max(3, len(wanted(state.draft))) :]
    rows = (f"  {_row(server)}{f' - {names[server.id]}' if server.id in names else ''}" for server in shown)
    return [words, *rows, *(without_service(state.draft, ids, plans) if ids else [])]


def look_failed(state: WizardState) -> str:
    """Return what a failed look means for the order."""
    unknown = outcome_of(state).kind is OutcomeKind.UNKNOWN
    return "It is still not known whether it was ordered." if unknown else "The order stands as it is."


def findings(entry: Entry) -> tuple[str, str]:
    """Return the words for having found what was sent, and for certainly not having found it."""
    if entry.purchase.is_order:
        return "It is there", "It is not there"
    return "It was made", "It was not made"


def settle_hints(entry: Entry, where: str) -> list[str]:
    """Return what to look for in `where`, the provider's panel, and whether it is too early to be sure."""
    sent = entry.sent or entry.created
    names = ", ".join(entry.purchase.names)
    when = f"{sent.astimezone():%H:%M %Z on %d %b}"
    found = [f"Look in {where} for an order, an invoice or a server from {when} ({names})."]
    if not entry.purchase.is_order:
        found = [f"Look in {where} whether the {entry.purchase.noun} of {names}, sent at {when}, was made."]
    if datetime.now(UTC) - sent < GRACE:
        found.append("It was sent a short while ago: it can still appear. If in doubt, wait.")
    return found


def _payment(outcome: Outcome, where: str) -> str:
    if outcome.paid is True:
        return "The invoice is paid."
    if outcome.paid is False:
        return f"The invoice is NOT paid yet. Pay it in {where}; the server is made after that."
    return f"The provider did not say whether the invoice is paid. See {where}."


def _row(server: Server) -> str:
    parts = (server.id, server.name, server.plan, server.location, server.status, server.address)
    return "  ".join(part for part in parts if part)
