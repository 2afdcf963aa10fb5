"""`orders browse`: on the screen and in lines, from the shell and back to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.shortcut import written

from vps_tui.files.locations import state_folder
from vps_tui.journal import FILE_NAME, State

from .conftest import Open

pytestmark = pytest.mark.pty


@pytest.fixture
def folder() -> Path:
    """Where the sandbox keeps its journal."""
    folder = state_folder() / "sandbox"
    folder.mkdir(mode=0o700, parents=True)
    return folder


def test_one_is_looked_at_and_the_shell_is_back_as_it_was(open_terminal: Open, folder: Path) -> None:
    entry = written(folder, State.PLACED)
    terminal = open_terminal(["--sandbox", "orders", "browse"])
    terminal.wait_for("Earlier orders", entry.reference, "SANDBOX")
    terminal.press("enter")
    terminal.wait_for(f"Order {entry.reference}: ordered", "Order again")
    terminal.press("escape", "escape")
    assert terminal.exit_code() == 0
    assert "ordered" not in terminal.transcript.rpartition(b"\x1b[?1049l")[2].decode()


def test_it_does_without_a_screen_too(open_terminal: Open, folder: Path) -> None:
    entry = written(folder, State.PLACED)
    terminal = open_terminal(["--sandbox", "--plain", "orders", "browse"])
    terminal.wait_for("b back, ? help, q leave]:")
    terminal.send("1\n")
    terminal.wait_for(f"Order {entry.reference}: ordered", "a orders the like again")
    terminal.send("q\n")
    assert terminal.exit_code() == 0
    assert b"\x1b" not in terminal.transcript


def test_a_journal_that_cannot_be_read_is_told_before_anything_is_drawn(open_terminal: Open, folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(b"no database at all")
    (folder / FILE_NAME).chmod(0o600)
    terminal = open_terminal(["--sandbox", "orders", "browse"])
    assert terminal.exit_code() == 1
    assert "journal" in terminal.words
