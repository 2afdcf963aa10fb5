"""The line mode as one meets it: in a terminal, a dumb one, a pipe, driven by `expect`, and ended from outside."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from vps_tui.files.locations import state_folder
from vps_tui.journal import FILE_NAME, Entry, Journal, State
from vps_tui.sandbox.server import Sandbox
from vps_tui.services.order_files import kept_draft

from .conftest import Open
from .terminal import Terminal
from .test_safety import paid_calls

pytestmark = pytest.mark.pty

Start = Callable[..., Terminal]
SANDBOX = ("--sandbox", "--plain")

EDIS = (
    ("Provider [", "edis"),
    ("Location [", "germany"),
    ("Plan [", "starter"),
    ("OS image [", ""),
    ("Hostname [", "web1"),
    ("Additional RAM [", ""),
    ("Additional vCPU [", ""),
    ("Additional IPv4 [", ""),
    ("Drive boost [", ""),
    ("SSH key [", ""),
    ("Cost [", ""),
    ("Type yes to order", "yes"),
)
LAYERSTACK = (
    ("Provider [", "layerstack"),
    ("Plan [", "s102-hk"),
    ("OS image [", ""),
    ("Label [", "web1"),
    *((f"{group} [", "") for group in ("Backup", "Network", "Protection", "Addresses", "Disk")),
    ("SSH key [", ""),
    ("Enter takes it", ""),
    ("Cost [", ""),
    ("Type yes to order", "yes"),
)
"""Questions and their answers for a whole order."""


def entries(folder: Path | None = None) -> tuple[Entry, ...]:
    return Journal((folder or state_folder()) / FILE_NAME).entries()


def walk(terminal: Terminal, answers: tuple[tuple[str, str], ...]) -> None:
    """Give each answer once its question waits for it."""
    for question, answer in answers:
        ask(terminal, question)
        terminal.send(f"{answer}\r")


def ask(terminal: Terminal, question: str) -> None:
    """Wait until `question` is the last thing on the screen."""
    terminal.wait_until(lambda: _asked(terminal, question), f"question {question!r}")


def _asked(terminal: Terminal, question: str) -> bool:
    last = terminal.words[-200:]
    return last.endswith("]:") and question in last


def check_lines_only(terminal: Terminal) -> None:
    """Check that nothing was written but letters and line ends: no escape sequence, no cursor movement."""
    # The terminal's own driver makes a carriage return of every line end, and echoes Ctrl+C as two letters.
    assert not re.findall(rb"[\x00-\x09\x0b-\x0c\x0e-\x1f\x7f]|\r(?!\n)|\xc2[\x80-\x9f]", terminal.transcript)


@pytest.mark.parametrize("answers", [EDIS, LAYERSTACK], ids=["edis", "layerstack"])
def test_a_whole_order_writes_no_control_character(
    start: Start, sandbox: Sandbox, answers: tuple[tuple[str, str], ...]
) -> None:
    terminal = start("--plain")
    walk(terminal, answers)
    ask(terminal, "Enter leaves")
    (entry,) = entries()
    assert (entry.state, paid_calls(sandbox)) == (State.PLACED, 1)
    assert entry.purchase.servers[0][0] == "web1"
    terminal.send("\r")
    assert terminal.exit_code() == 0
    terminal.wait_for("web1: Ordered.", f"vps-tui orders show {entry.reference}")
    check_lines_only(terminal)


@pytest.mark.parametrize(
    "environment", [{"TERM": "dumb", "LANG": "C", "LC_ALL": "C"}, {"TERM": ""}], ids=["dumb", "none"]
)
def test_a_dumb_terminal_gets_lines_by_itself(open_terminal: Open, environment: dict[str, str]) -> None:
    terminal = open_terminal(["--sandbox"], environment=environment)
    walk(terminal, EDIS[:4])
    ask(terminal, "Hostname [")
    terminal.send("\x04")
    assert terminal.exit_code() == 3
    check_lines_only(terminal)
    assert kept_draft(state_folder() / "sandbox") is not None


def test_a_pipe_gets_lines_by_itself_and_cannot_confirm(order_file: Path) -> None:
    done = piped(["--sandbox", "--order-file", str(order_file)], "s\n./saved.toml\n\nyes\n")
    assert done.returncode == 2
    assert "There is no terminal to ask on." in done.stderr
    assert "vps-tui order FILE --yes" in done.stderr
    assert "Saved as saved.toml." in done.stdout
    assert Path("saved.toml").exists()
    assert entries(state_folder() / "sandbox") == ()
    assert kept_draft(state_folder() / "sandbox") is not None


@pytest.mark.parametrize("text", ["", "edis\ngermany\nstar"])
def test_the_end_of_a_pipe_leaves(text: str) -> None:
    done = piped(["--sandbox"], text)
    assert done.returncode == 3
    assert done.stdout.endswith("Nothing was ordered.\n")
    assert done.stderr == ""


def test_a_reader_that_goes_away_is_no_fault() -> None:
    command = [sys.executable, "-m", "vps_tui", *SANDBOX]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        command, input="edis\ngermany\n", stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=20
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (3, "")


def piped(arguments: list[str], text: str) -> subprocess.CompletedProcess[str]:
    """Run the program with `text` as its standard input, in no terminal at all."""
    command = [sys.executable, "-m", "vps_tui", *arguments]
    return subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, timeout=20, start_new_session=True
    )


def test_a_lost_reply_is_unknown_then_found(open_terminal: Open, order_file: Path) -> None:
    terminal = open_terminal([*SANDBOX, "--fault", "reply-lost", "--order-file", str(order_file)])
    walk(terminal, (("Cost [", ""), ("Type yes to order", "yes")))
    ask(terminal, "Enter leaves")
    assert b"It is not known whether this was ordered" in terminal.transcript
    terminal.send("q\r")
    assert terminal.exit_code() == 0
    (entry,) = entries(state_folder() / "sandbox")
    assert (entry.state, entry.settled_by) == (State.PLACED, "reading")


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Provider [", signal.SIGTERM),
        ("Hostname [", signal.SIGHUP),
        ("Type yes to order", signal.SIGTERM),
        ("Type yes to order", signal.SIGINT),
    ],
)
def test_a_signal_keeps_the_order(start: Start, sandbox: Sandbox, question: str, number: signal.Signals) -> None:
    terminal = start("--plain")
    before = [asked for asked, _ in EDIS].index(question)
    walk(terminal, EDIS[:before])
    ask(terminal, question)
    terminal.signal(number)
    assert terminal.exit_code() == 3
    terminal.wait_for("Nothing was ordered.")
    assert paid_calls(sandbox) == 0
    assert (kept_draft(state_folder()) is not None) is bool(before)
    assert b"Traceback" not in terminal.transcript


@pytest.mark.parametrize("key", ["\x03", "\x04", "q\r"], ids=["Ctrl+C", "Ctrl+D", "q"])
def test_leaving_by_a_key_asks_nothing(open_terminal: Open, key: str) -> None:
    terminal = open_terminal(SANDBOX)
    walk(terminal, EDIS[:1])
    ask(terminal, "Location [")
    terminal.send(key)
    assert terminal.exit_code() == 3
    assert terminal.words.endswith("Nothing was ordered.")


def test_what_is_killed_loses_no_answer(start: Start) -> None:
    terminal = start("--plain")
    walk(terminal, EDIS[:4])
    ask(terminal, "Hostname [")
    terminal.signal(signal.SIGKILL)
    assert terminal.exit_code() == -signal.SIGKILL
    draft = kept_draft(state_folder())
    assert draft is not None
    assert draft.server.os


def test_ctrl_c_at_a_secret_leaves_the_terminal_as_it_was(open_terminal: Open, order_file: Path) -> None:
    terminal = open_terminal([*SANDBOX, "--order-file", str(order_file)])
    walk(terminal, (("Cost [", "ssh key"), ("SSH key [", "make a new")))
    ask(terminal, "Passphrase (not shown)")
    assert not echoes(terminal)
    terminal.send("\x03")
    assert terminal.exit_code() == 3
    assert echoes(terminal)


def echoes(terminal: Terminal) -> bool:
    return bool(termios.tcgetattr(terminal._master)[3] & termios.ECHO)


def test_a_terminal_that_goes_away_keeps_the_order(start: Start) -> None:
    terminal = start("--plain")
    walk(terminal, EDIS[:4])
    ask(terminal, "Hostname [")
    assert terminal.hang_up() == 3
    assert kept_draft(state_folder()) is not None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_during_the_paid_call_has_its_answer_waited_for(
    start: Start, sandbox: Sandbox, order_file: Path, number: signal.Signals
) -> None:
    sandbox.set_faults(["slow-1:add/order"])
    terminal = start("--plain", "--order-file", str(order_file))
    walk(terminal, (("Cost [", ""), ("Type yes to order", "yes")))
    wait_for_call(terminal, sandbox)
    terminal.signal(number)
    assert terminal.exit_code() == 0
    terminal.wait_for("Once more to stop", "Ordered")
    (entry,) = entries()
    assert (entry.state, paid_calls(sandbox)) == (State.PLACED, 1)


def test_a_second_signal_during_the_paid_call_leaves_it_unknown(
    start: Start, sandbox: Sandbox, order_file: Path
) -> None:
    sandbox.set_faults(["hang"])
    terminal = start("--plain", "--order-file", str(order_file))
    walk(terminal, (("Cost [", ""), ("Type yes to order", "yes")))
    wait_for_call(terminal, sandbox)
    terminal.send("\x03")
    terminal.wait_for("Once more to stop")
    terminal.send("\x03")
    assert terminal.exit_code() == 4
    terminal.wait_for("It is not known whether it was ordered.")
    (entry,) = entries()
    assert entry.unsettled
    second = start("--plain")
    second.wait_for("It is not known whether this was ordered")


def test_a_signal_before_the_paid_call_stops_it(start: Start, sandbox: Sandbox, order_file: Path) -> None:
    terminal = start("--plain", "--order-file", str(order_file))
    walk(terminal, (("Cost [", ""),))
    ask(terminal, "Type yes to order")
    sandbox.set_faults(["slow-5:get/products"])
    looks = len(sandbox.requests)
    terminal.send("yes\r")
    wait_for(
        terminal, lambda: any("get/products" in one.route for one in sandbox.requests[looks:]), "look at the price"
    )
    terminal.send("\x03")
    assert terminal.exit_code() == 3
    terminal.wait_for("Nothing was ordered.")
    assert paid_calls(sandbox) == 0
    assert [entry.state for entry in entries()] == [State.NOT_SENT]


def wait_for_call(terminal: Terminal, sandbox: Sandbox) -> None:
    """Wait until the provider has the order."""
    terminal.wait_for("Ordering. Waiting for EDIS Global")
    wait_for(terminal, lambda: paid_calls(sandbox) > 0, "paid call")


def wait_for(terminal: Terminal, holds: Callable[[], bool], what: str) -> None:
    """Wait for something that the terminal does not show."""
    for _ in range(200):
        if holds():
            return
        terminal.pause()
    pytest.fail(f"The {what} never came.")


EXPECT = """
set timeout 20
log_user 1
eval spawn $env(PROGRAM)
proc answer {question text} {
    expect -ex $question {} timeout { exit 90 } eof { exit 91 }
    expect -re {\\]: $} {} timeout { exit 92 } eof { exit 93 }
    send -- "$text\\r"
}
"""


@pytest.mark.skipif(shutil.which("expect") is None, reason="expect is not installed")
def test_expect_drives_a_whole_order(tmp_path: Path) -> None:
    script = tmp_path / "order.exp"
    steps = "".join(f"answer {{{question}}} {{{answer}}}\n" for question, answer in (*EDIS, ("Enter leaves", "")))
    script.write_text(f"{EXPECT}{steps}expect eof {{}} timeout {{ exit 94 }}\nexit [lindex [wait] 3]\n")
    program = f"{sys.executable} -m vps_tui {' '.join(SANDBOX)}"
    done = subprocess.run(
        ["expect", str(script)],
        env={**os.environ, "PROGRAM": program, "TERM": "xterm"},
        capture_output=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout.decode()
    assert b"web1: Ordered." in done.stdout
    assert b"\x1b" not in done.stdout
    (entry,) = entries(state_folder() / "sandbox")
    assert entry.state is State.PLACED
