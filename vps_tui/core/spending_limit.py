"""The most that an order may cost, set by whoever lets a script order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from vps_tui.core.errors import InvalidValue
from vps_tui.core.money import Money


@dataclass(frozen=True, slots=True)
class SpendingLimit:
    """The largest first invoice that is allowed."""

    amount: Decimal
    currency: str
    """ISO 4217 code, upper case; empty for whatever currency the provider charges in."""

    @classmethod
    def parse(cls, text: str) -> SpendingLimit:
        """Read "50", "50.00 EUR" or "50eur"; raises `InvalidValue` for anything else, and below zero."""
        found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]{3})?", text.strip())
        try:
            money = Money.parse(found[1], found[2] or "") if found else None
        except ValueError:
            money = None
        if money is None:
            raise InvalidValue(
                "The most that may be spent must be an amount, with its currency if you like.",
                hint='Write it with a decimal point, such as "50" or "50.00 EUR".',
            )
        return cls(money.amount, money.currency)

    def problem(self, due: Money | None, what: str = "The first invoice") -> str:
        """Say in one sentence why paying `due`, which `what` names, is not allowed; empty when it is."""
        if due is None:
            return f"{what} is not known, and at most {self} is allowed."
        if self.currency not in ("", due.currency):
            return f"{what} is {_in_words(due)}, which cannot be compared with the {self} allowed."
        if due.amount > self.amount:
            return f"{what} is {_in_words(due)}, but at most {self} is allowed."
        return ""

    def __str__(self) -> str:
        return _in_words(Money(self.amount, self.currency))


def _in_words(amount: Money) -> str:
    return amount.exact.rstrip()
