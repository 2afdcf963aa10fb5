"""The manual page: made from the parser, as installed, and without a complaint from those who set it."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from manual import page as man_page
from manual.page import page

from vps_tui.cli.parser import build_parser, commands_below

from .conftest import Run

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "vps_tui" / "vps-tui.1"


def as_read(text: str) -> str:
    """Return roff as one reads it, on one line."""
    plain = re.sub(r"^\.\w+ ?|^'\\\".*$", "", text, flags=re.MULTILINE)
    for written, character in (
        ("\\-", "-"),
        ("\\(dq", '"'),
        ("\\(aq", "'"),
        ("\\(ti", "~"),
        ("\\&", ""),
        ("\\e", "\\"),
    ):
        plain = plain.replace(written, character)
    return " ".join(plain.split())


def test_it_is_printed(run: Run) -> None:
    ran = run("man")
    assert (ran.code, ran.out) == (0, page())


def test_the_page_that_is_installed_is_the_present_one() -> None:
    """After a change of the command line: python -m tests.manual"""
    assert PAGE.read_text() == page()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared == {str(PAGE.relative_to(ROOT)): "share/man/man1/vps-tui.1"}


def test_every_command_and_option_is_in_it() -> None:
    text = as_read(page())
    parser = build_parser()
    for path, command in (((), parser), *commands_below(parser)):
        assert " ".join(("vps-tui", *path)) in text
        for action in command._actions:
            assert all(name in text for name in action.option_strings)
            assert action.dest == "help" or (action.help or "").casefold() in text.casefold()


def test_it_is_plain_ascii_in_short_lines() -> None:
    assert page().isascii()
    # What is typed is longer in roff than on the screen.
    assert max(len(as_read(line)) for line in page().splitlines() if not line.startswith(".")) <= 80


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
def test_mandoc_has_nothing_to_say() -> None:
    done = subprocess.run(
        ["mandoc", "-Tlint", "-W", "style"], input=page(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_man_shows_it_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "vps-tui.1"
    file.write_text(page())
    command = ["man", "--warnings", "-E", "ascii", "-P", "cat", "-l", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    shown = " ".join(re.sub(r".\x08", "", done.stdout).split())
    assert "vps-tui orders settle REF (--ordered | --not-ordered) [OPTIONS]" in shown
    assert 'ssh_key_file = "~/.ssh/id_ed25519.pub"' in shown


def test_what_is_typed_is_set_letter_by_letter() -> None:
    assert man_page._code(".a\\b-c'd~e") == "\\&.a\\eb\\-c\\(aqd\\(tie"
