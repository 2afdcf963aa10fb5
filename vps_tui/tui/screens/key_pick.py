"""Choose one of several SSH keys by its fingerprint."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.ssh_key_list import KeysInText
from vps_tui.core.ssh_keys import PublicKey
from vps_tui.ssh.key_files import described
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import key_ways
from vps_tui.wizard.questions.choices import Choice

ASK = "ask"

HOW = "Go down to the key whose fingerprint you know, then press Enter."


class KeyPickScreen(Dialog[PublicKey | None]):
    """Lists keys with their fingerprints. The row it starts on is none of them, so no key is taken unseen."""

    AUTO_FOCUS = "ChoiceList"
    DEFAULT_CSS = "KeyPickScreen .dialog ChoiceList { height: 9; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, priority=True, id="pick.back"),
    ]

    def __init__(self, title: str, found: KeysInText) -> None:
        """List the keys of `found` under `title`."""
        super().__init__()
        self._title = title
        self._found = found

    def compose(self) -> Iterable[Widget]:
        """Lay out the list and the details of the highlighted key."""
        with Vertical(classes="dialog"):
            yield Words(Content.styled(key_ways.pick_title(self._title, self._found), "bold"))
            yield Words("")
            choices = [Choice(ASK, ("Choose one", ""), refusal=HOW), *key_ways.pick_choices(self._found)]
            yield ChoiceList(key_ways.PICK_COLUMNS, choices, chosen=ASK, filterable=False, header_lines=1)
            yield Words("", id="verdict")
            with Buttons(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton("Use this key", id="use")

    def on_mount(self) -> None:
        """Say how to choose."""
        self._explain()

    @on(ChoiceList.Highlighted)
    def _highlighted(self, message: ChoiceList.Highlighted) -> None:
        key = key_ways.picked(self._found, message.choice.id) if message.choice else None
        if key is None:
            self._explain()
        else:
            words = self.query_one("#verdict", Words)
            words.update(Content.assemble((described(key), "bold ansi_green"), f"\n{key.warning}"))

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.close(key_ways.picked(self._found, message.choice_id))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.query_one("#verdict", Words).update(Content.styled(message.reason, "bold"))

    @on(PushButton.Pressed, "#use")
    def _use(self) -> None:
        self.query_one(ChoiceList).action_choose()

    @on(PushButton.Pressed, "#give-up")
    def action_give_up(self) -> None:
        """Go back without a key."""
        self.close(None)

    def _explain(self) -> None:
        self.query_one("#verdict", Words).update(
            Content.assemble(HOW, (f"\n{key_ways.left_out(self._found)}", "dim"))
        )


def verdict(found: KeysInText) -> Content:
    """Return in words what a text holds: its one key, or that one of several has to be chosen."""
    key = found.single
    if key is not None:
        return Content.assemble((described(key), "bold ansi_green"), f"\n{key.warning}")
    words = f"{key_ways.several(found)} Press Enter to choose one."
    return Content.assemble((words, "bold"), (f"\n{key_ways.left_out(found)}", "dim"))
