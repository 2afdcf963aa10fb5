"""A field for a public key that survives every kind of paste and never draws a private key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.message import Message

from vps_tui.core.ssh_private_keys import is_private_key
from vps_tui.core.text import without_invisible
from vps_tui.tui.widgets.paste_area import RETURN, TAB, PasteArea


class KeyArea(PasteArea):
    """Looks at what arrives before anything of it is drawn; Enter that was pressed by hand asks to use the key."""

    by_hand: ClassVar[frozenset[str]] = frozenset({RETURN, TAB})

    class Submitted(Message):
        """Enter was pressed by hand."""

    @dataclass
    class PrivateKeyRefused(Message):
        """A private key was given; the field is empty again."""

        kind: str

    def __init__(self, text: str = "") -> None:
        super().__init__(text, soft_wrap=True)

    def take(self, text: str) -> bool:
        """Insert `text`, unless it makes the field hold a private key: then nothing of it stays."""
        text = without_invisible(text)
        kind = is_private_key(self.text_with(text))
        if kind is None:
            self.insert_typed(text)
            return True
        self.load_text("")
        self.history.clear()
        self.post_message(self.PrivateKeyRefused(kind))
        return False

    def press(self, key: str) -> None:
        """Ask to use the key, or leave the field."""
        if key == RETURN:
            self.post_message(self.Submitted())
        else:
            self.screen.focus_next()
