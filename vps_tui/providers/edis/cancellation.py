"""The end of a server at EDIS Global (cancel/product): what is lost by it and when, in words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from vps_tui.core.outcome import Outcome, OutcomeKind, Wording
from vps_tui.core.server_change import Cancellation, CancelWhen, ChangeQuote
from vps_tui.providers.edis import wire

TYPES: Final = {CancelWhen.IMMEDIATELY: "Immediate", CancelWhen.AT_END_OF_PERIOD: "End of Billing Period"}
"""cancel/product, `type`."""

KEPT_DAYS: Final = 6
"""Days from termination to the deletion of the data (FAQ, cancel-a-service)."""

CANCELLATION = Wording(
    "the cancellation",
    "Trying again is safe.",
    "a cancellation",
    "A server that was cancelled immediately is listed as terminated, or not any more; one cancelled for the end of "
    "its period looks as before: the client area shows it.",
)


def quote(change: Cancellation, today: date) -> ChangeQuote:
    """Return what `change` costs, which is nothing, and what is lost by it."""
    notes = _at_once(change, today) if change.when is CancelWhen.IMMEDIATELY else _at_end(change)
    return ChangeQuote(charges=False, date_to=_last_day(change, today), notes=notes)


def cancellation_taken(change: Cancellation, body: dict[str, Any]) -> Outcome | None:
    """Read the 200 of cancel/product: it names the service that was cancelled."""
    service = wire.id_text(body.get("serviceid"))
    if body.get("status") != "success" or service != change.server.id:
        return None
    if change.when is CancelWhen.IMMEDIATELY:
        message = f"The server ends now. Its data is deleted {KEPT_DAYS} days after its termination."
    else:
        end = change.server.next_due
        message = (
            f"The server runs until {_say_day(end) if end else 'the end of its billing period'} and is not renewed."
        )
    return Outcome(OutcomeKind.PLACED, message, service_ids=(service,))


def _last_day(change: Cancellation, today: date) -> date | None:
    return today if change.when is CancelWhen.IMMEDIATELY else change.server.next_due


def _at_once(change: Cancellation, today: date) -> tuple[str, ...]:
    paid = change.server.next_due
    return (
        "The server ends at once: it stops, and nobody can log in to it any more.",
        f"Its data is deleted {KEPT_DAYS} days after termination, on {_say_day(today + timedelta(KEPT_DAYS))}.",
        f"What is paid {f'until {_say_day(paid)} ' if paid else ''}is not refunded.",
    )


def _at_end(change: Cancellation) -> tuple[str, ...]:
    end = change.server.next_due
    deleted = f", on {_say_day(end + timedelta(KEPT_DAYS))}" if end else ""
    return (
        f"The server runs until {_say_day(end) if end else 'the end of its billing period (the date is not told)'}, "
        "is not renewed, and ends.",
        f"Its data is deleted {KEPT_DAYS} days after termination{deleted}.",
        "What is paid until then is not refunded, and is used up.",
        "EDIS Global's list does not show that a server is cancelled for later: the client area does.",
    )


def _say_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
