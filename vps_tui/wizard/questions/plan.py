"""Questions: where the server stands, which size it has, and the ids of a plan that is not listed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location, OsFamily, Plan
from vps_tui.core.offers import NOWHERE, Offer, has_mixed_currencies, in_order
from vps_tui.core.typed_ids import typed_id, with_typed_ids
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.models import TypedIds
from vps_tui.wizard.questions.choices import Choice, Column, Fetch, ListQuestion, Reader
from vps_tui.wizard.state import WizardState
from vps_tui.wizard.summary import ram

TYPED = "typed"
"""The row that is no plan: its ids are typed."""
SIZE_COLUMNS = (
    Column("vCPU", right=True, spoken="vCPU"),
    Column("RAM", right=True, spoken="RAM"),
    Column("DISK", right=True, spoken="disk"),
    Column("TRAFFIC", right=True, spoken="traffic", spare=True),
)
"""For `plan_sizes`."""


def plan_sizes(plan: Plan) -> tuple[str, str, str, str]:
    """Return the sizes of a plan in words, a question mark for what is not known."""
    return (
        str(plan.vcpu) if plan.vcpu else "?",
        ram(plan.ram_mb),
        f"{plan.disk_gb} GB" if plan.disk_gb else "?",
        f"{plan.traffic_tb} TB" if plan.traffic_tb else "?",
    )


async def _read_locations(reader: Reader, _state: WizardState) -> tuple[Location, ...]:
    return await (await reader.session()).locations()


def _locations_at_hand(reader: Reader, _state: WizardState) -> tuple[Location, ...] | None:
    return reader.open_session.ready_locations() if reader.open_session else None


def _location_row(location: Location) -> Choice:
    stock = "in stock" if location.in_stock else "sold out"
    refusal = "" if location.in_stock else f"{location.name} is sold out. Choose a location that is in stock."
    return Choice(location.id, (location.name, location.city, location.country, stock), refusal, location.id)


def _chosen_location(state: WizardState) -> str:
    """Return the location that was chosen before, else the last order's if it is in stock."""
    usual = state.draft.location or state.last_order.location
    sold = {location.id for location in state.locations if location.in_stock}
    return usual if state.draft.location or usual in sold else ""


def _answer_location(state: WizardState, choice_id: str) -> WizardState:
    location = next(location for location in state.locations if location.id == choice_id)
    return state.with_location(location.id, location.name)


LOCATION = ListQuestion(
    word="Location",
    heading=("Where should the server stand?", "Plans and prices differ by location."),
    help="The server stands in this place: the nearer to those who use it, the quicker it answers them. "
    "Plans and prices differ by location. A location that is sold out takes no orders now.",
    columns=(Column("LOCATION"), Column("CITY", flexible=True), Column("CODE"), Column("STOCK", right=True)),
    rows=lambda state: [_location_row(location) for location in state.locations],
    chosen=_chosen_location,
    answer=_answer_location,
    fetch=Fetch(
        "its locations",
        _read_locations,
        lambda state, locations: replace(state, locations=locations),
        _locations_at_hand,
        ahead=True,
    ),
    noun="locations",
)


async def _read_catalog(reader: Reader, state: WizardState) -> Catalog:
    return await (await reader.session()).catalog(state.draft.location)


def _catalog_at_hand(reader: Reader, state: WizardState) -> Catalog | None:
    return reader.open_session.ready_catalog(state.draft.location) if reader.open_session else None


def _plan_heading(state: WizardState) -> tuple[str, str]:
    """Return the question and where its prices come from."""
    place = f" in {state.place}" if state.place else ""
    source = state.catalog.source if state.catalog else ""
    usual = "Prices are per month, without tax. The billing cycle is chosen with the cost."
    return f"Which plan{place}?", f"Prices: {source}" if source else usual


def _plan_columns(state: WizardState) -> list[Column]:
    """Return the columns; the region only where the plan decides on it."""
    region = [Column("REGION")] if _has_regions(state) else []
    price = Column("PER MONTH", right=True, spoken="per month")
    return [Column("PLAN", flexible=True), *region, *SIZE_COLUMNS, price, Column("NOTE", spare=True)]


