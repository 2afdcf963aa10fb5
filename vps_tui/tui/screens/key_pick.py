"""Choose one of several SSH keys by its fingerprint."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.several_keys import KeysInText
from vps_tui.core.ssh_keys import PublicKey
from vps_tui.key_files import described
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.widgets.buttons import Buttons
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.chrome import PushButton, Words
from vps_tui.tui.widgets.rows import Choice, Column

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
        count = len(self._found.keys)
        words = f"{self._title}: {count} {'key' if count == 1 else 'keys'}. The server takes one."
        with Vertical(classes="dialog"):
            yield Words(Content.styled(words, "bold"))
            yield Words("")
            choices = [Choice(ASK, ("Choose one", ""), refusal=HOW), *map(_row, self._found.keys)]
            columns = (Column("KEY"), Column("FINGERPRINT", flexible=True))
            yield ChoiceList(columns, choices, chosen=ASK, filterable=False, header_lines=1)
            yield Words("", id="verdict")
            with Buttons(id="actions"):
                yield PushButton("Back", id="give-up")
                yield PushButton("Use this key", id="use")

    def on_mount(self) -> None:
        """Say how to choose."""
        self._explain()

    @on(ChoiceList.Highlighted)
    def _highlighted(self, message: ChoiceList.Highlighted) -> None:
        key = self._key(message.choice.id) if message.choice else None
        if key is None:
            self._explain()
        else:
            words = self.query_one("#verdict", Words)
            words.update(Content.assemble((described(key), "bold ansi_green"), f"\n{key.warning}"))

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.close(self._key(message.choice_id))

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

    def _key(self, fingerprint: str) -> PublicKey | None:
        return next((key for key in self._found.keys if key.fingerprint == fingerprint), None)

    def _explain(self) -> None:
        self.query_one("#verdict", Words).update(Content.assemble(HOW, (f"\n{left_out(self._found)}", "dim")))


def verdict(found: KeysInText) -> Content:
    """Return in words what a text holds: its one key, or that one of several has to be chosen."""
    key = found.single
    if key is not None:
        return Content.assemble((described(key), "bold ansi_green"), f"\n{key.warning}")
    count = len(found.keys)
    number = "one usable key" if count == 1 else f"{count} keys"
    words = f"There is more than one key here: {number}. Press Enter to choose one."
    return Content.assemble((words, "bold"), (f"\n{left_out(found)}", "dim"))


def left_out(found: KeysInText) -> str:
    """Return in words what of a text cannot be used; empty for nothing."""
    if not found.left_out:
        return ""
    return f"{len(found.left_out)} left out: {found.left_out[0]}"


def _row(key: PublicKey) -> Choice:
    return Choice(key.fingerprint, (f"{key.kind} {key.bits}", key.fingerprint))
