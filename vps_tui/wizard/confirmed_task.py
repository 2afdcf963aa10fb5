"""What the answers of the wizard order or change, with everything that was shown of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vps_tui.core.catalog import Catalog, Location
from vps_tui.core.draft import Draft
from vps_tui.core.money import SpendingLimit
from vps_tui.core.offer_snapshot import OfferSnapshot, snapshot
from vps_tui.core.pricing import Quote, quote_document
from vps_tui.core.typed_ids import with_typed_ids
from vps_tui.services.order_task import OrderTask
from vps_tui.services.session import Session
from vps_tui.wizard import summary
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.services.change_task import ChangeTask


def order_of(state: WizardState, *, again: str = "", ceiling: SpendingLimit | None = None) -> OrderTask:
    """Return what `state` orders at its present price; raises ValueError before there is one."""
    quote, catalog = state.quote(), state.catalog
    if quote is None or catalog is None:
        raise ValueError("nothing was quoted")
    draft = state.to_order()
    return OrderTask(
        draft,
        _snapshot(state, draft, quote, catalog),
        document=quote_document(draft, replace(quote, notes=tuple(summary.notes(state))), catalog),
        bought=tuple(summary.bought(state)),
        root_passwords=state.given_passwords,
        again=again,
        ceiling=ceiling,
    )


def change_of(state: WizardState, *, ceiling: SpendingLimit | None = None) -> ChangeTask:
    """Return what `state` changes at its present price; raises ValueError before there is one."""
    from vps_tui.services.change_task import ChangeTask, plan_shown

    changing = state.changing
    if changing is None or changing.quote is None:
        raise ValueError("the price of the change is not known")
    change = changing.change
    return ChangeTask(change, changing.quote, plan_shown(changing.offered, change), ceiling=ceiling)


def _snapshot(state: WizardState, draft: Draft, quote: Quote, catalog: Catalog) -> OfferSnapshot:
    terms = state.terms
    return snapshot(
        draft,
        catalog,
        quote,
        location=Location(draft.location, state.location_name) if draft.location else None,
        cycles=terms.billing_cycles if terms else (),
        payment_methods={method.id: method.name for method in terms.payment_methods} if terms else {},
    )


def as_read_last(session: Session, state: WizardState) -> WizardState:
    """Return `state` with what was read last, so that the next look at the cost is one at what is sold now."""
    catalog = session.ready_catalog(state.draft.location)
    places = session.ready_locations() or ()
    return replace(
        state,
        catalog=with_typed_ids(catalog, state.draft) if catalog else state.catalog,
        terms=session.ready_terms() or state.terms,
        location_name=next((place.name for place in places if place.id == state.draft.location), state.location_name),
    )
