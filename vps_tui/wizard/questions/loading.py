"""Waiting for a provider, and what went wrong, in words."""

from __future__ import annotations

from collections.abc import Iterator

from vps_tui.core.errors import Consequence, VpsTuiError
from vps_tui.wizard.state import WizardState


def asking(state: WizardState, what: str) -> str:
    """Return that `what`, such as "its locations", is being asked for."""
    name = state.info.name if state.info else "the provider"
    return f"Asking {name} for {what} ..."


def error_lines(error: VpsTuiError, money: str | None = None) -> Iterator[str]:
    """Yield an error as a person should read it: title, what happened, whether money moved, what to do.

    `money` stands in for the error's own word on that where an order has been sent already.
    """
    yield error.title
    yield error.message
    yield error.money if money is None else money
    if error.hint:
        yield error.hint


def money(state: WizardState, error: VpsTuiError) -> str:
    """Return whether money moved, as `error` says it; about a server that one has, nothing was changed."""
    about_order = error.money is Consequence.NOTHING_ORDERED
    return Consequence.NOTHING_CHANGED if state.changing is not None and about_order else error.money
