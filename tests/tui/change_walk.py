"""The way through the steps for changing a server, and what the sandbox and the journal say of it."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.sandbox.messages import Recorded
from vps_tui.sandbox.records import Changed

from .driver import arrive, button, choose, highlight, press, sandbox_of, settled, type_text, wizard_of

SERVERS = {"edis": "312845", "layerstack": "8101"}
"""A server that each account of the sandbox has from the beginning."""
MACHINE = "kvm_112234_312845"
CALLS = ("/add/upgrade", "/cancel/product", "/order/changeorder")


async def to_servers(pilot: Pilot[int], provider: str = "edis") -> None:
    """Go from the first question to the servers that one has."""
    await highlight(pilot, provider)
    await press(pilot, "f6", to=Step.OWNED)


async def to_change(pilot: Pilot[int], provider: str = "edis") -> None:
    """Go on to what can be done about the server that is there from the beginning."""
    await to_servers(pilot, provider)
    await choose(pilot, SERVERS[provider], to=Step.CHANGE)


async def to_cost(pilot: Pilot[int], action: str) -> None:
    """Go on to what it costs; `action` is upgrade, cancel, cancel later, add-on or switch."""
    provider = "layerstack" if action in ("add-on", "switch") else "edis"
    await to_change(pilot, provider)
    if action.startswith("cancel"):
        await choose(pilot, "cancel", to=Step.CANCEL_WHEN)
        await choose(pilot, "immediately" if action == "cancel" else "at-end-of-period", to=Step.CHANGE_COST)
    elif action == "upgrade":
        await choose(pilot, "plan", to=Step.NEW_PLAN)
        await type_text(pilot, "advanced plus")
        await press(pilot, "enter", to=Step.NEW_CYCLE)
        await press(pilot, "enter", to=Step.NEW_PAYMENT)
        await press(pilot, "enter", to=Step.CHANGE_COST)
    elif action == "add-on":
        await choose(pilot, "add-ons", to=Step.MORE_ADD_ONS)
        await press(pilot, "right", "enter", to=Step.SUBSCRIPTION)
        await press(pilot, "enter", to=Step.CHANGE_COST)
    else:
        await choose(pilot, "plan", to=Step.NEW_PLAN)
        await type_text(pilot, "S108")
        await press(pilot, "enter", to=Step.SUBSCRIPTION)
        await press(pilot, "enter", to=Step.CHANGE_COST)


async def confirm(pilot: Pilot[int], action: str) -> None:
    """Go on from the cost to the receipt."""
    if settled(pilot.app) is not Step.CHANGE_CONFIRM:
        await press(pilot, "enter", to=Step.CHANGE_CONFIRM)
    await type_text(pilot, "312845\n" if action.startswith("cancel") else "yes\n")
    await arrive(pilot, Step.CHANGE_RECEIPT)


async def push(pilot: Pilot[int], name: str) -> None:
    """Press a button by keyboard."""
    button(pilot, name).focus()
    await press(pilot, "enter")


def kind_of(pilot: Pilot[int]) -> OutcomeKind | None:
    """Return what the change has come to, None before that."""
    outcome = wizard_of(pilot).state.outcome
    return outcome.kind if outcome else None


def change_calls(app: object) -> list[Recorded]:
    """Return the requests that change or end a server."""
    return [
        request
        for request in sandbox_of(app).requests
        if request.route.endswith(CALLS) or ("/order/switch/" in request.route and request.route[-1].isdigit())
    ]


def changed(pilot: Pilot[int]) -> list[Changed]:
    """Return what the sandbox has changed, by its own books."""
    return sandbox_of(pilot.app).ledger.changes()


def draft_file(folder: Path) -> Path:
    """Return where the kept draft stands."""
    return folder / "draft.toml"
