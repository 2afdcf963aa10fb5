"""What commands print: words for people, one JSON document for scripts; safe for a terminal either way."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from vps_tui.core.draft import Draft
from vps_tui.core.order_servers import match_service_ids
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.server_change import ChangeKind
from vps_tui.journal import Entry, Purchase
from vps_tui.journal import words as journal_words
from vps_tui.services.logins import SshDocument
from vps_tui.services.reconcile import draft_of
from vps_tui.terminal import streams
from vps_tui.wizard import summary
from vps_tui.wizard.state import WizardState

PROGRAM: ContextVar[str] = ContextVar("program", default="vps-tui")
"""How commands that are recommended begin: those of the sandbox find nothing without its option."""


def say(*lines: str) -> None:
    """Print lines for a person."""
    print("\n".join(lines), flush=True)


def aside(*lines: str) -> None:
    """Print lines that are not the command's result: to standard error, so that JSON stays alone."""
    print("\n".join(lines), file=sys.stderr)


@contextmanager
def telling_aside(*lines: str) -> Iterator[None]:
    """Print an outcome in here; if standard output fails - a full disk, a reader that left - `lines` go to the other.

    The exit code tells the outcome either way.
    """
    yield
    streams.settle(*lines)


def document(value: Mapping[str, Any]) -> None:
    """Print one JSON document; characters that a terminal could obey are escaped."""
    print(json.dumps(value, indent=2))


def tell(lines: Sequence[str], value: Callable[[], Mapping[str, Any]], *, as_json: bool) -> None:
    """Print an outcome: `lines` for a person, or the document that `value` returns."""
    with telling_aside(*lines):
        if as_json:
            document(value())
        else:
            say(*lines)


def table(rows: Iterable[Sequence[str]], indent: str = "") -> list[str]:
    """Return `rows` in columns as wide as their cells: labels and values, or headings and what is under them."""
    cells = list(rows)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        f"{indent}{'  '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))}".rstrip()
        for row in cells
    ]


def quote_lines(state: WizardState) -> list[str]:
    """Return a quote in words: what, every line of it, then now, at each renewal, and what is not known."""
    quote, info = state.quote(), state.info
    if quote is None or info is None:
        return []
    account = state.terms.account.name if state.terms else ""
    lines = [(line.label, line.price) for line in quote.lines]
    money = summary.money_pairs(state, datetime.now(UTC))
    payment = ("Payment", f"{summary.payment_method(state)}, for this and all renewals")
    notes = summary.notes(state, datetime.now(UTC))
    return [
        f"{info.name}, account {account}",
        *table(summary.bought(state), "  "),
        "",
        *table(lines, "  "),
        "",
        *table([*money, payment]),
        "",
        *notes,
    ]


def outcome_lines(outcome: Outcome, entry: Entry | None, headline: str = "") -> list[str]:
    """Return what became of an order or a change in words, for how much, and where to look later.

    `headline` is what to begin with where there is no entry that tells.
    """
    program = PROGRAM.get()
    if entry is not None:
        headline = journal_words.headline(entry.purchase, outcome.kind)
    ordered = entry is not None and entry.purchase.is_order and bool(outcome.service_ids)
    services = summary.services(draft_of(entry), outcome) if entry and ordered else outcome.service_ids
    ids = (
        ("order", outcome.order_id),
        ("invoice", outcome.invoice_id),
        ("service", ", ".join(services)),
    )
    words = "  ".join(f"{label} {value}" for label, value in ids if value)
    lines = [f"{headline or outcome.kind.headline}.  {words}".rstrip(), outcome.message, outcome.hint]
    if entry is not None and entry.live and outcome == entry.outcome:
        lines = [outcome.message]
    if outcome.paid is False:
        lines.append("The invoice is NOT paid yet.")
    if entry is not None and outcome.kind in (OutcomeKind.PLACED, OutcomeKind.UNKNOWN):
        ends = entry.purchase.kind == ChangeKind.CANCEL
        lines.append(f"{_what(entry)}{'' if ends else f': {summary.due_at_once(entry.purchase.quote)} due at once'}.")
    if entry is not None:
        check = "check" if entry.unsettled else "show"
        lines.append(f"Recorded as {entry.reference}: {program} orders {check} {entry.reference}")
        if outcome.kind is OutcomeKind.PLACED and entry.purchase.is_order:
            lines.append(f"Until one can log in: {program} watch {entry.reference}")
    return [line for line in lines if line]


def _what(entry: Entry) -> str:
    """Return what was bought or changed, in a few words."""
    changed = [f"{label} {value}" for label, value in entry.purchase.bought if label in ("New plan", "Add", "Cancel")]
    return ", ".join((*entry.purchase.names, *changed))


def order_document(
    outcome: Outcome,
    reference: str | None,
    quote: Mapping[str, Any] | None,
    draft: Draft | None = None,
    ssh: Sequence[SshDocument | None] = (),
) -> dict[str, Any]:
    """Return an order as the contract's document; `draft` is what was ordered, None where nothing could be.

    `ssh` is how to log in to each of its servers; one of which that is not known yet is without it.
    """
    pairs = match_service_ids(draft, outcome.service_ids) if draft is not None else ()
    return {
        "outcome": outcome.kind.value,
        "reference": reference,
        "order_id": outcome.order_id or None,
        "invoice_id": outcome.invoice_id or None,
        "service_ids": list(outcome.service_ids),
        "servers": [
            {"name": name, "service_id": service or None} | ({"ssh": way} if way is not None else {})
            for (name, service), way in zip_longest(pairs, ssh[: len(pairs)])
        ],
        "paid": outcome.paid,
        "message": " ".join(filter(None, (outcome.message, outcome.hint))) or None,
        "quote": quote,
    }


def entry_document(entry: Entry) -> dict[str, Any]:
    """Return one order of the journal as the contract's document."""
    quote = entry.purchase.quote
    return {
        "reference": entry.reference,
        "provider": entry.purchase.provider,
        "outcome": entry.outcome.kind.value,
        "created": entry.created.isoformat(timespec="seconds"),
        "order_id": entry.outcome.order_id or None,
        "service_ids": list(entry.outcome.service_ids),
        "total": quote.get("due_now"),
        "currency": quote.get("currency"),
        "servers": list(quote.get("servers", ())),
        **({"under_way": entry.outcome.message} if entry.live else {}),
        **kind_document(entry.purchase),
    }


def kind_document(purchase: Purchase) -> dict[str, Any]:
    """Return what tells an order from a change, and of a change what it changes."""
    return {"kind": purchase.kind} | ({} if purchase.is_order else {"change": dict(purchase.change)})


def change_document(
    outcome: Outcome, reference: str | None, change: Mapping[str, Any] | None, quote: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return a change as the document that scripts get: an order's, with what was changed and for how much."""
    quoted = quote or {}
    return {
        **order_document(outcome, reference, quote),
        "kind": change["kind"] if change else None,
        "change": change,
        "total": quoted.get("due_now"),
        "currency": quoted.get("currency") or None,
        "date_from": quoted.get("date_from"),
        "date_to": quoted.get("date_to"),
    }
