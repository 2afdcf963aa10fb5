"""Step: what became of a change, and what can be done about it."""

from __future__ import annotations

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.plain.moves import Fresh, Jump, Move, Show
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.plain.receipts import LOOK_AGAIN, settle_by_hand
from vps_tui.plain.terminal_io import Left
from vps_tui.services.reconcile import Looked
from vps_tui.wizard.questions import change_receipt, loading


def show_change_receipt(ask: Prompter) -> None:
    """Say the outcome, what to do, and what was to be changed."""
    ask.introduce(change_receipt.heading(ask.state), change_receipt.HELP, priced=False)
    ask.say(*change_receipt.message(ask.state))
    ask.pairs(change_receipt.pairs(ask.state))


async def ask_change_receipt(ask: Prompter) -> Move:
    """Ask what to do now; a change that is not known is looked for at once."""
    kind = change_receipt.outcome_of(ask.state).kind
    if kind is OutcomeKind.UNKNOWN and ask.state.facts.signed_in:
        settled = await _look(ask)
        if settled is not None:
            return settled
    while True:
        try:
            move = await _do(ask, await _what_now(ask, kind), kind)
        except Back:
            ask.say("There is no way back from here.")
            continue
        if move is not None:
            return move


async def _what_now(ask: Prompter, kind: OutcomeKind) -> str:
    """Return the letter of what is to be done, empty for what one would do next; raises `Left`."""
    if kind is OutcomeKind.PLACED:
        more = {"l": "looks at what is listed", "s": "your servers"}
        chosen = await ask.enter("leaves", more, back=False)
        if not chosen:
            raise Left
        return chosen
    if kind is OutcomeKind.UNKNOWN:
        more = {"h": "says by hand what you have found", "o": "goes on to something else"}
        return await ask.enter("looks now", more if ask.state.entry else {}, back=False)
    if change_receipt.can_try_again(ask.state):
        return await ask.enter("goes back to the price", {"s": "your servers"}, back=False)
    return await ask.enter("shows your servers", back=False)


async def _do(ask: Prompter, chosen: str, kind: OutcomeKind) -> Move | None:
    """Do what was chosen; None when the receipt stays as it is."""
    if chosen == "h" and ask.state.entry is not None:
        return await settle_by_hand(ask, ask.state.entry)
    if chosen == "o":
        return Fresh()
    sure = kind in change_receipt.SURE
    if not chosen and sure and change_receipt.can_try_again(ask.state):
        return Jump(change_receipt.again(ask.state), Step.CHANGE_COST)
    if chosen == "s" or sure:
        step = Step.OWNED if ask.state.facts.signed_in else Step.SIGN_IN
        ask.flow.changes.put_aside(ask.state)
        return Jump(change_receipt.to_servers(ask.state), step)
    if not ask.state.facts.signed_in:
        return Jump(ask.state, Step.SIGN_IN)
    return await _look(ask)


async def _look(ask: Prompter) -> Move | None:
    """Say how the server is listed now; returns the receipt anew once that settles the change."""
    state = ask.state

    async def fetch() -> Looked:
        return await ask.flow.look(state)

    try:
        found = await ask.waited_for(loading.asking(state, change_receipt.WAITING_FOR), fetch)
    except VpsTuiError as error:
        ask.say_error(error, change_receipt.look_failed(state))
        return None
    ask.say(*change_receipt.looked(state, found, LOOK_AGAIN))
    if found.entry is None or found.entry.outcome.kind is change_receipt.outcome_of(state).kind:
        return None
    return Show(change_receipt.settled(state, found.entry))
