"""An order as a paid task: its record, its checks just before the call, and the call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vps_tui.core.draft import Draft
from vps_tui.core.errors import ProviderError, VpsTuiError
from vps_tui.core.offer_snapshot import OfferSnapshot, differences, in_words, snapshot
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.pricing import Quote
from vps_tui.core.secret import Secret
from vps_tui.core.typed_ids import with_typed_ids
from vps_tui.journal import Purchase
from vps_tui.providers.order_file import dump
from vps_tui.services.paid_task import RAISE_LIMIT, Checked, PaidTask, digest
from vps_tui.services.session import Session

if TYPE_CHECKING:
    from vps_tui.core.money import Money
    from vps_tui.providers.protocol import PreparedCall

LOOK_AGAIN = "Look at the cost again before you order."
NO_LIMIT = "Without a known price --max-total cannot be kept: leave it out to order all the same."


@dataclass(frozen=True, slots=True)
class OrderTask(PaidTask):
    """An order, with everything that was shown of it."""

    draft: Draft
    """As it is sent."""
    shown: OfferSnapshot
    """As it was confirmed, from the catalogue that was on the screen."""
    document: Mapping[str, Any]
    """Its quote as the contract's document."""
    bought: tuple[tuple[str, str], ...]
    """What is bought, in labelled words."""
    root_passwords: tuple[Secret, ...] = field(default=(), repr=False)

    @property
    def quote(self) -> Quote:
        return self.shown.quote

    @property
    def provider(self) -> str:
        return self.draft.provider

    @property
    def charge(self) -> tuple[Money | None, str]:
        return self.quote.due_now, "The first invoice"

    def request(self, session: Session) -> str:
        return session.provider.request_text(self.draft)

    def purchase(self, account: str, request: str) -> Purchase:
        return Purchase(
            provider=self.provider,
            account=account,
            digest=digest(request),
            order_file=dump(self.draft),
            quote=self.document,
            bought=self.bought,
            servers=tuple((server.name, server.plan) for server in self.draft.servers),
            key_files=tuple(server.ssh_key_file for server in self.draft.servers),
        )

    def _obstacles(self, *, unknown_price_allowed: bool) -> Iterator[Outcome]:
        complete = self.quote.complete
        if not complete and not unknown_price_allowed:
            yield Outcome(
                OutcomeKind.NOT_SENT,
                f"{self.quote.unknown}, so it is not known what would be charged.",
                "Add --allow-unknown-price to order all the same.",
            )
        yield from self._above_limit(RAISE_LIMIT if complete else NO_LIMIT)

    async def check(self, session: Session) -> Checked | Outcome:
        (before, server_time), notes = await asyncio.gather(
            _list_servers(session, self.draft), self._compare(session)
        )
        return notes if isinstance(notes, Outcome) else Checked(before, server_time, notes)

    async def _compare(self, session: Session) -> Outcome | str:
        """Return why the order is stopped, or in words what only has another name now: the order is sent then."""
        try:
            now = await offer_now(session, self.draft)
        except VpsTuiError as error:
            words = f"The price could not be looked at once more. {error.message}"
            return Outcome(OutcomeKind.NOT_SENT, words, error.hint)
        changed = differences(self.shown, now)
        stops = [difference for difference in changed if not difference.name_only]
        return Outcome(OutcomeKind.NOT_SENT, in_words(stops), LOOK_AGAIN) if stops else in_words(changed)

    async def prepare(self, session: Session) -> PreparedCall | Outcome:
        return await session.provider.prepare(self.draft, self.root_passwords)


async def _list_servers(session: Session, draft: Draft) -> tuple[tuple[str, ...] | None, datetime | None]:
    """Return the ids of the servers listed before the order and the provider's clock; None where it does not tell."""
    try:
        listing = await session.find(draft)
    except ProviderError:
        return None, None
    return tuple(server.id for server in listing.servers), listing.at


async def offer_now(session: Session, draft: Draft) -> OfferSnapshot:
    catalog, locations, cycles, methods = await session.read_offer_again(draft.location)
    catalog = with_typed_ids(catalog, draft)
    return snapshot(
        draft,
        catalog,
        await session.provider.quote(draft, catalog),
        location=next((place for place in locations if place.id == draft.location), None),
        cycles=cycles,
        payment_methods={method.id: method.name for method in methods},
    )
