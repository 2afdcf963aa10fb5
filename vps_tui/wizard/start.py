"""Where a wizard opens, on screens or in lines: an order that is not known comes before anything else."""

from __future__ import annotations

from vps_tui.core.draft import Draft
from vps_tui.core.order_servers import without_blank
from vps_tui.core.steps import Position, Step
from vps_tui.journal import Entry, Journal
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.registry import provider_info
from vps_tui.services.backend import Backend
from vps_tui.services.resolve import Resolved
from vps_tui.wizard.state import WizardState


def find_unsettled(journal: Journal, skipped: frozenset[str] = frozenset()) -> Entry | None:
    """Return the oldest order or change that nobody knows the fate of, but for `skipped`; raises `JournalFailed`.

    What dead processes left is settled first, as far as it can be; what another process is sending right now comes
    last. Costs one look at the folder where nothing was ever ordered.
    """
    if not journal.exists:
        return None
    journal.recover()
    sent = (entry for entry in journal.sent_elsewhere() if entry.sent is not None)
    return next((entry for entry in (*journal.unsettled(), *sent) if entry.reference not in skipped), None)


def at_order(backend: Backend, entry: Entry) -> WizardState:
    """Return the state for looking after `entry`, an order or a change of a server."""
    if not entry.purchase.is_order:
        from vps_tui.wizard.change_controller import at_change

        return at_change(backend, entry)
    from vps_tui.services.reconcile import draft_of

    info = provider_info(entry.purchase.provider)
    return of_entry(entry, draft_of(entry), info, credentials_known=backend.credentials_known(info))


def at_saved(backend: Backend, draft: Draft) -> WizardState:
    """Return the state for going on with a saved order; servers of which nothing was chosen yet are left out."""
    info = provider_info(draft.provider)
    draft = without_blank(draft, shared_name=info.shares_name)
    return of_saved(draft, info, credentials_known=backend.credentials_known(info))


def of_saved(draft: Draft, info: ProviderInfo, *, credentials_known: bool) -> WizardState:
    """Return the state for going on with a saved order; its ids are looked up once the person is signed in."""
    first = Step.SAVED_ORDER if credentials_known else Step.SIGN_IN
    position = Position(first, revising=Step.COST)
    return WizardState(draft, position, info=info, credentials_known=credentials_known, unresolved=True)


def of_entry(entry: Entry, draft: Draft, info: ProviderInfo, *, credentials_known: bool) -> WizardState:
    """Return the state for looking after an order that was sent earlier."""
    return WizardState(
        draft,
        Position(Step.RECEIPT),
        info=info,
        credentials_known=credentials_known,
        entry=entry,
        outcome=entry.outcome,
    )


def of_resolved(found: Resolved) -> WizardState:
    """Return the state with a draft whose ids were looked up."""
    return WizardState(
        draft=found.draft,
        info=found.info,
        location_name=found.location_name,
        catalog=found.catalog,
        terms=found.terms,
    )
