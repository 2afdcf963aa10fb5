"""Question: which size of server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Plan
from vps_tui.core.offers import NOWHERE, Offer, in_order, mixed_currencies
from vps_tui.core.typed_ids import with_typed_ids
from vps_tui.providers.models import TypedIds
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.state import WizardState
from vps_tui.wizard.summary import ram

HELP = (
    "vCPU are the server's processor cores, RAM its memory, traffic what it may transfer per month. "
    "The list holds exactly what is sold here. Prices are the provider's own, before tax."
)
WAITING_FOR = "the plans sold there"
NOUN = "plans"
TYPED = "typed"
"""The choice that is no plan: its ids are typed."""


def heading(state: WizardState) -> tuple[str, str]:
    """Return the question and where its prices come from."""
    place = f" in {state.place}" if state.place else ""
    source = state.catalog.source if state.catalog else ""
    usual = "Prices are per month, without tax. The billing cycle is chosen with the cost."
    return f"Which plan{place}?", f"Prices: {source}" if source else usual


def columns(state: WizardState) -> list[Column]:
    """Return the columns; the region only where the plan decides on it."""
    found = [
        Column("PLAN", flexible=True),
        Column("vCPU", right=True, spoken="vCPU"),
        Column("RAM", right=True, spoken="RAM"),
        Column("DISK", right=True, spoken="disk"),
        Column("TRAFFIC", right=True, spoken="traffic", spare=True),
        Column("PER MONTH", right=True, spoken="per month"),
        Column("NOTE", spare=True),
    ]
    if _has_regions(state):
        found.insert(1, Column("REGION"))
    return found


def received(state: WizardState, found: Catalog) -> WizardState:
    """Return the state with the catalogue of its location."""
    return replace(state, catalog=with_typed_ids(found, state.draft))


def choices(state: WizardState) -> list[Choice]:
    """Return the plans of the state's catalogue, and the way to type ids where there is one."""
    plans = state.catalog.plans if state.catalog else ()
    notes = _notes(state, plans)
    rows = [_choice(state, plan, notes.get(plan.id, "")) for plan in plans]
    if state.info is not None and state.info.plan_types:
        rows.append(Choice(TYPED, ("Type the ids ...", *[""] * 7), search="type ids"))
    return rows


def chosen(state: WizardState) -> str:
    """Return the id of the plan that was chosen before, or of its namesake; empty for none."""
    server, plans = state.server, state.catalog.plans if state.catalog else ()
    return server.plan or next((plan.id for plan in plans if plan.name == server.plan_name), "")


def priced(state: WizardState, choice_id: str) -> WizardState | None:
    """Return the state as it would be with that plan, to see its price; None where it is no plan."""
    plan = state.catalog.plan(choice_id) if state.catalog else None
    return None if plan is None else state.with_server(state.server.with_plan(plan))


def answer(state: WizardState, choice_id: str) -> WizardState | None:
    """Return the state with that plan, None where it is none."""
    plan = state.catalog.plan(choice_id) if state.catalog else None
    if plan is None:
        return None
    return state.with_server(state.server.with_plan(plan))


def answer_typed(state: WizardState, typed: TypedIds) -> WizardState:
    """Return the state with the plan and OS image of `typed`, which no catalogue holds."""
    if state.catalog is None:
        raise RuntimeError("there is no catalogue")
    server = replace(state.server, plan=typed.plan, plan_name="", plan_type=typed.plan_type, os=typed.os, add_ons=())
    changed = state.with_server(server)
    draft = replace(changed.draft, currency=typed.currency or changed.draft.currency)
    return replace(changed, draft=draft, catalog=with_typed_ids(state.catalog, draft, typed.family))


def _has_regions(state: WizardState) -> bool:
    return state.info is not None and not state.info.has_locations


def _notes(state: WizardState, plans: Sequence[Plan]) -> dict[str, str]:
    """Return by id which plan is the cheapest, and which was ordered last from this provider."""
    offers = in_order(
        offer for plan in plans for offer in (Offer(NOWHERE, plan, BillingCycle.MONTHLY),) if offer.price
    )
    usual = state.usual.server
    last = next((plan for plan in plans if plan.id == usual.plan), None)
    last = last or next((plan for plan in plans if plan.name == usual.plan_name), None)
    comparable = len(offers) > 1 and not mixed_currencies(offers)
    notes = {offers[0].plan.id: "cheapest"} if comparable else {}
    if last is not None:
        notes[last.id] = ", ".join(filter(None, ("ordered last", notes.get(last.id, ""))))
    return notes


def _choice(state: WizardState, plan: Plan, note: str) -> Choice:
    monthly = plan.prices.get(BillingCycle.MONTHLY)
    sizes = (
        str(plan.vcpu) if plan.vcpu else "?",
        ram(plan.ram_mb),
        f"{plan.disk_gb} GB" if plan.disk_gb else "?",
        f"{plan.traffic_tb} TB" if plan.traffic_tb else "?",
        str(monthly) if monthly else "not known",
    )
    region = (plan.location,) if _has_regions(state) else ()
    return Choice(plan.id, (plan.name, *region, *sizes, note), search=plan.id)
