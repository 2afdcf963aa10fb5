"""`orders`: the journal listed, one order shown, looked for at the provider, or settled by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from vps_tui.cli.commands.output import (
    PROGRAM,
    aside,
    change_document,
    document,
    entry_document,
    order_document,
    outcome_lines,
    say,
    table,
    tell,
)
from vps_tui.core.errors import Consequence, UsageError
from vps_tui.core.exit_codes import FAILED
from vps_tui.journal import FILE_NAME, Entry, Journal, JournalDamaged, under_way
from vps_tui.journal.entry import find_reference
from vps_tui.providers.registry import provider_info
from vps_tui.services.backend import Backend
from vps_tui.services.findings import ReconcileFinding, Sighting
from vps_tui.services.logins import ssh_documents, ways_in
from vps_tui.services.reconcile import LOOK_EVERY, draft_of, look, sending, settle_answer, settle_by_hand
from vps_tui.wizard import summary
from vps_tui.wizard.questions import history, watching


def journal_of(backend: Backend) -> Journal:
    """Return the journal, with what dead processes left in it settled as far as it can be."""
    journal = Journal(backend.folder / FILE_NAME)
    journal.recover()
    return journal


def list_orders(backend: Backend, *, as_json: bool) -> int:
    """Print every order, newest first, of a damaged record what can be read; returns the exit code."""
    entries, problem = _readable(backend)
    if as_json:
        document({"orders": [entry_document(entry) for entry in entries]} | _error_document(problem))
        return FAILED if problem else 0
    if problem:
        aside(*_warning(problem))
    if entries:
        say(*_rows(entries))
        _point_out(entries)
    elif not problem:
        say("Nothing has been ordered from here yet.")
    return FAILED if problem else 0


def show_order(backend: Backend, reference: str, *, as_json: bool) -> int:
    """Print one order in full, of a damaged record too; returns the exit code, which is that of its outcome."""
    problem: JournalDamaged | None = None
    try:
        entry = journal_of(backend).entry(reference)
    except JournalDamaged as error:
        problem = error
        entries = Journal(backend.folder / FILE_NAME).salvaged().entries()
        name = find_reference(reference, [one.reference for one in entries])
        entry = next(one for one in entries if one.reference == name)
        aside(*_warning(problem))

    def whole() -> dict[str, Any]:
        full = _full(entry)
        servers = {"servers": _servers(entry, full["servers"])} if entry.purchase.is_order else {}
        return {**entry_document(entry), **full, **servers, **_error_document(problem)}

    tell(entry_lines(entry), whole, as_json=as_json)
    return entry.outcome.kind.exit_code or (FAILED if problem else 0)


def check_order(backend: Backend, reference: str, *, wait_minutes: float, as_json: bool) -> int:
    """Look for one order at the provider and settle it if that is clear; returns the exit code of its outcome."""
    journal = journal_of(backend)
    entry = journal.entry(reference)
    finding, entry = asyncio.run(_look(backend, journal, entry, wait_minutes * 60))
    if entry.state.settled and finding.sighting is not Sighting.FOUND:
        # What a list means for an order that nobody knows about would contradict what is known of this one.
        words = "The provider's list shows:" if finding.servers else "The provider lists nothing of it."
        finding = replace(finding, message=f"What became of it is known. {words}", hint="")
    shown = {"sighting": finding.sighting.value, "found": finding.message}
    tell(_finding_lines(finding, entry), lambda: {**_full(entry), **shown}, as_json=as_json)
    return entry.outcome.kind.exit_code


def _finding_lines(finding: ReconcileFinding, entry: Entry) -> list[str]:
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


def settle_order(backend: Backend, reference: str, *, there: bool, order_id: str, as_json: bool) -> int:
    """Settle one unknown order by hand; returns the exit code. Raises `UsageError` for one that is known."""
    journal = journal_of(backend)
    entry = journal.entry(reference)
    if entry.live:
        raise under_way.refusal(entry)
    if not entry.unsettled:
        raise UsageError(
            f"What became of {entry.purchase.noun} {entry.reference} is known: {history.outcome(entry)}.",
            hint=f"See {PROGRAM.get()} orders show {entry.reference}.",
            title="Nothing to settle",
            money=Consequence.UNTOUCHED,
        )
    entry = settle_by_hand(journal, entry, there=there, order_id=order_id)
    tell(outcome_lines(entry.outcome, entry), lambda: _full(entry), as_json=as_json)
    return 0


def entry_lines(entry: Entry) -> list[str]:
    """Return one order of the journal in words: what became of it, how to log in, what it was, when and by whom."""
    ways = [line for way in ways_in(entry) for line in watching.recorded_login(way)]
    entry = entry.printable()
    return [
        *outcome_lines(entry.outcome, entry),
        *(["", *ways] if ways else []),
        "",
        *table(entry.purchase.bought, "  "),
        "",
        *table(history.record(entry)),
    ]


async def _look(backend: Backend, journal: Journal, entry: Entry, seconds: float) -> tuple[ReconcileFinding, Entry]:
    """Look once, and again until it is found or `seconds` have passed; while it is sent, that is waited for."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    entry = await settle_answer(journal, entry, seconds)
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


def _readable(backend: Backend) -> tuple[tuple[Entry, ...], JournalDamaged | None]:
    """Return all entries that can be read, newest first, and what is wrong with the record, if anything is."""
    try:
        return journal_of(backend).entries(), None
    except JournalDamaged as error:
        return Journal(backend.folder / FILE_NAME).salvaged().entries(), error


def _warning(problem: JournalDamaged) -> tuple[str, ...]:
    return (f"vps-tui: {problem.message}", f"Until it is repaired nothing can be ordered. {problem.hint}")


def _error_document(problem: JournalDamaged | None) -> dict[str, object]:
    if problem is None:
        return {}
    return {"error": {"title": problem.title, "message": problem.message, "hint": problem.hint}}


def _full(entry: Entry) -> dict[str, Any]:
    bought = entry.purchase
    if bought.is_order:
        return order_document(entry.outcome, entry.reference, bought.quote, draft_of(entry), ssh_documents(entry))
    return change_document(entry.outcome, entry.reference, bought.change, bought.quote)


def _rows(entries: Iterable[Entry]) -> list[str]:
    rows = [
        (
            entry.reference,
            history.time_of(entry.created),
            history.outcome(entry),
            entry.purchase.provider,
            summary.due_at_once(entry.purchase.quote),
            ", ".join(entry.purchase.names),
            entry.outcome.order_id,
        )
        for entry in (entry.printable() for entry in entries)
    ]
    heads = ("REFERENCE", "TIME", "OUTCOME", "PROVIDER", "DUE AT ONCE", "SERVER", "ORDER")
    return table((heads, *rows))


def _point_out(entries: Iterable[Entry]) -> None:
    for entry in entries:
        if entry.live:
            say(f"{entry.reference}: {entry.printable().outcome.message}")
        if entry.unsettled:
            say(f"It is not known what became of {entry.reference}: {PROGRAM.get()} orders check {entry.reference}")
