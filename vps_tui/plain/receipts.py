"""Step: the outcome of an order or a change, and what can be done about it."""

from __future__ import annotations

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.journal import Entry
from vps_tui.plain.history import KEY, SHOWS, ask_earlier
from vps_tui.plain.moves import Fresh, Jump, Move, Show
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.plain.terminal_io import Left
from vps_tui.plain.text_steps import save_order
from vps_tui.plain.waiting import follow, give_address
from vps_tui.services.findings import Looked
from vps_tui.wizard.questions import loading, receipt, settling
from vps_tui.wizard.questions.choices import Choice

UNSURE, THERE, ABSENT = "unsure", "there", "absent"
LOOK_AGAIN = "Enter looks once more."
_NEXT = {
    (True, True): "goes back to the cost, to change it and order again",
    (True, False): "begins another order",
    (False, True): "goes back to the price",
    (False, False): "shows your servers",
}
"""What Enter does after something that was certainly not taken: by whether it is an order and can be tried again."""


def show_receipt(ask: Prompter) -> None:
    """Say the outcome, what to do, and what was ordered or changed."""
    ask.introduce(receipt.heading(ask.state), receipt.words_of(ask.state).help_text, priced=False)
    ask.say(*receipt.message(ask.state), *filter(None, [receipt.delivery(ask.state)]))
    ask.pairs(receipt.pairs(ask.state))


async def ask_receipt(ask: Prompter) -> Move:
    """Ask what to do now; what is not known is looked for at once."""
    kind = receipt.outcome_of(ask.state).kind
    if kind is OutcomeKind.UNKNOWN and ask.state.facts.signed_in:
        settled = await _look(ask)
        if settled is not None:
            return settled
    while True:
        try:
            move = await _do(ask, await _what_now(ask, kind), kind)
        except Back:
            if ask.state.return_to is None:
                ask.say("There is no way back from here.")
                continue
            ask.state = ask.state.return_to
            return await ask_earlier(ask)
        if move is not None:
            return move


async def _what_now(ask: Prompter, kind: OutcomeKind) -> str:
    """Return the letter of what is to be done, empty for the likely next action; raises `Back` and `Left`."""
    state, is_order, visited = ask.state, ask.state.changing is None, ask.state.return_to is not None
    more: dict[str, str] = {}
    if kind is OutcomeKind.UNKNOWN:
        following = "looks now"
        if state.entry is not None:
            other = "begins another order" if is_order else "goes on to something else"
            more = {"h": "says by hand what you have found", "o": other}
    elif kind is OutcomeKind.PLACED:
        following = "goes back" if visited else "leaves"
        if is_order and state.entry is not None:
            more = {"w": "waits until you can log in", "a": "types the server's address"}
        more["l"] = "looks at what is listed"
    else:
        following = _NEXT[is_order, receipt.can_try_again(state)]
    if is_order:
        more |= {"s": "saves it as a file"} | SHOWS
    elif kind is OutcomeKind.PLACED or receipt.can_try_again(state):
        more["s"] = "your servers"
    chosen = await ask.enter(following, more, back=visited)
    if kind is OutcomeKind.PLACED and not chosen:
        raise Back if visited else Left
    return chosen


async def _do(ask: Prompter, chosen: str, kind: OutcomeKind) -> Move | None:
    """Do what was chosen; None when the receipt stays as it is."""
    state, is_order = ask.state, ask.state.changing is None
    if chosen == "s" and is_order:
        await save_order(ask, state)
        return None
    if chosen in ("w", "a") and state.facts.signed_in:
        await (follow(ask) if chosen == "w" else give_address(ask))
        return None
    if chosen == KEY:
        return await ask_earlier(ask)
    if chosen == "h" and state.entry is not None:
        return await settle_by_hand(ask, state.entry)
    if not chosen and receipt.can_try_again(state):
        return Jump(*receipt.retry(state))
    if chosen == "o" or (kind in receipt.SURE and is_order):
        return Fresh()
    if chosen == "s" or kind in receipt.SURE:
        ask.flow.changes.put_aside(state)
        return Jump(*receipt.to_servers(state))
    return await _look(ask) if state.facts.signed_in else Jump(state, Step.SIGN_IN)


async def _look(ask: Prompter) -> Move | None:
    """Say what the provider lists now; return the receipt again where that settles it."""
    state = ask.state

    async def fetch() -> Looked:
        return await ask.flow.look(state)

    try:
        found = await ask.waited_for(loading.asking(state, receipt.words_of(state).waiting_for), fetch)
    except VpsTuiError as error:
        ask.say_error(error, receipt.look_failed(state))
        return None
    ask.say(*receipt.look_result(state, found, LOOK_AGAIN))
    if found.entry is None or found.entry.outcome.kind is receipt.outcome_of(state).kind:
        return None
    return Show(receipt.with_entry(state, found.entry))


async def settle_by_hand(ask: Prompter, entry: Entry) -> Move | None:
    """Ask what a person has found in the provider's panel; what is said is believed."""
    ask.say(settling.TITLE, *settling.hints(entry, receipt.panel(ask.state)))
    there, absent = settling.answers(entry)
    findings = (Choice(UNSURE, ("Not sure yet",)), Choice(THERE, (there,)), Choice(ABSENT, (absent,)))
    try:
        found = await ask.choose("Found", findings, default=UNSURE)
    except Back:
        return None
    if found == UNSURE:
        return None
    try:
        settled = await ask.flow.settle(entry, there=found == THERE)
    except VpsTuiError as error:
        ask.say_error(error)
        return None
    return Show(receipt.with_entry(ask.state, settled))
