"""`change` and `cancel`: a server one has, priced, shown, confirmed and changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from vps_tui.cli.commands import change_arguments
from vps_tui.cli.commands.output import change_document, table
from vps_tui.cli.commands.paid_command import PaidCommand, PaidOptions, Priced, Words
from vps_tui.core import change_words
from vps_tui.core.errors import VpsTuiError
from vps_tui.core.outcome import Outcome
from vps_tui.core.server_change import Cancellation, CancelWhen, Change, ChangesOffered
from vps_tui.journal import FILE_NAME, Entry, Journal, Purchase, Repeated
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.registry import provider_info
from vps_tui.services.backend import Backend
from vps_tui.services.change_task import ChangeTask, find_server, owned_by_name, plan_shown

WORDS = Words(
    kind="",
    not_sent="Not changed: nothing was sent",
    request="The call would say:",
    repeat="Type again to do it once more all the same, then Enter:",
    repeat_option="To do it once more all the same",
    repeat_first=True,
)


@dataclass(frozen=True, slots=True)
class Request:
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


def change(backend: Backend, request: Request, options: PaidOptions) -> int:
    """Change or cancel a server; returns the exit code. Raises `UsageError` for wrong options."""
    return PaidCommand(backend, options, WORDS, lambda: _read(backend, request, options), _document).run()


def _document(outcome: Outcome, reference: str | None, priced: Priced | None) -> dict[str, Any]:
    purchase = priced.purchase if priced else None
    return change_document(
        outcome, reference, purchase.change if purchase else None, purchase.quote if purchase else None
    )


async def _read(backend: Backend, request: Request, options: PaidOptions) -> Priced:
    """Return the change that `request` asks for at its present price; sends nothing but reads."""
    info = provider_info(request.provider)
    session = await backend.open(info, {}, read_only=True)
    try:
        listing = await owned_by_name(session, Journal(backend.folder / FILE_NAME))
        try:
            server = find_server(listing.servers, request.server)
            offered = await session.changes_offered(server)
            asked = _requested_change(offered, request, info)
            quote = await session.quote_change(asked)
        except VpsTuiError as error:
            # What is being changed looks changed already; that is no reason to call the request wrong.
            under_way = await asyncio.to_thread(_being_changed, backend, request, session.account_name)
            raise (Repeated(under_way) if under_way else error) from None
        task = ChangeTask(asked, quote, plan_shown(offered, asked), again=options.again, ceiling=options.max_total)
        return Priced(
            task,
            task.request(session),
            task.purchase_in(session),
            tuple(_quote_lines(task, offered, info, session.account_name)),
            tuple(change_words.cautions(offered, asked)),
            _question(asked),
            price_shown=quote.total is not None,
        )
    finally:
        await session.aclose()


def _question(asked: Change) -> tuple[str, ...]:
    """Return what confirms the change: a word, or for the end of a server its name or id."""
    if not isinstance(asked, Cancellation):
        return "Type yes to make the change, then Enter:", "yes"
    name = asked.server.display_name
    return f"Type {name} to cancel this server, then Enter:", name, asked.server.id


def _being_changed(backend: Backend, request: Request, account: str) -> tuple[Entry, ...]:
    """Return the changes of the server that are being sent."""
    entries = Journal(backend.folder / FILE_NAME).sent_elsewhere()
    return tuple(
        entry
        for entry in entries
        if entry.sent is not None
        and not entry.purchase.is_order
        and entry.purchase.provider == request.provider
        and entry.purchase.account.casefold() == account.casefold()
        and request.server in _words_for(entry.purchase)
    )


def _words_for(purchase: Purchase) -> set[str]:
    """Return what the server of a change can be called on the command line."""
    server = purchase.change.get("server") or {}
    return {str(server.get(key) or "") for key in ("id", "name", "kvm_id")} - {""}


def _requested_change(offered: ChangesOffered, request: Request, info: ProviderInfo) -> Change:
    if request.when is not None:
        return change_arguments.cancellation(offered, request.when, info)
    if request.add:
        return change_arguments.add_ons(offered, request.add, request.subscription, info)
    return change_arguments.plan(
        offered,
        request.plan,
        info,
        billing_cycle=request.billing_cycle,
        payment_method=request.payment_method,
        subscription=request.subscription,
    )


def _quote_lines(task: ChangeTask, offered: ChangesOffered, info: ProviderInfo, account: str) -> list[str]:
    """Return the change in words: what, what it costs or what is lost, and what is not known."""
    cautions = change_words.cautions(offered, task.change)
    # What cannot be changed does not matter to the end of a server.
    limits = () if isinstance(task.change, Cancellation) else offered.notes
    timely = info.timely_note(datetime.now(UTC)) if task.quote.charges else ""
    notes = dict.fromkeys(filter(None, (*cautions, *task.quote.notes, *limits, timely)))
    return [
        f"{info.name}, account {account}",
        *table(change_words.describe_change(task.change), "  "),
        "",
        *table(change_words.money_lines(task.quote)),
        "",
        *notes,
    ]
