"""Steps about the servers of one order: all of them, the lines of one, how many alike."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.core.steps import Step
from vps_tui.plain.moves import Jump, Move, Show
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.wizard import order_servers as several
from vps_tui.wizard.questions import quantity, servers
from vps_tui.wizard.questions.choices import Choice
from vps_tui.wizard.state import WizardState

COMMANDS = {"a": "adds one", "c": "copies one", "r": "removes one"}


async def ask_servers(ask: Prompter) -> Move:
    """Say which servers the order has; a number changes one, Enter goes back to the cost."""
    ask.introduce(servers.heading(ask.state), servers.HELP)
    while True:
        rows = servers.choices(ask.state)
        chosen = await ask.choose("Servers", rows, servers.columns(ask.state), extra=COMMANDS, enter="is done")
        if not chosen:
            return ask.state
        if chosen == "a" and several.most_copies(ask.state) > 0:
            return Show(several.with_another(ask.state))
        if chosen == "a" or (chosen == "c" and several.most_copies(ask.state) < 1):
            ask.say(servers.FULL)
        elif chosen == "r" and not ask.state.several:
            ask.say(servers.LAST)
        elif chosen in COMMANDS:
            try:
                ask.state = await (_copied(ask) if chosen == "c" else _removed(ask))
            except Back:
                continue
        else:
            return Jump(replace(ask.state, at=int(chosen)), Step.SERVER)


async def ask_server(ask: Prompter) -> Move:
    """Say the lines of one server; a number changes one, Enter goes back."""
    ask.introduce(servers.one_heading(ask.state), servers.ONE_HELP)
    rows = [Choice(line.id, (", ".join(filter(None, line.cells)),)) for line in servers.lines(ask.state)]
    chosen = await ask.choose("Line", rows, enter="is done")
    return Jump(ask.state, Step(chosen)) if chosen else ask.state


async def ask_quantity(ask: Prompter) -> Move:
    """Ask how many servers of one kind until it is a number that can be had."""
    ask.introduce(quantity.heading(ask.state), quantity.HELP)
    while True:
        text = await ask.text(quantity.LABEL, default=str(ask.state.server.quantity))
        problem = quantity.problem(ask.state, text)
        if not problem:
            return quantity.answer(ask.state, text)
        ask.say(problem)


async def _which(ask: Prompter, word: str) -> WizardState:
    """Return the state at the server that is meant; there is no question where there is one alone."""
    if not ask.state.several:
        return ask.state
    rows = servers.choices(ask.state)
    columns = servers.columns(ask.state)
    return replace(ask.state, at=int(await ask.choose(word, rows, columns, default=str(ask.state.at))))


async def _copied(ask: Prompter) -> WizardState:
    state = await _which(ask, "Copy which one")
    while True:
        text = await ask.text(f"{servers.copies_title(state)}, how many copies", default="1")
        copies = servers.copies(state, text)
        if isinstance(copies, int):
            ask.say(f"Made: {servers.copies_made(state, text)}")
            return several.with_copies(state, state.at, copies)
        ask.say(copies)


async def _removed(ask: Prompter) -> WizardState:
    state = await _which(ask, "Remove which one")
    ask.say(servers.removal(state))
    taken = await ask.enter("keeps it", {"r": "removes it"}) == "r"
    return several.without(state, state.at) if taken else state
