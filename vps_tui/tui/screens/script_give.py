"""Give a start-up script by the path of its file, or by typing or pasting it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, TextArea

from vps_tui.core.errors import InvalidValue
from vps_tui.core.startup_script import StartupScript, describe_script, parse_startup_script
from vps_tui.core.text import clean
from vps_tui.files.private import read_script
from vps_tui.tui.screens.dialog import AskDialog, Form
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import Words
from vps_tui.tui.widgets.script_area import ScriptArea
from vps_tui.wizard.questions import startup_script
from vps_tui.wizard.questions.startup_script import GivenScript


class ScriptFileScreen(Form[GivenScript | None]):
    """Asks for a path; Enter reads it and says what is there, a second Enter uses it."""

    form_title = startup_script.FILE_TITLE
    use_label = "Use this script"
    _given: GivenScript | None = None

    def compose_body(self) -> Iterable[Widget]:
        yield Words("")
        yield Field("Path", "~/", help_text="Enter reads the file, Enter again uses it.")
        yield Words("", id="verdict")

    @on(Input.Changed)
    def _changed(self) -> None:
        self._given = None
        self.say("")

    @on(Input.Submitted)
    def use(self) -> None:
        if self._given is not None:
            self.close(self._given)
        else:
            self._read(Path(self.query_one(Field).value.strip()))

    @work(group="script", exclusive=True)
    async def _read(self, path: Path) -> None:
        try:
            script = await asyncio.to_thread(read_script, path)
        except InvalidValue as error:
            self.complain(error)
        else:
            self._given = GivenScript(script, clean(path.name))
            self.say(facts(script))


class ScriptTextScreen(Form[GivenScript | None]):
    """A field for the script, with the verdict on what is in it underneath."""

    AUTO_FOCUS = "ScriptArea"
    DEFAULT_CSS = "ScriptTextScreen .dialog TextArea { height: 11; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "use", show=False, priority=True, id="script-text.use"),
    ]
    form_title = startup_script.TEXT_TITLE
    use_label = "Use this script"
    _script: StartupScript | None = None
    _judged = ""
    """The text that the verdict on the screen is about."""

    def __init__(self, text: str) -> None:
        """Start with `text`."""
        super().__init__()
        self._text = text

    def compose_body(self) -> Iterable[Widget]:
        yield Words(Content.styled("Enter and Tab are part of the text. F2 uses the script, Esc goes back.", "dim"))
        yield ScriptArea(self._text)
        yield Words("", id="verdict")

    def on_mount(self) -> None:
        """Judge what the field starts with."""
        self._judge()

    @on(TextArea.Changed)
    def _judge(self) -> None:
        """Judge the text; the verdict on a refused paste stays until something else is given."""
        area = self.query_one(ScriptArea)
        self._judged, self._script = area.text, None
        if not area.text.strip():
            self.say("")
            return
        try:
            script = parse_startup_script(area.text)
        except InvalidValue as error:
            self.say(f"{error.message} {error.hint}", "bold")
        else:
            self._script = replace(script, repairs=(*filter(None, [area.repaired]), *script.repairs))
            self.say(facts(self._script))

    @on(ScriptArea.PasteRefused)
    def _refused(self, message: ScriptArea.PasteRefused) -> None:
        self.complain(f"{message.error.message} Nothing of it was taken. {message.error.hint}")

    def action_use(self) -> None:
        """The same by key."""
        self.use()

    def use(self) -> None:
        area = self.query_one(ScriptArea)
        area.flush()
        if area.text != self._judged:
            # Its verdict has not been seen.
            self._judge()
        elif self._script is not None:
            self.close(GivenScript(self._script))
        else:
            area.focus()


class CloudInitScreen(AskDialog[bool]):
    """Asks whether something that only cloud-init can read is to be sent; not sending it is the first button."""

    def __init__(self, given: GivenScript) -> None:
        """Ask about `given`."""
        buttons = (("give-up", "Back", None), ("accept", "Yes, send it", True))
        super().__init__(startup_script.CLOUD_INIT_TITLE, (facts(given.script),), buttons)


def facts(script: StartupScript) -> Content:
    """Return a good script in words: its size and first line, what was repaired, what to know."""
    notes = "".join(f"\n{words}" for words in script.repairs)
    warnings = "".join(f"\n{words}" for words in script.warnings)
    return Content.assemble((describe_script(script.text), "bold ansi_green"), notes, (warnings, "bold ansi_magenta"))
