"""Steps of the money: what it costs, whether it is bought twice, and the word that orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from vps_tui.core.steps import Step
from vps_tui.plain.moves import Jump, Move, Order
from vps_tui.plain.prompter import COMMANDS, Back, Prompter
from vps_tui.plain.terminal_io import Left
from vps_tui.plain.text_steps import save_order
from vps_tui.services.session import Terms
from vps_tui.terminal.prompt import confirms, followed
from vps_tui.wizard import summary
from vps_tui.wizard.questions import confirm, cost, repeat
from vps_tui.wizard.questions.choices import Choice

NO_TERMINAL = "Save the order (s at its cost), then order it with: vps-tui order FILE --yes"
OTHER_WAYS = "b back, ? help, q leave"


async def ask_cost(ask: Prompter) -> Move:
    """Show what it costs; a number changes a line in place."""

    async def fetch() -> Terms:
        return await (await ask.flow.session()).terms()

    ask.state = cost.received(ask.state, await ask.read(cost.WAITING_FOR, fetch))
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
            return Jump(replace(ask.state, at=server), Step.SERVER)
        elif chosen == cost.CREDIT:
            ask.state = cost.with_other_credit(ask.state)
        elif chosen:
            return Jump(ask.state, Step(chosen))
        else:
            lacking = ask.state.unfinished()
            if lacking is not None:
                return Jump(replace(ask.state, at=lacking[0]), lacking[1])
            if not cost.problem(ask.state):
                return ask.state
            ask.say(cost.problem(ask.state))


def _say_cost(ask: Prompter) -> None:
    ask.pairs(summary.money_pairs(ask.state, datetime.now(UTC)))
    ask.say(*summary.notes(ask.state), "What makes it up; a number changes a line:")


def _line(ask: Prompter, choice: Choice) -> Choice:
    """Return a line of the order as one to be read aloud: what, which, how much at which pace."""
    quote = ask.state.quote()
    label, value, amount = choice.cells
    price = f", {amount} {quote.billing_cycle.every}" if amount and quote is not None else ""
    return Choice(choice.id, (f"{label}: {value}{price}",))


async def ask_repeat(ask: Prompter) -> Move:
    """Ask for the word `again`, unless the same is being ordered at this moment."""
    help_text = f"{repeat.HELP} Leave with q and look at vps-tui orders first if you are not sure."
    ask.introduce(repeat.heading(ask.state), help_text, priced=False)
    ask.say(repeat.message(ask.state))
    if repeat.live(ask.state):
        ask.say(repeat.WAIT)
        await ask.enter("goes back")
        raise Back
    if repeat.unsettled(ask.state):
        ask.say("To find out, leave with q and start again: it opens with that order. What you have chosen is kept.")
    await typed_word(ask, repeat.QUESTION, (repeat.WORD,), repeat.EXPECTED, help_text)
    return repeat.answer(ask.state)


async def ask_confirm(ask: Prompter) -> Move:
    """Say what is bought, from whom, with which account, for how much, and ask for the word yes."""
    ask.introduce(confirm.heading(ask.state), confirm.HELP, priced=False)
    ask.pairs(confirm.money(ask.state, datetime.now(UTC)))
    ask.pairs(summary.bought(ask.state))
    await typed_word(ask, confirm.QUESTION, (confirm.WORD,), confirm.EXPECTED, confirm.HELP)
    return Order()


async def typed_word(
    ask: Prompter,
    question: str,
    words: Sequence[str],
    expected: str,
    help_text: str,
    *,
    done: str = "ordered",
    hint: str = NO_TERMINAL,
) -> None:
    """Return once one of `words` was typed after the question was there; raises `Back`, `Left` and `UsageError`.

    `done` is what happened to nothing so far, `hint` what to do where there is no terminal to type on.
    """
    while True:
        ask.lines.forget_typed(hint)
        answer = await ask.lines.ask_whole(f"{question.removesuffix(':')} [{OTHER_WAYS}]:")
        confirmed = any(confirms(answer, word) for word in words)
        if confirmed and not followed(ask.lines.source):
            return
        command = answer.strip().lower()
        if command == "b":
            raise Back
        if command == "q":
            raise Left
        if command == "?":
            ask.say(help_text, COMMANDS)
        elif confirmed:
            ask.say(f"More came behind it, as from a paste: nothing was {done}. Type {command} and Enter, then wait.")
        else:
            ask.say(f"{expected}, or b to go back.")
