"""A sandbox in the place of both providers, order files, and the program run in this process."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vps_tui.cli import main
from vps_tui.files.locations import config_folder, state_folder
from vps_tui.journal import Journal
from vps_tui.providers import http
from vps_tui.sandbox.data import LAYERSTACK_CATALOG
from vps_tui.sandbox.server import EDIS_ACCOUNT, LAYERSTACK_ACCOUNT, Sandbox

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvciB0aGUgdGVzdHMgb2Yga2V5IGZpbGVzIG9ubHkh ops@box"
FINGERPRINT = "SHA256:8KGny1+QPfIf4kHpVT6xUSsUlbihYH4XbPCCIJkx/AI"

EDIS = f"""version = 1
provider = "edis"
location = 122
billing_cycle = "monthly"
payment_method = "cryptomus"

[[server]]
name = "web1"
plan = 1707
os = 208
ssh_key = "{KEY}"
additional_ip = 9
"""

STACK = f"""version = 1
provider = "layerstack"
billing_cycle = "monthly"
currency = "usd"
payment_method = "ccard"

[[server]]
name = "web1"
plan = 101
plan_type = "cloud_servers_standard"
os = 12
addons = [{{ id = 6, value = 1 }}]
ssh_key = "{KEY}"
startup_script = "#!/bin/sh\\necho hello\\n"
"""

FILES = {"edis": EDIS, "layerstack": STACK}
BUYING = ("/kvm/v2/add/order", "/api/order", "/api/order/add-to-cart")

Write = Callable[..., Path]
"""Writes an order file of a provider, with pieces of its text replaced by others."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of the program."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document that standard output is."""
        return json.loads(self.out)


Run = Callable[..., Ran]
"""Runs the program with these arguments."""


@pytest.fixture(autouse=True)
def _quick_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try reads again at once: that they pause is not what these tests are about."""
    monkeypatch.setattr(http, "READ_PAUSES", (0.0, 0.0))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox in memory that delivers at once; fails the test on a mistake of its own."""
    with Sandbox(delivery_seconds=0) as running:
        yield running
    assert running.failures == []


@pytest.fixture
def addresses(sandbox: Sandbox) -> dict[str, str]:
    """The environment in which the sandbox stands in the place of both providers."""
    return {
        "VPS_TUI_EDIS_URL": sandbox.edis_url,
        "VPS_TUI_EDIS_SESSION_URL": sandbox.edis_url,
        "VPS_TUI_EDIS_EMAIL": EDIS_ACCOUNT[0],
        "VPS_TUI_EDIS_PASSWORD": EDIS_ACCOUNT[1],
        "VPS_TUI_LAYERSTACK_URL": sandbox.layerstack_url,
        "VPS_TUI_LAYERSTACK_ACCOUNT": LAYERSTACK_ACCOUNT[0],
        "VPS_TUI_LAYERSTACK_TOKEN": LAYERSTACK_ACCOUNT[1],
    }


@pytest.fixture(autouse=True)
def catalog_file(addresses: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set the environment, and write LayerStack's catalogue where a user would; returns its path."""
    for name, value in addresses.items():
        monkeypatch.setenv(name, value)
    folder = config_folder()
    folder.mkdir(parents=True, mode=0o700)
    return Path(shutil.copy(LAYERSTACK_CATALOG, folder / "layerstack-catalog.toml"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the program here, away from any terminal."""

    def run_one(*arguments: object) -> Ran:
        capsys.readouterr()
        try:
            code = main.main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run_one


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write order files."""

    def write_one(provider: str = "edis", *changes: tuple[str, str], name: str = "") -> Path:
        text = FILES[provider]
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / (name or f"{provider}.toml")
        path.write_text(text)
        return path

    return write_one


def journal() -> Journal:
    """Return the journal of the program's runs."""
    return Journal(state_folder() / "journal.sqlite")


def bought(sandbox: Sandbox) -> int:
    """Return how many orders the sandbox took."""
    return len(sandbox.ledger.orders())


def not_reads(sandbox: Sandbox) -> list[str]:
    """Return every request that arrived and is no read."""
    reads = ("POST /kvm/v2/get/", "GET /api/cloudserver")
    lines = [f"{request.method} {request.path}" for request in sandbox.requests]
    return [line for line in lines if not line.startswith(reads)]


def bodies(sandbox: Sandbox, *paths: str) -> list[bytes]:
    """Return the bodies that arrived on `paths`, in order."""
    return [request.body for request in sandbox.requests if request.route in paths]


def parsed(sandbox: Sandbox, path: str) -> list[dict[str, Any]]:
    """Return the JSON bodies that arrived on `path`, in order."""
    return [json.loads(body) for body in bodies(sandbox, path)]


def configure(text: str) -> None:
    """Write the configuration, for its owner alone."""
    path = config_folder() / "config.toml"
    path.write_text(text)
    path.chmod(0o600)
