"""`quote` and `order` of a start-up script: repairs and warnings are said before the order, in every form."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest
from core.script_texts import GOOD

from vps_tui.sandbox.server import Sandbox

from .conftest import Run, Write, bodies, bought, journal, parsed

INLINE = 'startup_script = "#!/bin/sh\\necho hello\\n"'
FILE = 'startup_script_file = "boot.sh"'
WINDOWS = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
MARK = "Start-up script: A byte order mark was taken off its start."
LINE_ENDS = "Start-up script: Windows line ends were changed to Linux ones."


@pytest.fixture
def written(write: Write, tmp_path: Path) -> Path:
    """Return an order file whose script was saved on Windows."""
    (tmp_path / "boot.sh").write_bytes(WINDOWS)
    return write("layerstack", (INLINE, FILE))


def sent_scripts(sandbox: Sandbox) -> list[str]:
    return [b64decode(body["custom_script"]).decode() for body in parsed(sandbox, "/api/order/add-to-cart")]


def test_a_quote_says_what_is_repaired(run: Run, written: Path) -> None:
    assert run("quote", written, "--json").document["notes"][:2] == [MARK, LINE_ENDS]
    words = run("quote", written).out
    assert MARK in words
    assert LINE_ENDS in words


def test_an_order_says_it_on_standard_error_before_it_is_sent(run: Run, written: Path, sandbox: Sandbox) -> None:
    ran = run("order", written, "--yes", "--json")
    assert ran.code == 0
    assert ran.err.splitlines()[:2] == [MARK, LINE_ENDS]
    assert ran.document["quote"]["notes"][:2] == [MARK, LINE_ENDS]
    assert sent_scripts(sandbox) == [GOOD]
    assert "\\r" not in journal().entries()[0].purchase.order_file


def test_it_is_said_even_where_the_order_fails(run: Run, written: Path, sandbox: Sandbox) -> None:
    sandbox.set_faults(["http-500"])
    ran = run("order", written, "--yes")
    assert (ran.code, MARK in ran.err) == (4, True)


def test_a_dry_run_says_it_as_well(run: Run, written: Path, sandbox: Sandbox) -> None:
    assert run("order", written, "--dry-run", "--json").document["quote"]["notes"][:2] == [MARK, LINE_ENDS]
    assert MARK in run("order", written, "--dry-run").out
    assert bought(sandbox) == 0


def test_a_good_script_says_nothing(run: Run, write: Write) -> None:
    ran = run("order", write("layerstack"), "--yes", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert not any("Start-up script" in note for note in ran.document["quote"]["notes"])


def test_a_repaired_file_is_the_order_of_a_file_that_needed_no_repair(
    run: Run, written: Path, tmp_path: Path, sandbox: Sandbox
) -> None:
    assert run("order", written, "--yes").code == 0
    (tmp_path / "boot.sh").write_text(GOOD)
    again = run("order", written, "--yes")
    assert (again.code, bought(sandbox)) == (1, 1), "the same order is not sent twice"
    reference = journal().entries()[0].reference
    assert run("order", written, "--yes", "--again", reference).code == 0
    first, second = bodies(sandbox, "/api/order/add-to-cart")
    assert sent_scripts(sandbox) == [GOOD, GOOD]
    assert len(first) == len(second)


@pytest.mark.parametrize("script", ["echo hi", "#!/bin/bash -e -u", "#!bash", "#cloud-config\\nruncmd: [ls]"])
def test_what_no_server_runs_is_refused_before_anything_is_asked(
    run: Run, write: Write, sandbox: Sandbox, script: str
) -> None:
    path = write("layerstack", (INLINE, f'startup_script = "{script}"'))
    for command in (("quote", path), ("order", path, "--yes"), ("order", path, "--yes", "--json")):
        ran = run(*command)
        assert ran.code == 2
        said = ran.out + ran.err
        assert "server[1].startup_script: " in said
        assert ("startup_script_is_cloud_init = true" in said) == script.startswith("#cloud")
    assert bought(sandbox) == 0


def test_with_a_yes_in_the_file_cloud_init_is_sent_and_warned_of(run: Run, write: Write, sandbox: Sandbox) -> None:
    script = 'startup_script = "#cloud-config\\nruncmd: [ls]\\n"\nstartup_script_is_cloud_init = true'
    path = write("layerstack", (INLINE, script))
    (note,) = [note for note in run("quote", path, "--json").document["notes"] if "Start-up" in note]
    assert "cloud-init" in note
    ran = run("order", path, "--yes")
    assert (ran.code, note in ran.err) == (0, True)
    assert sent_scripts(sandbox) == ["#cloud-config\nruncmd: [ls]\n"]
    assert "startup_script_is_cloud_init = true" in journal().entries()[0].purchase.order_file


def test_of_several_servers_it_is_said_whose_script_it_is(run: Run, written: Path) -> None:
    second = written.read_text().partition("[[server]]")[2].replace(FILE, "")
    written.write_text(f"{written.read_text()}\n[[server]]{second}")
    assert f"1. web1: {MARK}" in run("quote", written, "--json").document["notes"]
    written.write_text(f"{written.read_text()}\n{FILE}\n")
    assert MARK in run("quote", written, "--json").document["notes"], "of all servers it is said once"
