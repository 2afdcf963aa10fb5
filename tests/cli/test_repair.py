"""`orders repair`, and what the other commands say while the record is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
from program.terminal import Terminal

from vps_tui.sandbox.server import Sandbox

from .conftest import Run, Write, bought, journal

QUESTION = "Type repair to do that:"


@pytest.fixture
def damaged(run: Run, write: Write, sandbox: Sandbox) -> str:
    """Damage the record of an order that nobody knows the fate of, and return its reference."""
    sandbox.set_faults(["reply-lost"])
    reference: str = run("order", write(), "--yes", "--json").document["reference"]
    sandbox.set_faults([])
    journal().path.write_bytes(b"")
    return reference


def kept() -> list[Path]:
    return sorted(journal().path.parent.glob("journal.damaged-*"))


def test_a_whole_record_is_left_alone(run: Run, write: Write) -> None:
    assert run("orders", "repair").out == "The record of orders is whole: there is nothing to repair.\n"
    run("order", write(), "--yes")
    before = journal().path.read_bytes()
    ran = run("orders", "repair", "--yes", "--json")
    assert (ran.code, ran.document) == (0, {"repaired": False, "recovered": 1, "lost": 0, "kept": []})
    assert (journal().path.read_bytes(), kept()) == (before, [])


def test_without_anybody_to_ask_it_needs_a_yes(run: Run, damaged: str) -> None:
    ran = run("orders", "repair")
    assert (ran.code, ran.out, kept()) == (2, "", [])
    assert "Add --yes to repair it without being asked." in ran.err


def test_it_says_what_was_recovered_and_what_to_look_at(run: Run, damaged: str) -> None:
    ran = run("orders", "repair", "--yes")
    first, *files, last = ran.out.splitlines()
    assert (ran.code, first) == (4, "The record of orders is repaired: 1 entry recovered, none lost.")
    assert files == [f"Kept: {path}" for path in sorted(kept())]
    assert last == f"It is not known what became of {damaged} (web1): vps-tui orders check {damaged}"
    checked = run("orders", "check", damaged)
    assert (checked.code, "It is there: the order was taken." in checked.out) == (0, True)
    assert run("orders", "repair").code == 0


def test_what_was_lost_is_said(run: Run, damaged: str) -> None:
    copy = journal().path.with_suffix(".copy")
    copy.write_bytes(b"".join(line for line in copy.read_bytes().splitlines(keepends=True) if b'{"row"' not in line))
    ran = run("orders", "repair", "--yes")
    assert ran.code == 4
    assert "none" not in ran.out
    assert "0 entries recovered, 1 lost." in ran.out
    assert "Look in the provider's panel" in ran.out


def test_the_list_shows_what_can_be_read_with_a_warning(run: Run, damaged: str) -> None:
    ran = run("orders")
    assert (ran.code, damaged in ran.out) == (1, True)
    assert f"1 of 1 entry can still be read. Not known: {damaged} (web1)." in ran.err
    assert "Until it is repaired nothing can be ordered. Run vps-tui orders repair" in ran.err
    shown = run("orders", "show", damaged)
    assert (shown.code, damaged in shown.out, "orders repair" in shown.err) == (4, True, True)


def test_doctor_says_it(run: Run, damaged: str) -> None:
    found = {one["name"]: one for one in run("doctor", "--json").document["files"]}
    assert found["Record of orders"]["state"] == "problem"
    assert "the file is empty" in found["Record of orders"]["message"]
    assert "orders repair" in found["Record of orders"]["hint"]
    run("orders", "repair", "--yes")
    found = {one["name"]: one for one in run("doctor", "--json").document["files"]}
    assert (found["Record of orders"]["state"], found["Record of orders"]["message"]) == ("ok", "whole (1 entry)")


@pytest.mark.pty
@pytest.mark.parametrize(("answer", "code"), [("repair\n", 4), ("yes\n", 3)])
def test_a_person_types_the_word(damaged: str, sandbox: Sandbox, answer: str, code: int) -> None:
    before = bought(sandbox)
    with Terminal(["orders", "repair"]) as terminal:
        terminal.wait_for("orders were recorded in it", damaged, QUESTION)
        terminal.send(answer)
        assert terminal.exit_code() == code
    assert (bool(kept()), bought(sandbox)) == (code == 4, before)


@pytest.mark.pty
def test_the_wizard_says_it_first(damaged: str) -> None:
    with Terminal(["--plain"]) as terminal:
        terminal.wait_for("orders were recorded in it", damaged, "orders repair")


@pytest.mark.pty
def test_the_sandbox_has_a_record_of_its_own(run: Run, damaged: str) -> None:
    assert run("--sandbox", "orders", "repair").code == 0
    assert kept() == []
