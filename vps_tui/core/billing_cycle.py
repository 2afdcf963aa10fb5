"""How often a server is paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Self

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from vps_tui.core.money import Money

HOURS_PER_MONTH: Final = 730
"""A year's hours in twelve parts, by which an hourly price is compared with monthly ones."""

_MONTHS: Final = {
    "hourly": 0,
    "monthly": 1,
    "quarterly": 3,
    "semiannually": 6,
    "annually": 12,
    "biennially": 24,
    "triennially": 36,
}
_MAX_MONTHS: Final = 120


class BillingCycle(str):
    """How often a server is paid for: the word in order files, JSON and the journal, which tells its length.

    A length without a word of its own is written by its months, such as "18-monthly".
    """

    __slots__ = ()

    MONTHLY: ClassVar[BillingCycle]
    QUARTERLY: ClassVar[BillingCycle]
    SEMIANNUALLY: ClassVar[BillingCycle]
    ANNUALLY: ClassVar[BillingCycle]

    def __new__(cls, word: str) -> Self:
        """Return the cycle that `word` names; raises ValueError for a word that names none."""
        if word not in _MONTHS and cls.of_months(_months_in(word)) != word:
            raise ValueError(f"{word!r} is not a billing cycle")
        return super().__new__(cls, word)

    @classmethod
    def of_months(cls, months: int) -> Self:
        """Return the cycle of so many months; raises ValueError for a length that no cycle has."""
        if not 0 < months <= _MAX_MONTHS:
            raise ValueError("a billing cycle has from 1 to 120 months")
        word = next((word for word, length in _MONTHS.items() if length == months), f"{months}-monthly")
        return super().__new__(cls, word)

    @property
    def value(self) -> str:
        """The word alone."""
        return str(self)

    @property
    def months(self) -> int:
        """Length in months; 0 for an hour."""
        return _MONTHS[self] if self in _MONTHS else _months_in(self)

    def per_month(self, price: Money) -> Money:
        """Return `price`, paid once a cycle, as a month's, rounded half up to the cent."""
        return price.per(self.months) if self.months else price * HOURS_PER_MONTH

    def per_year(self, price: Money) -> Fraction:
        """Return what `price`, paid once a cycle, comes to in a year, exact: what cycles are compared by."""
        from fractions import Fraction

        return Fraction(price.amount) * (Fraction(12, self.months) if self.months else 12 * HOURS_PER_MONTH)

    def renewal(self, start: date) -> date:
        """Return when a server ordered on `start` is due again; a short month ends the cycle on its last day.

        What is paid by the hour is due on the same day.
        """
        from calendar import monthrange

        years, month = divmod(start.month - 1 + self.months, 12)
        last = monthrange(start.year + years, month + 1)[1]
        return start.replace(start.year + years, month + 1, min(start.day, last))

    @property
    def every(self) -> str:
        """The cycle after an amount: "12.99 EUR every 3 months"."""
        return _EVERY.get(self.months) or f"every {self.months} months"

    @property
    def span(self) -> str:
        """Its length in words: "3 months"."""
        return f"{self.months} month{'s' if self.months > 1 else ''}" if self.months else "1 hour"

    @property
    def short_span(self) -> str:
        """The same in few characters: "3 mo"."""
        return f"{self.months} mo" if self.months else "1 h"


def _months_in(word: str) -> int:
    """Return the months that a word such as "18-monthly" names, 0 for any other."""
    number, _, rest = word.partition("-")
    return int(number) if rest == "monthly" and number.isascii() and number.isdecimal() and len(number) < 4 else 0


_EVERY: Final = {0: "per hour", 1: "per month", 12: "per year"}

BillingCycle.MONTHLY = BillingCycle("monthly")
BillingCycle.QUARTERLY = BillingCycle("quarterly")
BillingCycle.SEMIANNUALLY = BillingCycle("semiannually")
BillingCycle.ANNUALLY = BillingCycle("annually")

COMMON_CYCLES: Final = (
    BillingCycle.MONTHLY,
    BillingCycle.QUARTERLY,
    BillingCycle.SEMIANNUALLY,
    BillingCycle.ANNUALLY,
)
"""Those that most providers have, the shortest first."""
