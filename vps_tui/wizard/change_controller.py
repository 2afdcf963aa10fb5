"""How a change of a server goes on, whoever asks the questions: what `Flow` leaves to it where nothing is ordered."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Position, Step
from vps_tui.wizard.change_state import ChangeDraft
from vps_tui.wizard.questions.owned_servers import changing, server
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.core.server_change import ChangeQuote
    from vps_tui.journal import Entry
    from vps_tui.services.backend import Backend
    from vps_tui.services.change_server import Agreed
    from vps_tui.services.reconcile import Looked
    from vps_tui.services.send_once import Announce, CallResult
    from vps_tui.wizard.run import Run


class ChangeController:
    """Reads what a change needs, and makes its one call."""

    def __init__(self, flow: Run) -> None:
        """Take the flow whose session, journal and state these are."""
        self._flow = flow

    def begun(self) -> WizardState:
        """Return the state for a run that begins with the question whose servers are meant."""
        return replace(self._flow.blank(), changing=ChangeDraft())

    async def quoted(self, state: WizardState) -> ChangeQuote:
        """Return what the change of `state` costs at this moment; raises `VpsTuiError`."""
        return await (await self._flow.session()).quote_change(changing(state).change)

    async def after(self, state: WizardState) -> WizardState | str:
        """Return the state after the answer in `state`, or in a sentence why there is no going on."""
        if state.step is not Step.CHANGE_COST:
            return state.forward()
        from vps_tui.services.change_server import obstacle, purchase

        try:
            session = await self._flow.session()
            agreed = self._agreed(state)
            wanted = purchase(agreed, session.account_name, session.change_text(agreed.change))
            repeated = await asyncio.to_thread(self._flow.journal.repeats, wanted)
        except VpsTuiError as error:
            return f"{error.title}: {error.message}"
        # A price that is not the provider's own word is agreed to by whoever has read that beside it.
        in_the_way = obstacle(agreed, unknown_price_allowed=True)
        if in_the_way is not None:
            return in_the_way.message
        accepted = replace(changing(state), account=session.account_name)
        return replace(state, changing=accepted, repeated=repeated, again="").forward()

    async def make(self, state: WizardState, announce: Announce) -> CallResult:
        """Make the one call for the change that was confirmed in `state`."""
        from vps_tui.services.change_server import make
        from vps_tui.services.send_once import CallResult, not_sent

        try:
            session = await self._flow.session()
        except VpsTuiError as error:
            return CallResult(not_sent(error))
        return await make(session, self._flow.journal, self._agreed(state), announce=announce)

    async def look(self, state: WizardState) -> Looked:
        """Read the server as it is listed now; settle an unknown change if that is clear. Raises `VpsTuiError`."""
        from vps_tui.providers.models import Server
        from vps_tui.services.reconcile import Looked
        from vps_tui.services.reconcile_any import look

        session = await self._flow.session()
        if state.entry is not None and state.outcome is not None and state.outcome.kind is OutcomeKind.UNKNOWN:
            finding, entry = await look(session, self._flow.journal, state.entry)
            return Looked(finding.servers, finding, entry)
        one = (await session.owned()).server(server(state).id)
        if one is None:
            return Looked((), None, state.entry)
        name = one.display_name if one.display_name != one.id else ""
        shown = Server(one.id, name, one.plan, one.location, one.status, one.address, one.created)
        return Looked((shown,), None, state.entry)

    def put_aside(self, state: WizardState) -> None:
        """Remember the receipt of `state`, which is left for another server, for the words at the end."""
        placed = state.outcome is not None and state.outcome.kind is OutcomeKind.PLACED
        if placed and state not in self._flow.left:
            self._flow.left += (state,)

    def _agreed(self, state: WizardState) -> Agreed:
        from vps_tui.services.change_server import Agreed, plan_shown

        found = changing(state)
        if found.quote is None:
            raise RuntimeError("the price of the change has not been told")
        shown = plan_shown(found.offered, found.change)
        return Agreed(found.change, found.quote, state.again, self._flow.backend.ceiling, shown)


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
