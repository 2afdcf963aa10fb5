"""The program as a script uses it: order files, an environment, the exit code and what was printed."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from vps_tui.cli.main import main
from vps_tui.files.locations import config_folder, state_folder
from vps_tui.journal import Journal
from vps_tui.sandbox.data import LAYERSTACK_CATALOG
from vps_tui.sandbox.server import Sandbox

EDIS = ("ops@example.test", 'Sesame+"open" & 7431%')
LAYERSTACK = ("XX-55501234", "token+/7431=secret")
SERVER_PASSWORD = 'Root+"pass"&7431/%'
SECRETS = (EDIS[1], LAYERSTACK[1], SERVER_PASSWORD)
PROVIDERS = ("edis", "layerstack")
EXIT = {"placed": 0, "refused": 1, "not_sent": 1, "unknown": 4}

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk1oxDGpQ4mH8IubL0U4fU1xYk8kQ7Vh0Qz4tq0bXyZ ops@box"

ORDER_FILES = {
    "edis": """\
version = 1
provider = "edis"
location = 122
billing_cycle = "monthly"
payment_method = "cryptomus"

[[server]]
name = "{name}"
plan = 1707
os = 208
ssh_key = "{key}"
""",
    "layerstack": """\
version = 1
provider = "layerstack"
billing_cycle = "monthly"
currency = "usd"
payment_method = "ccard"

[[server]]
name = "{name}"
plan = 101
plan_type = "cloud_servers_standard"
os = 12
ssh_key = "{key}"
""",
}

DENIALS = ("not ordered", "nothing was ordered", "nothing was sent", "nothing reached", "ordering again is safe")
"""What may never be said of an order that the provider has, in lower case."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the program left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output, which is one JSON document and nothing else."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def said(self) -> str:
        """Everything that was printed, in lower case."""
        return f"{self.out}\n{self.err}".lower()


class Program:
    """Runs the program inside the test's own process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.printed: list[str] = []

    def __call__(self, *arguments: str | Path) -> Run:
        """Run it with `arguments`."""
        self._capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else -1
        caught = self._capsys.readouterr()
        self.printed += [caught.out, caught.err]
        return Run(code, caught.out, caught.err)

    def order(self, file: Path, *options: str) -> Run:
        """Order `file` as a script does."""
        return self(*self.command(file, *options))

    def command(self, file: Path, *options: str) -> list[str]:
        """Return the arguments with which a script orders `file`."""
        return ["--config", str(self.config()), "order", str(file), "--yes", "--json", *options]

    def file(self, provider: str, name: str = "web1") -> Path:
        """Write an order file for one server called `name`; returns its path."""
        path = self.folder / f"{provider}-{name}.toml"
        path.write_text(ORDER_FILES[provider].format(name=name, key=KEY))
        return path

    def config(self) -> Path:
        """Return the configuration file, which exists."""
        path = self.folder / "config.toml"
        if not path.exists():
            self.set_timeout(5.0)
        return path

    def set_timeout(self, seconds: float) -> None:
        """Have every answer waited for that long."""
        path = self.folder / "config.toml"
        path.write_text(f"[network]\nread_timeout = {seconds}\n")
        path.chmod(0o600)

    def journal(self) -> dict[str, dict[str, Any]]:
        """Return what `orders --json` lists, by reference."""
        listed = self("orders", "--json")
        assert listed.code == 0, listed
        return {entry["reference"]: entry for entry in listed.document["orders"]}


def environment(edis_url: str, layerstack_url: str) -> dict[str, str]:
    """Return the variables that have the program order at these addresses."""
    return {
        "VPS_TUI_EDIS_URL": edis_url,
        "VPS_TUI_EDIS_SESSION_URL": edis_url,
        "VPS_TUI_EDIS_EMAIL": EDIS[0],
        "VPS_TUI_EDIS_PASSWORD": EDIS[1],
        "VPS_TUI_LAYERSTACK_URL": layerstack_url,
        "VPS_TUI_LAYERSTACK_ACCOUNT": LAYERSTACK[0],
        "VPS_TUI_LAYERSTACK_TOKEN": LAYERSTACK[1],
        "VPS_TUI_SERVER_PASSWORD": SERVER_PASSWORD,
    }


def address(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Have the program order at `url`, which has no path, from both providers."""
    for name, value in environment(url, f"{url}/api").items():
        monkeypatch.setenv(name, value)


def write_catalog() -> None:
    """Give the program the sandbox's LayerStack catalogue as its own."""
    folder = config_folder()
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    shutil.copy(LAYERSTACK_CATALOG, folder / "layerstack-catalog.toml")


def own_journal() -> Journal:
    """Return the journal that the program keeps for the test's home."""
    return Journal(state_folder() / "journal.sqlite")


def names(sandbox: Sandbox) -> list[str]:
    """Return the server name of every order that was taken."""
    return [label for order in sandbox.ledger.orders() for label in order.labels]


def forms(secret: str) -> Iterator[bytes]:
    """Yield a secret in every form in which it could come back."""
    raw = secret.encode()
    yield from (raw, quote(raw, safe="").encode(), quote_plus(raw).encode(), base64.b64encode(raw))
    yield json.dumps(secret)[1:-1].encode()


def swept(*printed: str) -> Mapping[str, str]:
    """Return where a secret stands in the files of the test's home or in `printed`; empty when nowhere."""
    home = Path(os.environ["HOME"])
    texts = {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    texts |= {f"output {number}": text.encode() for number, text in enumerate(printed)}
    return {
        place: form.decode()
        for place, text in texts.items()
        for secret in SECRETS
        for form in forms(secret)
        if form in text
    }
