"""Choosing by number, by part of a name, by Enter."""

from __future__ import annotations

import pytest

from vps_tui.plain.menu import AT_A_TIME, Menu
from vps_tui.wizard.questions.choices import Choice, Column, spoken

FEW = (
    Choice("a", ("Alpha", "1")),
    Choice("b", ("Beta", "2"), refusal="Beta is sold out."),
    Choice("g", ("Gamma", "3"), search="hidden"),
)
MANY = tuple(Choice(str(number), (f"name {number}",)) for number in range(100, 145))


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("1", "a"),
        ("3", "g"),
        ("gam", "g"),
        ("GAMMA 3", "g"),
        ("hidden", "g"),
        ("2", None),
        ("0", None),
        ("4", None),
        ("beta", None),
        ("\u0663", None),
        ("9" * 5000, None),
        ("", None),
    ],
)
def test_a_number_or_the_only_match_chooses(text: str, chosen: str | None) -> None:
    said, choice = Menu(FEW).answer(text)
    assert (choice.id if choice else None) == chosen
    assert said


def test_what_is_chosen_and_what_cannot_be_had_is_said() -> None:
    columns = (Column("NAME"), Column("SIZE", spoken="size"))
    assert Menu(FEW, columns).answer("gamma")[0] == ["Chosen: Gamma, size 3"]
    assert Menu(FEW, columns).answer("2")[0] == ["Beta is sold out."]
    assert Menu(FEW, columns).answer("zzz")[0] == ["Nothing matches. Type a number, or part of a name."]


def test_several_matches_are_listed_with_the_numbers_they_keep() -> None:
    menu = Menu(FEW)
    said, choice = menu.answer("a")
    assert choice is None
    assert said == ["3 of 3 match:", "1. Alpha, 1", "2. Beta, 2", "3. Gamma, 3"]


@pytest.mark.parametrize(("default", "chosen"), [("g", "g"), ("b", None), ("unknown", None), ("", None)])
def test_enter_takes_what_was_chosen_before_if_it_can_be_had(default: str, chosen: str | None) -> None:
    menu = Menu(FEW, default=default)
    choice = menu.answer("")[1]
    assert (choice.id if choice else None) == chosen
    assert ("Enter for 3 (Gamma)" in menu.prompt("Letter", {})) is (chosen is not None)


def test_a_long_list_comes_in_parts() -> None:
    menu = Menu(MANY, first=0)
    pages = [menu.page(), menu.next_page(), menu.next_page()]
    assert [len(page) for page in pages] == [AT_A_TIME + 1, AT_A_TIME + 1, 6]
    assert pages[0][0] == " 0. name 100"
    assert pages[0][-1] == "20 of 45 so far."
    assert pages[2][-1] == "That is all of them."
    assert not menu.has_more
    assert "m more" not in menu.prompt("Name", {})
    menu.page()
    assert "m more" in menu.prompt("Name", {})


@pytest.mark.parametrize(
    ("extra", "enter", "expected"),
    [
        ({}, "", "Name [1-3, part of a name; b back, ? help, q leave]:"),
        ({"s": "save"}, "goes on", "Name [1-3, part of a name, Enter goes on; s save, b back, ? help, q leave]:"),
    ],
)
def test_the_question_says_what_can_be_typed(extra: dict[str, str], enter: str, expected: str) -> None:
    menu = Menu(FEW)
    menu.page()
    assert menu.prompt("Name", extra, enter) == expected


def test_a_row_is_read_without_what_is_empty() -> None:
    assert spoken(Choice("x", ("Paste a key ...", "", "a line"))) == "Paste a key, a line"
