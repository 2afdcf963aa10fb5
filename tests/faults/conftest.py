"""A sandbox with a gate before it, and the program pointed at them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from vps_tui.providers import http
from vps_tui.sandbox.server import Sandbox

from .gate import Gate
from .processes import Processes
from .program import EDIS, LAYERSTACK, Program, address, write_catalog


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox in memory that delivers at once; fails the test on a mistake of its own."""
    with Sandbox(
        delivery_seconds=0, credit=Decimal(100_000), edis_account=EDIS, layerstack_account=LAYERSTACK
    ) as running:
        yield running
    assert running.failures == []


@pytest.fixture
def gate(sandbox: Sandbox) -> Iterator[Gate]:
    """A gate that passes everything on until it is told otherwise."""
    with Gate(behind=int(sandbox.edis_url.rpartition(":")[2])) as running:
        yield running


@pytest.fixture
def program(
    gate: Gate, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Program:
    """The program, which orders at the gate."""
    monkeypatch.setattr(http, "READ_PAUSES", (0.0, 0.0))
    address(monkeypatch, gate.url)
    write_catalog()
    return Program(tmp_path, capsys)


@pytest.fixture(scope="session")
def processes() -> Iterator[Processes]:
    """What starts the program in processes of its own."""
    with Processes() as running:
        yield running
