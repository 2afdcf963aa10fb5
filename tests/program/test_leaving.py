"""How the program ends: its exit code, and the terminal as it was before."""

from __future__ import annotations

import re

import pytest

from .conftest import Open
from .stops import CONFIRM, EDIS, LOCATION, PROVIDER, arrive, walk
from .terminal import Terminal

pytestmark = pytest.mark.pty

MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
OFF_AT_THE_END = {
    1049: "alternate screen",
    1000: "mouse buttons",
    1003: "mouse movement",
    1006: "mouse reports",
    1004: "focus reports",
    2004: "bracketed paste",
}


def modes_left(transcript: bytes) -> dict[int, bool]:
    """Return how the program left each of the terminal's private modes (xterm control sequences, DECSET)."""
    left = {}
    for numbers, final in MODE.findall(transcript):
        for number in numbers.split(b";"):
            left[int(number)] = final == b"h"
    return left


def check_restored(terminal: Terminal) -> None:
    """Check that the program left the terminal as a shell needs it."""
    left = modes_left(terminal.transcript)
    assert left[25], "The cursor is hidden."
    assert {name for mode, name in OFF_AT_THE_END.items() if left.get(mode)} == set()
    assert 1049 in left, "The program never took the whole screen."
    assert 1000 in left, "The program never asked for the mouse."


def last_words(terminal: Terminal) -> str:
    """Return what was written after the wizard's screen was gone."""
    return terminal.transcript.rpartition(b"\x1b[?1049l")[2].decode().rstrip()


def test_leaving_the_first_screen(trial: Terminal) -> None:
    """Nothing has been chosen, so nothing is asked."""
    arrive(trial, PROVIDER)
    trial.press("ctrl+q")
    assert trial.exit_code() == 3
    check_restored(trial)
    assert last_words(trial).endswith("Nothing was ordered.")


def test_escape_on_the_first_screen_leaves(trial: Terminal) -> None:
    """There is no step before it."""
    arrive(trial, PROVIDER)
    trial.press("escape")
    assert trial.exit_code() == 3


def test_leaving_later_asks_first(trial: Terminal) -> None:
    """Stay comes first; Ctrl+Q again leaves."""
    walk(trial, EDIS[: EDIS.index(CONFIRM) + 1])
    trial.press("ctrl+q")
    trial.wait_for("Leave?", "Nothing has been ordered")
    trial.press("enter")
    arrive(trial, CONFIRM)
    trial.press("ctrl+q")
    trial.wait_for("Leave?")
    trial.press("ctrl+q")
    assert trial.exit_code() == 3
    check_restored(trial)


def test_leaving_after_an_order(trial: Terminal) -> None:
    """The last line stays on the terminal and says what was ordered."""
    walk(trial, EDIS)
    trial.press("ctrl+q")
    assert trial.exit_code() == 0
    check_restored(trial)
    assert "web1: Ordered." in last_words(trial)
    assert "240001" in last_words(trial)


@pytest.mark.parametrize(
    ("fault", "words", "code"),
    [
        ("http-422", "Not ordered", 1),
        ("http-503:add/order", "It is not known whether this was ordered", 4),
    ],
)
def test_every_outcome_has_its_exit_code(open_terminal: Open, fault: str, words: str, code: int) -> None:
    """Whatever became of the order, the terminal comes back."""
    terminal = open_terminal(["--sandbox", "--fault", fault])
    walk(terminal, EDIS[: EDIS.index(CONFIRM) + 1])
    terminal.type("yes")
    terminal.press("enter")
    terminal.wait_for(words)
    terminal.press("ctrl+q")
    assert terminal.exit_code() == code
    check_restored(terminal)


def test_leaving_while_a_read_hangs(open_terminal: Open) -> None:
    """The program ends at once, however long the provider takes."""
    terminal = open_terminal(["--sandbox", "--fault", "hang:get/locations"])
    arrive(terminal, PROVIDER)
    terminal.press("enter")
    terminal.wait_for(LOCATION.title, "Asking EDIS Global for its locations")
    terminal.press("ctrl+q")
    terminal.wait_for("Leave?")
    terminal.press("ctrl+q")
    assert terminal.exit_code() == 3
    check_restored(terminal)
