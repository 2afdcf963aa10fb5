"""Entries as rows of the journal's table, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.server_change import ChangeKind
from vps_tui.journal import under_way
from vps_tui.journal.entry import ORDER, Entry, Purchase, State
from vps_tui.journal.errors import Damage
from vps_tui.journal.sql import insert_row, update_row

if TYPE_CHECKING:
    import sqlite3

    from vps_tui.core.login import Login

MAX_REPLY_LENGTH = 8000
"""Characters kept of what the provider answered."""


def not_begun() -> Outcome:
    return Outcome(State.NOT_SENT.outcome, "The program ended before anything was sent.")


def interrupted(reference: str, noun: str, program: str) -> Outcome:
    """Return the outcome of a `noun` whose process ended while it was sent."""
    return Outcome(
        State.UNKNOWN.outcome,
        f"The program ended while the {noun} was being sent, so the answer never arrived.",
        find_out(reference, program),
    )


def left_behind(entry: Entry) -> Outcome:
    begun = entry.state is State.SENDING
    return interrupted(entry.reference, entry.purchase.noun, entry.program) if begun else not_begun()


def find_out(reference: str, program: str) -> str:
    """Return how to find out about an entry that is not known; `program` is how a command about it begins."""
    return f"Find out with: {program} orders check {reference}"


def insert(
    db: sqlite3.Connection, reference: str, purchase: Purchase, *, created: datetime, owner: str, again: str
) -> None:
    values = {
        "reference": reference,
        "state": State.PREPARED.value,
        "created": _stamp(created),
        "owner": _text(owner),
        "again": again,
        "provider": _text(purchase.provider),
        "account": _text(purchase.account),
        "digest": _text(purchase.digest),
        "order_file": _text(purchase.order_file),
        "quote": json.dumps(dict(purchase.quote)),
        "bought": json.dumps(purchase.bought),
        "servers": json.dumps(purchase.servers),
        "kind": purchase.kind,
        "change": json.dumps(dict(purchase.change)),
        "key_files": json.dumps([_text(file) for file in purchase.key_files]),
    }
    insert_row(db, values)


def mark_sending(
    db: sqlite3.Connection,
    reference: str,
    *,
    sent: datetime,
    before: Sequence[str] | None,
    server_time: datetime | None,
) -> None:
    """Record that a request may leave from now on."""
    values = {
        "state": State.SENDING.value,
        "sent": _stamp(sent),
        "before": None if before is None else json.dumps(list(before)),
        "server_time": None if server_time is None else _stamp(server_time),
    }
    update_row(db, reference, values)


def write_outcome(
    db: sqlite3.Connection, reference: str, outcome: Outcome, *, finished: datetime, settled_by: str
) -> None:
    """Record an outcome; an answer that was kept earlier stays where there is no new one."""
    values = {
        "state": State(outcome.kind.value).value,
        "finished": _stamp(finished),
        "settled_by": settled_by,
        "message": _text(outcome.message),
        "hint": _text(outcome.hint),
        "order_id": _text(outcome.order_id),
        "invoice_id": _text(outcome.invoice_id),
        "service_ids": json.dumps(outcome.service_ids),
        "paid": outcome.paid,
    }
    update_row(db, reference, values | ({"reply": _text(outcome.reply[:MAX_REPLY_LENGTH])} if outcome.reply else {}))


def write_logins(db: sqlite3.Connection, reference: str, logins: Sequence[Login]) -> None:
    documents = [
        {
            "name": _text(login.name),
            "service_id": _text(login.service_id),
            "address": login.address,
            "port": login.port,
            "seen": _stamp(login.seen),
            "host_key_type": _text(login.host_key_type),
            "host_key_fingerprint": _text(login.host_key_fingerprint),
            "windows": login.windows,
        }
        for login in logins
    ]
    update_row(db, reference, {"logins": json.dumps(documents)})


def entry_of(row: Any, live: bool, program: str = "vps-tui") -> Entry:
    """Return the entry in `row`; raises `Damage` for one that this program cannot have written."""
    try:
        return _entry(row, live, program)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
        raise Damage from error


def _entry(row: Any, live: bool, program: str) -> Entry:
    state = State(_keep(row, "state"))
    kind = _add(row, "kind", ORDER)
    change = json.loads(_keep(row, "change")) if kind != ORDER else {}
    return Entry(
        reference=_keep(row, "reference"),
        purchase=Purchase(
            provider=_keep(row, "provider"),
            account=_keep(row, "account"),
            digest=_keep(row, "digest"),
            order_file=_keep(row, "order_file"),
            quote=dict(json.loads(_keep(row, "quote"))),
            bought=_pairs(_keep(row, "bought")),
            servers=_pairs(_keep(row, "servers")),
            kind=ORDER if kind == ORDER else ChangeKind(kind).value,
            change=dict(change),
            key_files=_texts(_add(row, "key_files", "[]")),
        ),
        state=state,
        created=_time(_keep(row, "created")),
        owner=_keep(row, "owner"),
        sent=_time_or_none(row["sent"]),
        finished=_time_or_none(row["finished"]),
        outcome=_outcome(row, state, kind, live, program),
        before=None if row["before"] is None else _texts(row["before"]),
        server_time=_time_or_none(row["server_time"]),
        settled_by=_add(row, "settled_by", ""),
        again=_keep(row, "again"),
        logins=tuple(_login(document) for document in json.loads(_add(row, "logins", "[]"))),
        live=live,
        program=program,
    )


def _login(document: dict[str, Any]) -> Login:
    from ipaddress import ip_address

    from vps_tui.core.login import Login

    # The address and the port become part of a command.
    if not 0 < int(document["port"]) < 65536:
        raise ValueError("a port out of range")
    return Login(
        name=str(document["name"]),
        service_id=str(document["service_id"]),
        address=str(ip_address(document["address"])),
        port=int(document["port"]),
        seen=_time(document["seen"]),
        host_key_type=str(document["host_key_type"]),
        host_key_fingerprint=str(document["host_key_fingerprint"]),
        windows=bool(document["windows"]),
    )


def _outcome(row: Any, state: State, kind: str, live: bool, program: str) -> Outcome:
    if live:
        # Also before it is sent: that nothing was sent is true only until it is.
        sentence = under_way.words(state, _time(row["sent"] or _keep(row, "created")), _keep(row, "owner"))
        return Outcome(OutcomeKind.UNKNOWN, f"{sentence[:1].upper()}{sentence[1:]}")
    if state is State.PREPARED:
        return not_begun()
    if state is State.SENDING:
        noun = ORDER if kind == ORDER else ChangeKind(kind).noun
        return interrupted(_keep(row, "reference"), noun, program)
    if row["paid"] not in (None, 0, 1):
        raise ValueError("not a yes or no")
    return Outcome(
        kind=state.outcome,
        message=_keep(row, "message"),
        hint=_keep(row, "hint"),
        order_id=_keep(row, "order_id"),
        invoice_id=_keep(row, "invoice_id"),
        service_ids=_texts(row["service_ids"]),
        paid=None if row["paid"] is None else bool(row["paid"]),
        reply=_keep(row, "reply"),
    )


def _keep(row: Any, name: str) -> str:
    """Return the text in a column: SQLite itself would keep anything there, and give it back as it is."""
    text = row[name]
    if not isinstance(text, str):
        raise TypeError(name)
    return text


def _add(row: Any, name: str, before: str) -> str:
    """Return the text in a column that an earlier version has not, which counts as `before` there."""
    return _keep(row, name) if name in row.keys() else before  # noqa: SIM118 - a row of SQLite yields its values


def _texts(text: str) -> tuple[str, ...]:
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError("not a list of texts")
    return tuple(found)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(first), str(second)) for first, second in json.loads(text))


def _time_or_none(text: Any) -> datetime | None:
    return None if text is None else _time(text)


def _time(text: Any) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("a time without its zone")
    return time


def _stamp(time: datetime) -> str:
    """Return an aware time as text that sorts as the times do."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _text(text: str) -> str:
    """Return `text` with a question mark for each lone surrogate, which SQLite could not keep."""
    return text.encode("utf-8", "replace").decode("utf-8")
