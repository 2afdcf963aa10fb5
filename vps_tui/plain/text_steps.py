"""The root password, the start-up script, and the file that an order is saved as."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from vps_tui.core import root_password
from vps_tui.core.draft import Draft
from vps_tui.core.errors import InvalidValue, VpsTuiError
from vps_tui.core.startup_script import parse_startup_script
from vps_tui.core.text import clean
from vps_tui.files.private import read_script
from vps_tui.plain.choice_steps import ask_list
from vps_tui.plain.moves import Move
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.plain.terminal_io import Left
from vps_tui.services.order_files import save
from vps_tui.wizard.questions import receipt, saving, server, startup_script
from vps_tui.wizard.questions.startup_script import FILE, TEXT, GivenScript
from vps_tui.wizard.state import WizardState

END = "."
"""The line that ends a text of several lines."""

OWN = {"t": "types your own"}


async def ask_root_password(ask: Prompter) -> Move:
    """Show a generated password before anything is sent, and take it or another."""
    ask.introduce(server.ROOT_HEADING, server.ROOT_HELP)
    ask.state = server.type_password(ask.state, server.offered_password(ask.state))
    while True:
        value = server.offered_password(ask.state)
        ask.say(f"The password: {value}")
        if await ask.enter("takes it", OWN) == "":
            return server.answer_password(ask.state, value)
        try:
            own = await _own_password(ask)
        except Back:
            continue
        return server.answer_password(ask.state, own)


async def _own_password(ask: Prompter) -> str:
    ask.say(server.ROOT_RULE)
    without = "Take the generated password, or run vps-tui on a terminal."
    while True:
        first = await ask.secret("Password", without=without)
        problem = root_password.problem(first)
        if not problem and first != await ask.secret("Once more", without=without):
            problem = "The two are not the same."
        if not problem:
            return first
        ask.say(problem)


async def ask_startup_script(ask: Prompter) -> Move:
    """Ask what the server runs at its first start."""
    beginning = [f"  {line}" for line in startup_script.details(ask.state)]
    question = replace(startup_script.QUESTION, notes=lambda _state: beginning)

    async def take(chosen: str) -> Move | None:
        answered = question.answer(ask.state, chosen)
        if answered is not None:
            return answered
        try:
            given = await _given_script(ask, chosen)
            ask.say(*startup_script.facts(given), *given.script.warnings)
            await _confirm_script(ask, given)
        except Back:
            return None
        except InvalidValue as error:
            ask.say(f"{error.message} {error.hint}")
            return None
        return startup_script.answer(ask.state, given)

    return await ask_list(ask, question, take=take)


async def _given_script(ask: Prompter, chosen: str) -> GivenScript:
    if chosen == FILE:
        return await _script_file(ask)
    return await _script_text(ask) if chosen == TEXT else startup_script.given_before(ask.state)


async def _confirm_script(ask: Prompter, given: GivenScript) -> None:
    """Wait for Enter, or for a typed yes where only cloud-init could read it; raises `Back`."""
    if not given.script.for_cloud_init:
        await ask.enter("uses it")
        return
    while (await ask.text(startup_script.CLOUD_INIT_QUESTION)).casefold() != startup_script.WORD:
        ask.say("That is not yes: it is not used.")


async def _script_file(ask: Prompter) -> GivenScript:
    ask.say(startup_script.FILE_TITLE)
    while True:
        path = Path(await ask.text("Path"))
        try:
            return GivenScript(await asyncio.to_thread(read_script, path), clean(path.name))
        except InvalidValue as error:
            ask.say(f"{error.message} {error.hint}")


async def _script_text(ask: Prompter) -> GivenScript:
    while True:
        ask.say(startup_script.TEXT_TITLE, f"A line with nothing but a dot ({END}) ends it; :b alone goes back.")
        try:
            return GivenScript(parse_startup_script(await several_lines(ask, END)))
        except InvalidValue as error:
            ask.say(f"{error.message} {error.hint}")


async def several_lines(ask: Prompter, end: str) -> str:
    """Return lines up to one that is `end`; raises `Back` and `Left`."""
    lines: list[str] = []
    while True:
        line = await ask.lines.line()
        if line is None or line.strip() == ":q":
            raise Left
        if line.strip() == ":b":
            raise Back
        if line.strip() == end:
            return "".join(lines)
        lines.append(line)


async def save_order(ask: Prompter, state: WizardState) -> None:
    """Ask where to save the order of `state`, and save it; going back saves nothing."""
    draft = receipt.draft_to_save(state)
    if draft.server.plan:
        await save_draft(ask, draft)


async def save_draft(ask: Prompter, draft: Draft) -> None:
    """Ask where to save `draft` as an order file, and save it; going back saves nothing."""
    ask.say(saving.TITLE, saving.HINT)
    while True:
        try:
            path = Path(await ask.text("Path", default=saving.default_path(draft)))
        except Back:
            return
        try:
            await asyncio.to_thread(save, path, draft)
        except VpsTuiError as error:
            ask.say(f"{error.message} {error.hint}")
        else:
            ask.say(saving.saved_message(path))
            return
