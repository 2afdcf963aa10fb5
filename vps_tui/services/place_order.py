"""From a confirmed quote to an outcome: record it, look once more at price and stock, make the one paid call.

How it is recorded and sent is `sending`'s; what an order does between the two is to

check      everything that was shown, as it is now; what the account has already is noted
fill       whatever the provider wants first and that buys nothing
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from vps_tui.core.draft import Draft
from vps_tui.core.errors import ProviderError, VpsTuiError
from vps_tui.core.offer_snapshot import OfferSnapshot, differences, in_words, snapshot
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.pricing import Quote
from vps_tui.core.secret import Secret
from vps_tui.core.typed_ids import with_typed_ids
from vps_tui.journal import Journal, Purchase
from vps_tui.providers.order_file import dump
from vps_tui.services.send_once import Announce, CallResult, Ready, carry_out
from vps_tui.services.session import Session

if TYPE_CHECKING:
    from vps_tui.core.spending_limit import SpendingLimit

LOOK_AGAIN = "Look at the cost again before you order."


@dataclass(frozen=True, slots=True)
class Order:
    """An order that a person or a script has confirmed."""

    draft: Draft
    """As it is sent."""
    shown: OfferSnapshot
    """As it was confirmed, from the catalogue that was on the screen."""
    document: Mapping[str, Any]
    """Its quote as the contract's document."""
    bought: tuple[tuple[str, str], ...]
    """What is bought, in labelled words."""
    root_passwords: tuple[Secret, ...] = field(default=(), repr=False)
    password_not_kept: bool = False
    """Whether the root passwords were made up for this order and are shown nowhere."""
    again: str = ""
    """References, separated by commas, of the orders that this one knowingly repeats."""
    ceiling: SpendingLimit | None = None

    @property
    def quote(self) -> Quote:
        """What it costs, as it was confirmed."""
        return self.shown.quote


def purchase(order: Order, account: str, request: str) -> Purchase:
    """Return what `order` with `account` is in the journal's terms; `request` is what its paid call says."""
    return Purchase(
        provider=order.draft.provider,
        account=account,
        digest=sha256(request.encode()).hexdigest(),
        order_file=dump(order.draft),
        quote=order.document,
        bought=order.bought,
        servers=tuple((server.name, server.plan) for server in order.draft.servers),
        key_files=tuple(server.ssh_key_file for server in order.draft.servers),
    )


async def place(
    session: Session, journal: Journal, order: Order, *, announce: Announce = lambda _: None
) -> CallResult:
    """Order once and say what became of it; never raises for what the wire, the disk or the provider does.

    Cancelled before the paid call it is `not_sent`, cancelled later `unknown`; both are recorded.
    """
    problem = order.ceiling.problem(order.quote) if order.ceiling is not None else ""
    if problem:
        return CallResult(Outcome(OutcomeKind.NOT_SENT, problem, "Nothing above the ceiling is ordered."))
    return await carry_out(
        journal,
        lambda: purchase(order, session.account_name, session.request_text(order.draft)),
        lambda: _make_ready(session, order),
        announce,
        again=order.again,
    )


async def _make_ready(session: Session, order: Order) -> Ready | Outcome:
    (before, server_time), notes = await asyncio.gather(_listed(session, order.draft), _change(session, order))
    if isinstance(notes, Outcome):
        return notes
    call = await session.prepare(order.draft, order.root_passwords)
    return call if isinstance(call, Outcome) else Ready(call, before, server_time, notes)


async def _listed(session: Session, draft: Draft) -> tuple[tuple[str, ...] | None, datetime | None]:
    """Return the ids of the servers listed before the order and the provider's clock; None where it does not tell."""
    try:
        listing = await session.find(draft)
    except ProviderError:
        return None, None
    return tuple(server.id for server in listing.servers), listing.at


async def _change(session: Session, order: Order) -> Outcome | str:
    """Return why the order is stopped, or in words what has another name now: the order goes out then."""
    try:
        now = await offer_now(session, order.draft)
    except VpsTuiError as error:
        return Outcome(
            OutcomeKind.NOT_SENT, f"The price could not be looked at once more. {error.message}", error.hint
        )
    found = differences(order.shown, now)
    stops = [one for one in found if not one.name_only]
    return Outcome(OutcomeKind.NOT_SENT, in_words(stops), LOOK_AGAIN) if stops else in_words(found)


async def offer_now(session: Session, draft: Draft) -> OfferSnapshot:
    """Return what the provider says about `draft` at this moment."""
    catalog, locations, cycles, methods = await session.read_offer_again(draft.location)
    catalog = with_typed_ids(catalog, draft)
    return snapshot(
        draft,
        catalog,
        await session.quote(draft, catalog),
        location=next((place for place in locations if place.id == draft.location), None),
        cycles=cycles,
        payment_methods={method.id: method.name for method in methods},
    )
