"""Steps of a change's money: what it costs or loses, whether it is made twice, and the word that makes it."""

from __future__ import annotations

from vps_tui.core.server_change import ChangeQuote
from vps_tui.plain.cost_steps import typed_word
from vps_tui.plain.moves import Move, Order
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.wizard.questions import change_confirm, change_cost, change_repeat

NO_TERMINAL = "Use vps-tui change or vps-tui cancel with --yes."


async def ask_change_cost(ask: Prompter) -> Move:
    """Say what it costs now and later, or what a cancellation loses."""
    state = ask.state

    async def fetch() -> ChangeQuote:
        return await ask.flow.changes.quoted(state)

    ask.state = change_cost.received(state, await ask.read(change_cost.waiting_for(state), fetch))
    ask.introduce(change_cost.heading(ask.state), change_cost.help_text(ask.state), priced=False)
    _say(ask)
    problem = change_cost.problem(ask.state)
    if problem:
        ask.say(problem)
        await ask.enter("goes back")
        raise Back
    await ask.enter("goes on")
    return ask.state


async def ask_change_repeat(ask: Prompter) -> Move:
    """Ask for the word `again`, unless the same is being sent at this moment."""
    ask.introduce(change_repeat.heading(ask.state), change_repeat.HELP, priced=False)
    ask.say(change_repeat.message(ask.state), change_repeat.way_out(ask.state).replace("Ctrl+Q", "q"))
    if change_repeat.live(ask.state):
        await ask.enter("goes back")
        raise Back
    await typed_word(
        ask,
        change_repeat.QUESTION,
        (change_repeat.WORD,),
        change_repeat.EXPECTED,
        change_repeat.HELP,
        done="changed",
        hint=NO_TERMINAL,
    )
    return change_repeat.answer(ask.state)


async def ask_change_confirm(ask: Prompter) -> Move:
    """Say everything once more and ask for the word yes, or for the name of the server that is to end."""
    ask.introduce(change_confirm.heading(ask.state), change_confirm.help_text(ask.state), priced=False)
    _say(ask)
    await typed_word(
        ask,
        change_confirm.question(ask.state),
        change_confirm.words(ask.state),
        change_confirm.expected(ask.state),
        change_confirm.help_text(ask.state),
        done="changed",
        hint=NO_TERMINAL,
    )
    return Order()


def _say(ask: Prompter) -> None:
    ask.pairs(change_cost.money(ask.state))
    ask.pairs(change_cost.described(ask.state))
    ask.say(*change_cost.notes(ask.state))
