"""The program in processes that can be raced, signalled and killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Self

from . import child
from .program import Run


class Processes:
    """Starts the program in forks of one process that has everything loaded."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, child.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()

    def start(self, *commands: list[str], point: str = "", prepare: str = "") -> list[int]:
        """Run the program once per list of arguments, all at the same moment, in the present environment.

        Each is killed at `point` (see `child.PLACES`), and `prepare` (see `child.PREPARATIONS`) is done in it.
        """
        job = {"environment": dict(os.environ), "point": point, "prepare": prepare}
        pids: list[int] = self._ask({"start": [{**job, "arguments": arguments} for arguments in commands]})
        return pids

    def end(self, *pids: int, kill_after: float | None = None) -> tuple[int, Run]:
        """Return the first of `pids` to end and what it left; after `kill_after` seconds the first is killed."""
        pid, code, out, err = self._ask({"end": pids, "kill_after": kill_after})
        return pid, Run(code, out, err)

    def run(self, arguments: list[str], *, point: str = "", prepare: str = "") -> Run:
        """Start one and wait for its end."""
        (pid,) = self.start(arguments, point=point, prepare=prepare)
        return self.end(pid)[1]

    def _ask(self, question: Mapping[str, Any]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the process that starts the program has ended"
        return json.loads(line)
