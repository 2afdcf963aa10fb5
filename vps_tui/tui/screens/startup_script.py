"""Side step: choose what the server runs at its first start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.errors import InvalidValue
from vps_tui.tui.screens.script_give import CloudInitScreen, ScriptFileScreen, ScriptTextScreen
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import Words
from vps_tui.wizard.questions import startup_script
from vps_tui.wizard.questions.startup_script import FILE, NONE, TEXT, GivenScript


class StartupScriptScreen(StepScreen):
    """Offers no script, one from a file, or one typed or pasted."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = startup_script.HELP

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return startup_script.heading()

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the list and a look at the script."""
        choices, chosen = startup_script.choices(self.state), startup_script.chosen(self.state)
        yield ChoiceList(startup_script.COLUMNS, choices, chosen=chosen, filterable=False, header_lines=1)
        yield Words("", id="details")

    def ready(self) -> None:
        """Show the beginning of the script, and what is wrong with it."""
        super().ready()
        shown = "\n".join(startup_script.details(self.state))
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
            self.answer(startup_script.answer(self.state, None))
        else:
            self._keep()

    def _keep(self) -> None:
        """Go on with the script that was given before, if it can be used."""
        try:
            given = startup_script.chosen_again(self.state)
        except InvalidValue as error:
            self.complain(f"{error.message} {error.hint}")
        else:
            self.take(given) if given is not None else self.answer(self.state)

    def take(self, given: GivenScript | None) -> None:
        """Go on with a script, to a yes where only cloud-init could read it; None when none was given after all."""
        if given is None:
            return
        if not given.script.for_cloud_init:
            self.answer(startup_script.answer(self.state, given))
            return

        def use(accepted: bool | None) -> None:
            if accepted:
                self.answer(startup_script.answer(self.state, given))

        self.app.push_screen(CloudInitScreen(given), use)
