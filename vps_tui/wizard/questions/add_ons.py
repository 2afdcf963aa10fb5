"""Question: what to add to the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import AddOn, AddOnGroup
from vps_tui.core.draft import ChosenAddOn
from vps_tui.core.pricing import add_on_price
from vps_tui.wizard.questions.choices import Option
from vps_tui.wizard.state import WizardState

HELP = (
    "Add-ons enlarge the plan: memory, cores, addresses, disk. All of them are optional and paid at every "
    "renewal together with the plan."
)
TITLE = "Add-ons"
HINT = "None of them is needed."


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry of a group: an add-on in some number, or nothing."""

    chosen: ChosenAddOn | None
    option: Option


@dataclass(frozen=True, slots=True)
class Group:
    """What one group offers, and which of it is chosen now."""

    key: str
    title: str
    offers: tuple[Offer, ...]
    index: int


def groups(state: WizardState) -> list[Group]:
    """Return the groups that the plan offers; the first offer of each is nothing."""
    found = []
    for group in state.plan.add_on_groups if state.plan else ():
        offers = tuple(_offers(group, state.draft.billing_cycle))
        present = state.server.add_on(group.key)
        index = next((number for number, offer in enumerate(offers) if offer.chosen == present), 0)
        found.append(Group(group.key, group.title, offers, index))
    return found


def answer(state: WizardState, group: Group, index: int) -> WizardState:
    """Return the state with that offer of `group`."""
    return state.with_server(state.server.with_add_on(group.key, group.offers[index].chosen))


def _offers(group: AddOnGroup, cycle: BillingCycle) -> Iterable[Offer]:
    yield Offer(None, Option("none"))
    for add_on in group.options:
        for value in range(1, add_on.max_value + 1):
            label = add_on.name if value == 1 else f"{value} x {add_on.name}"
            yield Offer(ChosenAddOn(group.key, add_on.id, value), Option(label, _price(add_on, value, cycle)))


def _price(add_on: AddOn, value: int, cycle: BillingCycle) -> str:
    amount, estimate = add_on_price(add_on, value, cycle)
    if amount is None:
        return "price not known"
    return f"{amount.words(estimate=estimate)} {cycle.every}"
