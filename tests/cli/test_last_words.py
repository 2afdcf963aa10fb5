"""What stands under a command's outcome: the amount, and what can be typed next, where it works."""

from __future__ import annotations

from pathlib import Path

import pytest

from vps_tui.sandbox.server import Sandbox

from .conftest import EDIS, Run, Write, journal


def test_an_order_without_asking_names_its_amount(run: Run, write: Write) -> None:
    said = run("order", write(), "--yes").out
    quoted = run("quote", write(), "--json").document
    assert f"web1: {quoted['due_now']} EUR due at once." in said


def test_a_change_without_asking_says_what_it_was(run: Run, sandbox: Sandbox) -> None:
    said = run("change", "layerstack", "db1", "--add", "vm_backup=1", "--yes").out
    assert "db1, Add vm_backup +1: " in said
    assert " due at once." in said
    assert "USD due" not in run("cancel", "edis", "312846", "--immediately", "--yes").out
    assert len(sandbox.ledger.changes()) == 2


def test_in_the_sandbox_every_recommended_command_is_the_sandboxs(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its option they find nothing: it keeps a journal of its own."""
    monkeypatch.chdir(tmp_path)
    Path("web1.toml").write_text(EDIS)
    said = run("--sandbox", "order", "web1.toml", "--yes").out
    assert "vps-tui --sandbox orders show" in said
    assert "vps-tui --sandbox watch" in said
    reference = said.partition("Recorded as ")[2].partition(":")[0]
    assert run("--sandbox", "orders", "show", reference).code == 0


def test_outside_it_they_are_not(run: Run, write: Write) -> None:
    run("--sandbox", "orders")
    assert "vps-tui orders show" in run("order", write(), "--yes").out


def test_a_provider_that_could_not_be_asked_is_not_an_empty_account(run: Run, sandbox: Sandbox) -> None:
    sandbox.set_faults(["http-503:cloudserver"])
    said = run("servers").out
    assert "LayerStack\n  could not be asked: what one has there is not known" in said
    assert "no servers" not in said


def test_looking_for_an_order_that_is_known_does_not_contradict_it(run: Run, write: Write, sandbox: Sandbox) -> None:
    """An unpaid server is not listed: that does not make it one that was not taken."""
    sandbox.set_faults(["insufficient-credit"])
    run("order", write(), "--yes")
    (entry,) = journal().entries()
    said = run("orders", "check", entry.reference).out
    assert "What became of it is known." in said
    assert "most likely" not in said
