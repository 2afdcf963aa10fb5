"""The entries of the sandbox's ledger."""

from __future__ import annotations

import json
import re
import sys
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar

MONTHS = {"monthly": 1, "quarterly": 3, "semiannually": 6, "annually": 12}
"""Length of each billing cycle in months."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table of the ledger."""

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values: amounts as strings, times in ISO 8601."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}


@dataclass(frozen=True, slots=True)
class NewServer:
    """One server of an order that is about to be taken."""

    name: str
    plan: str
    location: str
    os: str
    price: Decimal
    """For one billing cycle, add-ons included."""
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Placement:
    """An order that is about to be taken."""

    provider: str
    account: str
    billing_cycle: str
    payment_method: str
    items: tuple[dict[str, Any], ...]
    """What was ordered, as it was sent; never a password or a key."""
    servers: tuple[NewServer, ...]
    currency: str
    created: datetime
    ready: datetime
    """When its servers will be delivered."""
    digest: str
    """SHA-256 of the order as sent, in hex; equal digests are the same order sent again."""

    @property
    def total(self) -> Decimal:
        """What all its servers cost."""
        return sum((server.price for server in self.servers), Decimal(0))

    def without_last(self) -> Placement:
        """Return the order as far as it can be had when its last server cannot; one of a single server is as it was.

        No document says what a provider does then: that it takes and charges the others is the sandbox's invention.
        """
        if len(self.servers) == 1:
            return self
        return replace(self, servers=self.servers[:-1])


@dataclass(frozen=True, slots=True)
class Order(Record):
    """One order that the sandbox took, or gave a number without delivering anything."""

    order_id: int
    provider: str
    account: str
    invoice_id: int | None
    billing_cycle: str
    payment_method: str
    items: tuple[dict[str, Any], ...]
    labels: tuple[str, ...]
    """Host names (EDIS) or labels (LayerStack), one for each server."""
    service_ids: tuple[int, ...]
    total: Decimal
    currency: str
    paid: bool
    delivered: bool
    """False where the order got a number and nothing else, as when a location is out of stock."""
    created: datetime
    digest: str
    """SHA-256 in hex: of EDIS's `order` field, of LayerStack's body of `POST /order`."""


@dataclass(frozen=True, slots=True)
class Service(Record):
    """One server, ordered or older than the ledger."""

    service_id: int
    provider: str
    account: str
    order_id: int | None
    """`None` for a server that the account had before."""
    name: str
    plan: str
    location: str
    os: str
    billing_cycle: str
    price: Decimal
    """For one billing cycle, add-ons included."""
    currency: str
    payment_method: str
    paid: bool
    state: str
    """The state once it is delivered: `active` or `suspended`."""
    created: datetime
    ready: datetime
    """When it is delivered, if it is paid."""
    address: str
    """The KVM id (EDIS), to be shown from delivery on only; of no use with LayerStack."""
    details: Mapping[str, Any]

    @property
    def ip(self) -> str:
        """The loopback address at which an SSH server answers for it, to be shown from delivery on only.

        Linux has all of 127.0.0.0/8; elsewhere there is one address, and all servers share it.
        """
        if sys.platform != "linux":
            return "127.0.0.1"
        number = self.service_id
        return f"127.{77 if self.provider == 'edis' else 78}.{number // 254 % 256}.{number % 254 + 1}"

    def delivered(self, now: datetime) -> bool:
        """Tell whether the server is there at `now`."""
        return self.paid and self.ready <= now

    @property
    def cycle(self) -> str:
        """The billing cycle; an order of several cart items with different ones has all of them in it."""
        return self.billing_cycle.partition(" and ")[0]

    def next_due(self, today: date) -> date:
        """Return the first day after `today` on which the service is due again."""
        start, months = self.created.date(), MONTHS[self.cycle]
        due = start
        while due <= today:
            months_since = (due.year - start.year) * 12 + due.month - start.month + months
            year, month = divmod(start.month - 1 + months_since, 12)
            year, month = start.year + year, month + 1
            due = date(year, month, min(start.day, monthrange(year, month)[1]))
        return due

    def days_left(self, today: date) -> Decimal:
        """Return how many days are paid for from `today` on."""
        return Decimal((self.next_due(today) - today).days)


@dataclass(frozen=True, slots=True)
class Changed(Record):
    """One change of a server that the account had already."""

    provider: str
    account: str
    kind: str
    """`upgrade`, `cancel`, `add_on` or `switch`."""
    service_id: int
    request: Mapping[str, Any]
    """What was asked for, as it was sent; never a password."""
    total: Decimal
    """Zero where nothing is charged."""
    currency: str
    order_id: int | None = None
    invoice_id: int | None = None
    paid: bool = False
    created: datetime | None = None


R = TypeVar("R", bound=Record)

_READ: Mapping[str, Callable[[Any], Any]] = {
    "bool": bool,
    "Decimal": Decimal,
    "datetime": lambda text: datetime.fromisoformat(text).astimezone(UTC),
    "tuple": lambda text: tuple(json.loads(text)),
    "Mapping": lambda text: MappingProxyType(json.loads(text)),
}
"""How the values of a row are read back, by the first word of a field's type."""


def record_from(kind: type[R], row: Mapping[str, Any]) -> R:
    """Build a record from its row in the ledger."""
    readers = {item.name: _READ.get(re.split(r"\W", str(item.type))[0]) for item in fields(kind)}
    return kind(**{name: read(row[name]) if read else row[name] for name, read in readers.items()})


def row_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the ledger keeps them."""
    return {name: _store(value) for name, value in values.items()}


def values_of(source: Any, kind: type[Record]) -> dict[str, Any]:
    """Return what `source` has of the fields of `kind`."""
    return {item.name: getattr(source, item.name) for item in fields(kind) if hasattr(source, item.name)}


def _store(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return json.dumps(dict(value))
    return json.dumps(value) if isinstance(value, tuple) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value
