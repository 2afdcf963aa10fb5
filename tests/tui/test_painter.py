"""Whatever frames follow each other, the terminal shows the last one; and little is written for it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from vps_tui.terminal.capabilities import Abilities
from vps_tui.tui.terminal.diff_painter import Painter, Piece, plain_lines

SIZE = (12, 2)
STYLES = (
    None,
    Style(bold=True),
    Style(dim=True, underline=True),
    Style(reverse=True),
    Style(color="red", bgcolor="default"),
    Style(color="#102030", bgcolor="blue", bold=True),
    Style(color="default", bgcolor="default"),
)
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:[349]\d|10[0-7])(?:;\d+)*m")

texts = st.text(st.sampled_from("ab  ─é…東"), max_size=12)
segments = st.lists(st.builds(Segment, texts, st.sampled_from(STYLES)), max_size=4)
pieces = st.tuples(st.integers(0, SIZE[0]), segments)
frames = st.dictionaries(st.integers(0, SIZE[1]), st.lists(pieces, min_size=1, max_size=2), max_size=SIZE[1])
short = st.text(st.sampled_from("ab  ─é…東"), max_size=SIZE[0] // 2)
inside = st.dictionaries(st.integers(0, SIZE[1]), st.builds(lambda text: [(0, [Segment(text)])], short))
"""Frames of which nothing stands half outside or over something else."""


class Watched:
    """A painter and a terminal that it writes to."""

    def __init__(self, abilities: Abilities | None = None, size: tuple[int, int] = SIZE) -> None:
        self.painter = Painter(abilities or Abilities(), ColorSystem.TRUECOLOR)
        self.size = size
        self.screen = pyte.Screen(*size)
        self.stream = pyte.Stream(self.screen)

    def paint(self, frame: dict[int, list[tuple[int, list[Segment]]]] | dict[int, list[Piece]]) -> str:
        text = self.painter.paint({y: list[Piece](line) for y, line in frame.items()}, self.size)
        self.stream.feed(text)
        return text

    @property
    def cells(self) -> list[list[tuple[object, ...]]]:
        """What stands in each cell, with everything that its looks depend on."""
        return [[tuple(self.screen.buffer[y][x]) for x in range(self.size[0])] for y in range(self.size[1])]


@given(st.lists(frames, min_size=2, max_size=3))
def test_the_terminal_shows_what_one_painted_at_once_would(
    several: list[dict[int, list[tuple[int, list[Segment]]]]],
) -> None:
    """The same frames, on a terminal whose every cell is written anew by each, come to the same."""
    by_differences, whole = Watched(), Watched()
    for frame in several:
        by_differences.paint(frame)
        whole.paint(frame)
        standing = whole.painter._lines
        whole.painter.forget()
        whole.stream.feed(whole.painter._fit(SIZE)[0])
        for y, line in enumerate(standing):
            for x, (character, parameters) in enumerate(line):
                if character:
                    whole.stream.feed(f"\x1b[{y + 1};{x + 1}H\x1b[0;{parameters}m{character}\x1b[0m")
        whole.painter._lines = standing
        assert by_differences.cells == whole.cells


@given(frames)
def test_what_stands_there_already_is_not_written_again(frame: dict[int, list[tuple[int, list[Segment]]]]) -> None:
    terminal = Watched()
    terminal.paint(frame)
    assert terminal.paint(frame) == ""


@given(frames)
def test_without_colours_none_is_written(frame: dict[int, list[tuple[int, list[Segment]]]]) -> None:
    terminal, coloured = Watched(Abilities(colours=False)), Watched()
    assert not COLOUR.search(terminal.paint(frame))
    coloured.paint(frame)
    assert terminal.screen.display == coloured.screen.display


@given(inside)
def test_in_ascii_everything_stands_where_it_stood(frame: dict[int, list[tuple[int, list[Segment]]]]) -> None:
    terminal, usual = Watched(Abilities(ascii_only=True)), Watched()
    assert terminal.paint(frame).isascii()
    usual.paint(frame)
    for shown, line in zip(terminal.painter._lines, usual.painter._lines, strict=True):
        assert [x for x, cell in enumerate(shown) if cell[0] == " "] == [
            x for x, cell in enumerate(line) if cell[0] == " "
        ]


def line(text: str, style: Style | None = None, x: int = 0) -> Iterable[Piece]:
    return [(x, [Segment(text, style)])]


def test_a_letter_costs_a_letter_and_a_jump() -> None:
    terminal = Watched()
    terminal.paint({0: list(line("Name  web"))})
    assert terminal.paint({0: list(line("Name  web1"))}) == "\x1b[1;10H1"


def test_a_line_that_becomes_empty_is_erased() -> None:
    terminal = Watched()
    terminal.paint({1: list(line("Name  web"))})
    assert terminal.paint({1: list(line(" " * 12))}) == "\x1b[2;1H\x1b[K"


def test_blank_cells_with_a_background_are_not_erased_but_written() -> None:
    terminal = Watched()
    painted = terminal.paint({0: list(line(" " * 12, Style(bgcolor="red")))})
    assert painted.count(" ") == 12


@pytest.mark.parametrize("control", ["\x1b[31m", "\x07", "\x9b", "\x7f", "\r", "\n", "\b"])
def test_no_control_character_reaches_the_terminal(control: str) -> None:
    terminal = Watched()
    painted = terminal.paint({0: list(line(f"a{control}b"))})
    assert painted.endswith("a?[31mb" if len(control) > 1 else "a?b")


@pytest.mark.parametrize(("x", "text", "left"), [(1, "a", " a東 "), (2, "a", "東a   "), (3, "ab", "東 ab ")])
def test_no_half_of_a_wide_character_is_left(x: int, text: str, left: str) -> None:
    terminal = Watched()
    terminal.paint({0: list(line("東東"))})
    terminal.paint({0: list(line(text, x=x))})
    assert terminal.screen.display[0].startswith(left)


def test_what_lies_outside_is_left_out() -> None:
    terminal = Watched()
    terminal.paint({0: list(line("x" * 40)), 1: list(line("y", x=11)), 9: list(line("z"))})
    assert terminal.screen.display == ["x" * 12, " " * 11 + "y"]


def test_a_screen_of_words_holds_nothing_else() -> None:
    terminal = Watched()
    terminal.paint({y: list(line("x" * 12)) for y in range(2)})
    terminal.paint(plain_lines(["Too small"], 2))
    assert [shown.rstrip() for shown in terminal.screen.display] == ["Too small", ""]


@pytest.mark.parametrize("forget", [True, False])
def test_it_is_all_written_again_where_nothing_is_known_of_the_terminal(forget: bool) -> None:
    terminal = Watched()
    terminal.paint({0: list(line("Hostname"))})
    if forget:
        terminal.painter.forget()
    else:
        terminal.size = (13, 2)
    assert terminal.paint({0: list(line("Hostname"))}) == "\x1b[0m\x1b[2J\x1b[1;1HHostname"
