"""The kinds of question: one of several, a text, something to read; with the same few commands everywhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from vps_tui.core.errors import UsageError, VpsTuiError
from vps_tui.core.steps import stage_of, stages
from vps_tui.plain.menu import Menu
from vps_tui.plain.terminal_io import Left, Lines
from vps_tui.wizard.controller import Flow
from vps_tui.wizard.questions import loading, running_total
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.state import WizardState

Value = TypeVar("Value")

AT_ONCE: Final = 0.1
"""Seconds in which an answer may still come without a word about waiting for it."""
STILL_WAITING: Final = 10.0
"""Seconds between two words about waiting."""
COMMANDS: Final = "b goes back and keeps everything, q leaves and keeps the order for the next start, ? is this help."
IN_LISTS: Final = (
    "In a list a number chooses, other text narrows it down, m shows more; "
    "the single letters that the question names are never searched for."
)
IN_TEXT: Final = "Where a text is asked for, write :b, :q and :? instead."


class Back(Exception):
    """The person goes back."""


class Prompter:
    """Asks questions for one flow; `b`, `q` and `?` are answered here."""

    def __init__(self, flow: Flow, lines: Lines, ssh_folder: Path) -> None:
        """Take whose flow it is and where to ask; `ssh_folder` is where the person's own keys are looked for."""
        self.flow = flow
        self.lines = lines
        self.ssh_folder = ssh_folder
        self._help = ""

    @property
    def state(self) -> WizardState:
        """Everything that has been answered."""
        return self.flow.state

    @state.setter
    def state(self, state: WizardState) -> None:
        self.flow.state = state

    def say(self, *lines: str) -> None:
        """Say something."""
        self.lines.say(*lines)

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Say labels with their values, one a line."""
        self.say(*(f"{label}: {value}" for label, value in pairs))

    def introduce(self, heading: tuple[str, str], help_text: str, *, priced: bool = True) -> None:
        """Say which question comes, where in the wizard it is, and the order so far once it has a price."""
        facts, step = self.state.facts, self.state.step
        trail = stages(facts)
        stage = stage_of(step)
        place = f"Step {trail.index(stage) + 1} of {len(trail)}: {stage}" if stage in trail else stage
        mark = " (sandbox: nothing is bought)" if self.flow.backend.sandbox else ""
        self.say("", f"{place}{mark}", *filter(None, (running_total.title(self.state, heading[0]), heading[1])))
        self.explain(help_text)
        if priced:
            self.say_price(self.state)

    def explain(self, help_text: str) -> None:
        """Have `?` say `help_text` from now on."""
        self._help = help_text

    def say_price(self, state: WizardState) -> None:
        """Say what is chosen so far and what it costs, once there is a price to say."""
        price = running_total.price(state)
        if price:
            self.say(f"So far: {', '.join(running_total.parts(state))}: {price}")

    def say_error(self, error: VpsTuiError, money: str | None = None) -> None:
        """Say what went wrong, whether money moved, and what to do."""
        self.say(*loading.error_lines(error, money or loading.money(self.state, error)))

    async def choose(
        self,
        word: str,
        choices: Sequence[Choice],
        columns: Sequence[Column] = (),
        *,
        default: str = "",
        extra: Mapping[str, str] | None = None,
        first: int = 1,
        enter: str = "",
    ) -> str:
        """Return the id of the chosen row, or the key of an `extra` command.

        The numbers begin with `first`. Enter alone takes `default`; with `enter`, the words for what it does
        instead, it gives an empty text.
        """
        menu = Menu(choices, columns, first=first, default=default)
        extra = extra or {}
        self.say(*menu.page())
        while True:
            text = await self.command(menu.prompt(word, extra, enter))
            if text is None:
                continue
            if text.lower() in extra:
                return text.lower()
            if not text and enter:
                return ""
            if menu.has_more and text.lower() == "m":
                self.say(*menu.next_page())
                continue
            said, chosen = menu.answer(text)
            self.say(*said)
            if chosen is not None:
                return chosen.id

    async def text(self, label: str, *, default: str = "", help_text: str = "") -> str:
        """Return a typed text; Enter alone takes `default`."""
        usual = f"Enter for {default}; " if default else ""
        hint = f"{help_text} " if help_text else ""
        while True:
            text = await self.command(f"{hint}{label} [{usual}:b back, :? help, :q leave]:", mark=":")
            if text is not None:
                return text or default

    async def secret(self, label: str, *, without: str) -> str:
        """Return a text that is not shown while it is typed.

        Raises `UsageError` with the hint `without` where there is no terminal to type it on.
        """
        while True:
            try:
                text = await self.lines.secret(f"{label} (not shown) [:b back, :? help, :q leave]:")
            except LookupError:
                raise UsageError(
                    f"There is no terminal to type it on: {label}.", hint=without, title="Nobody to ask"
                ) from None
            if not self._obeyed(text.strip(), ":"):
                return text

    async def enter(self, what: str, extra: Mapping[str, str] | None = None, *, back: bool = True) -> str:
        """Wait for Enter, which does `what`; returns an empty text, or the key of an `extra` command.

        Without `back` there is no word about a way back; whoever asks answers `Back` all the same.
        """
        extra = extra or {}
        others = "".join(f", {key} {words}" for key, words in extra.items())
        while True:
            text = await self.command(f"[Enter {what}{others}{', b back' if back else ''}, ? help, q leave]:")
            if text is not None and (not text or text.lower() in extra):
                return text.lower()
            if text:
                self.say("That is none of them.")

    async def command(self, prompt: str, mark: str = "") -> str | None:
        """Ask; None where the answer was a command that has been obeyed. Raises `Back` and `Left`."""
        text = await self.lines.ask(prompt)
        return None if self._obeyed(text, mark) else text

    async def read(
        self, what: str, fetch: Callable[[], Awaitable[Value]], so_far: Callable[[], str] = lambda: ""
    ) -> Value:
        """Return what `fetch` gives, saying now and then that `what` is waited for, and what there is `so_far`.

        What goes wrong is said, and tried again on Enter. Raises `Back`, also to a sign-in that is needed now.
        """
        while True:
            try:
                return await self.waited_for(loading.asking(self.state, what), fetch, so_far)
            except VpsTuiError as error:
                state = self.flow.to_sign_in_again(error, self.state)
                if state is not None:
                    self.state = state
                    raise Back from None
                self.say_error(error)
            await self.enter("tries again")

    async def waited_for(
        self, words: str, call: Callable[[], Awaitable[Value]], so_far: Callable[[], str] = lambda: ""
    ) -> Value:
        """Return what `call` gives, saying `words` and then, now and again, how long and what `so_far`."""
        telling = asyncio.create_task(self._tell_waiting(words, so_far))
        try:
            return await call()
        finally:
            telling.cancel()

    async def _tell_waiting(self, words: str, so_far: Callable[[], str]) -> None:
        await asyncio.sleep(AT_ONCE)
        self.say(words)
        waited = 0.0
        while True:
            await asyncio.sleep(STILL_WAITING)
            waited += STILL_WAITING
            self.say(f"Still waiting, {waited:.0f} seconds so far. {so_far()}".rstrip())

    def _obeyed(self, text: str, mark: str) -> bool:
        if text.lower() == f"{mark}b":
            raise Back
        if text.lower() == f"{mark}q":
            raise Left
        if text == f"{mark}?":
            self.say(self._help, COMMANDS, IN_TEXT if mark else IN_LISTS)
            return True
        return False
