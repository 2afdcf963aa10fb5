"""A home with an SSH key, a sandbox to order from, and terminals that are closed after the test."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp

import pytest

from vps_tui.files.locations import config_folder
from vps_tui.sandbox.data import LAYERSTACK_CATALOG
from vps_tui.sandbox.server import EDIS_ACCOUNT, LAYERSTACK_ACCOUNT, Sandbox

from .terminal import Terminal

Open = Callable[..., Terminal]
"""Starts the program with the arguments of `Terminal`."""


@pytest.fixture(scope="session")
def made_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private key as OpenSSH makes it, its public half beside it."""
    path = tmp_path_factory.mktemp("made") / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ops@box", "-f", path], check=True)
    return path


@pytest.fixture(autouse=True)
def own_key(own_environment: Path, made_key: Path) -> Path:
    """Put the public half into the home's `.ssh`; returns its path there."""
    folder = own_environment / ".ssh"
    folder.mkdir(mode=0o700)
    return Path(shutil.copy(made_key.with_suffix(".pub"), folder))


@pytest.fixture(autouse=True)
def current_folder(folders: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder: orders are saved there unless another is named."""
    folder = Path(mkdtemp(prefix="current", dir=folders))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def open_terminal() -> Iterator[Open]:
    """Start the program in terminals of its own."""
    with ExitStack() as running:
        yield lambda *args, **options: running.enter_context(Terminal(*args, **options))


@pytest.fixture
def trial(open_terminal: Open) -> Terminal:
    """The wizard on its built-in sandbox."""
    return open_terminal(["--sandbox"])


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox outside the program, whose requests can be looked at."""
    with Sandbox(delivery_seconds=0) as running:
        yield running
    assert running.failures == []


@pytest.fixture
def start(sandbox: Sandbox, open_terminal: Open) -> Callable[..., Terminal]:
    """Start the wizard, with arguments, as against the real providers, with `sandbox` in their place."""
    folder = config_folder()
    folder.mkdir(parents=True, mode=0o700)
    shutil.copy(LAYERSTACK_CATALOG, folder / "layerstack-catalog.toml")
    environment = {
        "VPS_TUI_EDIS_URL": sandbox.edis_url,
        "VPS_TUI_EDIS_SESSION_URL": sandbox.edis_url,
        "VPS_TUI_EDIS_EMAIL": EDIS_ACCOUNT[0],
        "VPS_TUI_EDIS_PASSWORD": EDIS_ACCOUNT[1],
        "VPS_TUI_LAYERSTACK_URL": sandbox.layerstack_url,
        "VPS_TUI_LAYERSTACK_ACCOUNT": LAYERSTACK_ACCOUNT[0],
        "VPS_TUI_LAYERSTACK_TOKEN": LAYERSTACK_ACCOUNT[1],
    }
    return lambda *arguments: open_terminal(arguments, environment=environment)


@pytest.fixture
def live(start: Callable[..., Terminal]) -> Terminal:
    """The wizard as it runs against the real providers, with `sandbox` in their place."""
    return start()


ORDER = """version = 1
provider = "edis"
location = 122
billing_cycle = "monthly"
payment_method = "cryptomus"

[[server]]
name = "web1"
plan = 1707
os = 208
"""


@pytest.fixture
def order_file(tmp_path: Path) -> Path:
    """An order from EDIS Global that the sandbox takes."""
    file = tmp_path / "web1.toml"
    file.write_text(ORDER)
    return file
