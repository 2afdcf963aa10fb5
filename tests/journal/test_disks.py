"""Disks that take nothing: without a record there is no order."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from vps_tui.journal import Journal, JournalFailed, State

from .child import PURCHASE, purchase
from .conftest import Start, said


def tried(process: subprocess.Popen[str], reason: str) -> None:
    """Read what `child.tried` says: every write fails for `reason`, and nothing half-done stays."""
    title, nothing = "No record can be kept", "Nothing was ordered."
    for call, money in (("prepare", nothing), ("begin", nothing)):
        name, kind, words, message, said_money = said(process).split("|")
        assert (name, kind, words, said_money) == (call, "JournalFailed", title, money)
        assert reason in message
    assert said(process) == "states|prepared"
    name, kind, _, message, money = said(process).split("|")
    assert (name, kind, money) == ("finish", "JournalFailed", "The order was placed.")
    assert reason in message
    # The process lives and nobody may order the same while its outcome is not written down.
    assert said(process) == "read|sending|True"
    assert [said(process), said(process)] == ["finish|done", "read|placed"]
    assert process.wait(20) == 0


def test_a_disk_that_takes_no_more_is_no_journal(start: Start) -> None:
    process = start("limited")
    name, kind, _, message, money = said(process).split("|")
    assert (name, kind, money) == ("make", "JournalFailed", "Nothing was ordered.")
    assert "the disk reports an error" in message
    tried(process, "the disk reports an error")


@pytest.fixture
def own_mount(path: Path) -> tuple[str, ...]:
    """Return the beginning of a command that runs with a small disk of its own in the journal's folder."""
    path.parent.mkdir(mode=0o700)
    script = f"mount -t tmpfs -o size=256k,mode=700 none '{path.parent}' && exec \"$@\""
    command = ("unshare", "-Urm", "sh", "-c", script, "sh")
    if not shutil.which("unshare") or subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk of his own")
    return command


def test_a_full_disk_is_no_journal(start: Start, own_mount: tuple[str, ...]) -> None:
    tried(start("full", prefix=own_mount), "the disk is full")


def test_a_read_only_disk_is_no_journal(start: Start, own_mount: tuple[str, ...]) -> None:
    tried(start("frozen", prefix=own_mount), "its file system is read-only")


@pytest.fixture
def open_folder_of_nobody() -> Iterator[Path]:
    """Yield a folder that a user without any rights can reach, unlike `tmp_path`."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("made", [False, True], ids=["no file", "a file"])
def test_a_folder_without_permission_is_no_journal(start: Start, open_folder_of_nobody: Path, made: bool) -> None:
    path = open_folder_of_nobody / "state" / "journal.sqlite"
    path.parent.mkdir(mode=0o700)
    if made:
        Journal(path).prepare(purchase("earlier"))
    for each, mode in ((path, 0o400), (path.parent / "sending", 0o500), (path.parent, 0o500)):
        if each.exists():
            each.chmod(mode)
            if os.geteuid() == 0:
                os.chown(each, 65534, 65534)
    process = start("nobody", at=path)
    name, kind, _, message, money = said(process).split("|")
    assert (name, kind, money) == ("prepare", "JournalFailed", "Nothing was ordered.")
    assert "no permission to write" in message
    path.parent.chmod(0o700)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "no permission"),
        (errno.EIO, "Input/output error"),
    ],
)
@pytest.mark.parametrize("step", ["open", "fsync", "mkdir"])
def test_making_the_file_fails_in_words(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, reason: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(JournalFailed, match=reason):
            journal.prepare(PURCHASE)
    assert journal.prepare(PURCHASE).state is State.PREPARED
