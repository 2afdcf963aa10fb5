"""What others could have written is neither ordered from nor signed in with, and the program says how to mend it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from vps_tui.core.catalog import OsFamily
from vps_tui.core.errors import UsageError
from vps_tui.files.locations import config_folder
from vps_tui.providers.layerstack.catalog_file import read_catalog, remember
from vps_tui.providers.models import TypedIds
from vps_tui.sandbox.data import LAYERSTACK_CATALOG

IDS = TypedIds("7", "cloud_servers_standard", "12", OsFamily.LINUX, "usd")


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A catalogue that only its owner can change."""
    path = Path(shutil.copyfile(LAYERSTACK_CATALOG, tmp_path / "layerstack-catalog.toml"))
    path.chmod(0o644)
    return path


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666, 0o620, 0o602])
def test_a_catalogue_that_others_may_write_to(catalogue: Path, mode: int) -> None:
    assert read_catalog(catalogue).plans
    before = catalogue.read_text()
    catalogue.chmod(mode)
    for use in (lambda: read_catalog(catalogue), lambda: remember(catalogue, IDS)):
        with pytest.raises(UsageError, match="other users can change it") as caught:
            use()
        assert caught.value.hint == f"Run: chmod go-w {catalogue}"
    assert catalogue.read_text() == before


def test_another_users_catalogue(catalogue: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(catalogue, 12345, -1)
    with pytest.raises(UsageError, match="belongs to another user"):
        read_catalog(catalogue)


def test_a_new_catalogue_is_its_owners_alone_under_any_mask(tmp_path: Path) -> None:
    path = tmp_path / "config" / "layerstack-catalog.toml"
    before = os.umask(0)
    try:
        remember(path, IDS)
    finally:
        os.umask(before)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path.parent, path)] == [0o700, 0o600]
    assert [plan.id for plan in read_catalog(path).plans] == ["7"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vps_tui", *arguments]
    return subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)


@pytest.mark.parametrize("command", [("quote", "x.toml"), ("orders",), ("catalog", "edis")])
def test_every_command_refuses_a_configuration_that_others_can_read(command: tuple[str, ...]) -> None:
    config_folder().mkdir(parents=True)
    path = config_folder() / "config.toml"
    path.touch()
    path.chmod(0o644)
    done = run(*command)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{path} is not used: other users can read it. Run: chmod 600 {path}" in done.stderr


def test_every_command_refuses_an_unknown_profile() -> None:
    config_folder().mkdir(parents=True)
    path = config_folder() / "config.toml"
    path.write_text("[profile.work.edis]\nemail = 'a@b'\n")
    path.chmod(0o600)
    done = run("--profile", "wrok", "orders")
    assert done.returncode == 2
    assert "has no profile 'wrok'. Did you mean work?" in done.stderr
    assert run("--profile", "work", "orders").returncode == 0


def test_a_state_folder_that_leads_elsewhere(tmp_path: Path) -> None:
    state = Path(os.environ["XDG_STATE_HOME"])
    state.mkdir(parents=True)
    (state / "vps-tui").symlink_to(tmp_path)
    done = run("orders")
    assert done.returncode == 2
    assert "it is a symbolic link" in done.stderr
    assert list(tmp_path.iterdir()) == []
