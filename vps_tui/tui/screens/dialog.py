"""What lies over a step: help, leaving, giving a key."""

from __future__ import annotations

from typing import TypeVar

from textual.screen import ModalScreen

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """A dialog that closes once, however many keys ask for it.

    Textual's `dismiss` takes whatever screen is on top: a second call would take the step underneath.
    """

    _answered_once = False

    def close(self, result: Result | None = None) -> None:
        """Close with `result`; nothing happens when it is closed already."""
        if not self._answered_once and self.is_current:
            self._answered_once = True
            self.dismiss(result)
