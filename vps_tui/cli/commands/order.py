"""`quote FILE` and `order FILE`: an order file priced, shown, confirmed and placed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from vps_tui.cli.commands.output import (
    aside,
    document,
    order_document,
    outcome_lines,
    quote_lines,
    say,
    telling_aside,
)
from vps_tui.cli.commands.paid_call import sent
from vps_tui.core import exit_codes
from vps_tui.core.errors import UsageError, VpsTuiError
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.secret import Secret
from vps_tui.core.spending_limit import SpendingLimit
from vps_tui.credentials.server_password import RootPassword
from vps_tui.journal import Journal, Repeated
from vps_tui.journal.references import listed
from vps_tui.providers.registry import provider_info
from vps_tui.services.backend import Backend
from vps_tui.services.order_files import load
from vps_tui.services.place_order import Order, place, purchase
from vps_tui.services.resolve import Resolved, misplaced, refuse, resolve
from vps_tui.services.send_once import CallResult, not_sent, stopped
from vps_tui.terminal.prompt import typed
from vps_tui.terminal.signals import Interruption, stoppable
from vps_tui.wizard.confirmed_order import order_of
from vps_tui.wizard.input_notes import input_notes
from vps_tui.wizard.start import of_resolved
from vps_tui.wizard.state import WizardState

SERVER_PASSWORD = "VPS_TUI_SERVER_PASSWORD"  # noqa: S105 - the name of a variable
NO_LIMIT = "Without a known price --max-total cannot be kept: leave it out to order all the same."
NOT_KEPT = (
    "Each server gets a random root password that nobody keeps: log in with the SSH key, and set another with "
    "passwd, or in the provider's panel."
)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says about an order."""

    file: Path
    yes: bool = False
    max_total: SpendingLimit | None = None
    allow_unknown_price: bool = False
    dry_run: bool = False
    again: str = ""
    json: bool = False


@dataclass(frozen=True, slots=True)
class _Priced:
    """An order file with what it costs now."""

    state: WizardState
    """The order in the making."""
    in_stock: bool
    order: Order
    request: str
    """What the paid call would say, without secrets."""
    repeated: Repeated | None = None
    """Earlier orders that this one would repeat without having said so."""


def quote(backend: Backend, file: Path, *, as_json: bool) -> int:
    """Price an order file; returns the exit code."""
    resolved, _ = asyncio.run(_read(backend, file))
    if as_json:
        document(order_of(of_resolved(resolved)).document)
    else:
        sold_out = () if resolved.in_stock else ("The location is sold out: this cannot be ordered now.",)
        say(*quote_lines(of_resolved(resolved)), *sold_out)
    return 0


def order(backend: Backend, options: Options, environ: Mapping[str, str]) -> int:
    """Place an order file; returns the exit code.

    Raises `UsageError` for a file or options that are wrong. Every other failure before the paid call is the
    outcome `not_sent`.
    """
    with stoppable():
        try:
            return _ordered(backend, options, environ)
        except KeyboardInterrupt:
            return _report(CallResult(stopped()), None, options, exit_code=exit_codes.CANCELLED)


def _ordered(backend: Backend, options: Options, environ: Mapping[str, str]) -> int:
    try:
        priced = _priced(backend, options, environ)
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
        (aside if options.json else say)(*quote_lines(priced.state), "")
        if priced.repeated is not None:
            aside(priced.repeated.message)
            if not typed("Type again to order it once more all the same, then Enter:", "again"):
                return _cancelled(priced, options)
            again = ",".join(entry.reference for entry in priced.repeated.entries)
            priced = replace(priced, order=replace(priced.order, again=again))
        if not typed("Type yes to order, then Enter:", "yes"):
            return _cancelled(priced, options)
    elif notes := input_notes(priced.state):
        aside(*notes)
    interruption = Interruption(aside)
    placed = asyncio.run(_placed(backend, priced.order, interruption))
    cancelled = interruption.heeded and placed.outcome.kind is OutcomeKind.NOT_SENT
    return _report(placed, priced, options, exit_code=exit_codes.CANCELLED if cancelled else None)


def _priced(backend: Backend, options: Options, environ: Mapping[str, str]) -> _Priced:
    resolved, (request, account) = asyncio.run(_read(backend, options.file))
    state = of_resolved(resolved)
    passwords = _root_passwords(state, environ)
    if passwords:
        state = replace(state, root_passwords=tuple(RootPassword(given=password) for password in passwords))
    ready = order_of(
        state,
        passwords,
        again=options.again,
        ceiling=options.max_total,
        password_not_kept=bool(state.info and state.info.needs_root_password and not environ.get(SERVER_PASSWORD)),
    )
    allowed = listed(options.again)
    found = Journal(backend.folder / "journal.sqlite").repeats(purchase(ready, account, request))
    found = tuple(entry for entry in found if entry.live or entry.reference not in allowed)
    return _Priced(state, resolved.in_stock, ready, request, Repeated(found) if found else None)


