"""A ceiling lets an order pass only when the first invoice is known, comparable and not above it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.errors import InvalidValue
from vps_tui.core.money import Money, SpendingLimit
from vps_tui.core.pricing import CostLine, Quote


def invoice(*amounts: str | None, currency: str = "EUR") -> Quote:
    """Return a quote of recurring amounts; None is a price that is not known."""
    lines = tuple(CostLine("x", None if amount is None else Money.parse(amount, currency)) for amount in amounts)
    return Quote(BillingCycle.MONTHLY, lines, (), currency)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("50", "50", ""),
        ("50.00 EUR", "50.00", "EUR"),
        ("50eur", "50", "EUR"),
        (" 0.5 Usd ", "0.5", "USD"),
        ("0", "0", ""),
    ],
)
def test_written_as_people_write_it(text: str, amount: str, currency: str) -> None:
    assert SpendingLimit.parse(text) == SpendingLimit(Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    [
        *("", "EUR", "EUR 50", "-1", "+50", "1e3", "50,00", "5.", ".5", "50 EURO", "50 €", "$50", "NaN", "inf"),
        *("\u0661\u0662", "1" * 13, "50 EUR x", "50\nEUR", "50 \u0415UR"),
    ],
)
def test_anything_else_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        SpendingLimit.parse(text)
    assert "50.00 EUR" in caught.value.hint
    assert len(text) < 5 or text not in caught.value.message


@pytest.mark.parametrize("ceiling", ["13", "12.99", "12.99 EUR", "12.990 eur"])
def test_up_to_the_ceiling_is_allowed(ceiling: str) -> None:
    assert SpendingLimit.parse(ceiling).problem(invoice("12.99").due_now) == ""


def test_every_line_counts() -> None:
    setup = CostLine("set-up", Money.parse("5", "EUR"))
    quote = Quote(BillingCycle.MONTHLY, (*invoice("12.99").lines, setup), (), "EUR")
    assert (
        SpendingLimit.parse("17.98").problem(quote.due_now)
        == "The first invoice is 17.99 EUR, but at most 17.98 is allowed."
    )
    assert SpendingLimit.parse("17.99").problem(quote.due_now) == ""


@pytest.mark.parametrize("amounts", [("12.99",), ("6.00", "6.99")])
def test_above_it_is_not(amounts: tuple[str, ...]) -> None:
    said = "The first invoice is 12.99 EUR, but at most 12.98 EUR is allowed."
    assert SpendingLimit.parse("12.98 EUR").problem(invoice(*amounts).due_now) == said


def test_not_even_by_a_fraction_of_a_cent() -> None:
    assert "50.001 EUR" in SpendingLimit.parse("50").problem(invoice("50.001").due_now)


@pytest.mark.parametrize("amounts", [(), (None,), ("1.00", None)])
def test_an_unknown_price_is_not(amounts: tuple[str | None, ...]) -> None:
    said = "The first invoice is not known, and at most 50.00 EUR is allowed."
    assert SpendingLimit.parse("50 EUR").problem(invoice(*amounts).due_now) == said


@pytest.mark.parametrize("currency", ["USD", ""])
def test_another_currency_is_not_however_small(currency: str) -> None:
    problem = SpendingLimit.parse("50 EUR").problem(invoice("0.01", currency=currency).due_now)
    assert "cannot be compared" in problem
    assert "50.00 EUR" in problem
    assert f"0.01{' ' if currency else ''}{currency}, " in problem


def test_without_a_currency_any_is_compared() -> None:
    assert SpendingLimit.parse("50").problem(invoice("50", currency="HKD").due_now) == ""
    assert "51.00 HKD" in SpendingLimit.parse("50").problem(invoice("51", currency="HKD").due_now)
