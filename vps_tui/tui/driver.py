"""Textual's way to the terminal, made to outlive it."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver


class SturdyDriver(LinuxDriver):
    """Gives up writing to a terminal that is gone.

    Textual's writing thread ends with the first error; from then on its queue fills, and the program waits for
    room in it for ever, a paid call under way or not.
    """

    def __init__(self, app: App[Any], *args: Any, **options: Any) -> None:
        """Take what Textual gives its driver."""
        super().__init__(app, *args, **options)
        self._file = Forgiving(self._file)  # type: ignore[assignment, arg-type]


class Forgiving:
    """A stream that swallows what cannot be written any more: nobody is there to read it."""

    def __init__(self, file: IO[str]) -> None:
        """Write to `file` for as long as that goes."""
        self._file = file
        self._gone = False

    def write(self, text: str) -> None:
        """Write `text`, unless the terminal is gone."""
        self._safely(lambda: self._file.write(text))

    def flush(self) -> None:
        """Flush, unless the terminal is gone."""
        self._safely(self._file.flush)

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._file.fileno()

    def _safely(self, action: Callable[[], object]) -> None:
        if not self._gone:
            try:
                action()
            except (OSError, ValueError):
                self._gone = True
