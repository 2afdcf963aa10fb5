"""What an order or a change came to, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vps_tui.core import change_words
from vps_tui.core.draft import Draft
from vps_tui.core.order_servers import expand_quantities, match_service_ids, without_service
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.server_change import Cancellation, ChangeKind
from vps_tui.core.steps import Step
from vps_tui.core.text import moment
from vps_tui.providers.models import Server
from vps_tui.services.reconcile import LOOK_EVERY, draft_of
from vps_tui.wizard import summary
from vps_tui.wizard.change_state import ChangeDraft
from vps_tui.wizard.questions.owned_servers import server
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.journal import Entry
    from vps_tui.services.findings import Looked

SERVERS = "Your servers"
SURE = (OutcomeKind.REFUSED, OutcomeKind.NOT_SENT)
"""Outcomes after which it can be tried again at once."""


@dataclass(frozen=True, slots=True)
class ReceiptWords:
    """What the receipt of an order, or of a change, calls things."""

    help_text: str
    waiting_for: str
    looking: str
    try_again: str
    not_known: str
    unmoved: str
    """What a failed look means for what was placed."""
    to_cost: str
    to_start: str
    """Where to go on from when it cannot be tried again."""
    other: str
    """What to do beside one that is not known."""


_ORDER = ReceiptWords(
    help_text="Placed: the provider took the order. Not ordered: it certainly did not. Not known: the reply was "
    "lost; the provider's list of servers is looked at for it, and you can say yourself what its panel shows.",
    waiting_for="its list of servers",
    looking=f"It is looked for every {LOOK_EVERY:.0f} seconds.",
    try_again="order it again",
    not_known="It is still not known whether it was ordered.",
    unmoved="The order stands as it is.",
    to_cost="Change and order again",
    to_start="Order something",
    other="Other order",
)
_CHANGE = ReceiptWords(
    help_text="The provider took the change, or it certainly did not, or that is not known because the reply was "
    "lost: then the provider's list of servers is looked at for it, and you can say yourself what its panel shows.",
    waiting_for="the server as it is listed now",
    looking=f"It is looked at every {LOOK_EVERY:.0f} seconds.",
    try_again="try it again",
    not_known="It is still not known whether it was made.",
    unmoved="It stands as it is.",
    to_cost="Back to the price",
    to_start=SERVERS,
    other="Something else",
)


def words_of(state: WizardState) -> ReceiptWords:
    """Return the words for what the receipt is about."""
    return _ORDER if state.changing is None else _CHANGE


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
    kind, subject = outcome_of(state).kind, _subject(state)
    if kind is OutcomeKind.UNKNOWN:
        again = words_of(state).try_again
        return _headline(state), f"{subject}: do not {again} before you know what became of it."
    if kind is OutcomeKind.PLACED:
        return _headline(state), _payment(state)
    return _headline(state), "Nothing was bought." if state.changing is None else f"{subject} is as it was."


def next_label(state: WizardState) -> str:
    """Return the words for the likely next action."""
    kind = outcome_of(state).kind
    if kind is OutcomeKind.UNKNOWN:
        return "Look now"
    if kind is OutcomeKind.PLACED:
        return "What is listed?"
    return words_of(state).to_cost if can_try_again(state) else words_of(state).to_start


def can_try_again(state: WizardState) -> bool:
    """Tell whether what was certainly not taken can be gone back to.

    Not where the server has changed since: its price would be asked for as if it had not, and stopped each time.
    """
    outcome, change = outcome_of(state), state.changing
    if change is None:
        return outcome.kind in SURE and state.catalog is not None
    return outcome.kind in SURE and outcome.hint != change_words.CHOOSE_AGAIN and change.offered is not None


def message(state: WizardState) -> list[str]:
    """Return what the outcome says, and what to do."""
    outcome = outcome_of(state)
    return [text for text in (outcome.message, outcome.hint) if text]


def delivery(state: WizardState) -> str:
    """Return what to look for after an order that was taken, empty after everything else."""
    placed = outcome_of(state).kind is OutcomeKind.PLACED
    if not placed or state.info is None or state.changing is not None:
        return ""
    shared = state.info.shared_name_note if len(expand_quantities(state.draft)) > 1 else ""
    return f"{state.info.delivery_help} {shared}".strip()


def pairs(state: WizardState) -> list[tuple[str, str]]:
    """Return the numbers, what it costs and what it buys or changes."""
    outcome, entry = outcome_of(state), state.entry
    found = [
        ("Order", outcome.order_id),
        ("Invoice", outcome.invoice_id),
        *(_services(state) if state.changing is None else []),
        ("Due at once", _due_at_once(state)),
        *_renewals(state),
        ("Recorded as", entry.reference if entry else ""),
        ("Sent", moment(entry.sent.astimezone()) if entry and entry.sent else ""),
        *(entry.purchase.bought if entry else _described(state)),
    ]
    return [(label, value) for label, value in found if value]


def values(state: WizardState, servers: Sequence[Server] = ()) -> list[tuple[str, str]]:
    """Return what is useful elsewhere: ids, and the address where `servers`, the provider's list, has it."""
    outcome, entry = outcome_of(state), state.entry
    names = (
        {service: name for name, service in match_service_ids(state.draft, outcome.service_ids)}
        if state.several
        else {}
    )
    ordered = list(dict.fromkeys(one.name for one in state.draft.servers))
    found = [("Server", name) for name in ordered]
    if state.changing is not None:
        found = [("Server", server(state).display_name), ("Id", server(state).id)]
    found += [("Order", outcome.order_id), ("Invoice", outcome.invoice_id)]
    if state.changing is None:
        found += [(f"Service {names.get(service, '')}".rstrip(), service) for service in outcome.service_ids]
    found.append(("Recorded as", entry.reference if entry else ""))
    for one in servers if outcome.kind is OutcomeKind.PLACED and state.changing is None else ():
        if one.address and (one.id in outcome.service_ids or one.name in ordered):
            of_which = f" {names.get(one.id, one.name)}" if state.several else ""
            found.append((f"Address{of_which}", one.address))
    return [(label, value) for label, value in found if value]


