"""A secret from a program that prints it, such as a password manager; run without a shell."""

from __future__ import annotations

import os
import selectors
import shlex
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import Final

from vps_tui.core.secret import Secret
from vps_tui.core.text import clean

LIMIT = 10.0
"""Seconds until a command that has not ended is killed, with all that it started."""

MAX_OUTPUT: Final = 64 * 1024
"""Bytes; a password manager's entry is far smaller, and an endless output must end."""

_LOOK_EVERY: Final = 0.05
_PATIENCE: Final = 1.0


class CommandFailed(Exception):
    """Why a command gave no secret; its text goes on after the command: "ended with status 1"."""


def words(command: Sequence[str]) -> str:
    """Return a command as it would be typed, short enough for a message."""
    return clean(shlex.join(command), 60)


def first_line(command: Sequence[str], environ: Mapping[str, str], stop: threading.Event) -> Secret:
    """Return the first line that `command` prints; raises `CommandFailed`. `stop` ends it.

    What it says on standard error is dropped: that may hold secrets. Blocks for up to `LIMIT`.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - the person's own command, from a file that only they can write
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=dict(environ),
            # A group of its own can be killed whole, and is out of reach of the keys that are meant for us.
            start_new_session=True,
        )
    except FileNotFoundError:
        raise CommandFailed("cannot be run: there is no such program") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else ""
        raise CommandFailed(f"cannot be run: {clean(reason or 'it is no command').lower()}") from None
    try:
        output = _output(process, stop)
    except CommandFailed:
        # What runs as another user, such as sudo, cannot be killed; then it is left behind.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
        raise
    finally:
        if process.stdout is not None:
            process.stdout.close()
    return _secret(process.returncode, output)


def _output(process: subprocess.Popen[bytes], stop: threading.Event) -> bytes:
    """Return what `process` printed when it has ended; raises `CommandFailed` where it does not come to that."""
    deadline = monotonic() + LIMIT
    output = bytearray()
    if process.stdout is None:
        raise RuntimeError("the output is not a pipe")
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        open_still = True
        while True:
            # Looked at before reading: what a process printed before it ended is there by then.
            ended = process.poll() is not None
            if open_still and selector.select(0 if ended else _LOOK_EVERY):
                chunk = os.read(process.stdout.fileno(), MAX_OUTPUT)
                open_still = bool(chunk)
                output += chunk
            elif ended:
                return bytes(output)
            elif not open_still:
                stop.wait(_LOOK_EVERY)
            if len(output) > MAX_OUTPUT:
                raise CommandFailed(f"printed more than {MAX_OUTPUT // 1024} KB")
            if stop.is_set():
                raise CommandFailed("was stopped")
            if monotonic() >= deadline:
                raise CommandFailed(f"took longer than {LIMIT:g} s")


def _secret(status: int, output: bytes) -> Secret:
    if status < 0:
        raise CommandFailed(f"was ended by signal {-status}")
    if status > 0:
        raise CommandFailed(f"ended with status {status}")
    try:
        line = output.partition(b"\n")[0].removesuffix(b"\r").decode()
    except UnicodeDecodeError:
        raise CommandFailed("printed something that is not text in UTF-8") from None
    if not line.strip():
        raise CommandFailed("printed nothing on its first line")
    return Secret(line)
