"""Give an SSH key by pasting it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import TextArea

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_key_list import KeysInText, parse_public_keys
from vps_tui.core.ssh_keys import PublicKey
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.screens.key_pick import KeyPickScreen, verdict
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.tui.widgets.key_area import KeyArea
from vps_tui.wizard.questions import key_ways


class KeyPasteScreen(Dialog[PublicKey | None]):
    """A field for the key, with the verdict on what is in it underneath; Enter uses a good one."""

    AUTO_FOCUS = "KeyArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="paste.back"),
    ]
    _found: KeysInText | None = None
    _judged = ""
    """The text that the verdict on the screen is about."""

    def compose(self) -> Iterable[Widget]:
        """Lay out the field and the verdict."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(key_ways.PASTE_TITLE, "bold"))
            yield Words(Content.styled(f"{key_ways.PASTE_HINT} Then Enter.", "dim"))
            yield KeyArea()
            yield Words("", id="verdict")
            with Buttons(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton("Use this key", id="use")

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        self._judge(event.text_area.text)

    def _judge(self, text: str) -> None:
        """Judge the text; a refusal of a private key, which empties the field, comes after this."""
        self._judged, self._found = text, None
        words = self.query_one("#verdict", Words)
        if not text.strip():
            words.update("")
            return
        try:
            self._found = parse_public_keys(text)
        except InvalidValue as error:
            words.update(Content.styled(f"{error.message} {error.hint}", "bold"))
        else:
            words.update(verdict(self._found))

    @on(KeyArea.PrivateKeyRefused)
    def _refused(self, message: KeyArea.PrivateKeyRefused) -> None:
        words = key_ways.refused_private(message.kind)
        self.query_one("#verdict", Words).update(Content.styled(words, "bold ansi_red"))

    @on(KeyArea.Submitted)
    @on(PushButton.Pressed, "#use")
    def _use(self) -> None:
        area = self.query_one(KeyArea)
        area.flush()
        if area.text != self._judged:
            # Its verdict has not been seen.
            self._judge(area.text)
        elif self._found is None:
            area.focus()
        elif self._found.single is not None:
            self.close(self._found.single)
        else:
            self.app.push_screen(KeyPickScreen("Keys in what you pasted", self._found), self._picked)

    def _picked(self, key: PublicKey | None) -> None:
        if key is not None:
            self.close(key)

    def action_give_up(self) -> None:
        """Go back without a key."""
        self.close(None)

    @on(PushButton.Pressed, "#give-up")
    def _give_up(self) -> None:
        self.close(None)
