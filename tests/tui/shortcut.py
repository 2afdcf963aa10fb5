"""The way to the last steps without the steps before them, and orders that were made earlier."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.secret import RootPassword, Secret
from vps_tui.core.steps import Position, Step
from vps_tui.journal import FILE_NAME, Entry, Journal, Purchase, State, locks
from vps_tui.providers.order_file import dump
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox
from vps_tui.services import watch
from vps_tui.services.paid_task import place
from vps_tui.services.resolve import resolve
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.wizard.confirmed_task import order_of
from vps_tui.wizard.start import of_resolved
from vps_tui.wizard.state import WizardState

from .driver import arrive, wizard_of

LOCATION, PLAN_NAME, IMAGE = "100", "KVM SMART", "Debian 13"
EDIS = Draft(
    "edis",
    "122",
    payment_method="cryptomus",
    servers=(ServerDraft("web1", "1707", "KVM STARTER", "208", without_key=True),),
)
STACK = Draft(
    "layerstack",
    payment_method="ccard",
    currency="usd",
    servers=(ServerDraft("web1", "101", "S102-HK", "12", without_key=True, plan_type="cloud_servers_standard"),),
)
DRAFTS = {"edis": EDIS, "layerstack": STACK}
"""Orders that the sandbox takes."""


async def at_confirmation(pilot: Pilot[int]) -> None:
    """Show the confirmation of an order from EDIS Global, made of what the sandbox sells."""
    app = wizard_of(pilot)
    info = next(info for info in app.backend.providers() if info.id == "edis")
    app.state = WizardState().with_provider(info, credentials_known=True)
    session = await app.session()
    catalog, terms = await session.catalog(LOCATION), await session.terms()
    plan = next(plan for plan in catalog.plans if plan.name == PLAN_NAME)
    image = next(image for image in plan.os_images if image.name.startswith(IMAGE))
    server = ServerDraft(name="web1", os=image.id, without_key=True).with_plan(plan)
    draft = Draft("edis", LOCATION, payment_method=terms.payment_methods[0].id, servers=(server,))
    state = replace(app.state, draft=draft, location_name="Australia", catalog=catalog, terms=terms)
    await app.show(replace(state, task=order_of(state), position=Position(Step.CONFIRM)))
    await arrive(pilot, Step.CONFIRM)


async def at_cost(pilot: Pilot[int], draft: Draft = EDIS) -> None:
    """Show the cost of `draft`."""
    app = wizard_of(pilot)
    app.state = WizardState().with_provider(provider_info(draft.provider), credentials_known=True)
    resolved = await resolve(await app.session(), provider_info(draft.provider), draft)
    assert resolved.problems == ()
    await app.show(replace(of_resolved(resolved), credentials_known=True, position=Position(Step.COST)))
    await arrive(pilot, Step.COST)


async def order_of_draft(folder: Path, draft: Draft = EDIS, faults: tuple[str, ...] = ()) -> Entry:
    """Order `draft` from the sandbox of `folder` with `faults` in force; returns what its journal says."""
    backend = SandboxBackend(folder)
    try:
        session = await backend.open(provider_info(draft.provider), {})
        resolved = await resolve(session, provider_info(draft.provider), draft)
        assert backend._server is not None
        backend._server.set_faults(faults)
        given = (RootPassword(given=Secret("Sesame-open-1")),) if session.info.needs_root_password else ()
        task = order_of(replace(of_resolved(resolved), root_passwords=given))
        placed = await place(session, Journal(folder / FILE_NAME), task)
        await session.aclose()
    finally:
        backend.close()
    assert placed.entry is not None
    return placed.entry


def written(
    folder: Path,
    state: State,
    draft: Draft = EDIS,
    *,
    account: str = EDIS_ACCOUNT[0],
    ago: timedelta = timedelta(0),
    before: tuple[str, ...] | None = (),
    dead: bool = False,
) -> Entry:
    """Write an order into the journal in `folder` as if it had been sent `ago`, or its process were `dead`.

    A living process in the state "sending" is this one.
    """
    moment = datetime.now(UTC) - ago
    journal = Journal(folder / FILE_NAME, clock=lambda: moment)
    purchase = Purchase(
        draft.provider,
        account,
        "0" * 64,
        dump(draft),
        {"servers": [{"plan": server.plan_name} for server in draft.servers], "due_now": "5.99", "currency": "EUR"},
        (("Plan", draft.server.plan_name), ("Hostname", draft.server.name)),
        tuple((server.name, server.plan) for server in draft.servers),
    )
    entry = journal.prepare(purchase)
    if state is not State.PREPARED:
        entry = journal.begin_sending(entry.reference, before, moment)
    if state not in (State.PREPARED, State.SENDING):
        entry = journal.finish(entry.reference, Outcome(OutcomeKind(state.value)))
    if dead:
        locks.release(folder / "sending" / f"{entry.reference}.lock")
    return entry


def deliver_quickly(patch: pytest.MonkeyPatch, *, ssh_delay: float = 0.0) -> None:
    """Have sandboxes deliver at once, servers answer `ssh_delay` seconds later, and whoever follows look often."""
    defaults = Sandbox.__init__.__kwdefaults__
    assert defaults is not None
    patch.setitem(defaults, "delivery_seconds", 0.0)
    patch.setitem(defaults, "ssh_delay_seconds", ssh_delay)
    patch.setattr(watch, "ASK_PAUSES", (0.05,))
