"""The benchmarks run, and their terminal sees what they judge by."""

from __future__ import annotations

import subprocess
import sys

import pytest
from benchmarks.emulator import Emulator
from benchmarks.figures import p95

from .sources import PACKAGE


def shown(data: bytes, answers: list[bytes] | None = None) -> Emulator:
    """Return a terminal after `data`."""
    emulator = Emulator(lambda answer: None if answers is None else answers.append(answer))
    for piece in emulator.pieces(data):
        emulator.take(piece)
    emulator.changed()
    return emulator


@pytest.mark.pty
def test_a_measurement_makes_its_row() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "--only", "4", "--runs", "1"]
    done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, check=True, text=True)
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("| 4 |")]
    assert row.endswith("| 0 | 0 | yes |"), done.stdout + done.stderr


def test_a_picture_from_before_the_program_reads_keys_is_nothing_drawn() -> None:
    assert shown(b"\x1b[?1049hReady").drawn_since_taken == 0
    assert shown(b"\x1b[?1049hReady\x1b[?2004h\x1b[1;1H\x1b[0m ").drawn_since_taken == 0
    assert shown(b"\x1b[?1049hReady\x1b[?2004h\x1b[1;1HReady").drawn_since_taken == 1


def test_what_is_left_behind_is_seen() -> None:
    taken = b"\x1b[?1049h\x1b[?1003h\x1b[?25l\x1b[>25u"
    assert shown(taken).left_behind() == ["mode 1003 set", "mode 1049 set", "mode 25 reset", "kitty keyboard"]
    assert shown(taken + b"\x1b[<u\x1b[?25h\x1b[?1003l\x1b[?1049l").left_behind() == []


def test_frames_are_counted_and_asked_for_as_an_xterm_does() -> None:
    answers: list[bytes] = []
    emulator = shown(b"\x1b[?2026$p\x1b[?2048$p" + 3 * b"\x1b[?2026hx\x1b[?2026l", answers)
    assert emulator.frames == 3
    assert answers == [b"\x1b[?2026;2$y", b"\x1b[?2048;0$y"]


def test_a_change_is_one_of_cells_styles_or_the_visible_cursor() -> None:
    emulator = shown(b"ab")
    for data, changes in ((b"\x1b[1;1Ha\x1b[1;3H", False), (b"\x1b[1;1H\x1b[1ma\x1b[1;3H", True), (b"\x1b[H", True)):
        for piece in emulator.pieces(data):
            emulator.take(piece)
        assert emulator.changed() is changes, data


def test_a_sequence_that_comes_in_two_reads_is_one() -> None:
    emulator = shown("é\x1b]0;title\x07b".encode())
    for half in (b"\x1b[?10", b"49hc\xc3", b"\xa9"):
        for piece in emulator.pieces(half):
            emulator.take(piece)
    emulator.changed()
    assert emulator.text.strip() == "cé"


def test_the_95th_percentile_is_one_of_the_values() -> None:
    assert p95(range(1, 101)) == 95
    assert p95([3, 1, 2]) == 3
