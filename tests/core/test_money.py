"""Amounts are exact, keep their currency, and are never made from a float."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.money import Money, currency_code, join_codes

CENTS = st.integers(-(10**9), 10**9)


def eur(amount: str) -> Money:
    return Money.parse(amount, "EUR")


class TestParse:
    @pytest.mark.parametrize(
        ("written", "amount"),
        [
            ("12.99", "12.99"),
            ("0", "0"),
            ("-3.5", "-3.5"),
            ("+1", "1"),
            (" 7.00\n", "7.00"),
            (".5", "0.5"),
            ("5.", "5"),
            ("0.0000001", "0.0000001"),
            (7, "7"),
            (Decimal("19.90"), "19.90"),
        ],
    )
    def test_a_decimal_number(self, written: str | int | Decimal, amount: str) -> None:
        assert Money.parse(written, "EUR") == Money(Decimal(amount), "EUR")

    def test_the_currency_is_written_in_capitals(self) -> None:
        assert Money.parse("1", " usd ").currency == "USD"

    @pytest.mark.parametrize("wrong", [12.99, 0.0, True, False, None, b"1", ["1"], {}])
    def test_another_type(self, wrong: Any) -> None:
        with pytest.raises(ValueError, match=type(wrong).__name__):
            Money.parse(wrong, "EUR")

    @pytest.mark.parametrize(
        "wrong",
        [
            "",
            " ",
            "free",
            "12,99",
            "1 000",
            "1_000",
            "€5",
            "5 EUR",
            "1.2.3",
            "--1",
            "+",
            ".",
            "1e3",
            "0x10",
            "\uff11\uff12",
        ],
    )
    def test_text_that_is_no_decimal_number(self, wrong: str) -> None:
        with pytest.raises(ValueError, match="must be a decimal number"):
            Money.parse(wrong, "EUR")

    @pytest.mark.parametrize("wrong", ["NaN", "sNaN", "Infinity", "-Infinity"])
    def test_not_finite(self, wrong: str) -> None:
        with pytest.raises(ValueError, match="must be"):
            Money.parse(wrong, "EUR")
        with pytest.raises(ValueError, match="must be finite"):
            Money.parse(Decimal(wrong), "EUR")

    @pytest.mark.parametrize(
        "wrong", ["1" + "0" * 12, "0." + "0" * 12 + "1", Decimal("1e400"), Decimal("1e-400"), 10**12, "9" * 6000]
    )
    def test_more_digits_than_can_be_reckoned_with_exactly(self, wrong: str | int | Decimal) -> None:
        with pytest.raises(ValueError, match="too many digits"):
            Money.parse(wrong, "EUR")

    def test_the_largest_and_smallest_can_be_added_and_shown(self) -> None:
        total = eur("999999999999") + eur("0.000000000001")
        assert total.amount == Decimal("999999999999.000000000001")
        assert total.exact == "999999999999.000000000001 EUR"
        assert str(total) == "about 999999999999.00 EUR"


class TestReckoning:
    @given(CENTS, CENTS, st.integers(0, 1000))
    def test_it_is_that_of_whole_cents(self, one: int, other: int, times: int) -> None:
        first, second = (Money(Decimal(cents).scaleb(-2), "EUR") for cents in (one, other))
        assert (first + second).amount * 100 == one + other
        assert (first - second).amount * 100 == one - other
        assert (first * times).amount * 100 == one * times
        assert (first < second) == (one < other)

    def test_currencies_are_not_mixed(self) -> None:
        with pytest.raises(ValueError, match="USD with EUR"):
            eur("1") + Money.parse("1", "USD")
        with pytest.raises(ValueError, match="USD with EUR"):
            eur("1") - Money.parse("1", "USD")
        with pytest.raises(ValueError, match="USD with EUR"):
            _ = eur("1") < Money.parse("1", "USD")

    def test_nothing(self) -> None:
        assert Money.zero("EUR") + eur("5.25") == eur("5.25")


class TestPerMonth:
    @pytest.mark.parametrize(
        ("amount", "months", "each"),
        [
            ("12.00", 12, "1.00"),
            ("10.00", 3, "3.33"),
            ("20.00", 3, "6.67"),
            ("0.03", 6, "0.01"),
            ("0.06", 12, "0.01"),
            ("0.05", 12, "0.00"),
            ("7.99", 1, "7.99"),
        ],
    )
    def test_half_a_cent_rounds_up(self, amount: str, months: int, each: str) -> None:
        assert eur(amount).per(months).figure == each

    @given(st.integers(0, 10**9), st.sampled_from([1, 3, 6, 12]))
    def test_it_is_the_nearest_cent(self, cents: int, months: int) -> None:
        each = Fraction(Money(Decimal(cents).scaleb(-2), "EUR").per(months).amount) * 100
        assert each.denominator == 1
        assert Fraction(-1, 2) < each - Fraction(cents, months) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("amount", "figure"),
    [
        ("12.99", "12.99"),
        ("12.9", "12.90"),
        ("12", "12.00"),
        ("0", "0.00"),
        ("12.990", "12.99"),
        ("12.9900", "12.99"),
        ("0.005", "0.005"),
        ("1.23450", "1.2345"),
        ("1000000", "1000000.00"),
        ("100.0", "100.00"),
        ("-4.5", "-4.50"),
    ],
)
def test_a_figure_has_two_decimals_and_more_only_where_they_count(amount: str, figure: str) -> None:
    assert eur(amount).figure == figure
    assert eur(amount).exact == f"{figure} EUR"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("12.9", "12.90 EUR"),
        ("19.994999", "about 19.99 EUR"),
        ("19.995", "about 20.00 EUR"),
        ("0.001", "about 0.00 EUR"),
        ("-4.005", "about -4.01 EUR"),
        ("19.99000", "19.99 EUR"),
    ],
)
def test_people_read_cents_and_that_a_fraction_of_one_is_rounded(amount: str, words: str) -> None:
    assert str(eur(amount)) == words
    assert eur(amount).words(estimate=True) == f"about {words.removeprefix('about ')}"
    assert eur(amount).words(signed=True).removeprefix("about ").startswith("-" if amount[0] == "-" else "+")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EUR", "EUR"),
        (" usd ", "USD"),
        ("", ""),
        ("€", ""),
        ("US", ""),
        ("EURO", ""),
        ("E R", ""),
        ("\u0415UR", ""),
        ("\uff25\uff35\uff32", ""),
        ("EU\u0301", ""),
        ("12A", ""),
    ],
)
def test_a_currency_is_three_ascii_letters(text: str, code: str) -> None:
    assert currency_code(text) == code


def test_several_currencies_are_listed_in_a_sentence() -> None:
    assert join_codes(["EUR"]) == "EUR"
    assert join_codes(["USD", "EUR", "USD", "HKD"]) == "EUR, HKD and USD"


@given(st.integers(-(10**11), 10**11), st.integers(0, 6))
def test_a_figure_loses_nothing(digits: int, decimals: int) -> None:
    money = Money(Decimal(digits).scaleb(-decimals), "EUR")
    assert Money.parse(money.figure, "EUR").amount == money.amount
