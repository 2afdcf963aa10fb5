"""From the first byte to the first screen, and from the background back."""

from __future__ import annotations

import signal
import termios
from pathlib import Path

import pytest

from .conftest import Open
from .stops import CONFIRM, EDIS, LOCATION, PLAN, PROVIDER, arrive, walk
from .terminal import KEYS, Terminal
from .test_leaving import check_restored, modes_left

pytestmark = pytest.mark.pty


def state_of(terminal: Terminal) -> str:
    """Return the letter by which the kernel calls the program's state: T for stopped."""
    return Path(f"/proc/{terminal.process_id}/stat").read_text().rpartition(")")[2].split()[0]


def wait_until_stopped(terminal: Terminal) -> None:
    """Wait for the kernel to say so: the screen does not."""
    for _ in range(200):
        if state_of(terminal) == "T":
            return
        terminal.pause()
    pytest.fail("The program was not stopped.")


def test_the_name_is_there_before_the_rest_is_loaded(trial: Terminal) -> None:
    trial.wait_for("Starting ...")
    assert "SANDBOX: nothing is bought" in trial.text
    assert not trial.echoes
    arrive(trial, PROVIDER)
    assert "Starting" not in trial.text
    assert trial.transcript.count(b"\x1b[?1049h") == 1


def test_keys_that_come_too_early_are_kept(trial: Terminal) -> None:
    """They are not drawn either: the screen would show them where nothing has been asked."""
    trial.wait_for("Starting ...")
    trial.send(KEYS["down"] + KEYS["enter"])
    arrive(trial, PLAN)
    assert "LayerStack" in trial.text
    assert b"^[" not in trial.transcript


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_while_it_starts_gives_the_terminal_back(trial: Terminal, number: signal.Signals) -> None:
    trial.wait_for("Starting ...")
    trial.signal(number)
    assert trial.exit_code() == 3
    left = modes_left(trial.transcript)
    assert (left[1049], left[25]) == (False, True)
    assert trial.attributes == trial.first_attributes
    assert trial.transcript.rstrip().endswith(b"Nothing was ordered.")


def test_what_is_wrong_at_the_start_is_said_on_the_screen_that_was_there(open_terminal: Open) -> None:
    terminal = open_terminal(["--sandbox", "--order-file", "no-such-file.toml"])
    assert terminal.exit_code() == 2
    assert terminal.attributes == terminal.first_attributes
    assert b"no-such-file.toml" in terminal.transcript.rpartition(b"\x1b[?1049l")[2]


@pytest.mark.parametrize("how", ["ctrl+z", "SIGTSTP", "SIGSTOP"])
def test_back_from_the_background_everything_is_there(trial: Terminal, how: str) -> None:
    arrive(trial, PROVIDER)
    trial.press("enter")
    arrive(trial, LOCATION)
    trial.type("germ")
    before = trial.text
    if how == "ctrl+z":
        trial.send("\x1a")
    else:
        trial.signal(signal.Signals[how])
    wait_until_stopped(trial)
    if how != "SIGSTOP":
        # Nobody can ask the program to tidy up before a SIGSTOP.
        trial.settle()
        assert not modes_left(trial.transcript)[1049]
        assert trial.attributes == trial.first_attributes
    trial.clear()
    trial.signal(signal.SIGCONT)
    trial.wait_for("Where should the server stand?", "Filter: germ")
    trial.settle()
    assert trial.text == before
    assert not trial.attributes[3] & (termios.ECHO | termios.ICANON)  # type: ignore[operator]
    trial.press("escape")
    trial.wait_for("Type to filter")
    trial.press("escape")
    arrive(trial, PROVIDER)
    trial.press("ctrl+q", "ctrl+q")
    assert trial.exit_code() == 3
    check_restored(trial)


def test_a_stop_is_not_for_a_paid_call(open_terminal: Open) -> None:
    """Whoever presses Ctrl+Z then would come back to a reply that was lost."""
    terminal = open_terminal(["--sandbox", "--fault", "slow-2:add/order"])
    walk(terminal, EDIS[: EDIS.index(CONFIRM) + 1])
    terminal.type("yes")
    terminal.send("\r")
    terminal.wait_for("Ordering. Waiting for EDIS Global")
    terminal.send("\x1a")
    terminal.wait_for("Ordered", "The invoice is paid")
    assert state_of(terminal) != "T"
