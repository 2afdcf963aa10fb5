"""Which of the four outcomes a paid call has: one rule for every provider, for orders and for changes.

Only "could it have reached the handler?" decides between `not_sent` and `unknown`. Of an answer that came, any sign
of an order beside any sign of an error is `unknown`, no sign of an order is never `placed`, and `refused` is only
what proves that nothing was done. The signs are looked for here, wherever they are in the answer; a provider's module
says no more than how its plain success is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from vps_tui.core.outcome import ORDER, REFUSING_STATUSES, Outcome, OutcomeKind, Wording
from vps_tui.core.text import clean
from vps_tui.providers.http import Lost, NotSent, Reply
from vps_tui.providers.leaves import leaves
from vps_tui.providers.order_ids import Ids, ids_in
from vps_tui.providers.refusals import is_unexplained, proves_nothing_done
from vps_tui.providers.signs import Signs, signs_in

NO_REASON = "it gave no reason"
"""Stands for the message of an error that has none."""

MAX_MESSAGE = 600
"""Characters of an outcome's message."""

Accept = Callable[[dict[str, Any], Ids], Outcome | None]
"""Reads a plain success, given the ids in it; None for anything else."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging needs to know about one paid call."""

    name: str
    """The provider's."""
    accept: Accept
    words: Wording = ORDER
    echoed: frozenset[str] = frozenset()
    """Texts that the request sent: an answer that repeats one of these ids is no sign of an order."""
    numbered: bool = True
    """Whether only an id proves a success; else the documented answer, which has none, does."""


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


def judge(call: Judged, reply: Reply | NotSent | Lost) -> Outcome:
    """Return the outcome that `reply` to a paid call stands for."""
    if isinstance(reply, NotSent):
        return not_sent(call.name, reply.reason, call.words)
    if isinstance(reply, Lost):
        return unknown(call.name, reply.reason, call.words)
    kept = f"HTTP {reply.status} {reply.text}".rstrip()
    return replace(_judge(call, reply), reply=kept)


def _judge(call: Judged, reply: Reply) -> Outcome:
    found = tuple(leaf for document in (reply.body, *reply.extra) for leaf in leaves(document))
    ids, signs = ids_in(found, call.echoed), signs_in(found)
    whole = isinstance(reply.body, dict) and not reply.flaws
    if whole and reply.status in (200, 201) and not signs.error:
        outcome = call.accept(reply.body, ids)
        if outcome is not None and (_names_one(outcome) or not call.numbered):
            return _with_words(call, outcome, signs)
    made = ids or signs.success or any(is_unexplained(leaf, call.echoed) for leaf in found)
    if whole and not made and _proves_nothing_done(reply.status, signs):
        reason = signs.words or (f"{call.words.thing} is not available" if signs.unavailable else NO_REASON)
        return Outcome(OutcomeKind.REFUSED, reason, signs.hint)
    return _unknown(call, reply, ids, signs)


def _names_one(outcome: Outcome) -> bool:
    return bool(outcome.order_id or outcome.invoice_id or outcome.service_ids)


def _proves_nothing_done(status: int, signs: Signs) -> bool:
    """Tell whether an error without a sign of an order came before the call was worked on."""
    if signs.failing_code:
        return False
    if status in REFUSING_STATUSES:
        return signs.error or bool(signs.words)
    said = proves_nothing_done((*signs.messages, *signs.reasons), documented=signs.documented)
    return status in (200, 201) and signs.error and (signs.refusing_code or signs.unavailable or said)


def _with_words(call: Judged, outcome: Outcome, signs: Signs) -> Outcome:
    """Return what was placed with the provider's words, unless they say no more than that."""
    said = (*signs.warnings, *signs.news)
    words = clean(f"{call.name} says: {' '.join(said)}", MAX_MESSAGE) if said else ""
    return replace(outcome, message=f"{outcome.message} {words}".strip())


def _unknown(call: Judged, reply: Reply, ids: Ids, signs: Signs) -> Outcome:
    said = " ".join(filter(None, (signs.words, *signs.warnings, signs.hint)))
    message = unknown(call.name, _reason(call, reply, ids, signs), call.words).message
    if said:
        message = f"{message} {call.name} says: {said}"
    look = f"Look for {ids.in_words} there." if ids else ""
    return Outcome(
        OutcomeKind.UNKNOWN,
        message=clean(message, MAX_MESSAGE),
        hint=f"{call.words.look} {look}".rstrip(),
        order_id=", ".join(ids.orders),
        invoice_id=", ".join(ids.invoices),
        service_ids=ids.services,
    )


def _reason(call: Judged, reply: Reply, ids: Ids, signs: Signs) -> str:
    """Return why nobody can tell from `reply` whether the call was taken."""
    named = f"names {ids.in_words}" if ids else ""
    if 300 <= reply.status < 400:
        return f"it pointed elsewhere (HTTP {reply.status}), which is never followed with {call.words.followed}"
    if reply.status not in (200, 201):
        flaw = f"its answer {reply.flaws[0]}" if reply.flaws and isinstance(reply.body, dict) else ""
        return " and ".join(filter(None, (f"it answered HTTP {reply.status}", flaw, named)))
    if reply.flaws or not isinstance(reply.body, dict):
        flaw = reply.flaws[0] if reply.flaws else "is not one JSON object"
        return " and ".join(filter(None, (f"its answer {flaw}", named)))
    if named:
        return f"its answer {named}{' beside an error' if signs.error else ', but not as a plain success'}"
    if signs.error:
        return "its answer is an error that does not say how far it got"
    return "its answer does not say what became of it"
