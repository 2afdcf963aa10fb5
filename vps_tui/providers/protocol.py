"""What every provider's client can do, and the values that it takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location, OsFamily
from vps_tui.core.draft import Draft
from vps_tui.core.money import Money
from vps_tui.core.outcome import Outcome
from vps_tui.core.pricing import Quote

if TYPE_CHECKING:
    from pydantic import SecretStr

    from vps_tui.providers.delivery import Awaited, Delivery


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A way to pay that the provider accepts."""

    id: str
    name: str
    detail: str = ""
    """What the provider will do with it, in words; may be empty."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account is signed in."""

    name: str
    balance: Money | None = None
    """Account credit; None where the provider does not tell."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that the provider lists for the account."""

    id: str
    name: str = ""
    plan: str = ""
    location: str = ""
    status: str = ""
    address: str = ""
    created: date | None = None
    """The day it was made, by the provider's calendar; None where it does not say."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a provider listed at one moment."""

    servers: tuple[Server, ...] = ()
    at: datetime | None = None
    """The provider's own clock (HTTP `Date`), aware UTC; None where it sent none."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Where and as whom to connect."""

    urls: Mapping[str, str]
    """Base addresses by the names in `ProviderInfo.urls`, without a trailing slash."""
    credentials: Mapping[str, SecretStr]
    """By the keys of `ProviderInfo.sign_in`."""
    catalog_file: Path | None = None
    """Catalogue for providers whose API has none."""
    connect_timeout: float = 10.0
    """Seconds."""
    read_timeout: float = 30.0
    """Seconds without a byte of the answer to a read."""
    order_timeout: float = 120.0
    """Seconds without a byte of the answer to a paid call; the whole answer may take twice as long."""
    remembers: bool = True
    """Whether typed ids are written into the catalogue file."""
    log: Callable[[str], None] | None = None
    """Takes lines for the debug log; they hold no secret."""
    read_only: bool = False
    """Refuse, just above the network, whatever is not a read: for quotes and dry runs."""


@dataclass(frozen=True, slots=True)
class TypedIds:
    """Ids that a person has typed from the provider's documentation; digits only."""

    plan: str
    plan_type: str
    os: str
    family: OsFamily = OsFamily.LINUX
    currency: str = ""
    """Three letters, lower case; empty where the account has one already."""


class PaidCall(Protocol):
    """An order ready to go: everything that buys nothing has been done."""

    async def send(self) -> Outcome:
        """Make the one paid call and say what became of it; raises RuntimeError when called again."""
        ...

    async def discard(self) -> None:
        """Take back what preparing left with the provider; only for an order that was certainly not taken."""
        ...


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

    async def prepare(self, draft: Draft, root_passwords: tuple[SecretStr, ...] = ()) -> PaidCall | Outcome:
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
