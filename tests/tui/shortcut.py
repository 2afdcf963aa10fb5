"""The way to the confirmation without the steps before it, for tests of what comes then."""

from __future__ import annotations

from dataclasses import replace

from textual.pilot import Pilot

from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.steps import Position, Step
from vps_tui.wizard import WizardState

from .driver import arrive, wizard_of

LOCATION, PLAN_NAME, IMAGE = "100", "KVM SMART", "Debian 13"


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
    await app.show(replace(state, position=Position(Step.CONFIRM)))
    await arrive(pilot, Step.CONFIRM)
