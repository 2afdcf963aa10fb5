"""Amounts with their currency, exact, and the most that may be spent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from vps_tui.core.errors import InvalidValue

CENT = Decimal("0.01")
MAX_DIGITS = 12
"""Most digits on either side of the decimal point: sums of such amounts stay exact in Decimal's 28 digits."""

_WRITTEN = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_CODE = r"[A-Za-z]{3}"


@lru_cache(256)
def currency_code(text: str) -> str:
    """Return `text` as an ISO 4217 code in capitals; empty for anything but three ASCII letters.

    "€", an empty text and a code with a look-alike letter say no currency that amounts can be added up in.
    """
    code = text.strip()
    return code.upper() if re.fullmatch(_CODE, code) else ""


def no_currency(given: str) -> str:
    """Return why an amount in the currency `given`, which is cleaned text but no code, is not a price."""
    return f'its currency is given as "{given}"' if given else "its currency is not given"


def join_codes(codes: Iterable[str]) -> str:
    """Return currencies in a sentence: "EUR", "EUR and USD", "EUR, HKD and USD"."""
    *first, last = sorted(set(codes))
    return f"{', '.join(first)} and {last}" if first else last


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
        """The amount alone with two decimals or more, as scripts get it: "12.99"; nothing is rounded away."""
        exponent = self.amount.as_tuple().exponent
        exact = isinstance(exponent, int) and exponent < -2
        return f"{self.amount.normalize():f}" if exact and self.amount != self.rounded else f"{self.rounded:f}"

    @property
    def rounded(self) -> Decimal:
        """The amount to the cent, half up."""
        return self.amount.quantize(CENT, ROUND_HALF_UP)

    @property
    def exact(self) -> str:
        """The amount with its currency and every decimal: "19.994999 EUR", for what is compared."""
        return f"{self.figure} {self.currency}"

    def words(self, *, estimate: bool = False, signed: bool = False) -> str:
        """Return the amount as people read it: to the cent, half up as an invoice rounds.

        "about" is in front of an `estimate`, and of an amount with fractions of a cent: nobody can pay those.
        `signed` puts a plus sign in front of more than nothing, as for a difference.
        """
        about = "about " if estimate or self.amount != self.rounded else ""
        plus = "+" if signed and self.amount > 0 else ""
        return f"{about}{plus}{self.rounded:f} {self.currency}"

    def __str__(self) -> str:
        return self.words()

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot reckon {other.currency} with {self.currency}")


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
