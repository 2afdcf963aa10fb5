"""Steps that are typed: name, root password, start-up script, and the file that an order is saved as."""

from __future__ import annotations

import asyncio
from pathlib import Path

from vps_tui.core.draft import Draft
from vps_tui.core.errors import InvalidValue, VpsTuiError
from vps_tui.core.startup_script import parse_startup_script
from vps_tui.core.text import clean
from vps_tui.files.scripts import read_script
from vps_tui.plain.moves import Move
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.plain.terminal_io import Left
from vps_tui.services.order_files import save
from vps_tui.wizard.questions import name, receipt, root_password, saving, startup_script
from vps_tui.wizard.questions.startup_script import FILE, NONE, TEXT, GivenScript
from vps_tui.wizard.state import WizardState

END = "."
"""The line that ends a text of several lines."""

OWN = {"t": "types your own"}


async def ask_name(ask: Prompter) -> Move:
    """Ask for the hostname or label until it is one that the provider takes."""
    ask.introduce(name.heading(ask.state), name.HELP)
    label = name.label(ask.state)
    while True:
        text = await ask.text(label, default=ask.state.server.name, help_text=name.FIELD_HELP)
        problem = name.problem(ask.state, text)
        if not problem:
            return name.answer(ask.state, text)
        ask.state = name.typed(ask.state, clean(text))
        ask.say(problem)


async def ask_root_password(ask: Prompter) -> Move:
    """Show a generated password before anything is sent, and take it or another."""
    ask.introduce(root_password.heading(), root_password.HELP)
    ask.state = root_password.typed(ask.state, root_password.offered(ask.state))
    while True:
        value = root_password.offered(ask.state)
        ask.say(f"The password: {value}")
        if await ask.enter("takes it", OWN) == "":
            return root_password.answer(ask.state, value)
        try:
            own = await _own_password(ask)
        except Back:
            continue
        return root_password.answer(ask.state, own)


async def _own_password(ask: Prompter) -> str:
    ask.say(root_password.RULE)
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
    ask.introduce(startup_script.heading(), startup_script.HELP)
    if ask.state.server.startup_script:
        ask.say(*(f"  {line}" for line in startup_script.details(ask.state)))
    while True:
        rows, present = startup_script.choices(ask.state), startup_script.chosen(ask.state)
        chosen = await ask.choose("Script", rows, startup_script.COLUMNS, default=present)
        if chosen == NONE:
            return startup_script.answer(ask.state, None)
        try:
            given = await _given_script(ask, chosen)
            if given is None:
                return ask.state
            ask.say(*startup_script.facts(given), *given.script.warnings)
            await _confirm_script(ask, given)
        except Back:
            continue
        except InvalidValue as error:
            ask.say(f"{error.message} {error.hint}")
            continue
        return startup_script.answer(ask.state, given)


async def _given_script(ask: Prompter, chosen: str) -> GivenScript | None:
    """Return the script to use; None for the one that was given before and needs nothing."""
    if chosen == FILE:
        return await _script_file(ask)
    return await _script_text(ask) if chosen == TEXT else startup_script.chosen_again(ask.state)


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
