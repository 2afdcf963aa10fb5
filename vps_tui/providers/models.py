"""The values that every provider's client takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from vps_tui.core.catalog import OsFamily
from vps_tui.core.money import Money
from vps_tui.core.secret import Secret


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
    credentials: Mapping[str, Secret]
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
