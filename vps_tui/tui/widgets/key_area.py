"""A field for a public key that survives every kind of paste and never draws a private key."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from vps_tui.core.private_keys import is_private_key
from vps_tui.core.text import without_invisible

BURST = 0.03
"""Seconds between two keys below which they come from a paste and not from fingers."""

QUIET = 0.15
"""Seconds without a key after which an unbracketed paste is over."""


class KeyArea(TextArea):
    """Collects what arrives as fast as a paste and looks at it before anything of it is drawn.

    A terminal without bracketed paste sends a pasted text as keys, each line end as Enter. Enter that
    was pressed by hand asks to use the key; one inside a burst is part of the text.
    """

    class Submitted(Message):
        """Enter was pressed by hand."""

    class PrivateKeyRefused(Message):
        """A private key was given; the field is empty again."""

        def __init__(self, kind: str) -> None:
            super().__init__()
            self.kind = kind

    def __init__(self, text: str = "") -> None:
        """Start with `text`."""
        super().__init__(text, tab_behavior="focus", soft_wrap=True)
        self.cursor_blink = False
        self._last_key = 0.0
        self._burst: list[str] = []
        self._refusing = False
        self._quiet: Timer | None = None

    async def _on_key(self, event: events.Key) -> None:
        text = "\n" if event.key in ("enter", "ctrl+j") else event.character if event.is_printable else None
        in_burst = event.time - self._last_key < BURST
        self._last_key = event.time
        if text is None:
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        if in_burst:
            self._burst.append(text)
            self._wait_for_quiet()
        elif text == "\n" and self._burst == []:
            self.post_message(self.Submitted())
        else:
            self._take(text)

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._take(event.text)

    def _wait_for_quiet(self) -> None:
        if self._quiet is not None:
            self._quiet.stop()
        self._quiet = self.set_timer(QUIET, self._end_burst)

    def _end_burst(self) -> None:
        """Put what has been collected into the field, if it may be drawn."""
        text = "".join(self._burst)
        self._burst.clear()
        self._quiet = None
        refusing, self._refusing = self._refusing, False
        if not refusing:
            self._take(text)

    def _take(self, text: str) -> None:
        """Insert `text`, unless it makes the field hold a private key: then nothing of it stays."""
        text = without_invisible(text)
        kind = is_private_key(self.text + text)
        if kind is None:
            self.insert(text)
            return
        self.load_text("")
        self.history.clear()
        if self._quiet is not None:
            self._refusing = True
        self.post_message(self.PrivateKeyRefused(kind))
