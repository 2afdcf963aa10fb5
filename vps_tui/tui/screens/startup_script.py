"""Side step: choose what the server runs at its first start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.startup_script import described
from vps_tui.core.text import clean
from vps_tui.summary import script_name, script_name_key
from vps_tui.tui.screens.script_give import GivenScript, ScriptFileScreen, ScriptTextScreen
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.chrome import Words
from vps_tui.tui.widgets.rows import Choice, Column

CHOSEN, FILE, TEXT, NONE = "chosen", "file", "text", "none"


class StartupScriptScreen(StepScreen):
    """Offers no script, one from a file, or one typed or pasted."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "The server runs this script once, as root, at its first start. Begin it with #!/bin/bash or with "
        "#cloud-config. The provider can read it, and a saved order holds it as it is: put no secret into it."
    )

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return "Which script runs at the first start?", "It runs once, as root. Put no secret into it."

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the list and a look at the script."""
        script = self.state.server.startup_script
        choices = [
            Choice(NONE, ("No script", "the image as it is")),
            Choice(FILE, ("Read a file ...", "type the path of a script")),
            Choice(TEXT, ("Change it ..." if script else "Type or paste ...", "in a field of several lines")),
        ]
        if script:
            choices.insert(0, Choice(CHOSEN, ("The script you gave", described(script, script_name(self.state)))))
        columns = (Column("SCRIPT"), Column("", flexible=True))
        chosen = CHOSEN if script else NONE
        yield ChoiceList(columns, choices, chosen=chosen, filterable=False, header_lines=1)
        yield Words("", id="details")

    def ready(self) -> None:
        """Show the beginning of the script."""
        super().ready()
        lines = self.state.server.startup_script.split("\n")[:3]
        shown = "\n".join(clean(line, 72) for line in lines)
        self.query_one("#details", Words).update(Content.styled(shown, "dim"))

    def submit(self) -> None:
        """Choose the highlighted row."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        if message.choice_id == FILE:
            self.app.push_screen(ScriptFileScreen(), self.take)
        elif message.choice_id == TEXT:
            self.app.push_screen(ScriptTextScreen(self.state.server.startup_script), self.take)
        elif message.choice_id == NONE:
            self.answer(self.state.with_server(replace(self.state.server, startup_script="")))
        else:
            self.answer(self.state)

    def take(self, given: GivenScript | None) -> None:
        """Go on with a script; None when none was given after all."""
        if given is not None:
            state = self.state.with_server(replace(self.state.server, startup_script=given.script.text))
            self.answer(state.with_typed(script_name_key(given.script.text), given.name))
