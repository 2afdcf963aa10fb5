"""The sandbox's books: orders, services, cart items and account credit, in SQLite.

Every change is one short transaction that takes the write lock first, so two sandboxes can share a file.
Passwords, tokens and request bodies are never stored.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vps_tui.sandbox.data import load_json
from vps_tui.sandbox.ledger_changes import CHANGES_TABLE, ChangeBook
from vps_tui.sandbox.records import Changed, Order, Placement, Service, order_from, service_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
    provider TEXT NOT NULL, account TEXT NOT NULL, credit TEXT NOT NULL DEFAULT '0', currency TEXT,
    PRIMARY KEY (provider, account));
CREATE TABLE IF NOT EXISTS orders (
    order_id INTEGER NOT NULL, provider TEXT NOT NULL, account TEXT NOT NULL, invoice_id INTEGER,
    billing_cycle TEXT NOT NULL, payment_method TEXT NOT NULL, items TEXT NOT NULL, labels TEXT NOT NULL,
    service_ids TEXT NOT NULL, total TEXT NOT NULL, currency TEXT NOT NULL, paid INTEGER NOT NULL,
    delivered INTEGER NOT NULL, created TEXT NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY (provider, order_id));
CREATE TABLE IF NOT EXISTS services (
    service_id INTEGER NOT NULL, provider TEXT NOT NULL, account TEXT NOT NULL, order_id INTEGER,
    name TEXT NOT NULL, plan TEXT NOT NULL, location TEXT NOT NULL, os TEXT NOT NULL,
    billing_cycle TEXT NOT NULL, price TEXT NOT NULL, currency TEXT NOT NULL, payment_method TEXT NOT NULL,
    paid INTEGER NOT NULL, state TEXT NOT NULL, created TEXT NOT NULL, ready TEXT NOT NULL,
    address TEXT NOT NULL, details TEXT NOT NULL, PRIMARY KEY (provider, service_id));
CREATE TABLE IF NOT EXISTS cart (
    item_id INTEGER PRIMARY KEY, account TEXT NOT NULL, item TEXT NOT NULL, order_id INTEGER);
"""

_FIRST_IDS = {
    "edis.order": 240001,
    "edis.invoice": 1650001,
    "edis.service": 312845,
    "layerstack.order": 52001,
    "layerstack.invoice": 73001,
    "layerstack.service": 8101,
    "layerstack.cart": 995,
}


class CartChangedError(Exception):
    """A cart item was ordered or deleted by another request in the meantime."""


