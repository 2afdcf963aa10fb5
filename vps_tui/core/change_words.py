"""Changes of servers put in words: the same on every screen, on the command line and in the journal."""

from __future__ import annotations

from typing import Final

from vps_tui.core.catalog import Plan
from vps_tui.core.offer_snapshot import Difference, in_words, plan_differences
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.server_change import (
    AddOnChange,
    Cancellation,
    CancelWhen,
    Change,
    ChangeKind,
    ChangeQuote,
    ChangesOffered,
    OwnedServer,
)
from vps_tui.core.text import day

DONE: Final = {
    ChangeKind.UPGRADE: "Upgraded",
    ChangeKind.SWITCH: "Switched",
    ChangeKind.ADD_ON: "Added",
    ChangeKind.CANCEL: "Cancelled",
}


def headline_of(kind: ChangeKind, outcome: OutcomeKind) -> str:
    """Return what a change came to, as its receipt begins."""
    done = DONE[kind]
    return {
        # An upgrade is made only once its invoice is paid.
        OutcomeKind.PLACED: "Upgrade ordered" if kind is ChangeKind.UPGRADE else done,
        OutcomeKind.REFUSED: f"Not {done.lower()}: the provider declined",
        OutcomeKind.NOT_SENT: f"Not {done.lower()}: nothing was sent",
        OutcomeKind.UNKNOWN: f"It is not known whether this was {done.lower()}",
    }[outcome]


def describe_change(change: Change) -> list[tuple[str, str]]:
    """Return what is changed, as labels and values."""
    server = change.server
    numbers = ", ".join(dict.fromkeys(filter(None, (server.kvm_id, server.id))))
    rows = [
        ("Server", f"{server.name} ({numbers})" if server.name else server.display_name),
        ("Location", server.location),
    ]
    if isinstance(change, Cancellation):
        at_once = change.when is CancelWhen.IMMEDIATELY
        rows += [("Plan", server.plan), ("Cancel", "immediately" if at_once else "at the end of the paid period")]
    elif isinstance(change, AddOnChange):
        rows += [("Plan", server.plan)]
        rows += [("Add", f"{name} +{count}") for name, count in change.resources]
    else:
        rows += [("Plan now", server.plan), ("New plan", change.plan_name or f"plan {change.plan}")]
        rows.append(("Billing cycle", change.billing_cycle.value if change.billing_cycle else ""))
        rows.append(("Payment", change.payment_method))
    if not isinstance(change, Cancellation):
        rows.append(("Subscription", change.subscription))
    return [(label, value) for label, value in rows if value]


def money_lines(quote: ChangeQuote) -> list[tuple[str, str]]:
    """Return what is paid now, for which days, and from then on."""
    if not quote.charges:
        return [("Now", "nothing is charged")]
    rows = [("Now", due_now(quote))]
    if quote.date_from and quote.date_to:
        rows.append(("For", f"{day(quote.date_from)} to {day(quote.date_to)}, both included"))
    if quote.recurring is not None:
        rows.append(("Then", f"{quote.recurring}{_every(quote)}, reckoned from the price list, at each renewal"))
    return rows


def due_now(quote: ChangeQuote) -> str:
    """Return what is charged now; of an estimate also what it should not go beyond."""
    return f"{amount(quote)}; reckoned here, the invoice decides" if quote.estimate else amount(quote)


def amount(quote: ChangeQuote) -> str:
    """Return what is charged now as an amount alone."""
    most = f", at most {quote.upper_bound}" if quote.estimate and quote.upper_bound else ""
    return f"{quote.total.words(estimate=quote.estimate) if quote.total else 'not known'}{most}"


def describe_moves(before: ChangeQuote, now: ChangeQuote) -> str:
    """Say what is different from what was agreed to; empty where nothing is."""
    if not before.moved(now):
        return ""
    if not now.available:
        return " ".join(("The provider says now that the change is not available.", *now.notes))
    if now.inapplicable:
        return f"The server cannot have {', '.join(now.inapplicable)}, the provider says now."
    sides = [
        ("The price has changed", _exactly(before), _exactly(now)),
        ("The price of each renewal has changed", _renewal(before), _renewal(now)),
        ("The days have changed", _days(before), _days(now)),
    ]
    changes = [str(Difference(what, old, new)) for what, old, new in sides if old != new]
    return " ".join(changes) or "The terms have changed since you confirmed."


def compare_new_plan(shown: Plan | None, now: Plan | None) -> tuple[str, str]:
    """Say how the new plan is not the one that was shown, and in a note what has another name only."""
    if shown is None:
        return "", ""
    if now is None:
        return f"The new plan is no longer listed ({shown.name} when you confirmed).", ""
    changes = list(plan_differences(shown, now, "New plan, "))
    stopping, notes = ([each for each in changes if each.name_only is name_only] for name_only in (False, True))
    return in_words(stopping), in_words(notes)


def _exactly(quote: ChangeQuote) -> str:
    """Return what is charged now with every decimal, so that what differs also looks different."""
    if not quote.charges:
        return "nothing is charged"
    about = "about " if quote.estimate else ""
    most = f", at most {quote.upper_bound.exact}" if quote.estimate and quote.upper_bound else ""
    return f"{about}{quote.total.exact}{most}" if quote.total else f"not known{most}"


def _renewal(quote: ChangeQuote) -> str:
    return f"{quote.recurring.exact if quote.recurring else 'not known'}{_every(quote)}"


def cautions(offered: ChangesOffered, change: Change) -> list[str]:
    """Return what may be wrong about a change that was typed: it would be made to another server."""
    listed = offered.server.subscription
    typed = "" if isinstance(change, Cancellation) else change.subscription
    if not listed or typed == listed:
        return []
    return [
        f"CAREFUL: subscription {listed} is listed with this server, and {typed} was given. The change is made to "
        f"whatever server subscription {typed} belongs to."
    ]


def server_row(server: OwnedServer) -> tuple[str, ...]:
    """Return one server for a list: id, name, plan, location, state, price with its cycle, next due date."""
    return (
        server.id,
        server.name or server.kvm_id,
        server.plan,
        server.location,
        server.status,
        f"{server.price}{_every(server)}" if server.price else "",
        server.next_due.isoformat() if server.next_due else "",
    )


def cost(server: OwnedServer) -> str:
    """Return what a server costs with every decimal, and how often that is paid."""
    return f"{server.price.exact if server.price else 'not told'}{_every(server)}"


def _every(priced: ChangeQuote | OwnedServer) -> str:
    return f" {priced.billing_cycle.every}" if priced.billing_cycle else ""


def _days(quote: ChangeQuote) -> str:
    days = (quote.date_from, quote.date_to)
    return " to ".join(day(end) if end else "not told" for end in days)


CHOOSE_AGAIN = "Look at the server as it is listed now, and choose again."
"""The hint of a change that was stopped because its server is not the one any more that it was chosen for."""