async def _read(backend: Backend, file: Path) -> tuple[Resolved, tuple[str, str]]:
    """Return what `file` orders as the provider has it now, and its request and account; sends nothing but reads."""
    draft = load(file)
    info = provider_info(draft.provider)
    session = await backend.open(info, {}, read_only=True)
    try:
        resolved = await resolve(session, info, draft)
        refuse((*resolved.problems, *misplaced(resolved)), str(file))
        return resolved, (session.request_text(of_resolved(resolved).to_order()), session.account_name)
    finally:
        await session.aclose()


async def _placed(backend: Backend, ready: Order, interruption: Interruption) -> CallResult:
    return await sent(
        backend,
        ready.draft.provider,
        interruption,
        lambda session, journal: place(session, journal, ready, announce=interruption.announce),
        lambda session: purchase(ready, session.account_name, session.request_text(ready.draft)),
    )


def _problem(priced: _Priced, options: Options) -> Outcome | None:
    """Return why this order is not even asked about; None when nothing stands in its way."""
    repeated = priced.repeated
    live = repeated is not None and any(entry.live for entry in repeated.entries)
    if repeated is not None and live:
        # First, since it may be what has emptied the stock.
        return Outcome(OutcomeKind.NOT_SENT, repeated.message, repeated.hint)
    if not priced.in_stock:
        return Outcome(OutcomeKind.NOT_SENT, "The location is sold out.", "Choose another location.")
    if not priced.order.quote.complete and not options.allow_unknown_price:
        return Outcome(
            OutcomeKind.NOT_SENT,
            f"{priced.order.quote.unknown}, so it is not known what would be charged.",
            "Add --allow-unknown-price to order all the same.",
        )
    ceiling = options.max_total.problem(priced.order.quote) if options.max_total is not None else ""
    if ceiling:
        known = priced.order.quote.complete
        hint = "Raise --max-total if that is what you want to pay." if known else NO_LIMIT
        return Outcome(OutcomeKind.NOT_SENT, ceiling, hint)
    if repeated is not None and options.yes:
        references = ",".join(entry.reference for entry in repeated.entries)
        way = f"To buy it once more all the same, add --again {references}."
        return Outcome(OutcomeKind.NOT_SENT, repeated.message, f"{repeated.hint} {way}".strip())
    return None


def _dry_run(priced: _Priced, options: Options) -> int:
    words = "Dry run: nothing was sent."
    if options.json:
        nothing = Outcome(OutcomeKind.NOT_SENT, words)
        document(order_document(nothing, None, priced.order.document, priced.order.draft))
    else:
        say(*quote_lines(priced.state), "", f"{words} The order would say:", priced.request)
    return 0


def _cancelled(priced: _Priced, options: Options) -> int:
    outcome = Outcome(OutcomeKind.NOT_SENT, "You did not confirm it.")
    return _report(CallResult(outcome), priced, options, exit_code=exit_codes.CANCELLED)


def _report(placed: CallResult, priced: _Priced | None, options: Options, exit_code: int | None = None) -> int:
    """Print what became of the order; returns the exit code."""
    outcome, entry = placed.outcome, placed.entry
    kept = not options.dry_run and priced is not None and priced.order.password_not_kept
    with telling_aside(*outcome_lines(outcome, entry)):
        if options.json:
            quoted, draft = (priced.order.document, priced.order.draft) if priced else (None, None)
            document(order_document(outcome, entry.reference if entry else None, quoted, draft))
        else:
            say(*outcome_lines(outcome, entry))
            if kept and outcome.kind in (OutcomeKind.PLACED, OutcomeKind.UNKNOWN):
                say(NOT_KEPT)
    return outcome.kind.exit_code if exit_code is None else exit_code


def _root_passwords(state: WizardState, environ: Mapping[str, str]) -> tuple[Secret, ...]:
    """Return a root password per server where the provider wants one; raises `UsageError`."""
    if state.info is None or not state.info.needs_root_password:
        return ()
    from vps_tui.core.root_password import generate, problem

    given = environ.get(SERVER_PASSWORD, "")
    if given:
        wrong = problem(given)
        if wrong:
            raise UsageError(f"{SERVER_PASSWORD} cannot be used: {wrong}", hint="Set another one.")
        return tuple(Secret(given) for _ in state.draft.servers)
    for server in state.draft.servers:
        if not server.ssh_key:
            raise UsageError(
                f"{server.name} has no SSH key, and nobody would know its root password.",
                hint=f"Set {SERVER_PASSWORD}, or give it an ssh_key.",
            )
    return tuple(Secret(generate()) for _ in state.draft.servers)
