"""The program whose verdicts on keys count."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def ssh_keygen() -> str:
    """The program whose verdicts count."""
    found = shutil.which("ssh-keygen")
    if found is None and os.environ.get("CI"):
        pytest.fail("ssh-keygen is missing: install openssh-client")
    if found is None:
        pytest.skip("ssh-keygen is not installed")
    return found


@pytest.fixture(scope="session")
def made(ssh_keygen: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a key with ssh-keygen, once per kind and length; returns the private half's path, to be copied."""

    @cache
    def make(kind: str, bits: str) -> Path:
        secret = tmp_path_factory.mktemp("made") / "id"
        length = ("-b", bits) if bits else ()
        command = [ssh_keygen, "-q", "-t", kind, *length, "-N", "", "-C", "ops team@box", "-f", str(secret)]
        subprocess.run(command, check=True)
        return secret

    return lambda kind, bits="": make(kind, bits)
