"""`orders`: the journal listed, one order shown, looked for at the provider, or settled by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from vps_tui import summary
from vps_tui.backend import Backend
from vps_tui.commands.output import (
    PROGRAM,
    change_document,
    document,
    entry_document,
    order_document,
    outcome_lines,
    say,
    table,
    telling_aside,
)
from vps_tui.errors import UsageError
from vps_tui.journal import Entry, Journal, under_way
from vps_tui.logins import ssh_documents, ways_in
from vps_tui.providers.registry import provider_info
from vps_tui.questions import earlier, watching
from vps_tui.settling import (
    LOOK_EVERY,
    Finding,
    Sighting,
    answered,
    draft_of,
    look,
    sending,
    settled_by_hand,
)


def journal_of(backend: Backend) -> Journal:
    """Return the journal, with what dead processes left in it settled as far as it can be."""
    journal = Journal(backend.folder / "journal.sqlite")
    journal.recover()
    return journal


def listed(backend: Backend, *, as_json: bool) -> int:
    """Print every order, newest first; returns the exit code."""
    entries = journal_of(backend).entries()
    if as_json:
        document({"orders": [entry_document(entry) for entry in entries]})
    elif entries:
        say(*_rows(entries))
        _point_out(entries)
    else:
        say("Nothing has been ordered from here yet.")
    return 0


def shown(backend: Backend, reference: str, *, as_json: bool) -> int:
    """Print one order in full; returns the exit code, which is that of its outcome."""
    entry = journal_of(backend).entry(reference)
    with telling_aside(*entry_lines(entry)):
        if as_json:
            full = _full(entry)
            servers = {"servers": _servers(entry, full["servers"])} if entry.purchase.is_order else {}
            document({**entry_document(entry), **full, **servers})
        else:
            say(*entry_lines(entry))
    return entry.outcome.kind.exit_code


def checked(backend: Backend, reference: str, *, wait_minutes: float, as_json: bool) -> int:
    """Look for one order at the provider and settle it if that is clear; returns the exit code of its outcome."""
    journal = journal_of(backend)
    entry = journal.entry(reference)
    finding, entry = asyncio.run(_looked(backend, journal, entry, wait_minutes * 60))
    if entry.state.settled and finding.sighting is not Sighting.FOUND:
        # What a list means for an order that nobody knows about would contradict what is known of this one.
        words = "The provider's list shows:" if finding.servers else "The provider lists nothing of it."
        finding = replace(finding, message=f"What became of it is known. {words}", hint="")
    lines = _finding_lines(finding, entry)
    with telling_aside(*lines):
        if as_json:
            document({**_full(entry), "sighting": finding.sighting.value, "found": finding.message})
        else:
            say(*lines)
    return entry.outcome.kind.exit_code


def _finding_lines(finding: Finding, entry: Entry) -> list[str]:
    """Return what the provider lists of an order, and what became of it or how to settle it."""
    if finding.sighting is Sighting.UNDER_WAY:
        return [f"{entry.reference}: {finding.message}", *filter(None, (finding.hint,))]
    rows = (
        "  ".join(filter(None, (one.id, one.name, one.plan, one.location, one.status, one.address)))
        for one in finding.servers
    )
    lines = [f"{entry.reference}: {finding.message}", *filter(None, (finding.hint,)), *(f"  {row}" for row in rows)]
    if not entry.unsettled:
        return [*lines, *outcome_lines(entry.outcome, entry)]
    done = "ordered" if entry.purchase.is_order else "taken"
    return [
        *lines,
        "To settle it with what you see in the provider's panel:",
        f"  {PROGRAM.get()} orders settle {entry.reference} --{done} [--order-id ID]",
        f"  {PROGRAM.get()} orders settle {entry.reference} --not-{done}",
    ]


def settled(backend: Backend, reference: str, *, there: bool, order_id: str, as_json: bool) -> int:
    """Settle one unknown order by hand; returns the exit code. Raises `UsageError` for one that is known."""
    journal = journal_of(backend)
    entry = journal.entry(reference)
    if entry.live:
        raise under_way.refusal(entry)
    if not entry.unsettled:
        raise UsageError(
            f"What became of {entry.purchase.noun} {entry.reference} is known: {earlier.outcome(entry)}.",
            hint=f"See {PROGRAM.get()} orders show {entry.reference}.",
            title="Nothing to settle",
            money="It stays as it is.",
        )
    panel = provider_info(entry.purchase.provider).panel
    outcome = settled_by_hand(
        there=there, panel=panel, order_id=order_id, noun=entry.purchase.noun, known=entry.outcome
    )
    entry = journal.finish(entry.reference, outcome, settled_by="hand")
    lines = outcome_lines(entry.outcome, entry)
    with telling_aside(*lines):
        if as_json:
            document(_full(entry))
        else:
            say(*lines)
    return 0


def entry_lines(entry: Entry) -> list[str]:
    """Return one order of the journal in words: what became of it, how to log in, what it was, when and by whom."""
    ways = [line for way in ways_in(entry) for line in watching.recorded(way)]
    entry = entry.printable()
    return [
        *outcome_lines(entry.outcome, entry),
        *(["", *ways] if ways else []),
        "",
        *table(entry.purchase.bought, "  "),
        "",
        *table(earlier.record(entry)),
    ]


async def _looked(backend: Backend, journal: Journal, entry: Entry, seconds: float) -> tuple[Finding, Entry]:
    """Look once, and again until it is found or `seconds` have passed; while it is sent, that is waited for."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    entry = await answered(journal, entry, seconds)
    if entry.live:
        return sending(entry), entry
    session = await backend.open(provider_info(entry.purchase.provider), {}, read_only=True)
    try:
        finding, entry = await look(session, journal, entry)
        while finding.sighting is not Sighting.FOUND and loop.time() + LOOK_EVERY < end:
            await asyncio.sleep(LOOK_EVERY)
            finding, entry = await look(session, journal, entry)
    finally:
        await session.aclose()
    return finding, entry


def _servers(entry: Entry, known: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return every single server of an order as its quote describes it, with what is `known` of it by now."""
    draft = draft_of(entry)
    described = zip(draft.servers, entry.purchase.quote.get("servers", ()), strict=False)
    each = [shown for server, shown in described for _ in range(server.quantity)]
    return [{**shown, **one} for shown, one in zip(each, known, strict=False)]


def _full(entry: Entry) -> dict[str, Any]:
    bought = entry.purchase
    if bought.is_order:
        return order_document(entry.outcome, entry.reference, bought.quote, draft_of(entry), ssh_documents(entry))
    return change_document(entry.outcome, entry.reference, bought.change, bought.quote)


def _rows(entries: Iterable[Entry]) -> list[str]:
    rows = [
        (
            entry.reference,
            earlier.time_of(entry.created),
            earlier.outcome(entry),
            entry.purchase.provider,
            summary.due_at_once(entry.purchase.quote),
            ", ".join(entry.purchase.names),
            entry.outcome.order_id,
        )
        for entry in (entry.printable() for entry in entries)
    ]
    heads = ("REFERENCE", "TIME", "OUTCOME", "PROVIDER", "DUE AT ONCE", "SERVER", "ORDER")
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heads, *rows)
    ]


def _point_out(entries: Iterable[Entry]) -> None:
    for entry in entries:
        if entry.live:
            say(f"{entry.reference}: {entry.printable().outcome.message}")
        if entry.unsettled:
            say(f"It is not known what became of {entry.reference}: {PROGRAM.get()} orders check {entry.reference}")
