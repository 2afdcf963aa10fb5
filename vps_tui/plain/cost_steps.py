"""Steps of the money: what it costs, whether the same is meant twice, and the word for the paid call."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from vps_tui.core.server_change import ChangeQuote
from vps_tui.core.steps import Step
from vps_tui.plain.moves import Jump, Move, Order
from vps_tui.plain.prompter import COMMANDS, Back, Prompter
from vps_tui.plain.terminal_io import Left
from vps_tui.plain.text_steps import save_order
from vps_tui.services.session import Terms
from vps_tui.terminal.prompt import confirms, is_followed
from vps_tui.wizard.questions import cost, paid_step
from vps_tui.wizard.questions.choices import Choice
from vps_tui.wizard.questions.paid_step import TypedWord

NO_TERMINAL = "Save the order (s at its cost), then order it with: vps-tui order FILE --yes"
NO_TERMINAL_FOR_CHANGE = "Use vps-tui change or vps-tui cancel with --yes."
OTHER_WAYS = "b back, ? help, q leave"


async def ask_cost(ask: Prompter) -> Move:
    """Show what it costs; a number changes a line in place."""

    async def fetch() -> Terms:
        return await (await ask.flow.session()).terms()

    ask.state = cost.with_terms(ask.state, await ask.read(cost.waiting_for(ask.state), fetch))
    ask.introduce(cost.heading(ask.state), f"{cost.HELP} A number changes its line; {cost.KEPT}", priced=False)
    while True:
        _say_cost(ask)
        rows = [_line(ask, choice) for choice in cost.choices(ask.state)]
        chosen = await ask.choose("Cost", rows, extra={"s": "save", "v": "servers"}, enter="goes on")
        server = cost.server_of(chosen)
        if chosen == "s":
            await save_order(ask, ask.state)
        elif chosen == "v":
            return Jump(ask.state, Step.SERVERS)
        elif server is not None:
            return Jump(replace(ask.state, server_index=server), Step.SERVER)
        elif chosen == cost.CREDIT:
            ask.state = cost.with_other_credit(ask.state)
        elif chosen:
            return Jump(ask.state, Step(chosen))
        else:
            lacking = ask.state.unfinished()
            if lacking is not None:
                return Jump(replace(ask.state, server_index=lacking[0]), lacking[1])
            if not cost.problem(ask.state):
                return ask.state
            ask.say(cost.problem(ask.state))


def _say_cost(ask: Prompter) -> None:
    ask.pairs(cost.money(ask.state, datetime.now(UTC)))
    ask.say(*cost.notes(ask.state), "What makes it up; a number changes a line:")


def _line(ask: Prompter, choice: Choice) -> Choice:
    """Return a line of the order as one to be read aloud: what, which, how much at which pace."""
    quote = ask.state.quote()
    label, value, amount = choice.cells
    price = f", {amount} {quote.billing_cycle.every}" if amount and quote is not None else ""
    return Choice(choice.id, (f"{label}: {value}{price}",))


async def ask_change_cost(ask: Prompter) -> Move:
    """Say what a change costs now and later, or what a cancellation loses."""
    state = ask.state

    async def fetch() -> ChangeQuote:
        return await ask.flow.changes.quoted(state)

    ask.state = cost.with_quote(state, await ask.read(cost.waiting_for(state), fetch))
    ask.introduce(cost.heading(ask.state), cost.help_text(ask.state), priced=False)
    ask.pairs(cost.money(ask.state, datetime.now(UTC)))
    ask.pairs(cost.describe(ask.state))
    ask.say(*cost.notes(ask.state))
    problem = cost.problem(ask.state)
    if problem:
        ask.say(problem)
        await ask.enter("goes back")
        raise Back
    await ask.enter("goes on")
    return ask.state


async def ask_repeat(ask: Prompter) -> Move:
    """Ask for the word `again`, unless the same is being sent at this moment."""
    asked = paid_step.repetition(ask.state)
    help_text = _in_lines(asked.help_text)
    ask.introduce(asked.heading, help_text, priced=False)
    ask.say(asked.message, _in_lines(asked.way_out))
    if asked.live:
        await ask.enter("goes back")
        raise Back
    await typed_word(ask, asked, help_text)
    return paid_step.with_repeats(ask.state)


async def ask_confirm(ask: Prompter) -> Move:
    """Say what is bought or changed, with which account, for how much, and ask for the word."""
    asked = paid_step.confirmation(ask.state, datetime.now(UTC))
    ask.introduce(asked.heading, asked.help_text, priced=False)
    ask.pairs(asked.money)
    ask.pairs(asked.details)
    ask.say(*asked.notes)
    await typed_word(ask, asked, asked.help_text)
    return Order()


async def typed_word(ask: Prompter, asked: TypedWord, help_text: str) -> None:
    """Return once the word was typed after the question was there; raises `Back`, `Left` and `UsageError`."""
    hint = NO_TERMINAL if ask.state.changing is None else NO_TERMINAL_FOR_CHANGE
    while True:
        ask.lines.forget_typed(hint)
        answer = await ask.lines.ask_whole(f"{asked.question.removesuffix(':')} [{OTHER_WAYS}]:")
        confirmed = any(confirms(answer, word) for word in asked.words)
        if confirmed and not is_followed(ask.lines.source):
            return
        command = answer.strip().lower()
        if command == "b":
            raise Back
        if command == "q":
            raise Left
        if command == "?":
            ask.say(help_text, COMMANDS)
        elif confirmed:
            nothing = f"nothing was {asked.done}"
            ask.say(f"More came behind it, as from a paste: {nothing}. Type {command} and Enter, then wait.")
        else:
            ask.say(f"{asked.expected}, or b to go back.")


def _in_lines(text: str) -> str:
    """Return what a screen says with the keys of this mode."""
    return text.replace("Ctrl+Q", "q").replace("press Esc", "go back with b")
