"""A journal with a clock that the test sets, and other processes that use it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vps_tui.journal import FILE_NAME, Journal

from . import child

Start = Callable[..., "subprocess.Popen[str]"]
"""Starts `child.py` with a command and arguments; what stands in `prefix` comes before the interpreter."""


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Move on by a `timedelta`."""
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / FILE_NAME


@pytest.fixture
def journal(path: Path, clock: Clock) -> Journal:
    return Journal(path, clock)


@pytest.fixture
def start(path: Path) -> Iterator[Start]:
    """Yield what starts a process; every one of them is ended after the test."""
    with ExitStack() as ended:

        def started(command: str, *rest: str, prefix: tuple[str, ...] = (), at: Path = path) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [*prefix, sys.executable, child.__file__, command, str(at), *rest],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            ended.enter_context(process)
            ended.callback(process.kill)
            return process

        yield started


def said(process: subprocess.Popen[str]) -> str:
    """Wait for a line of `process`."""
    assert process.stdout
    line = process.stdout.readline()
    assert line, "the process has ended"
    return line.rstrip("\n")


def tell(process: subprocess.Popen[str], line: str = "go") -> None:
    """Send a line to `process`."""
    assert process.stdin
    process.stdin.write(line + "\n")
    process.stdin.flush()
