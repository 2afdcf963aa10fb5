"""Which of the four outcomes a paid call has: one rule for every provider.

Only "could it have reached the handler?" decides between `not_sent` and `unknown`, and only a readable
refusal under a status that is decided before the order is worked on makes it `refused`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from vps_tui.core.outcome import ORDER, REFUSING_STATUSES, Outcome, OutcomeKind, Wording
from vps_tui.providers.http import Lost, NotSent, Reply

NO_REASON = "it gave no reason"
"""Stands for the message of an error that has none."""

Explain = Callable[[Reply], tuple[str, str] | None]
"""Returns the provider's message and hint if the reply has the shape of its errors."""

Accept = Callable[[dict[str, Any]], Outcome | None]
"""Reads a reply without an error marker; None when it does not say what became of the order."""


class Prepared:
    """A paid call that can be made once; implements `PaidCall`."""

    def __init__(
        self, send: Callable[[], Awaitable[Outcome]], discard: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Keep what sends it, and what takes back what was prepared for it."""
        self._send: Callable[[], Awaitable[Outcome]] | None = send
        self._discard = discard

    async def send(self) -> Outcome:
        """Make the paid call; raises RuntimeError when it was made already, whatever came of it."""
        send, self._send = self._send, None
        if send is None:
            raise RuntimeError("a paid call is made once")
        return await send()

    async def discard(self) -> None:
        """Take back what was prepared."""
        self._send = None
        if self._discard is not None:
            await self._discard()


def unknown(name: str, reason: str, words: Wording = ORDER) -> Outcome:
    """Return the outcome of a call that may have been taken."""
    return Outcome(
        OutcomeKind.UNKNOWN,
        message=f"{name} may have taken {words.thing}: {reason}.",
        hint=words.look,
    )


def not_sent(name: str, reason: str, words: Wording = ORDER) -> Outcome:
    """Return the outcome of a call that never left."""
    return Outcome(
        OutcomeKind.NOT_SENT,
        message=f"Nothing reached {name}: {reason}.",
        hint=words.safe,
    )


def judge(
    name: str, reply: Reply | NotSent | Lost, explain: Explain, accept: Accept, words: Wording = ORDER
) -> Outcome:
    """Return the outcome that `reply` to the paid call of the provider called `name` stands for."""
    if isinstance(reply, NotSent):
        return not_sent(name, reply.reason, words)
    if isinstance(reply, Lost):
        return unknown(name, reply.reason, words)
    kept = f"HTTP {reply.status} {reply.text}".rstrip()
    return replace(_judge(name, reply, explain, accept, words), reply=kept)


def _judge(name: str, reply: Reply, explain: Explain, accept: Accept, words: Wording) -> Outcome:
    taken = reply.status in (200, 201)
    error = explain(reply)
    if taken or reply.status in REFUSING_STATUSES:
        if error is not None:
            return Outcome(OutcomeKind.REFUSED, *error)
        outcome = accept(reply.body) if isinstance(reply.body, dict) else None
        if outcome is not None and (taken or outcome.kind is OutcomeKind.REFUSED):
            return outcome
    if taken:
        return unknown(name, "its answer does not say what became of it", words)
    if 300 <= reply.status < 400:
        reason = f"it pointed elsewhere (HTTP {reply.status}), which is never followed with {words.followed}"
        return unknown(name, reason, words)
    detail = f": {error[0].rstrip('.')}" if error else ""
    return unknown(name, f"it answered HTTP {reply.status}{detail}", words)
