"""The record damaged on the disk: the same order is refused before anything leaves, and can be found out about."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from vps_tui.files.locations import state_folder
from vps_tui.sandbox.server import Sandbox

from .gate import Gate, Paid
from .processes import Processes
from .program import Program, names


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[content.index(b"unknown") + 2] ^= 4
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    path.write_text("no record of orders\n" * 300)


def older(path: Path) -> None:
    path.write_bytes(path.with_name("older").read_bytes())


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir(mode=0o700)


DAMAGES: tuple[Callable[[Path], None], ...] = (flipped, cut, emptied, foreign, older, folder, Path.unlink)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_the_same_order_on_a_damaged_record(
    damage: Callable[[Path], None], program: Program, processes: Processes, gate: Gate, sandbox: Sandbox
) -> None:
    """No second call whatever happened to the file; after the repair it is the unknown order that is in the way."""

    def lost(paid: Paid) -> None:
        paid.receive()
        paid.reset()

    path = state_folder() / "journal.sqlite"
    assert program.order(program.file("edis", "web0")).code == 0
    shutil.copyfile(path, path.with_name("older"))
    gate.act = lost
    file = program.file("edis")
    unknown = program.order(file)
    assert (unknown.code, gate.paid, names(sandbox)) == (4, 2, ["web0", "web1"]), unknown
    damage(path)

    again = processes.run(program.command(file))
    assert (again.code, gate.paid) == (1, 2), again
    assert "cannot be used" in again.said
    assert "traceback" not in again.said
    assert "a fault of its own" not in again.said
    if damage is folder:
        assert "move it away" in again.said
        path.rmdir()

    listed = program("orders", "--json")
    assert listed.code == 1
    assert {entry["outcome"] for entry in listed.document["orders"]} == {"placed", "unknown"}
    assert "orders repair" in listed.document["error"]["hint"]
    reference = unknown.document["reference"]
    assert program("orders", "show", reference).code == 4
    refused = program("orders", "settle", reference, "--not-ordered")
    assert (refused.code, "orders repair" in refused.err) == (1, True), refused

    repaired = program("orders", "repair", "--yes", "--json")
    assert repaired.code == 4
    assert (repaired.document["recovered"], repaired.document["lost"]) == (2, 0)
    assert [entry["reference"] for entry in repaired.document["unknown"]] == [reference]
    third = program.order(file)
    assert (third.code, gate.paid) == (1, 2), third
    assert reference in third.document["message"]
    gate.act = lambda paid: paid.send(paid.receive())
    assert program.order(program.file("edis", "web2")).code == 0
