"""Host names and labels: what is accepted, and that each refusal names the thing to change."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vps_tui.core.hostnames import hostname_problem, normalise

# A shared machine may stall for longer than the default limit of an example.
PATIENT = settings(deadline=None)
INNER = string.ascii_letters + string.digits + "-"
EDGE = string.ascii_letters + string.digits


@st.composite
def parts(draw: st.DrawFn) -> str:
    """One good part of a name, with a letter in it."""
    size = draw(st.integers(1, 63))
    letter = draw(st.sampled_from(string.ascii_letters))
    if size == 1:
        return letter
    inner = draw(st.text(INNER, min_size=size - 2, max_size=size - 2))
    return letter + inner + draw(st.sampled_from(EDGE))


NAMES = st.lists(parts(), min_size=1, max_size=4).map(".".join).filter(lambda name: len(name) <= 253)


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "web1",
        "WEB1",
        "3com",
        "1.2.3.a4",
        "xn--bcher-kva.example",
        "a-b--c",
        "a" * 63,
        ".".join(["a" * 63] * 3 + ["b" * 61]),
    ],
)
def test_a_good_name_has_no_problem(name: str) -> None:
    assert hostname_problem(name) is None


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("", "Type a name"),
        (" ", "space"),
        ("my server", "space"),
        ("web1\n", "line break"),
        ("web\t1", "tab"),
        ("web\u2028", "line break"),
        ("web_1", "underscore"),
        ("http://web1", "address"),
        ("root@web1", "user"),
        ("web1!", "letters a-z, digits and hyphens"),
        ("web\0", "letters a-z, digits and hyphens"),
        ("b\u00fccher", "xn--"),
        ("web\uff11", "xn--"),
        ("web\u0661", "xn--"),
        ("\ud800", "xn--"),
        ("web1.", "dot at the end"),
        (".", "dot at the end"),
        (".web1", "dot at the start"),
        ("web1..example", "one dot"),
        ("-web", "hyphen at the start of the name"),
        ("web-", "hyphen at the end of the name"),
        ("web.-a.example", "hyphen at the start of part 2"),
        ("web.a-", "hyphen at the end of part 2"),
        ("-", "hyphen"),
        ("a" * 64, "the name by 1:"),
        ("web." + "a" * 70, "part 2 of the name by 7:"),
        (".".join(["a" * 63] * 3 + ["b" * 62]), "the name by 1:"),
        ("12345", "address"),
        ("10.0.0.1", "address"),
        ("web.1", "last part"),
    ],
)
def test_a_bad_name_is_told_what_to_change(name: str, about: str) -> None:
    assert about in (hostname_problem(name) or "")


def test_only_the_first_problem_is_named() -> None:
    problem = hostname_problem("web_1 -.")
    assert problem is not None
    assert "underscore" in problem
    assert "space" not in problem


@PATIENT
@given(NAMES)
def test_every_name_built_by_the_rules_passes(name: str) -> None:
    assert hostname_problem(name) is None
    assert hostname_problem(normalise(name)) is None


@PATIENT
@given(NAMES, st.characters(exclude_characters=INNER + "."), st.data())
def test_one_foreign_character_anywhere_is_refused(name: str, char: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name)))
    assert hostname_problem(name[:place] + char + name[place:]) is not None


@PATIENT
@given(st.text(st.sampled_from("aZ09-. _\n\u00e9"), max_size=80))
def test_the_verdict_is_the_grammars(text: str) -> None:
    label = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
    good = re.fullmatch(rf"{label}(\.{label})*", text, re.ASCII) is not None
    numeric = good and text.rpartition(".")[2].isdigit()
    assert (hostname_problem(text) is None) == (good and not numeric)


@PATIENT
@given(st.text())
def test_a_problem_is_one_sentence(text: str) -> None:
    problem = hostname_problem(text)
    assert problem is None or re.fullmatch(r"[A-Z][^.]*[^.\s](?:\.)", problem) is not None


def test_normalised_removes_spaces_around_and_makes_letters_small() -> None:
    assert normalise("  Web1.Example ") == "web1.example"


@pytest.mark.parametrize("text", ["\u212a8s", "web\u0130", "web1\n", "two words"])
def test_normalising_does_not_make_a_bad_name_good(text: str) -> None:
    assert hostname_problem(normalise(text)) is not None


@PATIENT
@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
