"""The entries of the sandbox's ledger."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    total: Decimal
    currency: str
    created: datetime
    ready: datetime
    """When its servers will be delivered."""
    digest: str
    """SHA-256 of the order as sent, in hex; equal digests are the same order sent again."""

    def without_last(self) -> Placement:
        """Return the order as far as it can be had when its last server cannot; one of a single server is as it was.

        No document says what a provider does then: that it takes and charges the others is the sandbox's invention.
        """
        if len(self.servers) == 1:
            return self
        servers = self.servers[:-1]
        return replace(self, servers=servers, total=sum((server.price for server in servers), Decimal(0)))


@dataclass(frozen=True, slots=True)
class Order:
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

    def as_json(self) -> dict[str, Any]:
        """Return the order as plain JSON values."""
        return _as_json(self)


@dataclass(frozen=True, slots=True)
class Service:
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

    def as_json(self) -> dict[str, Any]:
        """Return the service as plain JSON values."""
        return _as_json(self)


@dataclass(frozen=True, slots=True)
class Changed:
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

    def as_json(self) -> dict[str, Any]:
        """Return the change as plain JSON values."""
        return _as_json(self)


def order_from(row: dict[str, Any]) -> Order:
    """Build an order from its row in the ledger."""
    items = tuple(json.loads(row["items"]))
    labels, ids = tuple(json.loads(row["labels"])), tuple(json.loads(row["service_ids"]))
    typed = {"items": items, "labels": labels, "service_ids": ids, "total": Decimal(row["total"])}
    typed |= {
        "paid": bool(row["paid"]),
        "delivered": bool(row["delivered"]),
        "created": _time(row["created"]),
    }
    return Order(**row | typed)


def service_from(row: dict[str, Any]) -> Service:
    """Build a service from its row in the ledger."""
    typed: dict[str, Any] = {"price": Decimal(row["price"]), "paid": bool(row["paid"])}
    typed |= {"created": _time(row["created"]), "ready": _time(row["ready"])}
    typed |= {"details": MappingProxyType(json.loads(row["details"]))}
    return Service(**row | typed)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _as_json(record: Order | Service | Changed) -> dict[str, Any]:
    return {item.name: _plain(getattr(record, item.name)) for item in fields(record)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return value.isoformat()
    return dict(value) if isinstance(value, MappingProxyType) else value
