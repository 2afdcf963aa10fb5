"""Tab in the real shells: commands and options from the parser, values from this machine, and nothing written."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tui.shortcut import EDIS, STACK, written

from vps_tui.files.locations import config_folder, state_folder
from vps_tui.journal import State

from .terminal import LIMIT

pytestmark = pytest.mark.pty

START = {
    "bash": ["--norc", "--noprofile", "-i"],
    "zsh": ["-f", "-i"],
    "fish": ["--no-config", "-i"],
}
SET_UP = {
    "bash": 'bind "set enable-bracketed-paste off"; bind "set bell-style none"; eval "$(vps-tui completion bash)"',
    "zsh": 'autoload -U compinit; compinit -D; unsetopt list_beep; eval "$(vps-tui completion zsh)"',
    "fish": "vps-tui completion fish | source",
}

_STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

_ANSWERS = """
import os, sys
from vps_tui.cli.main import main
for line in sys.argv[1:]:
    if os.fork() == 0:
        os.environ |= {"COMP_LINE": line, "COMP_POINT": str(len(line))}
        main()
    assert os.wait()[1] == 0, line
    print("\\t", flush=True)
"""
"""Answers each line in a process of its own, as a shell has it answered, but without starting anew every time."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the program on the path as it is when it is installed."""
    place = tmp_path / "bin"
    place.mkdir()
    program = place / "vps-tui"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m vps_tui "$@"\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{place}:{os.environ['PATH']}")
    current = tmp_path / "orders"
    current.mkdir()
    monkeypatch.chdir(current)
    return current


class Shell:
    """A shell on a terminal of its own."""

    def __init__(self, name: str) -> None:
        self.heard = b""
        self._master, slave = pty.openpty()
        environment = os.environ | {"TERM": "xterm", "PS1": "$ ", "LC_ALL": "C.UTF-8", "COLUMNS": "200"}
        self._process = subprocess.Popen(
            [name, *START[name]], stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)

    def send(self, text: str) -> None:
        os.write(self._master, text.encode())

    def wait_for(self, text: str, since: int = 0) -> None:
        """Read until `text` comes after the first `since` bytes, styles apart."""
        end = time.monotonic() + LIMIT
        while text not in _STYLE.sub("", self.heard[since:].decode("utf-8", "replace")):
            left = end - time.monotonic()
            more = left > 0 and select.select([self._master], [], [], left)[0]
            assert more, self.heard[since:].decode("utf-8", "replace")
            self.heard += os.read(self._master, 65536)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)


@pytest.fixture
def shell(request: pytest.FixtureRequest, folder: Path) -> Iterator[Shell]:
    """A shell that has learned to complete the program's command line."""
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    running = Shell(request.param)
    try:
        running.send(f"{SET_UP[request.param]}; echo rea''dy\n")
        running.wait_for("ready")
        yield running
    finally:
        running.close()


@pytest.mark.parametrize("shell", ["bash", "zsh"], indirect=True)
def test_tab_finishes_a_command_an_option_a_reference_and_a_file(shell: Shell, folder: Path) -> None:
    state = state_folder() / "sandbox"
    state.mkdir(mode=0o700)
    reference = written(state, State.PLACED).reference
    (folder / "shop.toml").touch()
    (folder / "shop.txt").touch()
    for typed, finished in (
        ("vps-tui doc\t", "vps-tui doctor "),
        ("vps-tui orders sho\t", "vps-tui orders show "),
        ("vps-tui catalog e\t", "vps-tui catalog edis "),
        ("vps-tui order --allow\t", "vps-tui order --allow-unknown-price "),
        ("vps-tui quote sh\t", "vps-tui quote shop.toml "),
        (f"vps-tui --sandbox orders show {reference[:6]}\t", f"vps-tui --sandbox orders show {reference} "),
    ):
        since = len(shell.heard)
        shell.send(typed)
        # Only what Tab adds is sent by the shell: the end of the word that was begun.
        shell.wait_for(finished[len(typed) - 1 :], since)
        shell.send("\x15")


