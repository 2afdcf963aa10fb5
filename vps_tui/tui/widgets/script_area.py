"""A field for a script that draws nothing which the script may not hold."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_private_keys import is_private_key
from vps_tui.core.startup_script import LINUX_LINE_ENDS, MAX_BYTES, WITHOUT_MARK, refused_character
from vps_tui.tui.widgets.paste_area import PasteArea


class ScriptArea(PasteArea):
    """Takes a paste whole or not at all, with the line ends of Linux; Tab is text, as scripts hold it."""

    @dataclass
    class PasteRefused(Message):
        """Something was pasted that no script may hold; the field is as it was."""

        error: InvalidValue

    def __init__(self, text: str = "") -> None:
        """Start with `text`, or with nothing where that may not be drawn."""
        super().__init__("" if refused_character(text) else _plain(text), soft_wrap=False)
        self.repaired = _repairs(text)
        """What was changed in what was given, in whole sentences; empty for nothing."""

    def take(self, text: str) -> bool:
        """Insert `text`, unless the script may not hold it."""
        error = self._refusal(text)
        if error is not None:
            self.post_message(self.PasteRefused(error))
            return False
        self.repaired = _repairs(text) or (self.repaired if self.text else "")
        self.insert_typed(_plain(text))
        return True

    def _refusal(self, text: str) -> InvalidValue | None:
        if len(self.text.encode()) + len(text.encode("utf-8", "replace")) > MAX_BYTES:
            return InvalidValue(f"That is longer than {MAX_BYTES // 1024} KB.")
        whole = self.text_with(text).lstrip("\ufeff")
        private = None if whole.startswith("#") else is_private_key(whole)
        if private:
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
