"""What every provider's client can do, and the values that it takes and gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location
from vps_tui.core.draft import Draft
from vps_tui.core.outcome import Outcome
from vps_tui.core.pricing import Quote
from vps_tui.core.secret import Secret
from vps_tui.providers.models import Account, Listing, PaymentMethod, TypedIds

if TYPE_CHECKING:
    from vps_tui.providers.delivery import Awaited, Delivery


class Provider(Protocol):
    """A signed-in provider. Reads raise `ProviderError`; `place` never raises for what the wire does."""

    async def account(self) -> Account:
        """Return whose account this is; raises `SignInRefused` when the credentials are not accepted."""
        ...

    async def locations(self) -> tuple[Location, ...]:
        """Return every location, sold out or not; empty where plans fix their location."""
        ...

    async def catalog(self, location: str) -> Catalog:
        """Return the plans sold at `location`, each with its OS images and add-ons."""
        ...

    async def remember(self, typed: TypedIds) -> None:
        """Keep typed ids for the next time; only asked where `ProviderInfo.plan_types` offers to type any.

        Raises `UsageError` where they cannot be written.
        """
        ...

    async def billing_cycles(self) -> tuple[BillingCycle, ...]:
        """Return the billing cycles that can be ordered."""
        ...

    async def payment_methods(self) -> tuple[PaymentMethod, ...]:
        """Return the ways to pay."""
        ...

    async def quote(self, draft: Draft, catalog: Catalog) -> Quote:
        """Return what `draft` costs; without a price enquiry of the provider's, reckoned from `catalog`."""
        ...

    @property
    def account_name(self) -> str:
        """Whose account it is, from the credentials alone."""
        ...

    def request_text(self, draft: Draft) -> str:
        """Return what the paid call for `draft` says, without secrets: the same draft gives the same text.

        Raises `InvalidValue` for a draft that the provider's request cannot carry.
        """
        ...

    async def prepare(self, draft: Draft, root_passwords: tuple[Secret, ...] = ()) -> PreparedCall | Outcome:
        """Do everything that an order needs and that buys nothing; an `Outcome` when that fails already.

        `root_passwords` holds one per server where `ProviderInfo.needs_root_password` is set.
        """
        ...

    async def find(self, draft: Draft) -> Listing:
        """Return the servers the provider lists now that could be those of `draft`."""
        ...

    async def deliveries(self, awaited: Awaited) -> tuple[Delivery, ...]:
        """Return how far each server of an order is, one after the other as they were ordered.

        `delivery.of_listing` does for a provider that has nothing but a list of servers.
        """
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


Send = Callable[[str], Awaitable[Outcome]]
"""Makes a paid call, given the journal's reference for it."""


class PreparedCall:
    """A paid call ready to go, made once at most: everything that buys nothing has been done."""

    def __init__(self, send: Send, discard: Callable[[], Awaitable[None]] | None = None) -> None:
        """Keep what sends it, and what takes back what was prepared for it."""
        self._send: Send | None = send
        self._discard = discard

    async def send(self, reference: str = "") -> Outcome:
        """Make the one paid call and return its outcome; raises RuntimeError when it was made already.

        `reference` is the journal's: no other call ever has it, so that it serves a provider's idempotency key.
        """
        send, self._send = self._send, None
        if send is None:
            raise RuntimeError("a paid call is made once")
        return await send(reference)

    async def discard(self) -> None:
        """Take back what preparing left with the provider; only for an order that was certainly not taken."""
        self._send = None
        if self._discard is not None:
            await self._discard()