def draft_to_save(state: WizardState) -> Draft:
    """Return what was ordered."""
    return state.to_order() if state.catalog or state.entry is None else draft_of(state.entry)


def retry(state: WizardState) -> tuple[WizardState, Step]:
    """Return the state for going back to the cost of what was certainly not taken, and the step of that."""
    if state.changing is None:
        return _cleared(state, None), Step.COST
    return _cleared(state, replace(state.changing, quote=None)), Step.CHANGE_COST


def to_servers(state: WizardState) -> tuple[WizardState, Step]:
    """Return the state for choosing a server once more, the one of this change highlighted, and the step of that."""
    one = state.changing.server if state.changing is not None else None
    return _cleared(state, ChangeDraft(server=one)), Step.OWNED if state.facts.signed_in else Step.SIGN_IN


def with_entry(state: WizardState, entry: Entry) -> WizardState:
    """Return the state with the outcome of `entry`."""
    return replace(state, entry=entry, outcome=entry.outcome)


def look_result(state: WizardState, found: Looked, unsettled: str = "") -> list[str]:
    """Return in words what a look at the provider's list has shown, with what follows while that settles nothing."""
    name = state.info.name if state.info else "the provider"
    words = ""
    if found.finding is not None:
        words = f"{found.finding.message} {found.finding.hint}".rstrip()
        if found.entry is not None and found.entry.unsettled:
            words += f" {unsettled or words_of(state).looking}"
    if state.changing is None:
        nothing = f"{name} lists:" if found.servers else f"{name} lists no such server yet. Look again later."
        return [words or nothing, *_listed(state, found)]
    if words:
        return [words]
    if not found.servers:
        return [f"{name} does not list the server any more."]
    return [f"{name} lists it now as:", f"  {_row(found.servers[0])}"]


def look_failed(state: WizardState) -> str:
    """Return what a failed look means for the order or the change."""
    words = words_of(state)
    return words.not_known if outcome_of(state).kind is OutcomeKind.UNKNOWN else words.unmoved


