"""What an upgrade at EDIS Global may cost: reckoned here, because its API has no price enquiry."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Plan
from vps_tui.core.money import CENT, Money
from vps_tui.core.server_change import ChangeQuote, OwnedServer

INVOICE_DECIDES = (
    "EDIS Global's API tells no price for an upgrade: this one is reckoned here from its list prices and the days "
    "left, and EDIS Global's invoice decides."
)
KEPT = (
    "The server pays more now than its plan costs by the price list: that is taken to be for add-ons that it keeps, "
    "{surplus} {every} with the new plan. Whether they go on costing the same is not told."
)
NO_ADD_ONS = "By its price the server seems to have no add-ons; what any would go on costing is not told."
AFTERWARDS = (
    "It is done within 7 minutes of the payment of its invoice; more RAM or CPU takes a cold reboot. The IP address "
    "stays.",
    "Tax (VAT) is not stated by the provider and may be added to the invoice.",
)
NOT_KNOWN = (
    "What the server costs now is not told, so the difference cannot be reckoned; EDIS Global's invoice decides."
)
LIST_UNKNOWN = (
    "How much of what the server costs now is its plan and how much its add-ons is not known, so neither the "
    "difference nor the most it can be is; EDIS Global's invoice decides."
)


def upgrade_quote(
    server: OwnedServer, price: Money | None, cycle: BillingCycle, today: date, now: Plan | None
) -> ChangeQuote:
    """Return what a change to a plan of list price `price` for `cycle` comes to, about; `now` is the present plan.

    "The price difference is prorated" (FAQ, upgrade-plan); how exactly, and what happens when the cycle changes,
    stands nowhere. So: the new price for the days left, less the present one for them; with another cycle a whole
    new cycle, less what is left of the present one. It is never more than the whole new price. What the server pays
    beyond the list price of `now` is for add-ons (get/services, `price`, has them in it), which it keeps.
    """
    if price is None:
        return ChangeQuote(estimate=True, billing_cycle=cycle, notes=("The new plan's price is not known.",))
    surplus = _surplus(server, now, cycle, price.currency)
    if surplus is None:
        words = NOT_KNOWN if server.price is None else LIST_UNKNOWN
        return ChangeQuote(
            estimate=True, billing_cycle=cycle, notes=(f"The new plan's list price is {price}.", words)
        )
    whole = price + surplus
    quote = ChangeQuote(estimate=True, recurring=whole, billing_cycle=cycle, upper_bound=whole)
    left = _share_left(server, today)
    if server.price is None or left is None:
        return _with(quote, None, NOT_KNOWN)
    due = whole.amount * (left if cycle == server.billing_cycle else 1) - server.price.amount * left
    total = Money(max(due, Decimal(0)).quantize(CENT, ROUND_HALF_UP), price.currency)
    kept = KEPT.format(surplus=surplus, every=cycle.every) if surplus.amount else NO_ADD_ONS
    return _with(quote, total, INVOICE_DECIDES, kept)


def _with(quote: ChangeQuote, total: Money | None, *notes: str) -> ChangeQuote:
    return replace(quote, total=total, notes=notes)


def _surplus(server: OwnedServer, now: Plan | None, cycle: BillingCycle, currency: str) -> Money | None:
    """Return what the server pays for add-ons, as it would for `cycle`; None where that cannot be told.

    A longer cycle costs its months, a shorter one no less of the present than the plan's own price does: a year
    is cheaper than its months (get/products, `price`).
    """
    if server.price is None or server.billing_cycle is None or now is None:
        return None
    listed, then = now.prices.get(server.billing_cycle), now.prices.get(cycle)
    if listed is None or {server.price.currency, listed.currency} != {currency}:
        return None
    more = max(server.price.amount - listed.amount, Decimal(0))
    scaled = more * cycle.months / server.billing_cycle.months
    if then is not None and listed.amount and then.currency == currency:
        scaled = max(scaled, more * then.amount / listed.amount)
    return Money(scaled.quantize(CENT, ROUND_UP), currency)


def _share_left(server: OwnedServer, today: date) -> Decimal | None:
    """Return which part of the paid period is left, from 0 to 1; None where its end is not known."""
    end, cycle = server.next_due, server.billing_cycle
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
