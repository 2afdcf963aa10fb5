"""The names of orders, and how they are found again."""

from __future__ import annotations

import pytest

from vps_tui.core.errors import UsageError
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import Journal, State

from .child import purchase


def test_a_reference_is_the_day_and_four_letters_that_nobody_mistakes(journal: Journal) -> None:
    references = [journal.prepare(purchase(f"web{number}")).reference for number in range(30)]
    assert len(set(references)) == 30
    for reference in references:
        day, _, letters = reference.partition("-")
        assert (day, len(letters)) == ("1122", 4)
        assert set(letters) <= set("0123456789abcdefghjkmnpqrstvwxyz")


def test_a_reference_that_is_taken_is_not_given_twice(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = iter("aaaa" + "aaaa" + "bbbb" + "cccc")
    monkeypatch.setattr("secrets.choice", lambda _: next(letters))
    first = journal.prepare(purchase("a"))
    journal.finish(first.reference, Outcome(OutcomeKind.NOT_SENT))
    # The first name is in the table; the second has only a file, of an order that never came to the table.
    (journal.path.parent / "sending" / "1122-bbbb.lock").touch()
    assert journal.prepare(purchase("b")).reference == "1122-cccc"
    assert journal.entry("1122-aaaa").state is State.NOT_SENT


@pytest.mark.parametrize("text", ["1122-k7qf", " 1122-K7QF ", "1122-k7q", "1122-k", "II22-k7qf", "1122-k7qf\n"])
def test_an_order_is_found_by_what_is_said_of_it(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    letters = iter("k7qf" + "m7qf" + "m8qf")
    monkeypatch.setattr("secrets.choice", lambda _: next(letters))
    for number in range(3):
        journal.prepare(purchase(f"web{number}"))
    assert journal.entry(text).reference == "1122-k7qf"
    with pytest.raises(UsageError, match="begins several") as several:
        journal.entry("1122-m")
    assert "1122-m7qf, 1122-m8qf" in several.value.hint
    with pytest.raises(UsageError, match="There is no order") as none:
        journal.entry("1122-m9qf\x1b[2J")
    assert "\x1b" not in none.value.message
    assert "1122-m" in none.value.hint
    with pytest.raises(UsageError, match="There is no order"):
        journal.entry("")