def last_words(state: WizardState, *, sandbox: bool) -> list[str]:
    """Return what stays on the terminal: the outcome, and where to look later."""
    outcome, entry, is_order = outcome_of(state), state.entry, state.changing is None
    nothing = f" (sandbox: nothing was {'bought' if is_order else 'changed'})" if sandbox else ""
    ids = (
        ("order", outcome.order_id),
        ("invoice", outcome.invoice_id),
        ("service", ", ".join(value for _, value in _services(state)) if is_order else ""),
    )
    numbers = "  ".join(f"{label} {value}" for label, value in ids if value)
    line = f"{_subject(state)}: {_headline(state)}. {state.info.name if state.info else ''}{nothing}"
    found = [f"{line}  {numbers}".rstrip(), *message(state)]
    if entry is not None:
        command = f"vps-tui {'--sandbox ' if sandbox else ''}"
        see = f"{command}orders {'check' if entry.unsettled else 'show'} {entry.reference}"
        found.append(f"Recorded as {entry.reference}: {see}")
        if is_order and outcome.kind is OutcomeKind.PLACED:
            found.append(f"Until one can log in: {command}watch {entry.reference}")
    return found


def _subject(state: WizardState) -> str:
    """Return the servers by name."""
    return summary.names(state.draft) if state.changing is None else server(state).display_name


def _headline(state: WizardState) -> str:
    kind, change = outcome_of(state).kind, state.changing
    return kind.headline if change is None else change_words.headline_of(change.change.kind, kind)


def _payment(state: WizardState) -> str:
    """Return whether what was taken is paid; only an upgrade of all changes waits for that."""
    paid, where = outcome_of(state).paid, panel(state)
    if state.changing is not None:
        name = server(state).display_name
        waits = state.changing.change.kind is ChangeKind.UPGRADE and paid is not True
        return f"{name}: see in {where} whether the invoice is paid." if waits else name
    if paid is True:
        return "The invoice is paid."
    if paid is False:
        return f"The invoice is NOT paid yet. Pay it in {where}; the server is made after that."
    return f"The provider did not say whether the invoice is paid. See {where}."


def _services(state: WizardState) -> list[tuple[str, str]]:
    return [("Service", words) for words in summary.services(state.draft, outcome_of(state))]


def _due_at_once(state: WizardState) -> str:
    recorded = state.entry.purchase.quote if state.entry else {}
    if state.changing is not None and (
        isinstance(state.changing.change, Cancellation) or not recorded.get("due_now")
    ):
        return ""
    return summary.due_at_once(recorded) if recorded else ""


def _renewals(state: WizardState) -> list[tuple[str, str]]:
    """Return for which days a change that was taken pays, and what comes after them."""
    quote = state.changing.quote if state.changing is not None else None
    placed = outcome_of(state).kind is OutcomeKind.PLACED
    return change_words.money_lines(quote)[1:] if quote is not None and placed else []


def _described(state: WizardState) -> list[tuple[str, str]]:
    return summary.bought(state) if state.changing is None else change_words.describe_change(state.changing.change)


def _cleared(state: WizardState, change: ChangeDraft | None) -> WizardState:
    return replace(state, outcome=None, entry=None, repeated=(), acknowledged="", changing=change)


def _listed(state: WizardState, found: Looked) -> list[str]:
    """Return the order's servers as they are listed, with their names where the answer's ids tell them."""
    ids, plans = outcome_of(state).service_ids, {one.id: one.plan for one in found.servers}
    pairs = match_service_ids(state.draft, ids, plans)
    names = {service: name for name, service in pairs if service} if len(pairs) > 1 else {}
    shown = found.servers[-max(3, len(expand_quantities(state.draft))) :]
    rows = (f"  {_row(one)}{f' - {names[one.id]}' if one.id in names else ''}" for one in shown)
    return [*rows, *(without_service(state.draft, ids, plans) if ids else [])]


def _row(one: Server) -> str:
    parts = (one.id, one.name, one.plan, one.location, one.status, one.address)
    return "  ".join(part for part in parts if part)
