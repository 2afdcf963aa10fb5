"""The program whose verdicts on keys count."""

from __future__ import annotations

import os
import shutil

import pytest


@pytest.fixture(scope="module")
def ssh_keygen() -> str:
    """The program whose verdicts count."""
    found = shutil.which("ssh-keygen")
    if found is None and os.environ.get("CI"):
        pytest.fail("ssh-keygen is missing: install openssh-client")
    if found is None:
        pytest.skip("ssh-keygen is not installed")
    return found
