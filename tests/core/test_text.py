"""Foreign text becomes one short line that can do nothing to a terminal."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vps_tui.core.text import MAX_LENGTH, clean, day, moment, without_invisible

DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Plain st.text() draws no surrogates and few controls.
HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"]),
        st.sampled_from("\x1b]8;\x07[m\u202e \t\r\n"),
    )
)


@given(HOSTILE, st.integers(1, 60))
@example("a b", 3)
@example("word " * 20, 5)
@example("x" * 60, 1)
def test_what_is_left_is_one_printable_line(text: str, limit: int) -> None:
    line = clean(text, limit)
    assert {unicodedata.category(character) for character in line}.isdisjoint(DROPPED)
    assert len(line) <= limit
    assert "  " not in line
    assert line == line.strip()
    assert clean(line, limit) == line


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\x1b[2J\x1b[31mred\x1b[0m", "[2J[31mred[0m"),
        ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "]8;;https://evil.example\\click]8;;\\"),
        ("\x1b]52;c;cm0gLXJm\x07", "]52;c;cm0gLXJm"),
        ("\x9b31mred\x9d52;c;x\x9c", "31mred52;c;x"),
        ("\x00nul\x08\x7f", "nul"),
        ("abc\u202edef\u202c", "abcdef"),
        ("a\u2066b\u2069\u200e\u061c", "ab"),
        ("zero\u200bwidth\u200d\u2060\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("tag\U000e0041", "tag"),
        ("lone\ud800 \udfffhalf", "lone half"),
        ("private\ue000\U000f0000", "private"),
        ("unassigned\u0378", "unassigned"),
    ],
)
def test_what_could_act_on_a_terminal_is_dropped(text: str, kept: str) -> None:
    assert clean(text) == kept


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\t", "\v", "\f", "\x85", "\u2028", "\u2029", "\u00a0", "  "])
def test_a_line_end_keeps_words_apart_and_makes_no_second_line(end: str) -> None:
    assert clean(f"{end}one{end}two{end}") == "one two"


@pytest.mark.parametrize("text", ["Zürich", "東京 1", "Île-de-France", "[bold]x[/bold]", "5 € / $", "e\u0301"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert clean(text) == text


def test_a_long_text_is_cut_with_a_mark() -> None:
    assert clean("x" * MAX_LENGTH) == "x" * MAX_LENGTH
    assert clean("x" * (MAX_LENGTH + 1)) == "x" * (MAX_LENGTH - 1) + "…"
    assert clean("abcdef", 4) == "abc…"


def test_reading_for_more_keeps_line_ends_and_spaces() -> None:
    text = "\x1b[200~ssh-rsa\u200b  AAAA\r\n\u2028x\x00\u202e\ud800y\x1b[201~"
    assert without_invisible(text) == "ssh-rsa  AAAA\r\n\u2028xy"


def test_a_day_and_a_moment_in_words() -> None:
    when = datetime(2026, 12, 5, 14, 5, 59, tzinfo=UTC)
    assert (day(when), moment(when)) == ("5 Dec 2026", "5 Dec 2026 14:05 UTC")
