"""A terminal without a window: what a program writes becomes cells, modes, frames, and answers to its queries."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator

import pyte

COLUMNS, LINES = 80, 24

PASTE_MODE = 2004
"""The private mode that Textual sets as it takes the terminal over (xterm control sequences, bracketed paste)."""

_FRAME, _CURSOR, _WRAP = 2026, 25, 7
_ALTERNATE = frozenset({47, 1047, 1049})
_TO_BE_RESET = _ALTERNATE | {1, 9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 1016, PASTE_MODE, _FRAME, 2048}
_KNOWN = (_TO_BE_RESET | {_CURSOR, _WRAP, 12}) - {2048}
"""Modes that a DECRQM query is told of; an xterm does not know in-band resizing, 2048."""

_SLICE = 200
"""Characters that are emulated between two looks for more output, so that its time of arrival is known."""

_SEQUENCE = re.compile(
    r"\x1b\[(?P<mark>[<=>?]?)(?P<numbers>[\d;:]*)(?P<middle>[ -/]*)(?P<final>[@-~])"
    r"|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]P_^X][^\x07\x1b]*\x1b?)?\Z")

Piece = str | re.Match[str]
"""Text for the present screen, or a sequence that pyte does not know."""


class Emulator:
    """An xterm of 80 columns and 24 lines, without the kitty keyboard protocol."""

    def __init__(self, answer: Callable[[bytes], object]) -> None:
        """`answer` gets what the terminal sends back to a query."""
        self.frames = 0
        """Synchronized updates so far."""
        self.drawn_since_taken = 0
        """Pieces of text since the program took the terminal over; 0 before."""
        self.modes = {_CURSOR, _WRAP}
        self._keyboards = 0
        self._answer = answer
        self._screens = [pyte.Screen(COLUMNS, LINES) for _ in range(2)]
        self._streams = [pyte.Stream(screen, strict=False) for screen in self._screens]
        self._shown = 0
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._tail = ""
        self._cells: list[tuple[object, ...]] = [()] * LINES
        self._rows = [""] * LINES
        self._cursor: object = None

    def pieces(self, data: bytes) -> Iterator[Piece]:
        """Cut what was read into pieces for `take`; an unfinished sequence waits for the next read."""
        text = self._tail + self._decode(data)
        unfinished = _UNFINISHED.search(text)
        end = unfinished.start() if unfinished else len(text)
        self._tail = text[end:]
        done = 0
        for match in _SEQUENCE.finditer(text, 0, end):
            if match["final"] and not match["mark"] and not match["middle"] and match["final"] not in "cn":
                continue
            yield from _slices(text, done, match.start())
            yield match
            done = match.end()
        yield from _slices(text, done, end)

    def take(self, piece: Piece) -> None:
        """Do what one piece asks for."""
        if isinstance(piece, str):
            self._streams[self._shown].feed(piece)
            if PASTE_MODE in self.modes and re.search(r"[^\x00-\x20]", re.sub(r"\x1b\[[0-?]*[@-~]", "", piece)):
                self.drawn_since_taken += 1
        elif piece["final"]:
            numbers = [int(number) for number in re.findall(r"\d+", piece["numbers"])]
            self._obey(piece["mark"] + piece["middle"] + piece["final"], numbers)

    def changed(self) -> bool:
        """Tell whether a cell's character, colour or style, or the visible cursor, differs from the last call."""
        screen, before, cursor_before = self._screens[self._shown], self._cells[:], self._cursor
        for number in screen.dirty & set(range(LINES)):
            row = screen.buffer[number]
            self._cells[number] = tuple(row[column] for column in range(COLUMNS))
            self._rows[number] = "".join(row[column].data for column in range(COLUMNS))
        screen.dirty.clear()
        self._cursor = (screen.cursor.x, screen.cursor.y) if _CURSOR in self.modes else None
        return before != self._cells or cursor_before != self._cursor

    @property
    def text(self) -> str:
        """The lines of the screen as they were at the last `changed`."""
        return "\n".join(row.rstrip() for row in self._rows)

    @property
    def words(self) -> str:
        """The same on one line, so that a wrapped sentence can be found in it."""
        return " ".join(self.text.split())

    def left_behind(self) -> list[str]:
        """Return the modes that a program which has ended must not leave behind."""
        left = [f"mode {mode} set" for mode in sorted(self.modes & _TO_BE_RESET)]
        left += [f"mode {mode} reset" for mode in (_WRAP, _CURSOR) if mode not in self.modes]
        return [*left, *(["kitty keyboard"] if self._keyboards else [])]

    def _obey(self, what: str, numbers: list[int]) -> None:
        screen = self._screens[self._shown]
        if what in ("?h", "?l"):
            for mode in numbers:
                self._set(mode, on=what == "?h")
        elif what == "?$p" and numbers:
            state = (1 if numbers[0] in self.modes else 2) if numbers[0] in _KNOWN else 0
            self._answer(f"\x1b[?{numbers[0]};{state}$y".encode())
        elif what == "c":
            self._answer(b"\x1b[?64;1;22c")
        elif what == "n" and numbers == [6]:
            self._answer(f"\x1b[{screen.cursor.y + 1};{screen.cursor.x + 1}R".encode())
        elif what == ">u":
            self._keyboards += 1
        elif what == "<u":
            self._keyboards = max(0, self._keyboards - max(1, *numbers, 1))

    def _set(self, mode: int, *, on: bool) -> None:
        (self.modes.add if on else self.modes.discard)(mode)
        if mode in _ALTERNATE:
            self._shown = int(on)
            if on:
                self._screens[1].reset()
            self._screens[self._shown].dirty.update(range(LINES))
        elif mode == _FRAME:
            self.frames += on
        elif mode == _WRAP:
            self._streams[self._shown].feed("\x1b[?7h" if on else "\x1b[?7l")


def _slices(text: str, start: int, end: int) -> Iterator[str]:
    return (text[at : min(at + _SLICE, end)] for at in range(start, end, _SLICE))
