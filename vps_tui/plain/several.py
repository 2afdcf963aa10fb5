"""Steps about the servers of one order: all of them, the lines of one, how many alike."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from vps_tui.core.steps import Step
from vps_tui.plain.choice_steps import ask_list
from vps_tui.plain.moves import Jump, Move, Show
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.wizard import order_servers as several
from vps_tui.wizard.questions import servers
from vps_tui.wizard.state import WizardState

COMMANDS = {"a": "adds one", "c": "copies one", "r": "removes one"}


async def ask_servers(ask: Prompter) -> Move:
    """Say which servers the order has; a number changes one, Enter goes back to the cost."""

    async def take(chosen: str) -> Move | None:
        if not chosen:
            return ask.state
        if chosen == "a" and several.most_copies(ask.state) > 0:
            return Show(several.with_another(ask.state))
        if chosen == "a" or (chosen == "c" and several.most_copies(ask.state) < 1):
            ask.say(servers.FULL)
        elif chosen == "r" and not ask.state.several:
            ask.say(servers.LAST)
        elif chosen in COMMANDS:
            with suppress(Back):
                ask.state = await (_copy(ask) if chosen == "c" else _remove(ask))
        else:
            return Jump(replace(ask.state, server_index=int(chosen)), Step.SERVER)
        return None

    return await ask_list(ask, servers.SERVERS, extra=COMMANDS, take=take, enter="is done")


async def ask_server(ask: Prompter) -> Move:
    """Say the lines of one server; a number changes one, Enter goes back."""

    async def take(chosen: str) -> Move:
        return Jump(ask.state, Step(chosen)) if chosen else ask.state

    return await ask_list(ask, replace(servers.SERVER, columns=()), take=take, enter="is done")


async def _which(ask: Prompter, word: str) -> WizardState:
    """Return the state at the server that is meant; there is no question where there is one alone."""
    if not ask.state.several:
        return ask.state
    rows, columns = servers.SERVERS.rows(ask.state), servers.SERVERS.columns_in(ask.state)
    return replace(
        ask.state, server_index=int(await ask.choose(word, rows, columns, default=str(ask.state.server_index)))
    )


async def _copy(ask: Prompter) -> WizardState:
    state = await _which(ask, "Copy which one")
    while True:
        text = await ask.text(f"{servers.copies_title(state)}, how many copies", default="1")
        copies = servers.copies(state, text)
        if isinstance(copies, int):
            ask.say(f"Made: {servers.copies_made(state, text)}")
            return several.with_copies(state, state.server_index, copies)
        ask.say(copies)


async def _remove(ask: Prompter) -> WizardState:
    state = await _which(ask, "Remove which one")
    ask.say(servers.removal(state))
    taken = await ask.enter("keeps it", {"r": "removes it"}) == "r"
    return several.without(state, state.server_index) if taken else state
