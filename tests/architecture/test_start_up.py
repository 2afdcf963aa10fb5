"""What is loaded before it is needed: next to nothing for a help text, Textual alone for the first screen."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import pytest

from vps_tui.providers.registry import MODULES

from .sources import PACKAGE, within

HEAVY = (
    "httpx",
    "httpcore",
    "pydantic",
    "cryptography",
    "asyncssh",
    "markdown_it",
    "pygments",
    "keyring",
    "platformdirs",
    "tomli_w",
)
COMMANDS = (
    ("quote",),
    ("order",),
    ("orders",),
    ("watch",),
    *(("orders", action) for action in ("list", "browse", "show", "check", "settle", "repair")),
    ("catalog",),
    *(("servers",), ("change",), ("cancel",)),
    ("doctor",),
    ("sandbox",),
    ("completion",),
    ("man",),
)
REPORT = "sys.stderr.write(json.dumps(sorted(sys.modules)))"
BARE_TEXTUAL = "import textual.app"
FIRST_SCREEN = """
import vps_tui.tui.app
from vps_tui.tui.screens import screen_for
from vps_tui.wizard.state import WizardState
assert type(screen_for(WizardState())).__name__ == "ProviderScreen"
"""


@cache
def loaded_by(code: str) -> frozenset[str]:
    """Return the modules that a fresh interpreter has after running `code`."""
    script = f"import sys, json\n{code}\n{REPORT}"
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd=PACKAGE.parent, capture_output=True, check=False, text=True, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr
    return frozenset(json.loads(done.stderr.splitlines()[-1]))


def command_line(code: int, *arguments: str) -> str:
    """Return Python for running the program with `arguments`, which must end with exit code `code`."""
    return f"""
from vps_tui.cli.main import main
try:
    ended = main({list(arguments)!r})
except SystemExit as stop:
    ended = stop.code or 0
sys.stderr.write("\\n")
assert ended == {code}, ended
"""


def among(loaded: frozenset[str], *packages: str) -> set[str]:
    """Return those of `packages` of which something is loaded."""
    return {package for package in packages if any(within(name, package) for name in loaded)}


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (0, ["--help"]),
        (0, ["--version"]),
        (2, ["--no-such-option"]),
        (2, ["no-such-command"]),
        (2, ["--fault", "slow"]),
        *((0, [*command, "--help"]) for command in COMMANDS),
        *((2, [*command, "--no-such-option"]) for command in COMMANDS),
        (2, ["quote"]),
        (2, ["order", "--yes"]),
        (2, ["watch"]),
        (2, ["watch", "1122-aaaa", "--timeout", "long"]),
        (2, ["catalog"]),
        (2, ["change", "edis"]),
        (2, ["change", "edis", "web1"]),
        (2, ["change", "edis", "web1", "--plan", "1", "--add", "vm_backup=1"]),
        (2, ["cancel", "edis", "web1"]),
        (2, ["cancel", "edis", "web1", "--immediately", "--at-end-of-period"]),
        (2, ["orders", "show"]),
        (2, ["orders", "settle", "1122-aaaa"]),
        (2, ["orders", "settle", "1122-aaaa", "--ordered", "--not-ordered"]),
        (2, ["orders", "check", "1122-aaaa", "--wait", "long"]),
        (2, ["--order-file", "x.toml", "quote", "x.toml"]),
        (2, ["--fault", "slow", "orders"]),
        (2, ["--plain", "orders"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_help_and_usage_errors_load_no_library(code: int, arguments: list[str]) -> None:
    loaded = loaded_by(command_line(code, *arguments))
    assert "vps_tui.cli.main" in loaded
    assert among(loaded, "textual", "rich", "asyncio", "sqlite3", *HEAVY) == set()
    assert among(loaded, "vps_tui.tui", "vps_tui.sandbox") == set()
    providers = {name.rpartition(".")[2] for name in loaded if name.startswith("vps_tui.providers.")}
    assert providers <= {"registry", "help_words", "words", *MODULES}
    core = {name for name in loaded if name.startswith("vps_tui.core.")}
    assert core <= {"vps_tui.core.errors", "vps_tui.core.exit_codes", "vps_tui.core.nearest"}


def test_every_command_is_among_them() -> None:
    """A new command is to be added above, so that its help and its usage errors stay quick."""
    loaded_by(
        f"""
import argparse
from vps_tui.cli.parser import build_parser
def commands(parser, path=()):
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield (*path, name)
                inner.complete()
                yield from commands(inner, (*path, name))
found = set(commands(build_parser()))
assert found == set({COMMANDS!r}), found
"""
    )


@pytest.mark.parametrize("arguments", [[], ["--plain"]], ids=["no terminal", "--plain"])
def test_the_first_question_in_lines_loads_no_textual_and_no_client(arguments: list[str]) -> None:
    loaded = loaded_by(command_line(3, *arguments))
    heavy = {name for name in HEAVY if name != "platformdirs"}
    assert "vps_tui.plain.loop" in loaded
    assert among(loaded, "textual", "rich", "sqlite3", "vps_tui.tui", *heavy) == set()


@pytest.mark.parametrize("arguments", [["quote", "no-such-file"], ["order", "no-such-file", "--yes"]])
def test_a_file_that_is_not_there_costs_no_screen_and_no_client(arguments: list[str]) -> None:
    loaded = loaded_by(command_line(2, *arguments))
    assert among(loaded, "textual", "rich", "httpx", "httpcore", "pydantic", "cryptography", "sqlite3") == set()


def test_an_unknown_fault_loads_no_library() -> None:
    loaded = loaded_by(command_line(2, "sandbox", "--fault", "no-such-fault"))
    assert among(loaded, "textual", "rich", "asyncio", *HEAVY) == set()


def test_textual_itself_loads_one_of_the_heavy_libraries() -> None:
    """If this fails after an update of Textual, the first screen is paying for what changed there."""
    loaded = loaded_by(BARE_TEXTUAL)
    assert among(loaded, "textual", "rich", "asyncio") == {"textual", "rich", "asyncio"}
    assert among(loaded, *HEAVY) == {"platformdirs"}


def test_the_first_screen_loads_no_library_besides_textual() -> None:
    bare, ours = loaded_by(BARE_TEXTUAL), loaded_by(FIRST_SCREEN)
    assert among(ours, *HEAVY) == among(bare, *HEAVY)
    top_level = {name.partition(".")[0] for name in ours - bare} - set(sys.stdlib_module_names)
    assert top_level == {"vps_tui"}


def test_the_first_screen_loads_no_other_screen_and_no_client() -> None:
    ours = {name for name in loaded_by(FIRST_SCREEN) if within(name, "vps_tui")}
    assert {name for name in ours if within(name, "vps_tui.tui.screens")} == {
        "vps_tui.tui.screens",
        "vps_tui.tui.screens.choice",
        "vps_tui.tui.screens.provider",
        "vps_tui.tui.screens.reading",
        "vps_tui.tui.screens.step",
    }
    assert {
        name for name in ours if name.startswith("vps_tui.sandbox.") or name.endswith((".client", ".http"))
    } == set()


def test_naming_the_providers_loads_no_client() -> None:
    loaded = loaded_by("from vps_tui.providers.registry import all_providers\nassert len(all_providers()) >= 2")
    assert among(loaded, "asyncio", "textual", "rich", *HEAVY) == set()
    clients = [name for name in loaded if within(name, "vps_tui.providers") and name.endswith(".client")]
    assert clients == []


def test_a_loaded_library_is_noticed() -> None:
    assert among(loaded_by("import pydantic"), "textual", *HEAVY) == {"pydantic"}
