"""A change of a server as a paid task: its record, its checks just before the call, and the call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vps_tui.core import change_words
from vps_tui.core.catalog import Plan
from vps_tui.core.change_documents import change_document, quote_document
from vps_tui.core.change_words import CHOOSE_AGAIN
from vps_tui.core.errors import Consequence, UsageError, VpsTuiError
from vps_tui.core.offer_snapshot import Difference
from vps_tui.core.order_servers import certain_names
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.server_change import (
    AddOnChange,
    Change,
    ChangeQuote,
    ChangesOffered,
    OwnedListing,
    OwnedServer,
    PlanChange,
)
from vps_tui.core.text import day
from vps_tui.journal import Entry, Journal, Purchase
from vps_tui.services.paid_task import Checked, PaidTask, digest
from vps_tui.services.reconcile import draft_of
from vps_tui.services.session import Session

if TYPE_CHECKING:
    from vps_tui.core.money import Money
    from vps_tui.providers.protocol import PreparedCall

LOOK_AGAIN = "Look at the price again before you confirm."


@dataclass(frozen=True, slots=True)
class ChangeTask(PaidTask):
    """A change, with everything that was shown of it."""

    change: Change
    quote: ChangeQuote
    """As it was confirmed."""
    shown: Plan | None = None
    """The new plan as it was chosen from a list; None where none was."""

    @property
    def new_plan(self) -> Plan | None:
        """The new plan as it was shown; None where the price enquiry tells nothing to compare it with."""
        return (self.shown or self.quote.plan) if self.quote.plan else None

    @property
    def provider(self) -> str:
        return self.change.server.provider

    @property
    def charge(self) -> tuple[Money | None, str] | None:
        what = "The most that this should come to" if self.quote.estimate else "What is charged now"
        return (self.quote.most, what) if self.quote.charges else None

    def request(self, session: Session) -> str:
        return session.changer.change_text(self.change)

    def purchase(self, account: str, request: str) -> Purchase:
        change = self.change
        return Purchase(
            provider=self.provider,
            account=account,
            digest=digest(request),
            order_file="",
            quote=quote_document(change, self.quote),
            bought=tuple(change_words.describe_change(change)),
            servers=tuple((change.server.id, target) for target in change.targets),
            kind=change.kind.value,
            change=change_document(change),
        )

    def _obstacles(self, *, unknown_price_allowed: bool) -> Iterator[Outcome]:
        quote = self.quote
        if not quote.available:
            notes = " ".join(quote.notes)
            yield Outcome(
                OutcomeKind.NOT_SENT, f"The provider says that the change is not available. {notes}".rstrip()
            )
        if quote.inapplicable:
            names = ", ".join(quote.inapplicable)
            yield Outcome(OutcomeKind.NOT_SENT, f"The server cannot have this, the provider says: {names}.")
        yield from self._above_limit()
        if not quote.complete and not unknown_price_allowed:
            what = "The price is an estimate" if quote.total else "The price is not known"
            yield Outcome(
                OutcomeKind.NOT_SENT,
                f"{what}, so it is not known what will be charged ({change_words.amount(quote)}).",
                "Add --allow-unknown-price to make the change all the same, with --max-total to keep a limit.",
            )

    async def check(self, session: Session) -> Checked | Outcome:
        """Look once more at the server, then at the price: what is not as it was confirmed stops the change."""
        try:
            listing = await session.owned()
            problem = _server_changed(self.change, listing.server(self.change.server.id))
            if problem:
                return Outcome(OutcomeKind.NOT_SENT, problem, CHOOSE_AGAIN)
            now = await session.quote_change(self.change)
        except VpsTuiError as error:
            words = f"Server and price could not be looked at once more. {error.message}"
            return Outcome(OutcomeKind.NOT_SENT, words, error.hint)
        problem = change_words.describe_moves(self.quote, now)
        if problem:
            return Outcome(OutcomeKind.NOT_SENT, problem, LOOK_AGAIN)
        problem, notes = change_words.compare_new_plan(self.new_plan, now.plan)
        if problem:
            # The price is the same: the plan is what has to be chosen again.
            return Outcome(OutcomeKind.NOT_SENT, problem, CHOOSE_AGAIN)
        return Checked(tuple(server.id for server in listing.servers), listing.at, notes)

    async def prepare(self, session: Session) -> PreparedCall | Outcome:
        return await session.changer.prepare_change(self.change, self.quote)


def plan_shown(offered: ChangesOffered | None, change: Change) -> Plan | None:
    """Return how `offered` describes the new plan of `change`; None where it has none."""
    return offered.plan(change.plan) if offered is not None and isinstance(change, PlanChange) else None


def find_server(servers: tuple[OwnedServer, ...], word: str) -> OwnedServer:
    """Return the server with the id, machine or name `word`; an id comes first. Raises `UsageError`."""
    found = [server for server in servers if server.id == word] or [one for one in servers if one.is_named(word)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            "Several servers are called that.",
            hint=f"Say which by its id: {', '.join(server.id for server in found[:10])}.",
            money=Consequence.NOTHING_CHANGED,
        )
    known = ", ".join(f"{server.id} ({server.display_name})" for server in servers[:10])
    raise UsageError(
        "The account has no such server.",
        hint=f"It has: {known}{' and more' if len(servers) > 10 else ''}." if servers else "It has none at all.",
        title="No such server",
        money=Consequence.NOTHING_CHANGED,
    )


def _server_changed(change: Change, now: OwnedServer | None) -> str:
    """Say what has changed about the server since the change was confirmed; empty for nothing."""
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


async def owned_by_name(session: Session, journal: Journal) -> OwnedListing:
    """Return the servers of the account, with names from the journal if that can be read; raises `VpsTuiError`."""
    listing = await session.owned()
    try:
        entries = await asyncio.to_thread(journal.entries)
    except VpsTuiError:
        return listing
    return with_names(listing, entries, session.info.id, session.account_name)


def with_names(listing: OwnedListing, entries: Iterable[Entry], provider: str, account: str) -> OwnedListing:
    """Return `listing` with the names from `entries`; servers of one order and plan look alike, so get none."""
    names: dict[str, str] = {}
    plans = {one.id: one.plan for one in listing.servers}
    for entry in entries:
        bought = entry.purchase
        ours = (bought.provider, bought.account.casefold()) == (provider, account.casefold())
        if ours and bought.is_order and entry.outcome.kind is OutcomeKind.PLACED and entry.outcome.service_ids:
            known = certain_names(draft_of(entry.printable()), entry.outcome.service_ids, plans)
            names = {**known, **names}
    servers = (replace(one, name=one.name or names.get(one.id, "")) for one in listing.servers)
    return replace(listing, servers=tuple(servers))
