"""Questions: another plan for a server, and what to add to it."""

from __future__ import annotations

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Plan
from vps_tui.core.money import Money
from vps_tui.core.server_change import ChangesOffered
from vps_tui.core.typed_ids import typed_id
from vps_tui.wizard.questions.choices import (
    Choice,
    Column,
    Group,
    ListQuestion,
    Option,
    OptionsQuestion,
    TypedRow,
)
from vps_tui.wizard.questions.owned_servers import changing, server, with_change
from vps_tui.wizard.questions.plan import SIZE_COLUMNS, TYPED, plan_sizes
from vps_tui.wizard.state import WizardState

MOST = 10
"""Units of one add-on that are offered; the command line takes more."""


def _plan_heading(state: WizardState) -> tuple[str, str]:
    """Return the question and what the prices are compared with."""
    one = server(state)
    title = f"Which plan for {one.display_name}{f' instead of {one.plan}' if one.plan else ''}?"
    if not _offered(state).plans:
        return title, "No plan is known here: give one by its id."
    paid = _present_price(state)
    return title, f"List prices {_cycle(state).every}; + and - against {paid} now." if paid else "List prices."


def _columns(state: WizardState) -> list[Column]:
    """Return the columns; prices are for the server's present billing cycle, as far as that is told."""
    every = _cycle(state).every
    return [
        Column("PLAN", flexible=True),
        *SIZE_COLUMNS,
        Column(every.upper(), right=True, spoken=every),
        Column("+/-", right=True, spoken="difference"),
    ]


def _rows(state: WizardState) -> list[Choice]:
    """Return the plans, and the way to type an id where there is one."""
    offered = _offered(state)
    rows = [_row(state, plan) for plan in offered.plans]
    if offered.other_plans:
        rows.append(Choice(TYPED, ("Type the id ...", *[""] * 6), search="type id"))
    return rows


def _chosen(state: WizardState) -> str:
    """Return the id of the plan that was chosen before, empty for none."""
    found = changing(state)
    return TYPED if found.plan and _offered(state).plan(found.plan) is None else found.plan


def _typed_id(state: WizardState) -> str:
    """Return the id that was typed before, empty for none."""
    return changing(state).plan if _chosen(state) == TYPED else ""


def _answer(state: WizardState, plan_id: str) -> WizardState:
    """Return the state with that plan, listed or typed."""
    offered = _offered(state)
    if offered.plan_kind is None:
        raise RuntimeError("the plan cannot be changed")
    plan_id = typed_id(plan_id, {listed.id for listed in offered.plans}) or plan_id
    plan = offered.plan(plan_id)
    name = plan.name if plan is not None else ""
    return with_change(state, plan=plan_id, plan_name=name, plan_kind=offered.plan_kind)


def _id_problem(state: WizardState, text: str) -> str:
    """Return what is wrong with a typed id, empty for nothing."""
    now = _offered(state).plan_now
    plan_id = typed_id(text)
    if not plan_id:
        return "A plan's id is a number."
    return "That is the plan which the server has already." if now is not None and now.id == plan_id else ""


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


def _row(state: WizardState, plan: Plan) -> Choice:
    price, paid = plan.prices.get(_cycle(state)), _present_price(state)
    difference = ""
    if price is not None and paid is not None and price.currency == paid.currency:
        difference = (price - paid).words(signed=True)
    words = str(price) if price else "not known"
    return Choice(plan.id, (plan.name, *plan_sizes(plan), words, difference), search=plan.id)


NEW_PLAN = ListQuestion(
    word="Plan",
    heading=_plan_heading,
    help="The list holds the plans that this server can have by the provider's rules, with their list prices for the "
    "server's present billing cycle and how much more or less that is than it costs now. What the change itself "
    "costs is asked for next.",
    columns=_columns,
    rows=_rows,
    chosen=_chosen,
    answer=_answer,
    noun="plans",
    priced=False,
    typed=TypedRow(
        TYPED,
        "Id of the new plan",
        "Plan id",
        "A number from the provider's documentation.",
        _typed_id,
        _id_problem,
    ),
)


def _groups(state: WizardState) -> list[Group]:
    """Return what can be added, and how many units of it are chosen now."""
    found = changing(state)
    present = dict(found.resources)
    options = (Option("none"), *(Option(f"{count} more") for count in range(1, MOST + 1)))
    offered = found.offered.resources if found.offered is not None else ()
    return [Group(one.id, one.title, options, present.get(one.id, 0)) for one in offered]


def _answer_group(state: WizardState, group: Group, count: int) -> WizardState:
    """Return the state with `count` units of that, in the order in which the provider offers them."""
    wanted = dict(changing(state).resources) | {group.key: count}
    return with_change(
        state, resources=tuple((one.key, wanted[one.key]) for one in _groups(state) if wanted.get(one.key))
    )


MORE_ADD_ONS = OptionsQuestion(
    heading=lambda state: (
        f"What should be added to {server(state).display_name}?",
        "Counted in units more than now. What it costs is asked for next.",
    ),
    help="Each row says how many units more of it the server is to have; what it has already stays. What they cost "
    "is asked of the provider next, before anything is changed.",
    groups=_groups,
    answer=_answer_group,
    problem=lambda state: (
        "" if changing(state).resources else "Nothing is added yet: choose at least one unit of something."
    ),
    priced=False,
)
