"""How often a server is paid for."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class BillingCycle(StrEnum):
    """How often a server is paid for; the value is the word in order files."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMIANNUALLY = "semiannually"
    ANNUALLY = "annually"

    @property
    def months(self) -> int:
        """Length in months."""
        return _MONTHS[self]

    def renewal(self, start: date) -> date:
        """Return when a server ordered on `start` is due again; a short month ends the cycle on its last day."""
        from calendar import monthrange

        years, month = divmod(start.month - 1 + self.months, 12)
        last = monthrange(start.year + years, month + 1)[1]
        return start.replace(start.year + years, month + 1, min(start.day, last))

    @property
    def every(self) -> str:
        """The cycle after an amount: "12.99 EUR every 3 months"."""
        return "per month" if self.months == 1 else "per year" if self.months == 12 else f"every {self.months} months"


_MONTHS = {
    BillingCycle.MONTHLY: 1,
    BillingCycle.QUARTERLY: 3,
    BillingCycle.SEMIANNUALLY: 6,
    BillingCycle.ANNUALLY: 12,
}
