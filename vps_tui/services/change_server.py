"""From a change that was agreed to, to an outcome: look once more at the server and the price, make the one call.

How it is recorded and sent is `sending`'s, as for an order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from vps_tui.core import change_words
from vps_tui.core.change_documents import change_document, quote_document
from vps_tui.core.change_words import CHOOSE_AGAIN
from vps_tui.core.errors import UsageError, VpsTuiError
from vps_tui.core.offer_snapshot import Difference, PlanSnapshot
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.server_change import AddOnChange, Change, ChangeQuote, ChangesOffered, OwnedServer, PlanChange
from vps_tui.core.text import day
from vps_tui.journal import Journal, Purchase
from vps_tui.services.send_once import Announce, CallResult, Ready, carry_out
from vps_tui.services.session import Session

if TYPE_CHECKING:
    from vps_tui.core.spending_limit import SpendingLimit

LOOK_AGAIN = "Look at the price again before you confirm."


@dataclass(frozen=True, slots=True)
class Agreed:
    """A change that a person or a script has confirmed."""

    change: Change
    quote: ChangeQuote
    """As it was confirmed."""
    again: str = ""
    """References, separated by commas, of the changes that this one knowingly repeats."""
    ceiling: SpendingLimit | None = None
    shown: PlanSnapshot | None = None
    """The new plan as it was chosen from a list; None where none was."""

    @property
    def new_plan(self) -> PlanSnapshot | None:
        """The new plan as it was shown; None where the price enquiry tells nothing to compare it with."""
        return (self.shown or self.quote.plan) if self.quote.plan else None


def plan_shown(offered: ChangesOffered | None, change: Change) -> PlanSnapshot | None:
    """Return how `offered` describes the new plan of `change`; None where it has none."""
    plan = offered.plan(change.plan) if offered is not None and isinstance(change, PlanChange) else None
    return PlanSnapshot.of(plan) if plan is not None else None


def find_server(servers: tuple[OwnedServer, ...], word: str) -> OwnedServer:
    """Return the one server that `word` names by id, machine or name; raises `UsageError` for none and for several.

    An id comes first: no name can take a server's id away from it.
    """
    found = [server for server in servers if server.id == word] or [one for one in servers if one.is_named(word)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            "Several servers are called that.",
            hint=f"Say which by its id: {', '.join(server.id for server in found[:10])}.",
            money="Nothing was changed.",
        )
    known = ", ".join(f"{server.id} ({server.display_name})" for server in servers[:10])
    raise UsageError(
        "The account has no such server.",
        hint=f"It has: {known}{' and more' if len(servers) > 10 else ''}." if servers else "It has none at all.",
        title="No such server",
        money="Nothing was changed.",
    )


def purchase(agreed: Agreed, account: str, request: str) -> Purchase:
    """Return what `agreed` with `account` is in the journal's terms; `request` is what its call says."""
    change = agreed.change
    return Purchase(
        provider=change.server.provider,
        account=account,
        digest=sha256(request.encode()).hexdigest(),
        order_file="",
        quote=quote_document(change, agreed.quote),
        bought=tuple(change_words.described(change)),
        servers=tuple((change.server.id, target) for target in change.targets),
        kind=change.kind.value,
        change=change_document(change),
    )


def obstacle(agreed: Agreed, *, unknown_price_allowed: bool) -> Outcome | None:
    """Return why the change is not to be made at all, whoever confirms it; None when nothing stands in its way."""
    quote = agreed.quote
    refused = next(_refusals(agreed), None)
    if refused is not None:
        return refused
    if not quote.complete and not unknown_price_allowed:
        what = "The price is an estimate" if quote.total else "The price is not known"
        return Outcome(
            OutcomeKind.NOT_SENT,
            f"{what}, so it is not known what will be charged ({change_words.amount(quote)}).",
            "Add --allow-unknown-price to make the change all the same, with --max-total to keep a limit.",
        )
    return None


def _refusals(agreed: Agreed) -> Iterator[Outcome]:
    quote = agreed.quote
    if not quote.available:
        notes = " ".join(quote.notes)
        yield Outcome(OutcomeKind.NOT_SENT, f"The provider says that the change is not available. {notes}".rstrip())
    if quote.inapplicable:
        names = ", ".join(quote.inapplicable)
        yield Outcome(OutcomeKind.NOT_SENT, f"The server cannot have this, the provider says: {names}.")
    problem = agreed.ceiling.exceeded(quote.most, _measured(quote)) if agreed.ceiling and quote.charges else ""
    if problem:
        yield Outcome(OutcomeKind.NOT_SENT, problem, "Raise --max-total if that is what you want to pay.")


def _measured(quote: ChangeQuote) -> str:
    return "The most that this should come to" if quote.estimate else "What is charged now"


async def make(
    session: Session, journal: Journal, agreed: Agreed, *, announce: Announce = lambda _: None
) -> CallResult:
    """Make the change once and say what became of it; never raises for what the wire, the disk or the provider does.

    Cancelled before the call it is `not_sent`, cancelled later `unknown`; both are recorded.
    """
    refused = next(_refusals(agreed), None)
    if refused is not None:
        return CallResult(refused)
    return await carry_out(
        journal,
        lambda: purchase(agreed, session.account_name, session.change_text(agreed.change)),
        lambda: _make_ready(session, agreed),
        announce,
        again=agreed.again,
    )


async def _make_ready(session: Session, agreed: Agreed) -> Ready | Outcome:
    """Look once more at the server, then at the price: what is not as it was confirmed stops the change."""
    try:
        listing = await session.owned()
        problem = _server_changed(agreed.change, listing.server(agreed.change.server.id))
        if problem:
            return Outcome(OutcomeKind.NOT_SENT, problem, CHOOSE_AGAIN)
        now = await session.quote_change(agreed.change)
    except VpsTuiError as error:
        words = f"Server and price could not be looked at once more. {error.message}"
        return Outcome(OutcomeKind.NOT_SENT, words, error.hint)
    problem = change_words.moved(agreed.quote, now)
    if problem:
        return Outcome(OutcomeKind.NOT_SENT, problem, LOOK_AGAIN)
    problem, notes = change_words.new_plan_changed(agreed.new_plan, now.plan)
    if problem:
        # The price is the same: the plan is what has to be chosen again.
        return Outcome(OutcomeKind.NOT_SENT, problem, CHOOSE_AGAIN)
    call = await session.prepare_change(agreed.change, agreed.quote)
    before = tuple(server.id for server in listing.servers)
    return call if isinstance(call, Outcome) else Ready(call, before, listing.at, notes)


def _server_changed(change: Change, now: OwnedServer | None) -> str:
    """Say how the server is not the one any more for which the change was confirmed; empty where it is."""
    before = change.server
    if now is None:
        return "The account has no such server any more."
    if now.ended and not before.ended:
        return f"The server is {now.status} by now."
    if now.plan != before.plan and not isinstance(change, AddOnChange):
        return f"The server's plan has changed: {before.plan} when you confirmed, {now.plan} now."
    if (now.price, now.billing_cycle) != (before.price, before.billing_cycle):
        moved = Difference("Price", change_words.cost(before), change_words.cost(now))
        return f"What the server costs has changed since you confirmed. {moved}"
    if now.next_due != before.next_due:
        old, new = (day(one.next_due) if one.next_due else "not told" for one in (before, now))
        moved = Difference("Due", old, new)
        return f"The day on which the server is due has changed since you confirmed. {moved}"
    return ""
