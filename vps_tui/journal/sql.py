"""The few statements that the journal's parts share: connect, and read and write whole rows by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

Row = dict[str, Any]


def connect(path: Path, mode: str = "rw", timeout: float = 5.0) -> sqlite3.Connection:
    """Open the database at `path`, which must exist: SQLite would make one with the mode that the umask leaves."""
    import sqlite3

    address = f"{path.absolute().as_uri()}?mode={mode}"
    db = sqlite3.connect(address, uri=True, timeout=timeout, isolation_level=None)
    db.row_factory = sqlite3.Row
    return db


def all_rows(db: sqlite3.Connection) -> Iterator[Row]:
    """Yield every order, oldest first."""
    return (dict(row) for row in db.execute("SELECT * FROM orders ORDER BY rowid"))


def column_names(db: sqlite3.Connection) -> list[str]:
    return [row["name"] for row in db.execute("SELECT name FROM pragma_table_info('orders')")]


def insert_row(db: sqlite3.Connection, values: Mapping[str, Any], table: str = "orders") -> None:
    """Add a row; the names in `values` are the program's own."""
    names, places = ", ".join(values), ", ".join("?" * len(values))
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(values.values()))  # noqa: S608 - its own names


def update_row(db: sqlite3.Connection, reference: str, values: Mapping[str, Any]) -> None:
    """Change an order; the names in `values` are the program's own."""
    places = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE orders SET {places} WHERE reference = ?", (*values.values(), reference))  # noqa: S608 - its own names
