"""Question: when a server that is cancelled ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from vps_tui.core.server_change import CancelWhen
from vps_tui.core.text import day
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.questions.owned_servers import changing, server
from vps_tui.wizard.state import WizardState

HELP = (
    "At the end of the paid period you use up what is paid for; at once the server stops now, and what is paid is "
    "not given back. What is lost, and when, is said next. This program cannot take a cancellation back."
)
COLUMNS = (Column("WHEN"), Column("LAST DAY", flexible=True))
_ORDER = (CancelWhen.AT_END_OF_PERIOD, CancelWhen.IMMEDIATELY)


def heading(state: WizardState) -> tuple[str, str]:
    """Return the question."""
    return f"When should {server(state).display_name} end?", "What is lost, and when, is said next."


def choices(state: WizardState) -> list[Choice]:
    """Return the ways that the provider has, the one that loses less first."""
    found = changing(state).offered
    offered = found.cancel if found is not None else ()
    return [_choice(state, when) for when in _ORDER if when in offered]


def chosen(state: WizardState) -> str:
    """Return the id of what was chosen before, empty for nothing."""
    return changing(state).when or ""


def answer(state: WizardState, choice_id: str) -> WizardState:
    """Return the state with that."""
    return replace(state, changing=replace(changing(state), when=CancelWhen(choice_id), quote=None))


def _choice(state: WizardState, when: CancelWhen) -> Choice:
    if when is CancelWhen.IMMEDIATELY:
        now = datetime.now(UTC)
        today, _ = state.info.today(now) if state.info is not None else (now.date(), False)
        return Choice(when, ("At once", f"today, {day(today)}"))
    end = server(state).next_due
    return Choice(when, ("At the end of the paid period", day(end) if end else "the provider does not tell when"))
