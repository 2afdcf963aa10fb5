"""The part of the sandbox's books about servers that an account has already: what was changed, and what for."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vps_tui.sandbox.records import Changed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

CHANGES_TABLE = """
CREATE TABLE IF NOT EXISTS changes (
    provider TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL, service_id INTEGER NOT NULL,
    order_id INTEGER, invoice_id INTEGER, request TEXT NOT NULL, total TEXT NOT NULL, currency TEXT NOT NULL,
    paid INTEGER NOT NULL, created TEXT NOT NULL)
"""

_SETTABLE = ("plan", "billing_cycle", "price", "payment_method", "state", "details")


class ChangeBook:
    """What `Ledger` does with changes."""

    def _transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        raise NotImplementedError

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        raise NotImplementedError

    def _next(self, name: str) -> int:
        raise NotImplementedError

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        raise NotImplementedError

    def credit(self, provider: str, account: str) -> Decimal:
        """Return what is left of the account's credit."""
        raise NotImplementedError

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

        With `from_credit` it is paid when the credit covers the total, which is then deducted; without it is paid
        outright. Returns it with the numbers of its order and invoice, if it is `numbered`.
        """
        with self._transaction() as db:
            paid = not from_credit or (not decline and self._deduct(db, wanted))
            numbers = [self._next(f"{wanted.provider}.{what}") if numbered else None for what in ("order", "invoice")]
            row = {
                "provider": wanted.provider,
                "account": wanted.account,
                "kind": wanted.kind,
                "service_id": wanted.service_id,
                "order_id": numbers[0],
                "invoice_id": numbers[1],
                "request": json.dumps(dict(wanted.request)),
                "total": str(wanted.total),
                "currency": wanted.currency,
                "paid": paid,
                "created": datetime.now(UTC).isoformat(),
            }
            self._insert("changes", row)
            if paid:
                self._set(db, wanted, after)
        return _changed(row)

    def changes(self) -> list[Changed]:
        """Return every change that was taken, oldest first."""
        return [_changed(dict(row)) for row in self._rows("SELECT * FROM changes ORDER BY rowid")]

    def _deduct(self, db: sqlite3.Connection, wanted: Changed) -> bool:
        left = self.credit(wanted.provider, wanted.account) - wanted.total
        if left >= 0:
            set_credit = "UPDATE accounts SET credit = ? WHERE provider = ? AND account = ?"
            db.execute(set_credit, (str(left), wanted.provider, wanted.account))
        return left >= 0

    def _set(self, db: sqlite3.Connection, wanted: Changed, after: Mapping[str, Any]) -> None:
        for column in _SETTABLE:
            if column in after:
                value = json.dumps(dict(after[column])) if column == "details" else str(after[column])
                update = f"UPDATE services SET {column} = ? WHERE provider = ? AND service_id = ?"  # noqa: S608 (our own names)
                db.execute(update, (value, wanted.provider, wanted.service_id))


def _changed(row: dict[str, Any]) -> Changed:
    typed = {"request": json.loads(row["request"]), "total": Decimal(row["total"]), "paid": bool(row["paid"])}
    return Changed(**row | typed | {"created": datetime.fromisoformat(row["created"]).astimezone(UTC)})
