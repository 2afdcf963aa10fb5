"""From a confirmed quote to an outcome: one more look at price and stock, then the one paid call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vps_tui.core.draft import Draft
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.pricing import Quote
from vps_tui.errors import VpsTuiError
from vps_tui.session import Session

if TYPE_CHECKING:
    from pydantic import SecretStr


async def order(
    session: Session, draft: Draft, confirmed: Quote, root_passwords: tuple[SecretStr, ...] = ()
) -> Outcome:
    """Order `draft` if it still costs what was `confirmed`, and say what became of it.

    Whatever goes wrong before the paid call is `not_sent`; the call itself never raises.
    """
    try:
        change = await _change(session, draft, confirmed)
    except VpsTuiError as error:
        return Outcome(
            OutcomeKind.NOT_SENT, f"The price could not be looked at once more. {error.message}", error.hint
        )
    if change:
        return Outcome(OutcomeKind.NOT_SENT, change, "Look at the cost again before you order.")
    return await session.place(draft, root_passwords)


async def _change(session: Session, draft: Draft, confirmed: Quote) -> str:
    """Return what is different from what was confirmed; empty when nothing is."""
    catalog, locations = await session.read_again(draft.location)
    if any(location.id == draft.location and not location.in_stock for location in locations):
        return "The location has sold out since you chose it."
    now = await session.quote(draft, catalog)
    if now.lines == confirmed.lines:
        return ""
    if not all(catalog.plan(server.plan) for server in draft.servers):
        return "The plan is no longer sold there."
    return f"The price has changed: {_amount(confirmed)} when you confirmed, {_amount(now)} now."


def _amount(quote: Quote) -> str:
    return "not known" if quote.recurring is None else f"{quote.recurring} {quote.billing_cycle.every}"
