"""What a terminal can show is read off its environment; text for one that knows ASCII keeps its width."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import get_character_cell_size

from vps_tui.terminal.capabilities import abilities, as_ascii

XTERM = {"TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("environ", "ascii_only"),
    [
        ({"LANG": "en_GB.UTF-8"}, False),
        ({"LANG": "de_DE.utf8"}, False),
        ({"LC_ALL": "C.UTF-8", "LANG": "C"}, False),
        ({"LC_CTYPE": "en_US.UTF-8", "LANG": "C"}, False),
        ({"LC_ALL": "", "LC_CTYPE": "", "LANG": "fr_FR.UTF-8"}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, True),
        ({"LC_ALL": "POSIX", "LANG": "en_GB.UTF-8"}, True),
        ({"LC_ALL": "C", "LC_CTYPE": "C.UTF-8", "LANG": "C"}, True),
        ({}, True),
        ({"LANG": "en_GB.UTF-8", "TERM": "vt100"}, True),
        ({"LANG": "en_GB.UTF-8", "TERM": "vt220"}, True),
        ({"LANG": "en_GB.UTF-8", "TERM": "linux"}, False),
        ({"LANG": "C", "TERM": "linux"}, True),
        ({"LANG": "en_GB.UTF-8", "TERM": "vte-256color"}, False),
    ],
)
def test_the_locale_and_the_age_of_the_terminal_decide(environ: dict[str, str], ascii_only: bool) -> None:
    assert abilities(XTERM | environ).ascii_only is ascii_only


@pytest.mark.parametrize(
    ("before", "ascii_only"),
    [(b"LANG=C\0TERM=xterm\0", True), (b"LANG=C\0LC_CTYPE=C.UTF-8\0", False), (None, False)],
)
def test_what_python_has_written_over_the_locale_does_not_count(
    tmp_path: Path, before: bytes | None, ascii_only: bool
) -> None:
    """It writes LC_CTYPE where it finds the C locale; the variables as they were are in a file, on Linux."""
    file = tmp_path / "environ"
    if before is not None:
        file.write_bytes(before)
    environ = XTERM | {"LANG": "C", "LC_CTYPE": "C.UTF-8"}
    assert abilities(environ, file).ascii_only is ascii_only


@pytest.mark.parametrize(
    ("environ", "colours"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "vt100"}, False)],
)
def test_colours_are_a_matter_of_the_terminal_and_of_who_uses_it(environ: dict[str, str], colours: bool) -> None:
    assert abilities(XTERM | environ).colours is colours


def test_only_terminals_of_today_are_asked_questions_of_today() -> None:
    asked = {
        term for term in ("xterm", "screen", "tmux-256color", "linux", "vt100") if abilities({"TERM": term}).modern
    }
    assert asked == {"xterm", "screen", "tmux-256color"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a ─ b │ c", "a - b | c"),
        ("╭──╮", "+--+"),
        ("Bogotá, Łódź", "Bogota, Lodz"),
        ("↑ … •••", "^ ~ ***"),
        ("東京", "????"),
        ("\uff57", "??"),
        ("e\u0301", "e"),
        ("\u200bweb\xa01", "web 1"),
    ],
)
def test_what_becomes_of_characters_in_ascii(text: str, shown: str) -> None:
    assert as_ascii(text) == shown


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30))
def test_ascii_text_is_ascii_and_as_wide(text: str) -> None:
    shown = as_ascii(text, get_character_cell_size)
    assert shown.isascii()
    assert len(shown) == sum(map(get_character_cell_size, text))


def test_the_linux_console_gets_the_corners_that_its_fonts_have() -> None:
    console = abilities({"TERM": "linux", "LANG": "C.UTF-8"})
    assert console.shown("╭─╮ é…") == "┌─┐ é~"
