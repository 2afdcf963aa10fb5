"""The wizard and `order` on a terminal that lacks a stream, or that goes away while the paid call is under way."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from vps_tui.journal import State
from vps_tui.sandbox.server import Sandbox

from .conftest import Open
from .stops import PROVIDER, arrive
from .terminal import Terminal
from .test_ending import entries, wait_for_call
from .test_plain import walk

pytestmark = pytest.mark.pty

Start = Callable[..., Terminal]
FAILURES = (b"Traceback", b"Exception ignored", b"fault of its own")


def check_quiet(terminal: Terminal) -> None:
    assert not [words for words in FAILURES if words in terminal.transcript]
    assert list(Path.home().rglob("crash-*.txt")) == []


@pytest.mark.parametrize("redirect", ["2>&-", "2>/dev/null", "2>/dev/full"])
def test_without_standard_error_there_are_no_screens_but_lines(open_terminal: Open, redirect: str) -> None:
    """Screens are drawn there: keys would be taken by a question that nobody sees."""
    terminal = open_terminal(["--sandbox"], redirect=redirect)
    terminal.wait_for("Provider [")
    terminal.send("q\r")
    assert terminal.exit_code() == 3
    check_quiet(terminal)


@pytest.mark.parametrize("redirect", [">&-", ">/dev/full"])
def test_questions_that_cannot_be_shown_are_a_failure(open_terminal: Open, redirect: str) -> None:
    terminal = open_terminal(["--sandbox"], redirect=redirect)
    assert terminal.exit_code() == 1
    assert b"Standard output cannot be written" in terminal.transcript
    assert b"Nothing was ordered." in terminal.transcript
    check_quiet(terminal)


def test_a_terminal_that_cannot_be_drawn_on(open_terminal: Open) -> None:
    terminal = open_terminal(["--sandbox"], redirect="2</dev/tty")
    assert terminal.exit_code() == 1
    assert terminal.attributes == terminal.first_attributes
    check_quiet(terminal)


def test_last_words_that_cannot_be_said_go_to_the_screen(open_terminal: Open) -> None:
    terminal = open_terminal(["--sandbox"], redirect="1</dev/tty")
    arrive(terminal, PROVIDER)
    terminal.press("ctrl+q")
    assert terminal.exit_code() == 3
    assert terminal.transcript.rstrip().endswith(b"Nothing was ordered.")
    check_quiet(terminal)


@pytest.mark.parametrize(("faults", "code"), [((), 0), (("reply-lost",), 4), (("http-422:add/order",), 1)])
@pytest.mark.parametrize("way", ["--plain", "order"])
def test_a_terminal_that_goes_away_during_the_paid_call(
    start: Start, sandbox: Sandbox, order_file: Path, way: str, faults: tuple[str, ...], code: int
) -> None:
    """The answer is waited for and recorded, and the exit code says it, with nobody to tell."""
    sandbox.set_faults(["slow-1:add/order", *faults])
    if way == "order":
        terminal = start("order", str(order_file))
    else:
        terminal = start("--plain", "--order-file", str(order_file))
        walk(terminal, (("Cost [", ""),))
    terminal.wait_for("Type yes to order")
    terminal.settle()
    terminal.send("yes\r")
    wait_for_call(terminal, sandbox)
    assert terminal.hang_up() == code
    (entry,) = entries()
    assert entry.state is {0: State.PLACED, 1: State.REFUSED, 4: State.UNKNOWN}[code]
    assert list(Path.home().rglob("crash-*.txt")) == []


@pytest.mark.parametrize("redirect", [">&-", ">/dev/full"])
def test_a_sandbox_that_cannot_say_its_port_serves_nobody(redirect: str) -> None:
    command = f"'{sys.executable}' -m vps_tui sandbox {redirect}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 1
    assert "Name one with --port." in done.stderr


def test_a_sandbox_whose_port_was_named_serves_all_the_same() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = f"exec '{sys.executable}' -m vps_tui sandbox --port {port} >&-"
    with subprocess.Popen(["bash", "-c", command], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = [process.stderr.readline(), process.stderr.readline()]
        assert "Standard output cannot be written" in said[0]
        assert f"port {port}" in said[1]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_sandbox/ledger", timeout=20) as reply:
            assert reply.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
