"""The program beside its screens: where it refuses to start, and the sandbox served alone."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from vps_tui import __version__

from .conftest import Open
from .stops import EDIS, PROVIDER, arrive, walk

pytestmark = pytest.mark.pty

LIMIT = 20.0
"""Seconds until a program that does not end fails the test."""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program away from any terminal."""
    command = [sys.executable, "-m", "vps_tui", *arguments]
    return subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT
    )


def test_without_colour_it_runs_all_the_same(open_terminal: Open) -> None:
    """The highlight is a sign and not a colour."""
    terminal = open_terminal(["--sandbox"], {"NO_COLOR": "1"})
    arrive(terminal, PROVIDER)
    assert "> EDIS Global" in terminal.text
    terminal.press("ctrl+q")
    assert terminal.exit_code() == 3


@pytest.mark.parametrize("arguments", [("--sandbox", "--fault"), ("sandbox", "--fault")])
@pytest.mark.parametrize(("fault", "nearest"), [("nonsense", "not-json"), ("reply-los", "reply-lost")])
def test_an_unknown_fault_is_named(open_terminal: Open, arguments: tuple[str, ...], fault: str, nearest: str) -> None:
    """With the nearest one that there is."""
    terminal = open_terminal([*arguments, fault])
    assert terminal.exit_code() == 2
    assert f"'{fault}'" in terminal.transcript.decode()
    assert f"'{nearest}'" in terminal.transcript.decode()


def test_a_fault_needs_the_sandbox(open_terminal: Open) -> None:
    """The real providers have faults enough."""
    terminal = open_terminal(["--fault", "slow"])
    assert terminal.exit_code() == 2
    assert b"--sandbox" in terminal.transcript


def test_version() -> None:
    """The name and the version, for bug reports."""
    done = run("--version")
    assert (done.returncode, done.stdout.split()) == (0, ["vps-tui", __version__])


def test_help_names_the_sandbox_and_the_exit_codes() -> None:
    """What one needs to begin, and what a script needs."""
    done = run("--help")
    assert done.returncode == 0
    for words in ("--sandbox", "exit codes:", "outcome unknown"):
        assert words in done.stdout


@pytest.mark.parametrize("arguments", [("--nonsense",), ("nonsense",), ("sandbox", "--port", "70000")])
def test_wrong_usage_is_told(arguments: tuple[str, ...]) -> None:
    """On the error output, with the exit code for usage and without a traceback."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def served() -> Iterator[subprocess.Popen[str]]:
    """`vps-tui sandbox` on a free port."""
    command = [sys.executable, "-m", "vps_tui", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def announced(process: subprocess.Popen[str]) -> dict[str, str]:
    """Return the assignments that the sandbox prints, read as a shell would."""
    found: dict[str, str] = {}
    assert process.stdout is not None
    for line in iter(process.stdout.readline, ""):
        words = shlex.split(line, comments=True)
        for word in words:
            name, _, value = word.partition("=")
            found[name] = value
        if "Ctrl+C" in line:
            break
    return found


def test_the_sandbox_alone_serves_until_it_is_told_to_stop(served: subprocess.Popen[str]) -> None:
    """It prints what a shell can evaluate, answers, and ends with 0."""
    facts = announced(served)
    assert set(facts) == {
        "VPS_TUI_EDIS_URL",
        "VPS_TUI_EDIS_SESSION_URL",
        "VPS_TUI_EDIS_EMAIL",
        "VPS_TUI_EDIS_PASSWORD",
        "VPS_TUI_LAYERSTACK_URL",
        "VPS_TUI_LAYERSTACK_ACCOUNT",
        "VPS_TUI_LAYERSTACK_TOKEN",
        "VPS_TUI_SSH_PORT",
    }
    with urllib.request.urlopen(f"{facts['VPS_TUI_EDIS_URL']}/_sandbox/ledger", timeout=LIMIT) as reply:
        assert json.load(reply)["orders"] == []
    served.send_signal(signal.SIGTERM)
    _, errors = served.communicate(timeout=LIMIT)
    assert (served.returncode, errors) == (0, "")


def test_the_wizard_orders_from_a_sandbox_served_alone(served: subprocess.Popen[str], open_terminal: Open) -> None:
    """The lines that it prints are all the wizard needs, and its ledger then holds the order."""
    facts = announced(served)
    terminal = open_terminal(environment=facts)
    walk(terminal, EDIS, "db7.example.com")
    terminal.press("enter")
    assert terminal.exit_code() == 0
    with urllib.request.urlopen(f"{facts['VPS_TUI_EDIS_URL']}/_sandbox/ledger", timeout=LIMIT) as reply:
        (order,) = json.load(reply)["orders"]
    assert "db7.example.com" in json.dumps(order)
