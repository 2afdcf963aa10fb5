"""When a server of the sandbox is due."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from vps_tui.sandbox.edis_catalog import MONTHS

if TYPE_CHECKING:
    from vps_tui.sandbox.records import Service


def next_due(service: Service, today: date) -> date:
    """Return the first day after `today` on which the service is due again."""
    start, months = service.created.date(), MONTHS[cycle_of(service)]
    due = start
    while due <= today:
        months_since = (due.year - start.year) * 12 + due.month - start.month + months
        year, month = divmod(start.month - 1 + months_since, 12)
        year, month = start.year + year, month + 1
        due = date(year, month, min(start.day, monthrange(year, month)[1]))
    return due


def cycle_of(service: Service) -> str:
    """Return the billing cycle; an order of several cart items with different ones has all of them in it."""
    return service.billing_cycle.partition(" and ")[0]
