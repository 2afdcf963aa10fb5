"""What the line mode says and does about an order that was refused, repeated, or is not known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tui.shortcut import EDIS, written

from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.journal import State

from .dialogue import After, fresh_folder, paid_calls, sandbox, talk

LONG_AGO = timedelta(minutes=40, seconds=20)
HOURS_AGO = timedelta(hours=3)


@pytest.fixture
def folder() -> Path:
    return fresh_folder()


def test_a_lost_reply_is_said_to_be_unknown_looked_for_and_found(folder: Path) -> None:
    backend = sandbox(folder, "reply-lost")
    spoken = talk(backend, "", "yes", saved=EDIS)
    assert "It is not known whether this was ordered" in spoken.words
    assert spoken.words.count("Type yes to order") == 1
    assert "It is there: the order was taken." in spoken.words, "It was looked for without being told to."
    (entry,) = spoken.flow.journal.entries()
    assert (entry.state, entry.settled_by) == (State.PLACED, "reading")
    assert (spoken.code, len(paid_calls(backend))) == (0, 1)


def test_an_unknown_order_opens_the_wizard_stays_unknown_and_says_so_at_the_end(folder: Path) -> None:
    lost = written(folder, State.UNKNOWN, ago=LONG_AGO)
    backend = sandbox(folder)
    spoken = talk(backend, "", "", "?")
    assert "Where do you want" not in spoken.words
    assert spoken.words.count("Still not listed, 40 min after it was sent") == 3
    assert "Enter looks once more." in spoken.words
    assert (spoken.code, paid_calls(backend)) == (4, [])
    assert f"orders check {lost.reference}" in spoken.words


@pytest.mark.parametrize(
    ("answer", "state", "code"), [("there", State.PLACED, 0), ("not there", State.REFUSED, 1), ("", State.UNKNOWN, 4)]
)
def test_it_is_settled_by_hand(folder: Path, answer: str, state: State, code: int) -> None:
    lost = written(folder, State.UNKNOWN, ago=LONG_AGO)
    choice = {"there": "2", "not there": "3", "": ""}[answer]
    spoken = talk(sandbox(folder), "h", choice)
    assert "Look in the EDIS Global client area for an order" in spoken.words
    entry = spoken.flow.journal.entry(lost.reference)
    assert (entry.state, spoken.code) == (state, code)


def test_another_order_is_begun_beside_it_and_the_last_word_names_it(folder: Path) -> None:
    lost = written(folder, State.UNKNOWN, ago=LONG_AGO)
    spoken = talk(sandbox(folder), "o", "2")
    assert spoken.flow.state.step is Step.PLAN
    assert f"It is still not known what became of {lost.reference}." in spoken.words
    assert spoken.code == 3


def test_a_refused_order_is_changed_and_ordered_again(folder: Path) -> None:
    backend = sandbox(folder, "http-422:add/order*1")
    spoken = talk(backend, "", "yes", "", "", "yes", saved=EDIS)
    assert "Not ordered: the provider declined" in spoken.words
    assert "goes back to the cost, to change it and order again" in spoken.words
    assert [entry.state for entry in spoken.flow.journal.entries()] == [State.PLACED, State.REFUSED]
    assert (spoken.code, len(paid_calls(backend))) == (0, 2)


def test_a_price_that_moved_is_not_paid_before_it_was_seen(folder: Path) -> None:
    backend = sandbox(folder, "price-moved")
    spoken = talk(backend, "", "yes", "", saved=EDIS)
    assert "The price has changed" in spoken.words
    assert spoken.flow.state.step is Step.COST
    assert (spoken.code, paid_calls(backend)) == (3, [])


def test_the_same_order_needs_both_words(folder: Path) -> None:
    first = written(folder, State.PLACED, ago=HOURS_AGO)
    backend = sandbox(folder)
    spoken = talk(backend, "", "yes", "again", "yes", saved=EDIS)
    assert "You have ordered this already" in spoken.words
    assert "Type the word again to go on, or b to go back." in spoken.words
    assert spoken.flow.journal.entries()[0].again == first.reference
    assert (spoken.code, len(paid_calls(backend))) == (0, 1)


def test_beside_an_order_that_is_being_sent_there_is_no_way_on(folder: Path) -> None:
    written(folder, State.SENDING)
    backend = sandbox(folder)
    spoken = talk(backend, "", After("Enter goes back", ""), saved=EDIS)
    assert "Nothing can be ordered beside it: go back, and ask again later." in spoken.words
    assert spoken.flow.state.step is Step.COST
    assert paid_calls(backend) == []


def test_nothing_above_the_ceiling_is_asked_about() -> None:
    from vps_tui.core.money import SpendingLimit

    backend = sandbox()
    backend.ceiling = SpendingLimit.parse("5 EUR")
    spoken = talk(backend, "", saved=EDIS)
    assert "5 EUR" in spoken.words or "5.00 EUR" in spoken.words
    assert spoken.flow.state.step is Step.COST
    assert spoken.flow.state.outcome is None


def test_a_wrong_kind_of_outcome_is_never_called_ordered(folder: Path) -> None:
    spoken = talk(sandbox(folder, "out-of-stock"), "", "yes", saved=EDIS)
    outcome = spoken.flow.state.outcome
    assert outcome is not None
    assert outcome.kind is not OutcomeKind.PLACED
    assert "Not ordered" in spoken.words or "not known" in spoken.words
