"""A process that has the program loaded and becomes it in forks: a start then costs no second of imports.

Run as a script it listens on the socket that is its standard input. Each request is one JSON document: to start the
program, with its standard streams, answered by the process id; or to wait for one, answered by its exit code.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

PROGRAM = Path(__file__).resolve().parent.parent.parent / "vps_tui"
LIMIT = 65536
"""Bytes of a request; the environment is the most of it."""


class Process:
    """One run of the program in a fork, with the part of `subprocess.Popen` that a terminal needs."""

    def __init__(self, server: socket.socket, pid: int) -> None:
        self.pid = pid
        self._server = server
        self._handle = os.pidfd_open(pid)
        self._code: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float) -> int:
        """Return the exit code once there is one, negative for a signal."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("vps-tui", timeout)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float) -> int | None:
        if self._code is None and select.select([self._handle], [], [], timeout)[0]:
            self._code = int(ask(self._server, {"wait": self.pid}))
            os.close(self._handle)
        return self._code


@cache
def server() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start the process, once per run of the tests."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen([sys.executable, __file__], stdin=theirs.fileno(), start_new_session=True)
    theirs.close()
    return ours, process


def stop() -> None:
    """End the process, if it was started."""
    if server.cache_info().currsize:
        connection, process = server()
        connection.close()
        process.wait()


def start(arguments: Sequence[str], environment: Mapping[str, str], streams: tuple[int, int, int]) -> Process:
    """Run the program on these standard streams, the first of which is its terminal if it is one."""
    question = {"arguments": list(arguments), "environment": dict(environment), "folder": str(Path.cwd())}
    connection, _ = server()
    return Process(connection, int(ask(connection, question, *streams)))


def ask(connection: socket.socket, question: Mapping[str, Any], *descriptors: int) -> Any:
    """Send one request and return its answer."""
    socket.send_fds(connection, [json.dumps(question).encode()], list(descriptors))
    answer = connection.recv(LIMIT)
    assert answer, "the process that has the program loaded has ended"
    return json.loads(answer)


def load() -> None:
    """Import the whole program, and what it imports only when it is needed."""
    import vps_tui

    for module in pkgutil.walk_packages(vps_tui.__path__, "vps_tui."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("httpx", "cryptography.hazmat.primitives.serialization", "pydantic", "textual.drivers.linux_driver"):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def serve(connection: socket.socket) -> None:
    """Answer requests until nobody is left to make any."""
    while True:
        text, descriptors, _flags, _address = socket.recv_fds(connection, LIMIT, 3)
        if not text:
            return
        question = json.loads(text)
        if "wait" in question:
            answer = os.waitstatus_to_exitcode(os.waitpid(question["wait"], 0)[1])
        else:
            answer = os.fork()
            if answer == 0:
                connection.close()
                become(question, *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
        connection.send(json.dumps(answer).encode())


def become(question: Mapping[str, Any], *streams: int) -> NoReturn:
    """Be the program on `streams`, as a login would start it."""
    import fcntl
    import termios

    from vps_tui.cli import main

    os.setsid()
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    if os.isatty(0):
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.chdir(question["folder"])
    os.environ.clear()
    os.environ.update(question["environment"])
    time.tzset()
    for number, name, errors in (
        (0, "stdin", "surrogateescape"),
        (1, "stdout", "surrogateescape"),
        (2, "stderr", ""),
    ):
        stream = open(number, "w" if number else "r", errors=errors or "backslashreplace", closefd=False)  # noqa: SIM115
        if name == "stderr":
            stream.reconfigure(line_buffering=True)
        # Textual takes the terminal from the second of these names.
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.argv = [str(PROGRAM / "__main__.py"), *question["arguments"]]
    try:
        main.entry()
    except BaseException:  # noqa: BLE001 - ends as the interpreter would let it end
        sys.excepthook(*sys.exc_info())
        os._exit(1)


if __name__ == "__main__":
    sys.path[0] = str(PROGRAM.parent)
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGTSTP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    requests = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    load()
    serve(requests)
