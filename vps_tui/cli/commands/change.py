"""`change` and `cancel`: a server one has, priced, shown, confirmed and changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from vps_tui.cli.commands import change_arguments
from vps_tui.cli.commands.output import aside, change_document, document, outcome_lines, say, table, telling_aside
from vps_tui.cli.commands.paid_call import sent
from vps_tui.core import change_words, exit_codes
from vps_tui.core.change_documents import change_document as described
from vps_tui.core.change_documents import quote_document
from vps_tui.core.errors import UsageError, VpsTuiError
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.server_change import Cancellation, CancelWhen, Change, ChangesOffered
from vps_tui.core.spending_limit import SpendingLimit
from vps_tui.journal import Entry, Journal, Purchase, Repeated
from vps_tui.journal import words as journal_words
from vps_tui.journal.references import listed
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.registry import provider_info
from vps_tui.services.backend import Backend
from vps_tui.services.change_server import Agreed, find_server, make, obstacle, plan_shown, purchase
from vps_tui.services.owned_names import owned_by_name
from vps_tui.services.send_once import CallResult, not_sent, stopped
from vps_tui.terminal.prompt import typed
from vps_tui.terminal.signals import Interruption, stoppable


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says about a change; exactly one of `plan`, `add` and `when` is given."""

    provider: str
    server: str
    plan: str = ""
    billing_cycle: str = ""
    payment_method: str = ""
    subscription: str = ""
    add: tuple[str, ...] = ()
    """As typed, such as "vm_backup=1"."""
    when: CancelWhen | None = None
    yes: bool = False
    max_total: SpendingLimit | None = None
    allow_unknown_price: bool = False
    dry_run: bool = False
    again: str = ""
    json: bool = False


@dataclass(frozen=True, slots=True)
class _Priced:
    """A change with what it costs now."""

    info: ProviderInfo
    account: str
    agreed: Agreed
    offered: ChangesOffered
    request: str
    """What the call would say, without secrets."""
    repeated: Repeated | None = None
    """Earlier changes that this one would repeat without having said so."""

    @property
    def purchase(self) -> Purchase:
        """The change in the journal's terms."""
        return purchase(self.agreed, self.account, self.request)


def change(backend: Backend, options: Options) -> int:
    """Change or cancel a server; returns the exit code.

    Raises `UsageError` for a server or options that are wrong. Every other failure before the call is the
    outcome `not_sent`.
    """
    with stoppable():
        try:
            return _changed(backend, options)
        except KeyboardInterrupt:
            return _report(CallResult(stopped("")), None, options, exit_code=exit_codes.CANCELLED)


def _changed(backend: Backend, options: Options) -> int:
    try:
        priced = _with_repeats(backend, asyncio.run(_priced(backend, options)), options)
    except UsageError:
        raise
    except VpsTuiError as error:
        return _report(CallResult(not_sent(error)), None, options)
    problem = _problem(priced, options)
    if problem is not None:
        return _report(CallResult(problem), priced, options)
    if options.dry_run:
        return _dry_run(priced, options)
    if not options.yes:
        (aside if options.json else say)(*_quote_lines(priced), "")
        confirmed = _confirmed(priced)
        if confirmed is None:
            outcome = Outcome(OutcomeKind.NOT_SENT, "You did not confirm it.")
            return _report(CallResult(outcome), priced, options, exit_code=exit_codes.CANCELLED)
        priced = confirmed
    elif cautions := change_words.cautions(priced.offered, priced.agreed.change):
        aside(*cautions)
    interruption = Interruption(aside, priced.purchase.noun)
    placed = asyncio.run(
        sent(
            backend,
            options.provider,
            interruption,
            lambda session, journal: make(session, journal, priced.agreed, announce=interruption.announce),
            lambda _: priced.purchase,
            kind=priced.purchase.kind,
        )
    )
    cancelled = interruption.heeded and placed.outcome.kind is OutcomeKind.NOT_SENT
    return _report(placed, priced, options, exit_code=exit_codes.CANCELLED if cancelled else None)


async def _priced(backend: Backend, options: Options) -> _Priced:
    """Return the change that `options` ask for at its present price; sends nothing but reads."""
    info = provider_info(options.provider)
    session = await backend.open(info, {}, read_only=True)
    try:
        listing = await owned_by_name(session, Journal(backend.folder / "journal.sqlite"))
        try:
            server = find_server(listing.servers, options.server)
            offered = await session.changes_offered(server)
            asked = _wanted(offered, options, info)
            quote = await session.quote_change(asked)
        except VpsTuiError as error:
            # What is being changed looks changed already; that is no reason to call the request wrong.
            under_way = await asyncio.to_thread(_being_changed, backend, options, session.account_name)
            raise (Repeated(under_way) if under_way else error) from None
        agreed = Agreed(asked, quote, options.again, options.max_total, plan_shown(offered, asked))
        return _Priced(info, session.account_name, agreed, offered, session.change_text(asked))
    finally:
        await session.aclose()


