"""Root passwords: the generated ones hold what they promise, typed ones are judged without being quoted."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vps_tui.core import root_password

# A shared machine may stall for longer than the default limit of an example.
PATIENT = settings(deadline=None)
MANY = 300


@pytest.fixture(scope="module")
def generated() -> list[str]:
    """Enough passwords that one in five lacking a class, or one character too many, cannot hide."""
    return [root_password.generate() for _ in range(MANY)]


def test_generated_passwords_have_24_characters_and_begin_with_a_letter(generated: list[str]) -> None:
    assert {len(password) for password in generated} == {24}
    assert {password[0] for password in generated} <= set(string.ascii_letters)


@pytest.mark.parametrize("kind", [string.ascii_lowercase, string.ascii_uppercase, string.digits, "-._~"])
def test_every_generated_password_has_each_kind_of_character(generated: list[str], kind: str) -> None:
    assert all(set(password) & set(kind) for password in generated)


def test_the_alphabet_is_whole_and_without_look_alikes(generated: list[str]) -> None:
    expected = (set(string.ascii_letters + string.digits) - set("0O1lI")) | set("-._~")
    assert set("".join(generated)) == expected


def test_generated_passwords_differ_and_pass_our_own_check(generated: list[str]) -> None:
    assert len(set(generated)) == MANY
    assert [root_password.problem(password) for password in generated] == [None] * MANY


def test_a_seeded_random_module_does_not_predict_the_password() -> None:
    state = random.getstate()
    try:
        random.seed(1)
        first = root_password.generate()
        random.seed(1)
        assert root_password.generate() != first
    finally:
        random.setstate(state)


@pytest.mark.parametrize("good", ["Abcdefghijk1", "aB3" + "!" * 61, "~A0z~A0z~A0z"])
def test_a_good_password_has_no_problem(good: str) -> None:
    assert root_password.problem(good) is None


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "Type a password, or let one be generated."),
        ("Abcdefghij1", "Make it longer by 1: at least 12 characters."),
        ("A1b", "Make it longer by 9: at least 12 characters."),
        ("aB3" + "!" * 62, "Make it shorter by 1: at most 64 characters."),
        ("ABCDEFGHIJK1", "Add a small letter."),
        ("abcdefghijk1", "Add a capital letter."),
        ("abcdefghijkL", "Add a digit."),
        ("Abcdefghijk\u0661", "Leave out spaces, line breaks and letters outside ASCII."),
        ("Abcdef ghijk1", "Leave out spaces, line breaks and letters outside ASCII."),
        ("Abcdefghijk1\n", "Leave out spaces, line breaks and letters outside ASCII."),
        ("Abcdefghijk1\x7f", "Leave out spaces, line breaks and letters outside ASCII."),
        ("Abcdefghijk1\u00e9", "Leave out spaces, line breaks and letters outside ASCII."),
    ],
)
def test_a_bad_password_is_told_what_to_change(text: str, advice: str) -> None:
    assert root_password.problem(text) == advice


@PATIENT
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=80))
def test_the_verdict_is_the_documented_rule(text: str) -> None:
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    good = 12 <= len(text) <= 64 and all(set(text) & set(kind) for kind in kinds)
    assert (root_password.problem(text) is None) == good


@PATIENT
@given(st.text(string.ascii_letters + string.digits, min_size=8, max_size=100))
def test_a_problem_never_quotes_the_password(text: str) -> None:
    assert text not in (root_password.problem(text) or "")
