"""The earlier orders: listed, one shown in full, and what can be done with it."""

from __future__ import annotations

from typing import Final

from vps_tui.core.errors import VpsTuiError
from vps_tui.journal import Entry
from vps_tui.plain.moves import Move, Show
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.plain.terminal_io import Left
from vps_tui.plain.text_steps import save_draft
from vps_tui.services.logins import WayIn
from vps_tui.wizard.history import again, follow, order_and_ways, rows
from vps_tui.wizard.questions import history
from vps_tui.wizard.questions.history import HistoryAction

KEY: Final = "e"
"""What is typed to look at earlier orders, at the first question and at a receipt."""
SHOWS: Final = {KEY: "earlier orders"}
_KEYS: Final = {"l": HistoryAction.RECEIPT, "s": HistoryAction.SAVE, "a": HistoryAction.AGAIN}


async def ask_earlier(ask: Prompter) -> Move:
    """Ask which of the earlier orders to look at; with none one is back where one was. Raises `Left`."""
    mark = " (sandbox: nothing is bought)" if ask.flow.backend.sandbox else ""
    while True:
        ask.say("", f"{history.TITLE}{mark}")
        try:
            move = await _one(ask)
        except Back:
            if ask.flow.history_only:
                raise Left from None
            return Show(ask.state)
        if move is not None:
            return move


async def _one(ask: Prompter) -> Move | None:
    """Ask for one order and what to do with it; None for going on in the list. Raises `Back`."""
    try:
        found = await rows(ask.flow)
    except VpsTuiError as error:
        ask.say_error(error)
        raise Back from None
    if not found:
        ask.say(history.NONE_YET)
        raise Back
    ask.explain(history.HELP)
    reference = await ask.choose("Order", found, history.COLUMNS)
    try:
        return await _do(ask, *await order_and_ways(ask.flow, reference))
    except VpsTuiError as error:
        ask.say_error(error)
    except Back:
        pass
    return None


async def _do(ask: Prompter, entry: Entry, ways: tuple[WayIn, ...]) -> Move | None:
    """Say all that is recorded of `entry`, and ask what to do with it. Raises `Back`."""
    ask.say("", *filter(None, history.heading(entry)), *history.message(entry))
    ask.pairs(history.details(entry, ways))
    ask.explain(history.ORDER_HELP)
    actions = history.actions(entry)
    words = {"l": history.receipt_label(entry).lower(), "s": "saves it as a file", "a": "orders the like again"}
    while True:
        chosen = await ask.enter("goes on", {key: words[key] for key, action in _KEYS.items() if action in actions})
        draft = history.draft(entry)
        if chosen == "s" and draft is not None:
            await save_draft(ask, draft)
        elif chosen == "a" and draft is not None:
            ask.say(history.AGAIN_HINT)
            return Show(again(ask.flow, draft, ask.state))
        else:
            return Show(follow(ask.flow, entry, ask.state)) if chosen == "l" else None
