"""Terminals of every age and size, without colours, without UTF-8: the whole program, and nothing lost.

The ordinary run takes the oldest kind; for all: `VPS_TUI_TERMINALS=1 python -m pytest tests/program/test_reach.py`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from vps_tui.sandbox.server import Sandbox
from vps_tui.terminal.capabilities import as_ascii

from .conftest import Open
from .stops import CONFIRM, COST, EDIS, HOSTNAME, LOCATION, ORDERED, PROVIDER, arrive, walk
from .terminal import Terminal
from .test_leaving import check_restored
from .test_safety import paid_calls

pytestmark = pytest.mark.pty

ALL = ("xterm", "xterm-256color", "screen", "screen-256color", "tmux-256color", "linux", "vt100", "vt220")
KINDS = ALL if os.environ.get("VPS_TUI_TERMINALS") else ("vt100",)
SGR = re.compile(rb"\x1b\[([0-9;]*)m")
QUESTION = re.compile(rb"\x1b\[(>[0-9]*u|<u|\?[0-9]+\$p)|\x1b\]")
"""Sequences from after the VT220, of which it, or the Linux console, would write a part onto the screen."""
NOT_THE_SAME = re.compile(r"\d{4}-[0-9a-z]{4}|\d\d:\d\d|\b\d{6,7}\b")
"""References, times and the sandbox's numbers."""


def colours(transcript: bytes) -> set[int]:
    """Return the colour parameters in all SGR sequences, the terminal's own colours included."""
    found = {int(number) for match in SGR.findall(transcript) for number in match.split(b";") if number}
    return {number for number in found if 30 <= number <= 49 or 90 <= number <= 107}


def shown(terminal: Terminal) -> str:
    """Return what is on the screen, in ASCII, without what is new each time."""
    return NOT_THE_SAME.sub("#", as_ascii(terminal.text))


@pytest.mark.parametrize("term", KINDS)
def test_an_order_in_every_kind_of_terminal(open_terminal: Open, term: str) -> None:
    old = term in ("vt100", "vt220")
    terminal = open_terminal(["--sandbox"], environment={"TERM": term})
    walk(terminal, EDIS)
    assert terminal.end_by("ctrl+q") == 0
    check_restored(terminal)
    assert bool(QUESTION.search(terminal.transcript)) is not (old or term == "linux")
    assert bool(colours(terminal.transcript)) is not old
    assert terminal.transcript.isascii() is old


def test_without_colours_and_without_utf8_every_screen_says_the_same(open_terminal: Open) -> None:
    """An order whose answer is lost, on two terminals side by side."""
    faults = ["--sandbox", "--fault", "reply-lost", "--fault", "http-500:get/services"]
    usual = open_terminal(faults, environment={"XDG_STATE_HOME": str(Path.home() / "other")})
    plain = open_terminal(faults, environment={"NO_COLOR": "1", "LC_ALL": "C", "LANG": "C"})
    for here in EDIS[:-1]:
        for terminal in (usual, plain):
            arrive(terminal, here)
        assert shown(plain) == shown(usual)
        for terminal in (usual, plain):
            if here is HOSTNAME:
                terminal.type("web1")
            if here is CONFIRM:
                terminal.type("yes")
            terminal.press("enter")
    for terminal in (usual, plain):
        terminal.wait_for("still not known")
        terminal.settle()
    assert shown(plain) == shown(usual)
    assert "Settle by hand" in plain.text
    for terminal in (usual, plain):
        assert terminal.end_by("ctrl+q") == 4
    assert colours(plain.transcript) == set()
    assert plain.transcript.isascii()
    assert colours(usual.transcript)
    assert not usual.transcript.isascii()


def test_a_terminal_that_is_too_small_takes_nothing_and_shows_all_again_later(open_terminal: Open) -> None:
    terminal = open_terminal(["--sandbox"], size=(40, 10))
    terminal.wait_for("This terminal is 40x10; vps-tui needs 60x20.")
    terminal.send("\r\x1b[200~x\x1b[201~\x1b[<0;5;8M\x1b[<0;5;8m")
    terminal.settle()
    terminal.resize(80, 24)
    arrive(terminal, PROVIDER)
    os.write(terminal._master, b"\xe9\xff")
    terminal.pause()
    terminal.press("enter")
    arrive(terminal, LOCATION)
    terminal.type("aus")
    terminal.resize(12, 3)
    terminal.wait_for("This terminal")
    terminal.resize(80, 24)
    terminal.wait_for("Filter: aus")
    terminal.resize(70, 24)
    terminal.resize(80, 24)
    terminal.wait_for("Filter: aus")
    terminal.resize(59, 24)
    terminal.wait_for("needs 60x20")
    terminal.send("\x11")
    assert terminal.exit_code() == 3
    check_restored(terminal)


def test_no_order_is_confirmed_unseen_and_its_values_can_be_taken_away(
    start: Any, sandbox: Sandbox, order_file: Path
) -> None:
    """Enter after `yes` counts only where the price is on the screen. Then: clipboard, and selecting by hand."""
    terminal = start("--order-file", str(order_file))
    arrive(terminal, COST)
    terminal.press("enter")
    arrive(terminal, CONFIRM)
    terminal.type("yes")
    terminal.resize(80, 19)
    terminal.wait_for("This terminal is 80x19")
    terminal.press("enter", "enter")
    terminal.resize(60, 20)
    terminal.wait_for("Type yes to order, then Enter: yes", "12.99 EUR for 1 month")
    terminal.press("backspace")
    terminal.wait_until(lambda: any(line.endswith("Enter: ye") for line in terminal.lines), "field to type in")
    assert paid_calls(sandbox) == 0
    terminal.type("s")
    terminal.press("enter")
    terminal.wait_for("Ordered")
    terminal.resize(80, 24)
    terminal.wait_until(lambda: "F1 help  Ctrl+Q leave" in terminal.lines[-1], "line of keys at the bottom")
    arrive(terminal, ORDERED)
    terminal.press("f4", "down", "down", "enter")
    terminal.wait_for("not every terminal takes it")
    assert b"\x1b]52;c;MjQwMDAx\x07" in terminal.transcript
    terminal.press("f3")
    terminal.wait_for("Select with the mouse")
    assert mouse_reported(terminal) is False
    assert "240001" in terminal.lines
    terminal.press("escape")
    arrive(terminal, ORDERED)
    assert mouse_reported(terminal) is True
    assert terminal.end_by("ctrl+q") == 0
    assert paid_calls(sandbox) == 1


def mouse_reported(terminal: Terminal) -> bool:
    """Tell whether the terminal was last told to report its mouse."""
    on, off = (terminal.transcript.rfind(b"\x1b[?1000" + final) for final in (b"h", b"l"))
    return on > off
