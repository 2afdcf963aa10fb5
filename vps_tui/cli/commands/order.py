"""`quote FILE` and `order FILE`: an order file priced, shown, confirmed and placed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from vps_tui.cli.commands.output import document, order_document, quote_lines, say
from vps_tui.cli.commands.paid_command import PaidCommand, PaidOptions, Priced, Words
from vps_tui.core.errors import UsageError
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.secret import RootPassword, Secret
from vps_tui.journal import ORDER
from vps_tui.providers.registry import provider_info
from vps_tui.services.backend import Backend
from vps_tui.services.order_files import load
from vps_tui.services.order_task import OrderTask
from vps_tui.services.resolve import Resolved, find_misplaced, refuse, resolve
from vps_tui.services.session import Session
from vps_tui.wizard.confirmed_task import order_of
from vps_tui.wizard.input_notes import input_notes
from vps_tui.wizard.start import of_resolved
from vps_tui.wizard.state import WizardState

SERVER_PASSWORD = "VPS_TUI_SERVER_PASSWORD"  # noqa: S105 - the name of a variable
NOT_KEPT = (
    "Each server gets a random root password that nobody keeps: log in with the SSH key, and set another with "
    "passwd, or in the provider's panel."
)
WORDS = Words(
    kind=ORDER,
    not_sent=OutcomeKind.NOT_SENT.headline,
    request="The order would say:",
    repeat="Type again to order it once more all the same, then Enter:",
    repeat_option="To buy it once more all the same",
    repeat_first=False,
)


def quote(backend: Backend, file: Path, *, as_json: bool) -> int:
    """Price an order file; returns the exit code."""

    async def read() -> Resolved:
        session, resolved = await _resolve(backend, file)
        await session.aclose()
        return resolved

    resolved = asyncio.run(read())
    if as_json:
        document(order_of(of_resolved(resolved)).document)
    else:
        sold_out = () if resolved.in_stock else ("The location is sold out: this cannot be ordered now.",)
        say(*quote_lines(of_resolved(resolved)), *sold_out)
    return 0


def order(backend: Backend, file: Path, options: PaidOptions, environ: Mapping[str, str]) -> int:
    """Place an order file; returns the exit code. Raises `UsageError` for a file or options that are wrong."""
    return PaidCommand(backend, options, WORDS, lambda: _read(backend, file, options, environ), _document).run()


def _document(outcome: Outcome, reference: str | None, priced: Priced | None) -> dict[str, Any]:
    if priced is None or not isinstance(priced.task, OrderTask):
        return order_document(outcome, reference, None)
    return order_document(outcome, reference, priced.task.document, priced.task.draft)


async def _read(backend: Backend, file: Path, options: PaidOptions, environ: Mapping[str, str]) -> Priced:
    """Return what the file orders as the provider has it now; sends nothing but reads."""
    session, resolved = await _resolve(backend, file)
    try:
        state = of_resolved(resolved)
        passwords = _root_passwords(state, environ)
        state = replace(state, root_passwords=tuple(RootPassword(given=password) for password in passwords))
        task = order_of(state, again=options.again, ceiling=options.max_total)
        sold_out = Outcome(OutcomeKind.NOT_SENT, "The location is sold out.", "Choose another location.")
        return Priced(
            task,
            task.request(session),
            task.purchase_in(session),
            tuple(quote_lines(state)),
            tuple(input_notes(state)),
            ("Type yes to order, then Enter:", "yes"),
            refusal=None if resolved.in_stock else sold_out,
            afterword=NOT_KEPT if passwords and not environ.get(SERVER_PASSWORD) else "",
        )
    finally:
        await session.aclose()


async def _resolve(backend: Backend, file: Path) -> tuple[Session, Resolved]:
    """Return what `file` orders, and the session, which can only read, for closing it."""
    draft = load(file)
    info = provider_info(draft.provider)
    session = await backend.open(info, {}, read_only=True)
    try:
        resolved = await resolve(session, info, draft)
        refuse((*resolved.problems, *find_misplaced(resolved)), str(file))
    except BaseException:
        await session.aclose()
        raise
    return session, resolved


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
