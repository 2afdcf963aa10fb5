"""Question: which plan instead of the present one."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Plan
from vps_tui.core.money import Money
from vps_tui.core.server_change import ChangesOffered
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.questions.owned_servers import changing, server
from vps_tui.wizard.state import WizardState
from vps_tui.wizard.summary import ram

HELP = (
    "The list holds the plans that this server can have by the provider's rules, with their list prices for the "
    "server's present billing cycle and how much more or less that is than it costs now. What the change itself "
    "costs is asked for next."
)
NOUN = "plans"
TYPED = "typed"
"""The choice that is no plan: its id is typed."""
ID_TITLE = "Id of the new plan"
ID_LABEL = "Plan id"
ID_HELP = "A number from the provider's documentation."
WRONG_ID = "A plan's id is a number."


def heading(state: WizardState) -> tuple[str, str]:
    """Return the question and what the prices are compared with."""
    one = server(state)
    title = f"Which plan for {one.display_name}{f' instead of {one.plan}' if one.plan else ''}?"
    if not _offered(state).plans:
        return title, "No plan is known here: give one by its id."
    paid = _present_price(state)
    return title, f"List prices {_cycle(state).every}; + and - against {paid} now." if paid else "List prices."


def columns(state: WizardState) -> list[Column]:
    """Return the columns; prices are for the server's present billing cycle, as far as that is told."""
    every = _cycle(state).every
    return [
        Column("PLAN", flexible=True),
        Column("vCPU", right=True, spoken="vCPU"),
        Column("RAM", right=True, spoken="RAM"),
        Column("DISK", right=True, spoken="disk"),
        Column("TRAFFIC", right=True, spoken="traffic", spare=True),
        Column(every.upper(), right=True, spoken=every),
        Column("+/-", right=True, spoken="difference"),
    ]


def choices(state: WizardState) -> list[Choice]:
    """Return the plans, and the way to type an id where there is one."""
    offered = _offered(state)
    rows = [_choice(state, plan) for plan in offered.plans]
    if offered.other_plans:
        rows.append(Choice(TYPED, ("Type the id ...", *[""] * 6), search="type id"))
    return rows


def chosen(state: WizardState) -> str:
    """Return the id of the plan that was chosen before, empty for none."""
    found = changing(state)
    return TYPED if found.plan and _offered(state).plan(found.plan) is None else found.plan


def typed_id(state: WizardState) -> str:
    """Return the id that was typed before, empty for none."""
    return changing(state).plan if chosen(state) == TYPED else ""


def answer(state: WizardState, plan_id: str) -> WizardState:
    """Return the state with that plan, listed or typed."""
    found, offered = changing(state), _offered(state)
    if offered.plan_kind is None:
        raise RuntimeError("the plan cannot be changed")
    plan = offered.plan(plan_id)
    name = plan.name if plan is not None else ""
    return replace(
        state, changing=replace(found, plan=plan_id, plan_name=name, plan_kind=offered.plan_kind, quote=None)
    )


def id_problem(state: WizardState, text: str) -> str:
    """Return what is wrong with a typed id, empty for nothing."""
    now = _offered(state).plan_now
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        return WRONG_ID
    return "That is the plan which the server has already." if now is not None and now.id == text else ""


def _offered(state: WizardState) -> ChangesOffered:
    offered = changing(state).offered
    if offered is None:
        raise RuntimeError("what can be changed has not been asked")
    return offered


def _cycle(state: WizardState) -> BillingCycle:
    return server(state).billing_cycle or BillingCycle.MONTHLY


def _present_price(state: WizardState) -> Money | None:
    """Return what the server costs now, by the price list where the provider does not tell."""
    now = _offered(state).plan_now
    return server(state).price or (now.prices.get(_cycle(state)) if now is not None else None)


def _choice(state: WizardState, plan: Plan) -> Choice:
    price, paid = plan.prices.get(_cycle(state)), _present_price(state)
    difference = ""
    if price is not None and paid is not None and price.currency == paid.currency:
        difference = (price - paid).words(signed=True)
    cells = (
        plan.name,
        str(plan.vcpu) if plan.vcpu else "?",
        ram(plan.ram_mb),
        f"{plan.disk_gb} GB" if plan.disk_gb else "?",
        f"{plan.traffic_tb} TB" if plan.traffic_tb else "?",
        str(price) if price else "not known",
        difference,
    )
    return Choice(plan.id, cells, search=plan.id)
