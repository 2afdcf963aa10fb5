"""A timer that waits until nothing more comes."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer
from textual.widget import Widget


class QuietTimer:
    """Calls `end` after a time, unless it is started again or stopped before.

    Where the program was held up, what has come by then is handled first: it may start the timer again.
    """

    def __init__(self, widget: Widget, end: Callable[[], None]) -> None:
        self._widget = widget
        self._end = end
        self._timer: Timer | None = None

    def start(self, seconds: float) -> None:
        """Call `end` in `seconds`."""
        self.stop()
        widget = self._widget
        self._timer = timer = widget.set_timer(seconds, lambda: widget.app.call_later(widget.call_later, end))

        def end() -> None:
            if self._timer is timer:
                self._end()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
