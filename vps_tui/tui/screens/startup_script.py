"""Side step: choose what the server runs at its first start."""

from __future__ import annotations

from vps_tui.core.errors import InvalidValue
from vps_tui.tui.screens.choice import ChoiceScreen
from vps_tui.tui.screens.script_give import CloudInitScreen, ScriptFileScreen, ScriptTextScreen
from vps_tui.wizard.questions import startup_script
from vps_tui.wizard.questions.startup_script import CHOSEN, FILE, TEXT, GivenScript


class StartupScriptScreen(ChoiceScreen):
    """Offers no script, one from a file, or one typed or pasted."""

    def choose(self, choice_id: str) -> None:
        """Go on without a script or with the one given before, or have one given."""
        if choice_id == FILE:
            self.app.push_screen(ScriptFileScreen(), self.take)
        elif choice_id == TEXT:
            self.app.push_screen(ScriptTextScreen(self.state.server.startup_script), self.take)
        elif choice_id == CHOSEN and self.state.script_problem:
            self._use_again()
        else:
            super().choose(choice_id)

    def _use_again(self) -> None:
        """Use the script that was given before, if that is possible."""
        try:
            self.take(startup_script.given_before(self.state))
        except InvalidValue as error:
            self.complain(f"{error.message} {error.hint}")

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
