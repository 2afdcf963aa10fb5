"""Every help text has an example, and every example does what it shows."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from program.terminal import Terminal
from tui.shortcut import deliver_quickly

from vps_tui.cli.parser import build_parser, commands_below, examples_of
from vps_tui.files.locations import state_folder
from vps_tui.journal import FILE_NAME, Journal, State

from .conftest import EDIS, Run

COMMANDS = {"": build_parser()} | {" ".join(path): command for path, command in commands_below(build_parser())}
EXAMPLES = sorted({example for command in COMMANDS.values() for example in examples_of(command)})
SERVING = [example for example in EXAMPLES if " sandbox" in example]
ASKING = [
    example
    for example in EXAMPLES
    if {"order", "change", "cancel"} & set(example.split()[1:2]) and not {"--yes", "--dry-run"} & set(example.split())
]
"""Those that ask on a terminal before anything is ordered."""
OTHERS = [example for example in EXAMPLES if example not in (*SERVING, *ASKING)]
REFERENCE = "1122-k7qf"
"""The order that the examples are about."""


def words(example: str) -> list[str]:
    """Return the arguments of an example, on the sandbox."""
    program, *arguments = shlex.split(example.partition(" | ")[0])
    assert program == "vps-tui"
    return arguments if "--sandbox" in arguments else ["--sandbox", *arguments]


def test_every_command_has_one() -> None:
    assert [name for name, command in COMMANDS.items() if not examples_of(command)] == []
    assert all(f"vps-tui {name}".strip() in " ".join(examples_of(command)) for name, command in COMMANDS.items())


def sandbox_journal() -> Journal:
    """Return the journal of the runs on the sandbox."""
    return Journal(state_folder() / "sandbox" / FILE_NAME)


@pytest.fixture
def _ordered(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order file that the examples name, and the order that they look at."""
    monkeypatch.chdir(tmp_path)
    deliver_quickly(monkeypatch)
    Path("web1.toml").write_text(EDIS)
    assert run("--sandbox", "order", "web1.toml", "--yes").code == 0
    with sandbox_journal()._transaction(write=True) as db:
        db.execute("UPDATE orders SET reference = ?", (REFERENCE,))


@pytest.mark.usefixtures("_ordered")
def test_every_example_works(run: Run) -> None:
    failed = {}
    for number, example in enumerate(OTHERS):
        # The same server once more would be refused, and what is settled cannot be settled.
        Path("web1.toml").write_text(EDIS.replace('"web1"', f'"web{number + 2}"'))
        state = State.UNKNOWN if "settle" in example else State.PLACED
        with sandbox_journal()._transaction(write=True) as db:
            db.execute("UPDATE orders SET state = ? WHERE reference = ?", (state.value, REFERENCE))
        # Away from a terminal the wizard asks in lines, and is left when there is nothing to read.
        wizard = set(words(example)) <= {"--sandbox", "--plain"}
        ran = run(*words(example))
        if ran.code != (3 if wizard else 0):
            failed[example] = (ran.code, ran.err)
    assert failed == {}


@pytest.mark.pty
@pytest.mark.usefixtures("_ordered")
@pytest.mark.parametrize("example", ASKING)
def test_it_asks_first(example: str) -> None:
    Path("web1.toml").write_text(EDIS.replace('"web1"', '"web2"'))
    with Terminal(words(example)) as terminal:
        terminal.wait_for("ype ")
        terminal.send("no\r")
        assert terminal.exit_code() == 3


@pytest.mark.parametrize("example", SERVING)
def test_it_serves(example: str) -> None:
    """On a free port in place of the one that is named, which may be taken."""
    arguments = ["0" if word.isdecimal() else word for word in words(example)]
    command = [sys.executable, "-m", "vps_tui", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    ) as ran:
        assert ran.stdout is not None
        assert "127.0.0.1" in ran.stdout.readline() + ran.stdout.readline()
        ran.send_signal(signal.SIGTERM)
        ran.stdout.read()


def test_every_help_fits_a_terminal_of_80_columns(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for name in COMMANDS:
        ran = run(*name.split(), "--help")
        assert ran.code == 0
        assert [line for line in ran.out.splitlines() if len(line) > 80] == []
        below = [command for command in COMMANDS if command and command.rpartition(" ")[0] == name]
        assert all(f"    {command.rpartition(' ')[2]} " in ran.out for command in below), name


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("ordrs", "there is no command 'ordrs': did you mean orders?"),
        ("orders shw 1122", "there is no action 'shw': did you mean show?"),
        ("completion bsh", "there is no shell 'bsh': did you mean bash?"),
        ("xyzzy", "there is no command 'xyzzy': there are quote, order, orders"),
        ("--sandbx orders", "there is no option '--sandbx' here: did you mean --sandbox?"),
        ("orders --jsn", "there is no option '--jsn' here: did you mean --json?"),
        ("orders --jsn=1 show x", "there is no option '--jsn' here: did you mean --json?"),
        ("orders show x --wait 3", "there is no option '--wait' here: see --help"),
        ("orders --sandbox", "it stands before the command, as in vps-tui --sandbox orders"),
        ("order a.toml b.toml", "'b.toml' is one too many"),
        ("quote a.toml --\x1b[2J", "there is no option '--\\x1b[2J' here"),
    ],
)
def test_a_wrong_word_is_answered_with_the_nearest(run: Run, line: str, told: str) -> None:
    ran = run(*line.split(" "))
    assert ran.code == 2
    assert told in " ".join(ran.err.split())
    assert ran.err.replace("\n", "").isprintable()
    assert f"usage: vps-tui {line.split(maxsplit=1)[0]}" in ran.err or line.split(maxsplit=1)[0] not in COMMANDS


@pytest.mark.parametrize("options", [("servers", "browse", "--json"), ("orders", "--json", "browse")])
def test_browsing_is_a_screen_and_prints_no_document(run: Run, options: tuple[str, ...]) -> None:
    outcome = run("--sandbox", *options)
    assert outcome.code == 2
    assert f"{options[0]} browse is a screen" in outcome.out
