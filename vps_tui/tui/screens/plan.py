"""Step: choose a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.core.catalog import BillingCycle, Catalog, Plan, with_typed_ids
from vps_tui.providers.provider import TypedIds
from vps_tui.summary import ram
from vps_tui.tui.screens.reading import ReadingStep
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.rows import Choice, Column

TYPED = "typed"


class PlanScreen(ReadingStep[Catalog]):
    """Asks which size of server; only what the location sells is listed."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "vCPU are the server's processor cores, RAM its memory, traffic what it may transfer per month. "
        "The list holds exactly what is sold here. Prices are the provider's own, before tax."
    )
    waiting_for: ClassVar[str] = "the plans sold there"

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        place = f" in {self.state.location_name}" if self.state.location_name else ""
        return (
            f"Which plan{place}?",
            "Prices are per month, without tax. The billing cycle is chosen with the cost.",
        )

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the list, still empty."""
        columns = [
            Column("PLAN", flexible=True),
            Column("vCPU", right=True),
            Column("RAM", right=True),
            Column("DISK", right=True),
            Column("TRAFFIC", right=True),
            Column("PER MONTH", right=True),
        ]
        if self.state.info is not None and not self.state.info.has_locations:
            columns.insert(1, Column("REGION"))
        yield ChoiceList(columns, noun="plans")

    async def fetch(self) -> Catalog:
        """Read the plans of the chosen location."""
        session = await self.wizard_app.session()
        return await session.catalog(self.state.draft.location)

    def received(self, found: Catalog) -> None:
        """List them, the one chosen before or its namesake highlighted."""
        self.state = replace(self.state, catalog=with_typed_ids(found, self.state.draft))
        if found.source:
            self.show_hint(f"Prices: {found.source}")
        server = self.state.server
        chosen = server.plan or next((plan.id for plan in found.plans if plan.name == server.plan_name), "")
        choices = self.query_one(ChoiceList)
        rows = [self._choice(plan) for plan in self.state.catalog.plans] if self.state.catalog else []
        if self.state.info is not None and self.state.info.plan_types:
            rows.append(Choice(TYPED, ("Type the ids ...", *[""] * 6), search="type ids"))
        choices.set_choices(rows, chosen)
        choices.focus()

    def submit(self) -> None:
        """Choose the highlighted plan."""
        self.query_one(ChoiceList).action_choose()

    def _with_plan(self, plan_id: str) -> None:
        plan = self.state.catalog.plan(plan_id) if self.state.catalog else None
        if plan is not None:
            self.show_price(self.state.with_server(self.state.server.with_plan(plan)))

    def _choice(self, plan: Plan) -> Choice:
        monthly = plan.prices.get(BillingCycle.MONTHLY)
        sizes = (
            str(plan.vcpu) if plan.vcpu else "?",
            ram(plan.ram_mb),
            f"{plan.disk_gb} GB" if plan.disk_gb else "?",
            f"{plan.traffic_tb} TB" if plan.traffic_tb else "?",
            str(monthly) if monthly else "not known",
        )
        region = () if self.state.info is None or self.state.info.has_locations else (plan.location,)
        return Choice(plan.id, (plan.name, *region, *sizes), search=plan.id)

    @on(ChoiceList.Highlighted)
    def _highlighted(self, message: ChoiceList.Highlighted) -> None:
        self.complain("")
        if message.choice is not None:
            self._with_plan(message.choice.id)

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        if message.choice_id == TYPED:
            self._ask_ids()
            return
        plan = self.state.catalog.plan(message.choice_id) if self.state.catalog else None
        if plan is not None:
            state = self.state.with_server(self.state.server.with_plan(plan))
            if self.state.info is not None and not self.state.info.has_locations:
                state = replace(state, location_name=plan.location)
            self.answer(state)

    def _ask_ids(self) -> None:
        from vps_tui.tui.screens.typed_ids import TypedIdsScreen

        if self.state.info is not None:
            self.app.push_screen(TypedIdsScreen(self.state.info), self._typed)

    def _typed(self, typed: TypedIds | None) -> None:
        if typed is not None and self.state.catalog is not None:
            server = replace(
                self.state.server, plan=typed.plan, plan_name="", plan_type=typed.plan_type, os=typed.os, add_ons=()
            )
            draft = self.state.draft.with_server(server)
            draft = replace(draft, currency=typed.currency or draft.currency)
            catalog = with_typed_ids(self.state.catalog, draft, typed.family)
            self.post_message(self.IdsTyped(typed))
            self.answer(replace(self.state, draft=draft, catalog=catalog, location_name=""))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.complain(message.reason)
