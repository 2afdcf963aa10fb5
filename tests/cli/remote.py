"""The real ssh, made to take a test's home folder for its own: it goes by the password file, not by HOME."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vps_tui.ssh.agent import VARIABLE
from vps_tui.ssh.identities import DEFAULT_NAMES


class Shell:
    """Runs commands in which `ssh` finds known hosts, configuration and default keys in the test's home."""

    def __init__(self, home: Path, port: int) -> None:
        """Write the configuration, and a program `ssh` that names it."""
        program = shutil.which("ssh")
        if program is None and os.environ.get("CI"):
            pytest.fail("ssh is missing: install openssh-client")
        if program is None:
            pytest.skip("ssh is not installed")
        self.keys = home / ".ssh"
        self.keys.mkdir(mode=0o700, exist_ok=True)
        self._port = port
        self._config = home / "ssh_config"
        self._known = home / "known_hosts"
        self._programs = home / "programs"
        self._programs.mkdir()
        shim = self._programs / "ssh"
        shim.write_text(f'#!/bin/sh\nexec {program} -F {self._config} "$@"\n')
        shim.chmod(0o755)
        self._write("".join(f"IdentityFile {self.keys / name}\n" for name in DEFAULT_NAMES))

    def configure(self, text: str) -> None:
        """Give ssh the configuration `text`, which is the person's own; it tries no default files then."""
        (self.keys / "config").write_text(text)
        self._write(text)

    def run(self, command: str) -> int:
        """Return the exit code of `command`; the host key it meets is the one that is known."""
        found = re.search(r"root@(\S+)$", command)
        assert found is not None
        scan = ["ssh-keyscan", "-p", str(self._port), "-t", "ed25519", found[1]]
        self._known.write_bytes(subprocess.run(scan, check=True, capture_output=True, timeout=20).stdout)
        path = f"{self._programs}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-c", command],
            env=os.environ | {"PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=30,
        )
        assert (done.returncode == 0) == (b"You are in." in done.stdout), (done.returncode, done.stderr)
        return done.returncode

    def _write(self, keys: str) -> None:
        self._config.write_text(
            f"StrictHostKeyChecking yes\nUserKnownHostsFile {self._known}\nGlobalKnownHostsFile none\n"
            f"BatchMode yes\n{keys}"
        )


def generate(path: Path, kind: str) -> None:
    """Make a pair without a passphrase."""
    size = ["-b", "2048"] if kind == "rsa" else []
    command = ["ssh-keygen", "-q", "-t", kind, *size, "-N", "", "-C", "ops@box", "-f", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


@contextmanager
def agent_with(folder: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> Iterator[None]:
    """Run an agent that has taken the private keys of these names over from `folder`."""
    address = folder / "agent"
    with subprocess.Popen(["ssh-agent", "-D", "-a", str(address)], stdout=subprocess.PIPE) as agent:
        try:
            assert agent.stdout is not None
            agent.stdout.readline()
            monkeypatch.setenv(VARIABLE, str(address))
            for name in names:
                subprocess.run(["ssh-add", "-q", str(folder / name)], check=True, stdin=subprocess.DEVNULL)
                (folder / name).unlink()
            yield
        finally:
            agent.terminate()
