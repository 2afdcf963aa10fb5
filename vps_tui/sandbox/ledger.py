"""The sandbox's books: orders, services, cart items and account credit, in SQLite.

Every change is one short transaction that takes the write lock first, so two sandboxes can share a file.
Passwords, tokens and request bodies are never stored.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from vps_tui.sandbox.data import load_json
from vps_tui.sandbox.records import Changed, Order, Placement, R, Record, Service, record_from, row_of, values_of

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
CREATE TABLE IF NOT EXISTS changes (
    provider TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL, service_id INTEGER NOT NULL,
    order_id INTEGER, invoice_id INTEGER, request TEXT NOT NULL, total TEXT NOT NULL, currency TEXT NOT NULL,
    paid INTEGER NOT NULL, created TEXT NOT NULL)
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


class Ledger:
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
                for statement in _TABLES.split(";\n"):
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
            self._set_credit(provider, account, credit)
            if new:
                self._add_older_services(provider, account)

    def _add_older_services(self, provider: str, account: str) -> None:
        for old in load_json("older-services").get(provider, ()):
            created = datetime.now(UTC) - timedelta(days=old["days_old"])
            given = {key: value for key, value in old.items() if key != "days_old"}
            given |= {"provider": provider, "account": account, "order_id": None, "paid": True}
            self._add_service(given | {"created": created, "ready": created})

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
            paid = not from_credit or (not decline and self._pay(provider, account, placement.total))
            order_id = self._next(f"{provider}.order")
            for item_id in cart:
                claim = "UPDATE cart SET order_id = ? WHERE item_id = ? AND account = ? AND order_id IS NULL"
                if db.execute(claim, (order_id, item_id, account)).rowcount != 1:
                    raise CartChangedError(item_id)
            set_currency = "UPDATE accounts SET currency = coalesce(currency, ?) WHERE provider = ? AND account = ?"
            db.execute(set_currency, (placement.currency, provider, account))
            common = values_of(placement, Service) | {"order_id": order_id, "paid": paid, "state": "active"}
            services = tuple(self._add_service(common | values_of(server, Service)) for server in placement.servers)
            return self._add_order(placement, order_id, services, paid=paid)

    def fail(self, placement: Placement) -> Order:
        """Record an order that gets a number but no invoice and no service."""
        with self._transaction():
            order_id = self._next(f"{placement.provider}.order")
            return self._add_order(placement, order_id, (), paid=False)

    def _pay(self, provider: str, account: str, total: Decimal) -> bool:
        """Deduct `total` from the account's credit if that covers it; tell whether it does."""
        left = self.credit(provider, account) - total
        if left >= 0:
            self._set_credit(provider, account, left)
        return left >= 0

    def _set_credit(self, provider: str, account: str, credit: Decimal) -> None:
        update = "UPDATE accounts SET credit = ? WHERE provider = ? AND account = ?"
        self._db.execute(update, (str(credit), provider, account))

    def _add_order(self, placement: Placement, order_id: int, services: tuple[int, ...], *, paid: bool) -> Order:
        row = values_of(placement, Order) | {
            "order_id": order_id,
            "invoice_id": self._next(f"{placement.provider}.invoice") if services else None,
            "labels": tuple(server.name for server in placement.servers),
            "service_ids": services,
            "paid": paid,
            "delivered": bool(services),
        }
        return record_from(Order, self._insert("orders", row))

    def _add_service(self, values: dict[str, Any]) -> int:
        service_id = self._next(f"{values['provider']}.service")
        address = f"kvm_112234_{service_id}" if values["provider"] == "edis" else ""
        self._insert("services", values | {"service_id": service_id, "address": address})
        return service_id

    def _insert(self, table: str, values: dict[str, Any]) -> dict[str, Any]:
        """Add a row to `table`; returns it as it is kept."""
        row = row_of(values)
        columns, marks = ", ".join(row), ", ".join(f":{column}" for column in row)
        self._db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", row)  # noqa: S608 (our own names)
        return row

    # -- changes --------------------------------------------------------------------------------------

    def change(
        self,
        wanted: Changed,
        after: Mapping[str, Any],
        *,
        numbered: bool = True,
        from_credit: bool = False,
        decline: bool = False,
    ) -> Changed:
        """Record a change, pay for it, and, once it is paid, leave the service with the columns in `after`.

        It is paid as an order is. Returns it with the numbers of its order and invoice, if it is `numbered`.
        """
        provider, account = wanted.provider, wanted.account
        with self._transaction() as db:
            paid = not from_credit or (not decline and self._pay(provider, account, wanted.total))
            order_id, invoice_id = (
                self._next(f"{provider}.{what}") if numbered else None for what in ("order", "invoice")
            )
            taken = replace(wanted, order_id=order_id, invoice_id=invoice_id, paid=paid, created=datetime.now(UTC))
            self._insert("changes", values_of(taken, Changed))
            for column, value in row_of(after).items() if paid else ():
                update = f"UPDATE services SET {column} = ? WHERE provider = ? AND service_id = ?"  # noqa: S608 (our own names)
                db.execute(update, (value, provider, wanted.service_id))
        return taken

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
        return self._records(Order, "SELECT * FROM orders WHERE delivered ORDER BY rowid")

    def failed_orders(self) -> list[Order]:
        """Return the orders that got a number but will never be delivered, oldest first."""
        return self._records(Order, "SELECT * FROM orders WHERE NOT delivered ORDER BY rowid")

    def services(self, provider: str = "", account: str = "") -> list[Service]:
        """Return the services of one provider and account or all, oldest first, also unpaid and undelivered ones."""
        query = "SELECT * FROM services WHERE ? IN (provider, '') AND ? IN (account, '') ORDER BY rowid"
        return self._records(Service, query, provider, account)

    def changes(self) -> list[Changed]:
        """Return every change that was taken, oldest first."""
        return self._records(Changed, "SELECT * FROM changes ORDER BY rowid")

    def _records(self, kind: type[R], query: str, *values: object) -> list[R]:
        return [record_from(kind, dict(row)) for row in self._rows(query, *values)]

    def as_json(self) -> dict[str, Any]:
        """Return the ledger as plain JSON values."""
        tables: dict[str, Sequence[Record]] = {
            "orders": self.orders(),
            "failed_orders": self.failed_orders(),
            "services": self.services(),
            "changes": self.changes(),
        }
        return {name: [record.as_json() for record in records] for name, records in tables.items()}