def _being_changed(backend: Backend, options: Options, account: str) -> tuple[Entry, ...]:
    """Return the changes of the server that are being sent."""
    entries = Journal(backend.folder / "journal.sqlite").sent_elsewhere()
    return tuple(
        entry
        for entry in entries
        if entry.sent is not None
        and not entry.purchase.is_order
        and entry.purchase.provider == options.provider
        and entry.purchase.account.casefold() == account.casefold()
        and options.server in _words_for(entry.purchase)
    )


def _words_for(purchase: Purchase) -> set[str]:
    """Return what the server of a change can be called on the command line."""
    server = purchase.change.get("server") or {}
    return {str(server.get(key) or "") for key in ("id", "name", "kvm_id")} - {""}


def _wanted(offered: ChangesOffered, options: Options, info: ProviderInfo) -> Change:
    if options.when is not None:
        return change_arguments.cancellation(offered, options.when, info)
    if options.add:
        return change_arguments.add_ons(offered, options.add, options.subscription, info)
    return change_arguments.plan(
        offered,
        options.plan,
        info,
        billing_cycle=options.billing_cycle,
        payment_method=options.payment_method,
        subscription=options.subscription,
    )


def _with_repeats(backend: Backend, priced: _Priced, options: Options) -> _Priced:
    allowed = listed(options.again)
    found = Journal(backend.folder / "journal.sqlite").repeats(priced.purchase)
    found = tuple(entry for entry in found if entry.live or entry.reference not in allowed)
    return replace(priced, repeated=Repeated(found) if found else None)


def _problem(priced: _Priced, options: Options) -> Outcome | None:
    """Return why this change is not even asked about; None when nothing stands in its way.

    What may have been made already comes first: it would explain why the provider says that it cannot be had.

    Whoever is asked sees that a price is an estimate before saying yes; a script says that it knows.
    """
    repeated = priced.repeated
    live = repeated is not None and any(entry.live for entry in repeated.entries)
    if repeated is not None and (options.yes or live):
        references = ",".join(entry.reference for entry in repeated.entries)
        way = f"To do it once more all the same, add --again {references}." if options.yes and not live else ""
        return Outcome(OutcomeKind.NOT_SENT, repeated.message, f"{repeated.hint} {way}".strip())
    seen = not options.yes and priced.agreed.quote.total is not None
    return obstacle(priced.agreed, unknown_price_allowed=options.allow_unknown_price or seen)


def _confirmed(priced: _Priced) -> _Priced | None:
    """Return the change as a person has confirmed it, None where that was not done."""
    if priced.repeated is not None:
        aside(priced.repeated.message)
        if not typed("Type again to do it once more all the same, then Enter:", "again"):
            return None
        again = ",".join(entry.reference for entry in priced.repeated.entries)
        priced = replace(priced, agreed=replace(priced.agreed, again=again))
    asked = priced.agreed.change
    if isinstance(asked, Cancellation):
        server = asked.server
        question = f"Type {server.display_name} to cancel this server, then Enter:"
        return priced if typed(question, server.display_name, server.id) else None
    return priced if typed("Type yes to make the change, then Enter:", "yes") else None


def _quote_lines(priced: _Priced) -> list[str]:
    """Return the change in words: what, what it costs or what is lost, and what is not known."""
    agreed = priced.agreed
    cautions = change_words.cautions(priced.offered, agreed.change)
    # What cannot be changed is of no interest to whoever ends the server.
    offered = () if isinstance(agreed.change, Cancellation) else priced.offered.notes
    timely = priced.info.timely_note(datetime.now(UTC)) if agreed.quote.charges else ""
    notes = dict.fromkeys(filter(None, (*cautions, *agreed.quote.notes, *offered, timely)))
    return [
        f"{priced.info.name}, account {priced.account}",
        *table(change_words.described(agreed.change), "  "),
        "",
        *table(change_words.money(agreed.quote)),
        "",
        *notes,
    ]


def _dry_run(priced: _Priced, options: Options) -> int:
    words = "Dry run: nothing was sent."
    if options.json:
        document(_document(Outcome(OutcomeKind.NOT_SENT, words), None, priced))
    else:
        say(*_quote_lines(priced), "", f"{words} The call would say:", priced.request)
    return 0


def _report(placed: CallResult, priced: _Priced | None, options: Options, exit_code: int | None = None) -> int:
    """Print what became of the change; returns the exit code."""
    outcome, entry = placed.outcome, placed.entry
    headline = journal_words.headline(priced.purchase, outcome.kind) if priced else "Not changed: nothing was sent"
    lines = outcome_lines(outcome, entry, headline)
    with telling_aside(*lines):
        if options.json:
            document(_document(outcome, entry.reference if entry else None, priced))
        else:
            say(*lines)
    return outcome.kind.exit_code if exit_code is None else exit_code


def _document(outcome: Outcome, reference: str | None, priced: _Priced | None) -> dict[str, object]:
    if priced is None:
        return change_document(outcome, reference, None, None)
    asked, quote = priced.agreed.change, priced.agreed.quote
    return change_document(outcome, reference, described(asked), quote_document(asked, quote))
