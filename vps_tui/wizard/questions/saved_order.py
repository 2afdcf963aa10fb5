"""Question: what of a saved order is no longer offered; nothing to answer, only to be read."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.core.draft import Draft
from vps_tui.services.resolve import Resolved, resolve
from vps_tui.services.session import Session
from vps_tui.wizard.start import of_resolved
from vps_tui.wizard.state import WizardState

HELP = (
    "Your saved order holds the provider's ids. What they stand for, and what it costs now, is being looked up. "
    "Whatever is no longer offered is asked for again."
)
WAITING_FOR = "what your saved order names"


def heading(state: WizardState) -> tuple[str, str]:
    """Return the title."""
    return f"Your saved order from {state.info.name if state.info else ''}", ""


async def fetch(session: Session, state: WizardState) -> Resolved:
    """Read locations, plans and terms; raises `VpsTuiError`."""
    if state.info is None:
        raise RuntimeError("no provider is chosen")
    return await resolve(session, state.info, state.draft)


def received(state: WizardState, found: Resolved) -> tuple[WizardState, list[str]]:
    """Return the state with what the ids stand for, and in words what has to be chosen again."""
    empty = _never_chosen(state.draft)
    lines = [f"{problem.key}: {problem.words}" for problem in found.problems if problem.key not in empty]
    if not found.in_stock:
        lines.append("The location is sold out at the moment.")
    if lines:
        lines = ["Not everything in it is offered now:", "", *lines, "", "You are asked for it again."]
    return (
        replace(
            of_resolved(found),
            position=state.position,
            credentials_known=state.credentials_known,
            signed_in=state.signed_in,
            root_passwords=state.root_passwords,
            unsaved_text=state.unsaved_text,
        ),
        lines,
    )


def _never_chosen(draft: Draft) -> set[str]:
    """Return the keys of what a draft that was left early does not hold yet: nothing of it has gone."""
    answers = {"location": draft.location, "payment_method": draft.payment_method}
    for number, server in enumerate(draft.servers, 1):
        answers |= {f"server[{number}].plan": server.plan, f"server[{number}].os": server.os}
    return {key for key, answer in answers.items() if not answer}
