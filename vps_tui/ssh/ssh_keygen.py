"""`ssh-keygen` where it is needed: to lock a new private key with a passphrase.

It is given the passphrase as a person gives it, at a terminal of its own: an argument could be seen by every
user of the machine, and the environment by every program of this one's.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import Final

from vps_tui.core.errors import InvalidValue

SECONDS: Final = 20.0
"""How long it may take; it is made slow on purpose, some tenths of a second."""

_PROMPT: Final = b": "
# A terminal becomes a process's own only from inside that process.
_AT_TERMINAL: Final = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)


def pair_by_program(folder: Path, passphrase: str, comment: str) -> tuple[bytes, str]:
    """Return a new ed25519 pair: the locked private half as its file holds it, the public one as type and base64.

    Raises `InvalidValue` where there is no `ssh-keygen`, or it does not do it.
    """
    program = shutil.which("ssh-keygen")
    if program is None:
        raise InvalidValue(
            "A passphrase needs the program ssh-keygen, which is not on this machine.",
            hint="Install openssh-client, or leave the passphrase empty.",
        )
    try:
        with tempfile.TemporaryDirectory(prefix=".vps-tui-", dir=folder) as place:
            file = Path(place, "key")
            _run([program, "-q", "-t", "ed25519", "-C", comment, "-f", str(file)], passphrase)
            public = file.with_suffix(".pub").read_text(encoding="utf-8").split()
            return file.read_bytes(), " ".join(public[:2])
    except (OSError, TimeoutError):
        raise InvalidValue(
            "ssh-keygen could not make the key.", hint="Make it yourself: ssh-keygen -t ed25519"
        ) from None


def _run(command: list[str], passphrase: str) -> None:
    """Run `command` at a terminal of its own and answer both its questions; raises `OSError` if it fails."""
    with ExitStack() as opened:
        ours, its = os.openpty()
        opened.callback(os.close, ours)
        try:
            process = opened.enter_context(
                subprocess.Popen(  # noqa: S603 - no shell, and nothing in it comes from outside
                    [sys.executable, "-I", "-c", _AT_TERMINAL, *command],
                    stdin=its,
                    stdout=its,
                    stderr=its,
                    start_new_session=True,
                    env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                )
            )
        finally:
            os.close(its)
        # Runs before the process is waited for, so that one which hangs is not waited for without end.
        opened.callback(process.kill)
        end = monotonic() + SECONDS
        for _ in range(2):
            _wait_for_prompt(ours, end)
            os.write(ours, passphrase.encode() + b"\n")
        try:
            if process.wait(timeout=max(0.0, end - monotonic())):
                raise OSError(f"{command[0]} failed")
        except subprocess.TimeoutExpired:
            raise TimeoutError from None


def _wait_for_prompt(terminal: int, end: float) -> None:
    """Read until a question stands there: what is written before it, the program would throw away."""
    said = b""
    while not said.endswith(_PROMPT):
        if not select.select([terminal], [], [], max(0.0, end - monotonic()))[0]:
            raise TimeoutError
        said += os.read(terminal, 1024)
