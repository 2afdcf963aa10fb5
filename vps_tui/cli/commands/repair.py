"""`orders repair`: a new record made from a damaged one, and what is to be looked at afterwards."""

from __future__ import annotations

from vps_tui.cli.commands.output import PROGRAM, aside, document, entry_document, say
from vps_tui.core.exit_codes import CANCELLED, DONE, UNKNOWN
from vps_tui.core.text import clean
from vps_tui.journal import FILE_NAME, Entry, Journal
from vps_tui.journal.repair import Repaired
from vps_tui.services.backend import Backend
from vps_tui.terminal import prompt

WORD = "repair"


def repair_journal(backend: Backend, *, yes: bool, as_json: bool) -> int:
    """Repair the record of orders if it is damaged.

    Returns the exit code: `UNKNOWN` where an order has to be looked for at the provider.
    """
    journal = Journal(backend.folder / FILE_NAME)
    problem = journal.problem()
    if problem is None:
        if as_json:
            document({"repaired": False, "recovered": len(journal.entries()), "lost": 0, "kept": []})
        else:
            say("The record of orders is whole: there is nothing to repair.")
        return DONE
    if not yes:
        aside(
            problem.message, "What is there is kept under another name, and a new record is made of what can be read."
        )
        if not prompt.confirm_typed(
            f"Type {WORD} to do that:", WORD, hint="Add --yes to repair it without being asked."
        ):
            aside("Nothing was changed.")
            return CANCELLED
    done = journal.repair()
    unknown = journal.unsettled()
    if as_json:
        document(_document(done, unknown))
    else:
        say(*_lines(done, unknown))
    return UNKNOWN if unknown or done.found.lost else DONE


def _document(done: Repaired, unknown: tuple[Entry, ...]) -> dict[str, object]:
    return {
        "repaired": True,
        "recovered": len(done.found.rows),
        "lost": done.found.lost,
        "unknown": [entry_document(entry) for entry in unknown],
        "doubtful": sorted(done.found.doubtful),
        "kept": [str(path) for path in done.kept],
    }


def _lines(done: Repaired, unknown: tuple[Entry, ...]) -> list[str]:
    number, lost = len(done.found.rows), done.found.lost
    lines = [f"The record of orders is repaired: {_entries(number)} recovered, {lost or 'none'} lost."]
    lines += [f"Kept: {clean(str(path), 300)}" for path in done.kept]
    if lost:
        lines += [
            f"Nothing is known of the {_entries(lost)} that could not be read, and nothing keeps you from ordering",
            "the same again. Look in the provider's panel for servers, orders and invoices that",
            f"{PROGRAM.get()} orders does not list.",
        ]
    for entry in map(Entry.printable, unknown):
        what = f"{entry.reference} ({', '.join(entry.purchase.names)})"
        lines.append(f"It is not known what became of {what}: {PROGRAM.get()} orders check {entry.reference}")
    return lines


def _entries(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"
