"""Where programs are started: an own home, this checkout, and providers to talk to."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .program import Command

ROOT = Path(__file__).parents[2]
FLOOR = Path(__file__).with_name("floor.py")
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvciB0aGUgdGVzdHMgb2Yga2V5IGZpbGVzIG9ubHkh ops@box"

PYTHON = sys.executable
_SCRIPT = Path(PYTHON).with_name("vps-tui")
PROGRAM = (PYTHON, str(_SCRIPT)) if _SCRIPT.exists() else (PYTHON, "-m", "vps_tui")
"""How the program is started: as installed in this virtual environment, else as a module."""


class Home:
    """A home folder with one public SSH key in it and nothing else, and an empty current folder."""

    def __init__(self, root: Path) -> None:
        """Make both below `root`."""
        self.path, self.current = root / "home", root / "current"
        keys = self.path / ".ssh"
        for folder in (self.path, keys, self.current):
            folder.mkdir(mode=0o700)
        (keys / "id_ed25519.pub").write_text(f"{PUBLIC_KEY}\n")
        self.live: dict[str, str] = {}
        """Environment of the providers to talk to; empty for none."""

    @property
    def config(self) -> Path:
        """The configuration folder, made on first use."""
        folder = self.path / ".config" / "vps-tui"
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        return folder

    def forget(self) -> None:
        """Make it as new: what programs have kept in it goes."""
        for name in (".config", ".local", ".cache"):
            shutil.rmtree(self.path / name, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """Return what a program sees: an xterm with all colours, this checkout's modules, no other setting."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.path),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONPATH": str(ROOT),
            **self.live,
        }

    def floor(self) -> Command:
        """Return the command of the floor app."""
        return Command((PYTHON, str(FLOOR)), self.environment(), self.current)

    def program(self, *arguments: str) -> Command:
        """Return the command of the program."""
        return Command((*PROGRAM, *arguments), self.environment(), self.current)

    def python(self, code: str, *arguments: str) -> Command:
        """Return the command of some Python."""
        return Command((PYTHON, "-c", code, *arguments), self.environment(), self.current)


@contextmanager
def new_home() -> Iterator[Home]:
    """Yield a home that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="vps-tui-benchmark-") as folder:
        yield Home(Path(folder))


@contextmanager
def live_home(*faults: str) -> Iterator[Home]:
    """Yield a home whose providers are the sandbox, served by a process of its own with `faults`."""
    with new_home() as served, new_home() as home, _serving(served, faults) as variables:
        home.live = {**variables, "VPS_TUI_EDIS_SESSION_URL": variables["VPS_TUI_EDIS_URL"]}
        yield home


@contextmanager
def _serving(home: Home, faults: Sequence[str]) -> Iterator[dict[str, str]]:
    options = [word for fault in faults for word in ("--fault", fault)]
    command = home.program("sandbox", *options)
    process = subprocess.Popen(command.arguments, env=command.environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        variables: dict[str, str] = {}
        for line in process.stdout:
            if "Stop with" in line:
                break
            if not line.startswith("#"):
                name, _, value = line.partition("=")
                variables[name] = shlex.split(value)[0]
        yield variables
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
