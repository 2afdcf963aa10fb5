"""The four things that an order can come to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OutcomeKind(StrEnum):
    """The word for an outcome; the value is what scripts get."""

    PLACED = "placed"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"

    @property
    def headline(self) -> str:
        """The outcome in words, as the receipt begins."""
        return {
            OutcomeKind.PLACED: "Ordered",
            OutcomeKind.REFUSED: "Not ordered: the provider declined",
            OutcomeKind.NOT_SENT: "Not ordered: nothing was sent",
            OutcomeKind.UNKNOWN: "It is not known whether this was ordered",
        }[self]

    @property
    def exit_code(self) -> int:
        """The program's exit code after this outcome."""
        return {OutcomeKind.PLACED: 0, OutcomeKind.UNKNOWN: 4}.get(self, 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one paid call."""

    kind: OutcomeKind
    message: str = ""
    """The reason, cleaned; empty for a plain success."""
    hint: str = ""
    """What to do next."""
    order_id: str = ""
    invoice_id: str = ""
    service_ids: tuple[str, ...] = ()
    paid: bool | None = None
    """Whether the invoice is paid; None where the provider does not say."""
    reply: str = ""
    """What the provider answered, cleaned and cut to a bounded length, for the journal; empty when nothing came."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What the messages call that which a paid call does."""

    thing: str = "the order"
    safe: str = "Ordering again is safe."
    """Where nothing was sent."""
    followed: str = "an order"
    """What a redirect is never followed with."""
    look: str = "What it lists for your account shows whether the order is there; that can take some minutes."
    """How to find out where it is not known."""


ORDER = Wording()

REFUSING_STATUSES = frozenset({400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 415, 422})
"""HTTP statuses that, with a readable error body, say that the order was not taken.

408, 429 and everything from 500 up are missing on purpose: neither provider documents that these are
decided before the order is worked on, so an order may exist behind them.
"""


class Phase(StrEnum):
    """How far an order or a change has come."""

    CHECKING = "checking"
    SENDING = "sending"
