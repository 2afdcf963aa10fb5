"""What an upgrade at EDIS Global may cost: reckoned here, because its API has no price enquiry."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Plan
from vps_tui.core.change import ChangeQuote, OwnedServer
from vps_tui.core.money import CENT, Money

INVOICE_DECIDES = (
    "EDIS Global's API tells no price for an upgrade: this one is reckoned here from its list prices and the days "
    "left, and EDIS Global's invoice decides."
)
ADD_ONS = "What the server pays now may hold add-ons; whether they go on costing the same is not told."
AFTERWARDS = (
    "It is done within 7 minutes of the payment of its invoice; more RAM or CPU takes a cold reboot. The IP address "
    "stays.",
    "Tax (VAT) is not stated by the provider and may be added to the invoice.",
)
NOT_KNOWN = (
    "What the server costs now is not told, so the difference cannot be reckoned; EDIS Global's invoice decides."
)


def upgrade_quote(server: OwnedServer, price: Money | None, cycle: BillingCycle, today: date) -> ChangeQuote:
    """Return what a change to a plan of list price `price` for `cycle` comes to, about.

    "The price difference is prorated" (FAQ, upgrade-plan); how exactly, and what happens when the cycle changes,
    stands nowhere. So: the new price for the days left, less the present one for them; with another cycle a whole
    new cycle, less what is left of the present one. It is never more than the whole new price.
    """
    quote = ChangeQuote(estimate=True, recurring=price, billing_cycle=cycle, upper_bound=price)
    if price is None:
        return ChangeQuote(estimate=True, billing_cycle=cycle, notes=("The new plan's price is not known.",))
    left = _share_left(server, today)
    if server.price is None or left is None or server.price.currency != price.currency:
        return _with(quote, None, NOT_KNOWN)
    unused = server.price.amount * left
    due = price.amount * (left if cycle is server.billing_cycle else 1) - unused
    total = Money(max(due, Decimal(0)).quantize(CENT, ROUND_HALF_UP), price.currency)
    return _with(quote, total, INVOICE_DECIDES, ADD_ONS)


def _with(quote: ChangeQuote, total: Money | None, *notes: str) -> ChangeQuote:
    return replace(quote, total=total, notes=notes)


def _share_left(server: OwnedServer, today: date) -> Decimal | None:
    """Return which part of the paid period is left, from 0 to 1; None where its end is not known."""
    end, cycle = server.key_date, server.billing_cycle
    if end is None or cycle is None:
        return None
    years, month = divmod(end.month - 1 - cycle.months, 12)
    year = end.year + years
    start = date(year, month + 1, min(end.day, monthrange(year, month + 1)[1]))
    whole = (end - start).days
    return Decimal(min(max((end - today).days, 0), whole)) / Decimal(whole)


def smaller(now: Plan | None, new: Plan) -> str:
    """Say in words that `new` is smaller than the present plan; empty where it is not, or that is not known."""
    if now is None:
        return ""
    sizes = (
        ("vCPU", now.vcpu, new.vcpu),
        ("MB RAM", now.ram_mb, new.ram_mb),
        ("GB disk", now.disk_gb, new.disk_gb),
        ("TB traffic", now.traffic_tb, new.traffic_tb),
    )
    less = [f"{then} instead of {have} {unit}" for unit, have, then in sizes if have and then and then < have]
    if not less:
        return ""
    return (
        f"It is smaller: {', '.join(less)}. EDIS Global's documents describe upgrades only: it may refuse, nothing "
        "is paid back, and what a smaller disk does to the data is not told."
    )
