"""Give an SSH key by pasting it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import TextArea

from vps_tui.core.private_keys import is_private_key
from vps_tui.core.ssh_keys import PublicKey, parse_public_key
from vps_tui.errors import InvalidValue
from vps_tui.tui.widgets.chrome import PushButton, Words


class KeyPasteScreen(ModalScreen[PublicKey | None]):
    """A field that survives wrapped pastes, with the verdict on what is in it underneath.

    Enter goes on once the text is a key. Until then it is a line break, because a terminal without
    bracketed paste sends each line end of a wrapped key as Enter.
    """

    AUTO_FOCUS = "TextArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="paste.back"),
        Binding("enter", "use", show=False, priority=True, id="paste.use"),
    ]
    _key: PublicKey | None = None

    def compose(self) -> Iterable[Widget]:
        """Lay out the field and the verdict."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled("Paste the public key", "bold"))
            yield Words(Content.styled("One line of a .pub file; wrapped lines are joined.", "dim"))
            area = TextArea(compact=True, tab_behavior="focus", soft_wrap=True)
            area.cursor_blink = False
            yield area
            yield Words("", id="verdict")
            with Horizontal(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton("Use this key", id="use")

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        """Judge the text; a private key is taken off the screen at once."""
        text = event.text_area.text
        verdict = self.query_one("#verdict", Words)
        self._key = None
        private = is_private_key(text)
        if private:
            event.text_area.load_text("")
            event.text_area.history.clear()
            words = f"That was a PRIVATE key ({private}). It was not kept. Paste the .pub file's line instead."
            verdict.update(Content.styled(words, "bold ansi_red"))
        elif text.strip():
            self._judge(text, verdict)
        elif not verdict.text.startswith("That was a PRIVATE"):
            verdict.update("")

    def _judge(self, text: str, verdict: Words) -> None:
        try:
            self._key = key = parse_public_key(text)
        except InvalidValue as error:
            verdict.update(Content.styled(f"{error.message} {error.hint}", "bold"))
        else:
            facts = f"{key.kind}, {key.bits} bits  {key.comment}\n{key.fingerprint}"
            verdict.update(Content.assemble((facts, "bold ansi_green"), f"\n{key.warning}"))

    def action_use(self) -> None:
        """Use the key; on a button, press it; without a key, break the line."""
        focused = self.focused
        if isinstance(focused, PushButton):
            focused.action_press()
        elif self._key is not None:
            self.dismiss(self._key)
        elif isinstance(focused, TextArea) and focused.text:
            focused.insert("\n")

    def action_give_up(self) -> None:
        """Go back without a key."""
        self.dismiss(None)

    @on(PushButton.Pressed, "#give-up")
    def _give_up(self) -> None:
        self.dismiss(None)

    @on(PushButton.Pressed, "#use")
    def _use(self) -> None:
        if self._key is not None:
            self.dismiss(self._key)
        else:
            self.query_one(TextArea).focus()