class Ledger(ChangeBook):
    """The books of both providers; safe to use from several threads and processes."""

    def __init__(self, path: Path | None = None) -> None:
        """Open or create the file at `path` (mode 0600); `None` keeps the books in memory only."""
        self.path = path
        self._lock = threading.RLock()
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            path.chmod(0o600)
        self._db = sqlite3.connect(path or ":memory:", timeout=10, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA synchronous = NORMAL")
        try:
            with self._transaction():
                for statement in (*_TABLES.split(";\n"), CHANGES_TABLE):
                    self._db.execute(statement)
        except sqlite3.Error:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the file; the ledger cannot be read afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def _next(self, name: str) -> int:
        self._db.execute("INSERT OR IGNORE INTO counters VALUES (?, ?)", (name, _FIRST_IDS.get(name, 1)))
        row = self._db.execute("SELECT value FROM counters WHERE name = ?", (name,)).fetchone()
        self._db.execute("UPDATE counters SET value = value + 1 WHERE name = ?", (name,))
        return int(row["value"])

    # -- accounts -------------------------------------------------------------------------------------

    def open_account(self, provider: str, account: str, credit: Decimal) -> None:
        """Set the account's credit, and give an account that is new to the ledger its older services."""
        with self._transaction() as db:
            new = db.execute(
                "INSERT OR IGNORE INTO accounts (provider, account) VALUES (?, ?)", (provider, account)
            ).rowcount
            db.execute(
                "UPDATE accounts SET credit = ? WHERE provider = ? AND account = ?",
                (str(credit), provider, account),
            )
            if new:
                self._add_older_services(provider, account)

    def _add_older_services(self, provider: str, account: str) -> None:
        now = datetime.now(UTC)
        for old in load_json("older-services").get(provider, ()):
            created = (now - timedelta(days=old["days_old"])).isoformat()
            given = {key: value for key, value in old.items() if key not in ("days_old", "details")}
            given |= {"provider": provider, "account": account, "order_id": None, "paid": 1}
            given |= {"created": created, "ready": created, "details": json.dumps(old["details"])}
            self._add_service(given)

    def credit(self, provider: str, account: str) -> Decimal:
        """Return what is left of the account's credit."""
        query = "SELECT credit FROM accounts WHERE provider = ? AND account = ?"
        return Decimal(self._rows(query, provider, account)[0]["credit"])

    def currency(self, provider: str, account: str) -> str | None:
        """Return the currency that the account's first order fixed, or `None` before it."""
        query = "SELECT currency FROM accounts WHERE provider = ? AND account = ?"
        currency: str | None = self._rows(query, provider, account)[0]["currency"]
        return currency

    # -- orders ---------------------------------------------------------------------------------------

    def take(
        self,
        placement: Placement,
        *,
        from_credit: bool,
        decline: bool = False,
        cart: tuple[int, ...] = (),
    ) -> Order:
        """Record an order with its services, and pay it.

        With `from_credit` it is paid when the credit covers the total, which is then deducted, and stays
        unpaid otherwise or with `decline`; without it is paid outright. Raises CartChangedError, and
        records nothing, when an item of `cart` can no longer be ordered.
        """
        provider, account = placement.provider, placement.account
        with self._transaction() as db:
            paid = not from_credit or (not decline and self._pay(placement))
            order_id = self._next(f"{provider}.order")
            for item_id in cart:
                claim = "UPDATE cart SET order_id = ? WHERE item_id = ? AND account = ? AND order_id IS NULL"
                if db.execute(claim, (order_id, item_id, account)).rowcount != 1:
                    raise CartChangedError(item_id)
            set_currency = "UPDATE accounts SET currency = coalesce(currency, ?) WHERE provider = ? AND account = ?"
            db.execute(set_currency, (placement.currency, provider, account))
            services = tuple(
                self._add_ordered(placement, order_id, number, paid) for number in range(len(placement.servers))
            )
            return self._add_order(placement, order_id, services, paid=paid)

    def fail(self, placement: Placement) -> Order:
        """Record an order that gets a number but no invoice and no service."""
        with self._transaction():
            order_id = self._next(f"{placement.provider}.order")
            return self._add_order(placement, order_id, (), paid=False)

    def _pay(self, placement: Placement) -> bool:
        left = self.credit(placement.provider, placement.account) - placement.total
        if left < 0:
            return False
        self._db.execute(
            "UPDATE accounts SET credit = ? WHERE provider = ? AND account = ?",
            (str(left), placement.provider, placement.account),
        )
        return True

    def _add_order(self, placement: Placement, order_id: int, services: tuple[int, ...], *, paid: bool) -> Order:
        invoice = self._next(f"{placement.provider}.invoice") if services else None
        row = {
            "order_id": order_id,
            "provider": placement.provider,
            "account": placement.account,
            "invoice_id": invoice,
            "billing_cycle": placement.billing_cycle,
            "payment_method": placement.payment_method,
            "items": json.dumps(placement.items),
            "labels": json.dumps([server.name for server in placement.servers]),
            "service_ids": json.dumps(services),
            "total": str(placement.total),
            "currency": placement.currency,
            "paid": paid,
            "delivered": bool(services),
            "created": placement.created.isoformat(),
            "digest": placement.digest,
        }
        self._insert("orders", row)
        return order_from(row)

    def _add_ordered(self, placement: Placement, order_id: int, number: int, paid: bool) -> int:
        server = placement.servers[number]
        return self._add_service(
            {
                "provider": placement.provider,
                "account": placement.account,
                "order_id": order_id,
                "name": server.name,
                "plan": server.plan,
                "location": server.location,
                "os": server.os,
                "billing_cycle": placement.billing_cycle,
                "price": str(server.price),
                "currency": placement.currency,
                "payment_method": placement.payment_method,
                "paid": paid,
                "state": "active",
                "created": placement.created.isoformat(),
                "ready": placement.ready.isoformat(),
                "details": json.dumps(dict(server.details)),
            }
        )

    def _add_service(self, row: dict[str, Any]) -> int:
        service_id = self._next(f"{row['provider']}.service")
        address = f"kvm_112234_{service_id}" if row["provider"] == "edis" else ""
        self._insert("services", row | {"service_id": service_id, "address": address})
        return service_id

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        columns, marks = ", ".join(row), ", ".join(f":{column}" for column in row)
        self._db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", row)  # noqa: S608 (our own names)

    # -- cart -----------------------------------------------------------------------------------------

    def add_to_cart(self, account: str, item: dict[str, Any]) -> int:
        """Keep a LayerStack cart item and return its id; the item must hold no password."""
        with self._transaction() as db:
            item_id = self._next("layerstack.cart")
            db.execute("INSERT INTO cart VALUES (?, ?, ?, NULL)", (item_id, account, json.dumps(item)))
            return item_id

    def cart(self, account: str) -> dict[int, dict[str, Any]]:
        """Return the account's items that are not ordered yet, by id."""
        rows = self._rows("SELECT * FROM cart WHERE account = ? AND order_id IS NULL", account)
        return {row["item_id"]: json.loads(row["item"]) for row in rows}

    def remove_from_cart(self, account: str, item_id: int) -> bool:
        """Delete a cart item that is not ordered yet; tell whether there was one."""
        delete = "DELETE FROM cart WHERE item_id = ? AND account = ? AND order_id IS NULL"
        with self._transaction() as db:
            return db.execute(delete, (item_id, account)).rowcount == 1

    # -- reading --------------------------------------------------------------------------------------

    def orders(self) -> list[Order]:
        """Return the orders that were taken, oldest first; those without delivery are in `failed_orders`."""
        return [order_from(dict(row)) for row in self._rows("SELECT * FROM orders WHERE delivered ORDER BY rowid")]

    def failed_orders(self) -> list[Order]:
        """Return the orders that got a number but will never be delivered, oldest first."""
        query = "SELECT * FROM orders WHERE NOT delivered ORDER BY rowid"
        return [order_from(dict(row)) for row in self._rows(query)]

    def services(self, provider: str | None = None) -> list[Service]:
        """Return the services of one provider or both, oldest first, unpaid and undelivered ones included."""
        query = "SELECT * FROM services WHERE ? IN (provider, '') ORDER BY rowid"
        return [service_from(dict(row)) for row in self._rows(query, provider or "")]

    def as_json(self) -> dict[str, Any]:
        """Return the ledger as plain JSON values: amounts as strings, times in ISO 8601."""
        return {
            "orders": _plain(self.orders()),
            "failed_orders": _plain(self.failed_orders()),
            "services": _plain(self.services()),
            "changes": _plain(self.changes()),
        }


def _plain(records: Iterable[Order | Service | Changed]) -> list[dict[str, Any]]:
    return [record.as_json() for record in records]
