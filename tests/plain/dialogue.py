"""A talk with the wizard in lines, on a terminal of this process: it asks, somebody answers."""

from __future__ import annotations

import os
import pty
import select
import tempfile
import termios
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from vps_tui.core.draft import Draft
from vps_tui.plain.run import run
from vps_tui.plain.terminal_io import Lines
from vps_tui.sandbox.server import Recorded
from vps_tui.services.backend import Backend
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.wizard.controller import Flow

PATIENCE = 15.0
"""Seconds until an answer that nobody asks for is a failure."""

END = "\x04"
"""What the keyboard sends for the end of a file, Ctrl+D."""

PROMPT = "]: "
"""How every question ends."""


@dataclass(frozen=True, slots=True)
class After:
    """An answer that waits for words since the answer before, and for a question after them."""

    words: str
    answer: str
    amid: bool = False
    """Whether no question comes: what is asked for takes several lines."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What a talk came to."""

    text: str
    code: int
    flow: Flow
    unanswered: int
    """How many answers were left when it was over; the Ctrl+D after them is one."""

    @property
    def words(self) -> str:
        """All that was said and typed, on one line."""
        return " ".join(self.text.split())


class _Person(threading.Thread):
    """Answers one question after the other; takes the terminal away when nothing is left to say."""

    def __init__(self, terminal: int, answers: Sequence[str | After]) -> None:
        super().__init__(daemon=True)
        self._terminal = terminal
        self.left = list(answers)
        self.heard = b""

    def run(self) -> None:
        since = 0
        try:
            while self.left:
                answer = self.left[0]
                after = answer if isinstance(answer, After) else After("", answer)
                if not self._hear(lambda after=after, since=since: self._asked(after, since)):  # type: ignore[misc]
                    return
                since = len(self.heard)
                self.left.pop(0)
                os.write(self._terminal, after.answer.encode() + (b"" if after.answer == END else b"\n"))
            self._hear(lambda: False)
        finally:
            os.close(self._terminal)

    def _asked(self, after: After, since: int) -> bool:
        heard = self.heard[since:].decode("utf-8", "replace")
        return after.words in " ".join(heard.split()) and (after.amid or heard.endswith(PROMPT))

    def _hear(self, enough: Callable[[], bool]) -> bool:
        end = monotonic() + PATIENCE
        while not enough():
            if not select.select([self._terminal], [], [], max(0.0, end - monotonic()))[0]:
                return False
            try:
                data = os.read(self._terminal, 65536)
            except OSError:
                return False
            if not data:
                return False
            self.heard += data
        return True


def talk(
    backend: Backend,
    *answers: str | After,
    saved: Draft | None = None,
    begin: Callable[[Flow], None] = lambda _: None,
) -> Talk:
    """Run the wizard in lines with `answers`, each given when a question waits for it; Ctrl+D comes last.

    `begin` is done with its flow before.
    """
    flow = Flow(backend, saved)
    begin(flow)
    master, slave = pty.openpty()
    mode = termios.tcgetattr(slave)
    person = _Person(master, [*answers, END])
    person.start()
    try:
        code = run(flow, Lines(slave, slave))
        assert person.left or termios.tcgetattr(slave) == mode, "The terminal is not as it was."
    finally:
        os.close(slave)
        person.join(PATIENCE)
        backend.close()
    return Talk(person.heard.decode().replace("\r\n", "\n"), code, flow, len(person.left))


def sandbox(folder: Path | None = None, *faults: str) -> SandboxBackend:
    """Return a sandbox whose journal stands in `folder`, by default in a new one."""
    return SandboxBackend(folder or fresh_folder(), faults, forget=folder is None)


def fresh_folder() -> Path:
    """Return a state folder that nothing has been recorded in."""
    return Path(tempfile.mkdtemp(dir=Path.home()))


def paid_calls(backend: SandboxBackend) -> list[Recorded]:
    """Return the requests that buy something."""
    if backend._server is None:
        return []
    return [
        one
        for one in backend._server.requests
        if one.route.endswith(("/add/order", "/api/order")) and one.method == "POST"
    ]
