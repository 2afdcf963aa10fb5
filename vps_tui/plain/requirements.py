"""Ask what the server must have at least, and which of the plans that fit it is to be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from vps_tui.core.errors import UsageError
from vps_tui.core.requirements import ANY, Requirements
from vps_tui.core.steps import Step
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.services.compare import Everywhere
from vps_tui.wizard.questions import requirements
from vps_tui.wizard.questions.requirements import Wish
from vps_tui.wizard.state import WizardState

FIT: Final = "f"
"""What is typed at the questions for location and plan."""
WHAT_FITS: Final[Mapping[str, str]] = {FIT: "finds what fits"}
LEFT_OPEN: Final = "any"

Look = Callable[[Requirements, Callable[[int, int], None]], Awaitable[Everywhere]]


async def ask_what_fits(ask: Prompter, look: Look, *, everywhere: bool) -> WizardState | None:
    """Return the state with location and plan of what was chosen; None when the person goes back instead.

    What was typed is kept either way; back goes from the list to the last of the questions, and from one to another.
    """
    wishes = requirements.wishes(ask.state, everywhere=everywhere)
    ask.say(requirements.TITLE, f"{requirements.NOTE} {LEFT_OPEN} leaves open what was asked for before.")
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


async def _ask_wish(ask: Prompter, wish: Wish) -> None:
    while True:
        before = requirements.typed(ask.state, [wish])[wish.key]
        text = await ask.text(wish.label, default=before or LEFT_OPEN, help_text=wish.help_text)
        text = "" if text.casefold() in ANY else text
        wrong = requirements.read({wish.key: text})[1]
        if not wrong:
            ask.state = requirements.with_typed(ask.state, {wish.key: text})
            return
        ask.say(wrong[wish.key])


async def _ask_offer(ask: Prompter, look: Look, *, everywhere: bool) -> WizardState:
    """Return the state with what was chosen; raises `Back`."""
    wishes = requirements.wishes(ask.state, everywhere=everywhere)
    wanted, _ = requirements.read(requirements.typed(ask.state, wishes))
    progress = [""]

    def told(done: int, of: int) -> None:
        progress[0] = f"{done} of {of} locations."

    async def fetch() -> Everywhere | UsageError:
        try:
            return await look(wanted, told)
        except UsageError as error:
            # It is of no use to try that again.
            return error

    found = await ask.read(requirements.WAITING_FOR, fetch, lambda: progress[0])
    if isinstance(found, UsageError):
        ask.say_error(found)
        raise Back
    selection = requirements.select_offers(ask.state, found, wanted)
    ask.say(requirements.heading(selection, wanted), *requirements.notes(selection, found))
    if not selection.offers:
        ask.say(requirements.NOTHING)
        raise Back
    rows = requirements.choices(ask.state, selection.offers, everywhere=everywhere)
    chosen = await ask.choose("Plan", rows, requirements.columns(ask.state, everywhere=everywhere))
    return requirements.answer(ask.state, found, selection.offers[int(chosen)]).standing_at(Step.PLAN)