def _plan_rows(state: WizardState) -> list[Choice]:
    """Return the plans of the state's catalogue, and the way to type ids where there is one."""
    plans = state.catalog.plans if state.catalog else ()
    notes = _notes(state, plans)
    rows = [_plan_row(state, plan, notes.get(plan.id, "")) for plan in plans]
    if state.info is not None and state.info.plan_types:
        rows.append(Choice(TYPED, ("Type the ids ...", *[""] * 7), search="type ids"))
    return rows


def _chosen_plan(state: WizardState) -> str:
    """Return the id of the plan that was chosen before, or of its namesake; empty for none."""
    server, plans = state.server, state.catalog.plans if state.catalog else ()
    return server.plan or next((plan.id for plan in plans if plan.name == server.plan_name), "")


def answer_plan(state: WizardState, choice_id: str) -> WizardState | None:
    """Return the state with that plan, None where it is none."""
    plan = state.catalog.plan(choice_id) if state.catalog else None
    return None if plan is None else state.with_server(state.server.with_plan(plan))


PLAN = ListQuestion(
    word="Plan",
    heading=_plan_heading,
    help="vCPU are the server's processor cores, RAM its memory, traffic what it may transfer per month. "
    "The list holds exactly what is sold here. Prices are the provider's own, before tax.",
    columns=_plan_columns,
    rows=_plan_rows,
    chosen=_chosen_plan,
    answer=answer_plan,
    fetch=Fetch(
        "the plans sold there",
        _read_catalog,
        lambda state, catalog: replace(state, catalog=with_typed_ids(catalog, state.draft)),
        _catalog_at_hand,
        ahead=True,
        in_heading=True,
    ),
    noun="plans",
    rows_priced=True,
)


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
    usual = state.last_order.server
    last = next((plan for plan in plans if plan.id == usual.plan), None)
    last = last or next((plan for plan in plans if plan.name == usual.plan_name), None)
    comparable = len(offers) > 1 and not has_mixed_currencies(offers)
    notes = {offers[0].plan.id: "cheapest"} if comparable else {}
    if last is not None:
        notes[last.id] = ", ".join(filter(None, ("ordered last", notes.get(last.id, ""))))
    return notes


def _plan_row(state: WizardState, plan: Plan, note: str) -> Choice:
    monthly = plan.prices.get(BillingCycle.MONTHLY)
    region = (plan.location,) if _has_regions(state) else ()
    price = str(monthly) if monthly else "not known"
    return Choice(plan.id, (plan.name, *region, *plan_sizes(plan), price, note), search=plan.id)


IDS_NOTE = "A plan given by its id has no price here; the provider charges its own."
WRONG_ID = "That is none of them."
KIND_COLUMNS = (Column("KIND OF PLAN", flexible=True),)


@dataclass(frozen=True, slots=True)
class IdField:
    """One thing to type."""

    key: str
    label: str
    help_text: str
    usual: str = ""


ID_FIELDS = (
    IdField("plan", "Plan id", "A number."),
    IdField("os", "OS image id", "A number, also called OS template id."),
    IdField("family", "System", "linux, windows or other.", OsFamily.LINUX.value),
    IdField("currency", "Currency", "For an account's first order, such as usd; else empty."),
)


def ids_title(info: ProviderInfo) -> str:
    """Return the question."""
    return f"Ids from {info.name}'s documentation"


def plan_kinds(info: ProviderInfo) -> list[Choice]:
    """Return the kinds of plan."""
    return [Choice(word, (words,)) for word, words in info.plan_types]


def wrong_ids(values: Mapping[str, str]) -> list[str]:
    """Return the keys of those `values` that cannot be what their field asks for."""
    found = [key for key in ("plan", "os") if not typed_id(values[key])]
    found += [] if values["family"] in set(OsFamily) else ["family"]
    found += [] if re.fullmatch("([a-z]{3})?", values["currency"]) else ["currency"]
    return found


def typed_ids(values: Mapping[str, str], plan_type: str) -> TypedIds:
    """Return what was typed; nothing of it may be wrong by `wrong_ids`."""
    family = OsFamily(values["family"])
    return TypedIds(typed_id(values["plan"]), plan_type, typed_id(values["os"]), family, values["currency"])
