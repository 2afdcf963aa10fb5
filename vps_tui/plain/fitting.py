"""Ask what the server must have at least, and which of the plans that fit it is to be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from vps_tui.comparing import Everywhere
from vps_tui.core.requirements import ANY, Requirements
from vps_tui.core.steps import Step
from vps_tui.errors import UsageError
from vps_tui.plain.asking import Asker, Back
from vps_tui.questions import fitting
from vps_tui.questions.fitting import Wish
from vps_tui.wizard import WizardState

FIT: Final = "f"
"""What is typed at the questions for location and plan."""
WHAT_FITS: Final[Mapping[str, str]] = {FIT: "finds what fits"}
LEFT_OPEN: Final = "any"

Look = Callable[[Requirements, Callable[[int, int], None]], Awaitable[Everywhere]]


async def ask_what_fits(ask: Asker, look: Look, *, everywhere: bool) -> WizardState | None:
    """Return the state with location and plan of what was chosen; None when the person goes back instead.

    What was typed is kept either way; back goes from the list to the last of the questions, and from one to another.
    """
    wishes = fitting.wishes(ask.state, everywhere=everywhere)
    ask.say(fitting.TITLE, f"{fitting.NOTE} {LEFT_OPEN} leaves open what was asked for before.")
    number = 0
    while True:
        try:
            while number < len(wishes):
                await _ask_wish(ask, wishes[number])
                number += 1
            return await _ask_offer(ask, look, everywhere=everywhere)
        except Back:
            number -= 1
            if number < 0:
                return None


async def _ask_wish(ask: Asker, wish: Wish) -> None:
    while True:
        before = fitting.typed(ask.state, [wish])[wish.key]
        text = await ask.text(wish.label, default=before or LEFT_OPEN, help_text=wish.help_text)
        text = "" if text.casefold() in ANY else text
        wrong = fitting.read({wish.key: text})[1]
        if not wrong:
            ask.state = fitting.with_typed(ask.state, {wish.key: text})
            return
        ask.say(wrong[wish.key])


async def _ask_offer(ask: Asker, look: Look, *, everywhere: bool) -> WizardState:
    """Return the state with what was chosen; raises `Back`."""
    wishes = fitting.wishes(ask.state, everywhere=everywhere)
    wanted, _ = fitting.read(fitting.typed(ask.state, wishes))
    progress = [""]

    def told(done: int, of: int) -> None:
        progress[0] = f"{done} of {of} locations."

    async def fetch() -> Everywhere | UsageError:
        try:
            return await look(wanted, told)
        except UsageError as error:
            # It is of no use to try that again.
            return error

    found = await ask.read(fitting.WAITING_FOR, fetch, lambda: progress[0])
    if isinstance(found, UsageError):
        ask.say_error(found)
        raise Back
    selection = fitting.selected(ask.state, found, wanted)
    ask.say(fitting.heading(selection, wanted), *fitting.notes(selection, found))
    if not selection.offers:
        ask.say(fitting.NOTHING)
        raise Back
    rows = fitting.choices(ask.state, selection.offers, everywhere=everywhere)
    chosen = await ask.choose("Plan", rows, fitting.columns(ask.state, everywhere=everywhere))
    return fitting.answer(ask.state, found, selection.offers[int(chosen)]).standing_at(Step.PLAN)
