"""A field for a script that draws nothing which the script may not hold."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from vps_tui.core.private_keys import is_private_key
from vps_tui.core.startup_script import (
    LINUX_LINE_ENDS,
    MAX_BYTES,
    WITHOUT_MARK,
    control_character,
    refused_character,
)
from vps_tui.errors import InvalidValue


class ScriptArea(TextArea):
    """Takes a paste whole or not at all, with the line ends of Linux."""

    class PasteRefused(Message):
        """Something was pasted that no script may hold; the field is as it was."""

        def __init__(self, error: InvalidValue) -> None:
            super().__init__()
            self.error = error

    def __init__(self, text: str = "") -> None:
        """Start with `text`, or with nothing where that may not be drawn."""
        super().__init__("" if control_character(text) else _plain(text), tab_behavior="focus", soft_wrap=False)
        self.cursor_blink = False
        self.repaired = _repairs(text)
        """What was changed in what was given, in whole sentences; empty for nothing."""

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        error = self._refusal(event.text)
        if error is not None:
            self.post_message(self.PasteRefused(error))
            return
        self.repaired = _repairs(event.text) or (self.repaired if self.text else "")
        self.insert(_plain(event.text))

    def _refusal(self, text: str) -> InvalidValue | None:
        if len(self.text.encode()) + len(text.encode("utf-8", "replace")) > MAX_BYTES:
            return InvalidValue(f"That is longer than {MAX_BYTES // 1024} KB.")
        private = is_private_key(text)
        if private and not (self.text or text.lstrip("\ufeff")).startswith("#"):
            return InvalidValue(f"That was a PRIVATE key ({private}).")
        return refused_character(_plain(text))


def _plain(text: str) -> str:
    """Return `text` without what Windows adds; terminals send the line ends of a paste as carriage returns."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _repairs(text: str) -> str:
    repairs = (
        (WITHOUT_MARK, text.startswith("\ufeff")),
        (LINUX_LINE_ENDS, "\r\n" in text),
    )
    return " ".join(words for words, made in repairs if made)