def fish_offers(line: str) -> dict[str, str]:
    """Return what fish would offer at the end of `line`, with its descriptions."""
    done = subprocess.run(
        ["fish", "--no-config", "-c", f'{SET_UP["fish"]}; complete -C "{line}"'],
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.stderr == ""
    return {value: words for value, _, words in (row.partition("\t") for row in done.stdout.splitlines())}


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_offers_the_same_with_descriptions(folder: Path) -> None:
    state = state_folder() / "sandbox"
    state.mkdir(mode=0o700)
    reference = written(state, State.PLACED).reference
    (folder / "shop.toml").touch()
    assert fish_offers("vps-tui ord") == {
        "order": "place an order file",
        "orders": "what was ordered and what became of it",
    }
    assert fish_offers("vps-tui --sandbox orders show ") == {reference: "web1 placed"}
    assert fish_offers("vps-tui quote ") == {"shop.toml": ""}


def offers(*lines: str) -> list[list[str]]:
    """Return what the program itself answers to Tab at the end of each of `lines`."""
    environment = os.environ | {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": "/dev/stdout",
    }
    command = [sys.executable, "-c", _ANSWERS, *(f"vps-tui {line}" for line in lines)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [answer.split() for answer in done.stdout.split("\t")[:-1]]


def test_values_come_from_this_machine_and_looking_writes_nothing(folder: Path) -> None:
    home = Path.home()
    before = sorted(home.rglob("*"))
    assert offers("orders show ", "--profile ") == [[], []]
    assert sorted(home.rglob("*")) == before
    config_folder().mkdir(mode=0o700, parents=True)
    config = config_folder() / "config.toml"
    config.write_text('[profile.work.edis]\nemail = "o@example.com"\n[profile.play.edis]\nemail = "p@example.com"\n')
    config.chmod(0o600)
    profiles, elsewhere, providers, shells, amount, faults = offers(
        "--profile ",
        "--config x --profile ",
        "catalog ",
        "completion ",
        "order x.toml --max-total ",
        "--sandbox --fault ",
    )
    assert (profiles, elsewhere) == (["work", "play"], [])
    assert (providers, shells) == (["edis", "layerstack"], ["bash", "zsh", "fish"])
    assert amount == [], "It cannot be known."
    assert "reply-lost" in faults
    assert not any(name.endswith("NNN") for name in faults)


def test_files_are_offered_by_what_is_wanted(folder: Path) -> None:
    for name in ("b.toml", "a.toml", "a.log", ".hidden.toml"):
        (folder / name).touch()
    (folder / "more").mkdir()
    (folder / "more" / "c.toml").touch()
    assert offers("quote ", "quote more/", "quote .h", "quote nowhere/", "--log a") == [
        ["a.toml", "b.toml", "more/"],
        ["more/c.toml"],
        [".hidden.toml"],
        [],
        ["a.log", "a.toml"],
    ]


def test_references_are_the_journal_s_own(folder: Path) -> None:
    live = written(state_folder(), State.PLACED, EDIS).reference
    (state_folder() / "sandbox").mkdir(mode=0o700)
    trial = written(state_folder() / "sandbox", State.REFUSED, STACK).reference
    asked = ("orders show ", "--sandbox orders check ", "order x.toml --again ", "orders show zzz")
    assert offers(*asked) == [[live], [trial], [live], []]


def test_a_tab_loads_neither_screens_nor_clients(folder: Path) -> None:
    written(state_folder(), State.PLACED, EDIS)
    watch = "import atexit, os, sys\nend = os._exit\n"
    watch += "os._exit = lambda code: (print(*sys.modules, file=sys.stderr), end(code))\n"
    environment = os.environ | {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": "/dev/null",
        "COMP_LINE": "vps-tui orders show ",
        "COMP_POINT": "20",
    }
    command = [sys.executable, "-c", f"{watch}\nfrom vps_tui.cli.main import main\nmain()"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    loaded = done.stderr.split()
    assert "vps_tui.journal.store" in loaded
    assert not {"textual", "rich", "httpx", "pydantic", "cryptography", "asyncio"} & set(loaded)
