"""SSH keys made for the tests, a folder that holds one, and a current folder that may be written to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ed25519

from vps_tui.core.ssh_keys import PublicKey, parse_public_key


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key pair of this test run, known nowhere else."""

    public: PublicKey
    private: str
    """In OpenSSH's own format, with its line ends."""


@pytest.fixture(scope="session")
def made_key() -> MadeKey:
    """An ed25519 pair with the comment ops@box."""
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(ser.Encoding.OpenSSH, ser.PublicFormat.OpenSSH).decode()
    private = key.private_bytes(ser.Encoding.PEM, ser.PrivateFormat.OpenSSH, ser.NoEncryption()).decode()
    return MadeKey(parse_public_key(f"{public} ops@box"), private)


@pytest.fixture(autouse=True)
def current_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder: orders are saved there unless another is named."""
    folder = tmp_path_factory.mktemp("current")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def ssh_folder(tmp_path: Path, made_key: MadeKey) -> Path:
    """A folder with the public half of `made_key` in it."""
    folder = tmp_path / "ssh"
    folder.mkdir()
    (folder / "id_ed25519.pub").write_text(f"{made_key.public.line}\n")
    return folder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take every third case of a test with many: each walks through the wizard, and together they take minutes.

    `VPS_TUI_ALL_CASES=1` runs all of them.
    """
    if os.environ.get("VPS_TUI_ALL_CASES"):
        return
    here = Path(__file__).parent
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if here in item.path.parents and "[" in item.name:
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left_out = {item for group in cases.values() if len(group) > 3 for item in group if group.index(item) % 3}
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
