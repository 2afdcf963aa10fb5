"""What is chosen so far and what it costs: to be seen beside every question from the plan on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from vps_tui.core.steps import OF_A_SERVER, Step
from vps_tui.wizard.state import WizardState


def choice(state: WizardState) -> str:
    """Return what is chosen so far in one line."""
    return " · ".join(parts(state))


def parts(state: WizardState) -> list[str]:
    """Return the same piece by piece."""
    plan = state.plan
    found = (
        state.info.name if state.info else "",
        state.place,
        plan.name if plan else "",
        state.server.name,
        f"{len(state.draft.servers)} servers" if state.several else "",
    )
    return [part for part in found if part]


def price(state: WizardState) -> str:
    """Return what that costs each time, empty before there is a plan; a server without one is left out."""
    planned = tuple(server for server in state.draft.servers if server.plan) or state.draft.servers
    quote = replace(state, draft=replace(state.draft, servers=planned), server_index=0).quote()
    if quote is None:
        return ""
    if quote.recurring is None:
        return "price not known"
    return f"{quote.recurring.words(estimate=quote.estimated)} {quote.billing_cycle.every}"


def title(state: WizardState, question: str) -> str:
    """Return `question` with the server that it is about, where there are several."""
    about_one = state.step in OF_A_SERVER and not (state.step is Step.NAME and state.shares_name)
    if not state.several or not about_one or state.step is Step.SERVER:
        return question
    return f"Server {state.server_index + 1} of {len(state.draft.servers)}: {question}"


def order(state: WizardState) -> list[tuple[str, str]]:
    """Return what has been answered, and the money it comes to, as labels and values."""
    from vps_tui.wizard import summary

    provider = [("Provider", state.info.name)] if state.info else []
    lines = [(label, value) for label, value in summary.pairs(state) if value]
    money = summary.money_pairs(state, datetime.now(UTC))[:2]
    together = [("Servers", f"{len(state.draft.servers)} together")] if state.several else []
    return [*provider, *lines, *([("", "")] if money else []), *together, *money]
