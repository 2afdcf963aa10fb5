"""Step: what became of the order, and what can be done about it."""

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
from vps_tui.services.reconcile import Looked
from vps_tui.wizard.questions import loading, receipt
from vps_tui.wizard.questions.choices import Choice

UNSURE, THERE, ABSENT = "unsure", "there", "absent"
LOOK_AGAIN = "Enter looks once more."


def show_receipt(ask: Prompter) -> None:
    """Say the outcome, what to do, and what was ordered."""
    ask.introduce(receipt.heading(ask.state), receipt.HELP, priced=False)
    ask.say(*receipt.message(ask.state), *filter(None, [receipt.delivery(ask.state)]))
    ask.pairs(receipt.pairs(ask.state))


async def ask_receipt(ask: Prompter) -> Move:
    """Ask what to do now; an order that is not known is looked for at once."""
    kind = receipt.outcome_of(ask.state).kind
    if kind is OutcomeKind.UNKNOWN and ask.state.facts.signed_in:
        settled = await _look(ask)
        if settled is not None:
            return settled
    while True:
        try:
            move = await _do(ask, await _what_now(ask, kind), kind)
        except Back:
            if ask.state.came_from is None:
                ask.say("There is no way back from here.")
                continue
            ask.state = ask.state.came_from
            return await ask_earlier(ask)
        if move is not None:
            return move


async def _what_now(ask: Prompter, kind: OutcomeKind) -> str:
    """Return the letter of what is to be done, empty for what one would do next; raises `Left`."""
    save = {"s": "saves it as a file"} | SHOWS
    visited = ask.state.came_from is not None
    if kind is OutcomeKind.PLACED:
        words = "goes back" if visited else "leaves"
        waits = {"w": "waits until you can log in", "a": "types the server's address"} if ask.state.entry else {}
        chosen = await ask.enter(words, waits | {"l": "looks at what is listed"} | save, back=visited)
        if not chosen:
            raise Back if visited else Left
        return chosen
    if kind is OutcomeKind.UNKNOWN:
        more = {"h": "says by hand what you have found", "o": "begins another order"} if ask.state.entry else {}
        return await ask.enter("looks now", more | save, back=visited)
    return await ask.enter(_again(ask), save, back=visited)


def _again(ask: Prompter) -> str:
    return "goes back to the cost, to change it and order again" if ask.state.catalog else "begins another order"


async def _do(ask: Prompter, chosen: str, kind: OutcomeKind) -> Move | None:
    """Do what was chosen; None when the receipt stays as it is."""
    if chosen == "s":
        await save_order(ask, ask.state)
        return None
    if chosen in ("w", "a") and ask.state.facts.signed_in:
        await (follow(ask) if chosen == "w" else give_address(ask))
        return None
    if chosen == KEY:
        return await ask_earlier(ask)
    if chosen == "h" and ask.state.entry is not None:
        return await settle_by_hand(ask, ask.state.entry)
    if chosen == "o" or (kind in receipt.SURE and ask.state.catalog is None):
        return Fresh()
    if kind in receipt.SURE:
        return Jump(receipt.again(ask.state), Step.COST)
    if not ask.state.facts.signed_in:
        return Jump(ask.state, Step.SIGN_IN)
    return await _look(ask)


async def _look(ask: Prompter) -> Move | None:
    """Say what the provider lists now; returns the receipt anew once that settles the order."""
    state = ask.state

    async def fetch() -> Looked:
        return await ask.flow.look(state)

    try:
        found = await ask.waited_for(loading.asking(state, receipt.WAITING_FOR), fetch)
    except VpsTuiError as error:
        ask.say_error(error, receipt.look_failed(state))
        return None
    ask.say(*receipt.looked(state, found, LOOK_AGAIN))
    if found.entry is None or found.entry.outcome.kind is receipt.outcome_of(state).kind:
        return None
    return Show(receipt.settled(state, found.entry))


async def settle_by_hand(ask: Prompter, entry: Entry) -> Move | None:
    """Ask what a person has found in the provider's panel; what is said is believed."""
    ask.say(receipt.SETTLE_TITLE, *receipt.settle_hints(entry, receipt.panel(ask.state)))
    there, absent = receipt.findings(entry)
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
    return Show(receipt.settled(ask.state, settled))
