"""What the wizard reads for a change of a server; the paid call is the controller's, as for an order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Position, Step
from vps_tui.wizard.change_state import ChangeDraft
from vps_tui.wizard.questions.owned_servers import changing
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.core.server_change import ChangeQuote
    from vps_tui.journal import Entry
    from vps_tui.services.backend import Backend
    from vps_tui.wizard.run import Run


class ChangeController:
    """Reads what a change needs."""

    def __init__(self, flow: Run) -> None:
        """Take the flow whose session, journal and state these are."""
        self._flow = flow

    def begun(self) -> WizardState:
        """Return the state for a run that begins with the question whose servers are meant."""
        return replace(self._flow.blank(), changing=ChangeDraft())

    async def quoted(self, state: WizardState) -> ChangeQuote:
        """Return what the change of `state` costs at this moment; raises `VpsTuiError`."""
        return await (await self._flow.session()).quote_change(changing(state).change)

    def put_aside(self, state: WizardState) -> None:
        """Remember the receipt of `state`, which is left for another server, for the words at the end."""
        placed = state.outcome is not None and state.outcome.kind is OutcomeKind.PLACED
        if placed and state not in self._flow.finished:
            self._flow.finished += (state,)


def at_change(backend: Backend, entry: Entry) -> WizardState:
    """Return the state for looking after the change in `entry`."""
    from vps_tui.core.change_documents import change_of
    from vps_tui.core.draft import Draft
    from vps_tui.providers.registry import provider_info

    info = provider_info(entry.purchase.provider)
    change = change_of(entry.purchase.change, info.id)
    return WizardState(
        Draft(provider=info.id),
        Position(Step.CHANGE_RECEIPT),
        info=info,
        credentials_known=backend.credentials_known(info),
        changing=ChangeDraft.of(change),
        entry=entry,
        outcome=entry.outcome,
    )
