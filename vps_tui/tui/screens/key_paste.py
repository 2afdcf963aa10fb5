"""Give an SSH key by pasting it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import TextArea

from vps_tui.core.ssh_keys import PublicKey, parse_public_key
from vps_tui.errors import InvalidValue
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.chrome import PushButton, Words
from vps_tui.tui.widgets.key_area import KeyArea


class KeyPasteScreen(Dialog[PublicKey | None]):
    """A field for the key, with the verdict on what is in it underneath; Enter uses a good one."""

    AUTO_FOCUS = "KeyArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="paste.back"),
    ]
    _key: PublicKey | None = None

    def compose(self) -> Iterable[Widget]:
        """Lay out the field and the verdict."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled("Paste the public key", "bold"))
            yield Words(Content.styled("One line of a .pub file; wrapped lines are joined. Then Enter.", "dim"))
            yield KeyArea()
            yield Words("", id="verdict")
            with Horizontal(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton("Use this key", id="use")

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        """Judge the text; the verdict on a private key stays until something else is given."""
        text = event.text_area.text
        self._key = None
        if text.strip():
            self._judge(text)

    def _judge(self, text: str) -> None:
        verdict = self.query_one("#verdict", Words)
        try:
            self._key = key = parse_public_key(text)
        except InvalidValue as error:
            verdict.update(Content.styled(f"{error.message} {error.hint}", "bold"))
        else:
            facts = f"{key.kind}, {key.bits} bits  {key.comment}\n{key.fingerprint}"
            verdict.update(Content.assemble((facts, "bold ansi_green"), f"\n{key.warning}"))

    @on(KeyArea.PrivateKeyRefused)
    def _refused(self, message: KeyArea.PrivateKeyRefused) -> None:
        words = f"That was a PRIVATE key ({message.kind}). It was not kept. Paste the line of the .pub file instead."
        self.query_one("#verdict", Words).update(Content.styled(words, "bold ansi_red"))

    @on(KeyArea.Submitted)
    @on(PushButton.Pressed, "#use")
    def _use(self) -> None:
        if self._key is not None:
            self.close(self._key)
        else:
            self.query_one(KeyArea).focus()

    def action_give_up(self) -> None:
        """Go back without a key."""
        self.close(None)

    @on(PushButton.Pressed, "#give-up")
    def _give_up(self) -> None:
        self.close(None)
