"""Question: what to do about a server that one has."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.core.server_change import ChangesOffered
from vps_tui.core.steps import ChangeAction
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.questions.owned_servers import changing, costs, server
from vps_tui.wizard.state import WizardState

HELP = (
    "Another plan, more add-ons, or the end of the server. Whatever the provider's API cannot change says so; that "
    "is done on the provider's own site."
)
WAITING_FOR = "what can be changed"
COLUMNS = (Column("WHAT"), Column("", flexible=True))


def heading(state: WizardState) -> tuple[str, str]:
    """Return the question and what the server costs."""
    one = server(state)
    plan = f" ({one.plan})" if one.plan else ""
    return f"What do you want to change about {one.display_name}{plan}?", costs(one)


def received(state: WizardState, offered: ChangesOffered) -> WizardState:
    """Return the state with what can be changed about its server."""
    return replace(state, changing=replace(changing(state), offered=offered))


def choices(state: WizardState) -> list[Choice]:
    """Return what can be done; what the provider cannot be asked for is refused with that."""
    found = changing(state).offered
    if found is None:
        return []
    plans = f"{len(found.plans)} to choose from" if found.plans else "by the id of the plan"
    return [
        _choice(state, ChangeAction.PLAN, "Change the plan", plans, can=bool(found.plans or found.other_plans)),
        _choice(
            state,
            ChangeAction.ADD_ONS,
            "Add to it",
            ", ".join(resource.title for resource in found.resources),
            can=bool(found.resources),
        ),
        _choice(
            state,
            ChangeAction.CANCEL,
            "Cancel it",
            "at once or later; what is lost comes first",
            can=bool(found.cancel),
        ),
    ]


def chosen(state: WizardState) -> str:
    """Return the id of what was chosen before, empty for nothing."""
    return changing(state).action or ""


def notes(state: WizardState) -> list[str]:
    """Return what the provider cannot change, and what to know before."""
    found, suggested = changing(state).offered, server(state).subscription
    if found is None:
        return []
    return [*([f"Its subscription id may be {suggested}."] if suggested else []), *found.notes]


def answer(state: WizardState, choice_id: str) -> WizardState:
    """Return the state with that."""
    return replace(state, changing=replace(changing(state), action=ChangeAction(choice_id), quote=None))


def _choice(state: WizardState, action: ChangeAction, title: str, hint: str, *, can: bool) -> Choice:
    if can:
        return Choice(action, (title, hint))
    name = state.info.name if state.info else "The provider"
    return Choice(action, (title, "not possible here"), f"{name} cannot be asked for that: see the notes.")
