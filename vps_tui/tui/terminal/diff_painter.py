"""What of a frame goes to the terminal: the cells that changed, in the characters and styles that it knows.

Textual writes a whole screen again when anything in its layout changes, each blank cell with its colours. On a
serial line, or far away, that is seconds. Here a picture of the terminal is kept and the difference is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style

from vps_tui.terminal.capabilities import Abilities

Cell = tuple[str, str]
"""The character of one cell and the parameters of its style; a wide character's second cell holds nothing."""

Piece = tuple[int, Iterable[Segment]]
"""A column, and the segments from it on."""

BLANK: Cell = (" ", "")

_JUMP = 8
"""Unchanged cells that cost no more to write again than to jump over."""

_ERASE = 4
"""Blank cells at the end of a line that cost no more to write than to erase."""

_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), "?")
"""What would move the cursor or worse; nothing of it should come this far."""

_ATTRIBUTES = (("bold", "1"), ("dim", "2"), ("italic", "3"), ("underline", "4"), ("reverse", "7"), ("strike", "9"))


class Painter:
    """Knows what the terminal shows, and returns what to write so that it shows something else."""

    def __init__(self, abilities: Abilities, colour_system: ColorSystem | None) -> None:
        """Write for a terminal with `abilities`; without colours when it has none or none are wanted."""
        self._abilities = abilities
        self._system = colour_system if abilities.colours else None
        self._lines: list[list[Cell]] = []

    def forget(self) -> None:
        """Take nothing on the terminal for granted: the next frame is written whole, after clearing it."""
        self._lines = []

    def paint(self, pieces: Mapping[int, Iterable[Piece]], size: tuple[int, int]) -> str:
        """Return what to write so that a terminal of `size`, columns and lines, shows `pieces`, by their lines.

        What lies outside is left out. Empty when nothing has changed. It ends without a style.
        """
        output = self._fit(size)
        pen = ""
        for y, line in pieces.items():
            if y >= len(self._lines):
                continue
            before = self._lines[y]
            after = before.copy()
            for x, segments in line:
                cells = list(self._cells(segments))
                after[x : x + len(cells)] = cells
            del after[len(before) :]
            _mend(after)
            if after != before:
                self._lines[y] = after
                pen = _write(output, y, before, after, pen)
        return "".join([*output, "\x1b[0m"] if pen else output)

    def _fit(self, size: tuple[int, int]) -> list[str]:
        """Begin with an empty terminal where its size is another one, or what it shows is not known."""
        columns, lines = size
        if self._lines and (len(self._lines[0]), len(self._lines)) == size:
            return []
        self._lines = [[BLANK] * columns for _ in range(lines)]
        return ["\x1b[0m\x1b[2J"]

    def _cells(self, segments: Iterable[Segment]) -> Iterator[Cell]:
        for text, style, _ in segments:
            parameters = _parameters(style, self._system) if style else ""
            shown = self._abilities.shown(text.translate(_CONTROLS), get_character_cell_size)
            if shown.isascii():
                for character in shown:
                    yield character, parameters
                continue
            for character in shown:
                width = get_character_cell_size(character)
                if width:
                    yield character, parameters
                if width == 2:
                    yield "", parameters


def plain_lines(lines: Sequence[str], height: int) -> dict[int, list[Piece]]:
    """Return `lines` as pieces of a screen of `height` lines that holds nothing else."""
    shown = [*lines, *[""] * height][:height]
    return {y: [(0, [Segment(line.ljust(999))])] for y, line in enumerate(shown)}


def _mend(line: list[Cell]) -> None:
    """Put a blank where half of a wide character is left of what stood there."""
    text = "".join(character for character, _ in line)
    if text.isascii() and len(text) == len(line):
        return
    for x, (character, style) in enumerate(line):
        if character:
            whole = get_character_cell_size(character) == 1 or line[x + 1 : x + 2] == [("", style)]
        else:
            whole = x > 0 and get_character_cell_size(line[x - 1][0] or " ") == 2
        if not whole:
            line[x] = (" ", style)


def _write(output: list[str], y: int, before: Sequence[Cell], after: Sequence[Cell], pen: str) -> str:
    """Add to `output` what changes one line; `pen` is the style that is set before, returned the one after."""
    end = len(after)
    while end and after[end - 1] == BLANK:
        end -= 1
    for start, stop in _spans(before, after):
        erase = stop - max(start, end) > _ERASE
        output.append(f"\x1b[{y + 1};{start + 1}H")
        for character, style in after[start : max(start, end) if erase else stop]:
            if style != pen:
                output.append(f"\x1b[0;{style}m" if style else "\x1b[0m")
                pen = style
            output.append(character)
        if erase:
            output.append("\x1b[0m\x1b[K" if pen else "\x1b[K")
            return ""
    return pen


def _spans(before: Sequence[Cell], after: Sequence[Cell]) -> list[tuple[int, int]]:
    """Return from where to where cells differ, small gaps and halves of wide characters included."""
    spans: list[tuple[int, int]] = []
    for x, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        start, stop = x, x + 1
        while start and not (after[start][0] and before[start][0]):
            start -= 1
        while stop < len(after) and not (after[stop][0] and before[stop][0]):
            stop += 1
        if spans and start - spans[-1][1] <= _JUMP:
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        else:
            spans.append((start, stop))
    return spans


@lru_cache(2048)
def _parameters(style: Style, system: ColorSystem | None) -> str:
    """Return the SGR parameters of a style; the terminal's own colours need none."""
    found = [number for name, number in _ATTRIBUTES if getattr(style, name)]
    if system is not None:
        found += _colour(style.color, system, foreground=True) + _colour(style.bgcolor, system, foreground=False)
    return ";".join(found)


def _colour(colour: Color | None, system: ColorSystem, *, foreground: bool) -> list[str]:
    if colour is None or colour.is_default:
        return []
    return list(colour.downgrade(system).get_ansi_codes(foreground))
