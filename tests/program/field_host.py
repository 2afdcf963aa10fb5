"""One field of the program in a terminal, with the program's own driver; F5 writes down what it holds and empties it.

Started as a program: the kind of the field, and the descriptor to write to.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, TextArea

from vps_tui.tui.terminal.diff_app import DiffApp
from vps_tui.tui.terminal.driver import ResilientDriver
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.key_area import KeyArea
from vps_tui.tui.widgets.script_area import ScriptArea
from vps_tui.wizard.questions.choices import Choice, Column

KINDS: dict[str, Callable[[], Widget]] = {
    "key": KeyArea,
    "script": ScriptArea,
    "hostname": lambda: Field("Hostname"),
    "token": lambda: Field("Token", secret=True),
    "password": lambda: Field("Password", "generated", replaced=True),
    "filter": lambda: ChoiceList((Column("NAME"),), (Choice("1", ("one",)),)),
}


class Host(DiffApp):
    """Shows one field and counts what was submitted."""

    AUTO_FOCUS = "Input, TextArea, ChoiceList"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5", "hand_over", priority=True)]

    def __init__(self, kind: str, target: int) -> None:
        """Show a field of that kind."""
        super().__init__(driver_class=partial(ResilientDriver, taking=lambda: None))
        self._kind = kind
        self._target = target
        self._submitted = 0

    def compose(self) -> Iterable[Widget]:
        """Lay out the field."""
        yield KINDS[self._kind]()

    def on_ready(self) -> None:
        """Tell that keys are taken."""
        self._write("ready")

    def on_key_area_submitted(self) -> None:
        """Count."""
        self._submitted += 1

    def on_input_submitted(self) -> None:
        """Count."""
        self._submitted += 1

    def action_hand_over(self) -> None:
        """Write down what the field holds; the next text finds it as it was at first."""
        field = self.focused
        if isinstance(field, TextArea):
            self._write([field.text, self._submitted])
            field.load_text("")
        elif isinstance(field, ChoiceList):
            self._write([field.filter_text, self._submitted])
            field.filter_text = ""
        else:
            assert isinstance(field, Input)
            self._write([field.value, self._submitted])
            field.value = "generated" if self._kind == "password" else ""
            field.action_select_all()
        self._submitted = 0

    def _write(self, value: object) -> None:
        os.write(self._target, (json.dumps(value) + "\n").encode())


if __name__ == "__main__":
    Host(sys.argv[1], int(sys.argv[2])).run()
