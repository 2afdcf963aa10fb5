"""Which of the four outcomes a paid call has: one rule for every provider.

Only "could it have reached the handler?" decides between `not_sent` and `unknown`, and only a readable
refusal under a status that is decided before the order is worked on makes it `refused`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vps_tui.core.outcome import REFUSING_STATUSES, Outcome, OutcomeKind
from vps_tui.providers.http import Lost, NotSent, Reply

NO_REASON = "it gave no reason"
"""Stands for the message of an error that has none."""

Explain = Callable[[Reply], tuple[str, str] | None]
"""Returns the provider's message and hint if the reply has the shape of its errors."""

Accept = Callable[[dict[str, Any]], Outcome | None]
"""Reads a reply without an error marker; None when it does not say what became of the order."""


def unknown(name: str, reason: str) -> Outcome:
    """Return the outcome of a call that may have been taken."""
    return Outcome(
        OutcomeKind.UNKNOWN,
        message=f"{name} may have taken the order: {reason}.",
        hint="What it lists for your account shows whether the order is there; that can take some minutes.",
    )


def not_sent(name: str, reason: str) -> Outcome:
    """Return the outcome of a call that never left."""
    return Outcome(
        OutcomeKind.NOT_SENT,
        message=f"Nothing reached {name}: {reason}.",
        hint="Ordering again is safe.",
    )


def judge(name: str, reply: Reply | NotSent | Lost, explain: Explain, accept: Accept) -> Outcome:
    """Return the outcome that `reply` to the paid call of the provider called `name` stands for."""
    if isinstance(reply, NotSent):
        return not_sent(name, reply.reason)
    if isinstance(reply, Lost):
        return unknown(name, reply.reason)
    taken = reply.status in (200, 201)
    error = explain(reply)
    if taken or reply.status in REFUSING_STATUSES:
        if error is not None:
            return Outcome(OutcomeKind.REFUSED, *error)
        outcome = accept(reply.body) if isinstance(reply.body, dict) else None
        if outcome is not None and (taken or outcome.kind is OutcomeKind.REFUSED):
            return outcome
    if taken:
        return unknown(name, "its answer does not say what became of it")
    if 300 <= reply.status < 400:
        return unknown(name, f"it pointed elsewhere (HTTP {reply.status}), which is never followed with an order")
    detail = f": {error[0]}" if error else ""
    return unknown(name, f"it answered HTTP {reply.status}{detail}")
