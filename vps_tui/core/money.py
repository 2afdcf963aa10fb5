"""Amounts with their currency, exact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
MAX_DIGITS = 12
"""Most digits on either side of the decimal point: sums of such amounts stay exact in Decimal's 28 digits."""

_WRITTEN = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency (ISO 4217 code, upper case)."""

    amount: Decimal
    currency: str

    @classmethod
    def parse(cls, amount: str | int | Decimal, currency: str) -> Money:
        """Build from a wire amount such as "12.99"; raises ValueError for anything but a plain decimal number.

        A float is refused by type: an amount that went through one is no longer exact. So is text with an
        exponent, and a number of more than `MAX_DIGITS` digits before or behind the point.
        """
        if isinstance(amount, bool) or not isinstance(amount, str | int | Decimal):
            raise ValueError(f"an amount cannot be a {type(amount).__name__}")
        if isinstance(amount, str) and not re.fullmatch(_WRITTEN, amount.strip()):
            raise ValueError("an amount must be a decimal number")
        value = Decimal(amount)
        if not value.is_finite():
            raise ValueError("an amount must be finite")
        if value.adjusted() >= MAX_DIGITS or int(value.as_tuple().exponent) < -MAX_DIGITS:
            raise ValueError("an amount has too many digits")
        return cls(value, currency.strip().upper())

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing, in `currency`."""
        return cls(Decimal(0), currency)

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.amount * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same_currency(other)
        return self.amount < other.amount

    def per(self, months: int) -> Money:
        """Return this amount spread over `months`, rounded half up to the cent."""
        return Money((self.amount / months).quantize(CENT, ROUND_HALF_UP), self.currency)

    @property
    def figure(self) -> str:
        """The amount alone with two decimals or more, as scripts get it: "12.99"."""
        exponent = self.amount.as_tuple().exponent
        exact = isinstance(exponent, int) and exponent < -2
        return f"{self.amount.normalize():f}" if exact and self.amount != self.rounded else f"{self.rounded:f}"

    @property
    def rounded(self) -> Decimal:
        """The amount to the cent, half up."""
        return self.amount.quantize(CENT, ROUND_HALF_UP)

    def __str__(self) -> str:
        return f"{self.figure} {self.currency}"

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot reckon {other.currency} with {self.currency}")
