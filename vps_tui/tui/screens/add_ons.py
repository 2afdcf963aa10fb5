"""Step: choose add-ons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.core.catalog import AddOn, AddOnGroup, BillingCycle
from vps_tui.core.draft import ChosenAddOn
from vps_tui.core.pricing import add_on_price
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.option_rows import Option, OptionRow, OptionRows
from vps_tui.wizard import WizardState


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry of a row: an add-on in some number, or nothing."""

    chosen: ChosenAddOn | None
    option: Option


class AddOnsScreen(StepScreen):
    """Asks what to add to the plan; leaving everything at none is the usual answer."""

    AUTO_FOCUS = "OptionRows"
    keys: ClassVar[str] = "Left/Right change  Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "Add-ons enlarge the plan: memory, cores, addresses, disk. All of them are optional and paid at every "
        "renewal together with the plan."
    )

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return "Add-ons", "Left and Right change a row. None of them is needed."

    def compose_body(self) -> Iterable[Widget]:
        """Lay out one row per group that the plan offers."""
        groups = self.state.plan.add_on_groups if self.state.plan else ()
        self._offers = [list(_offers(group, self.state.draft.billing_cycle)) for group in groups]
        rows = []
        for group, offers in zip(groups, self._offers, strict=True):
            present = self.state.server.add_on(group.key)
            index = next((number for number, offer in enumerate(offers) if offer.chosen == present), 0)
            rows.append(OptionRow(group.title, tuple(offer.option for offer in offers), index))
        self._groups = groups
        yield OptionRows(rows)

    def typed_state(self) -> WizardState:
        """Return the state with the rows as they stand."""
        return self.state

    def submit(self) -> None:
        """Go on with the rows as they stand."""
        self.answer(self.state)

    @on(OptionRows.Changed)
    def _changed(self, message: OptionRows.Changed) -> None:
        offer = self._offers[message.row][message.index]
        server = self.state.server.with_add_on(self._groups[message.row].key, offer.chosen)
        self.state = self.state.with_server(server)
        self.show_price(self.state)

    @on(OptionRows.Submitted)
    def _submitted(self) -> None:
        self.submit()


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
    return f"{'about ' if estimate else ''}{amount} {cycle.every}"
