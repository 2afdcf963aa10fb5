"""Questions before a paid call: is the same meant once more, and the word that confirms it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from vps_tui.core.server_change import ChangeKind, OwnedServer
from vps_tui.core.steps import ChangeAction
from vps_tui.journal import Repeated
from vps_tui.wizard import summary
from vps_tui.wizard.questions import cost
from vps_tui.wizard.questions.owned_servers import changing, server
from vps_tui.wizard.state import WizardState

YES, AGAIN = "yes", "again"
MAX_ASKED = 40
"""Longest name, in characters, that has to be typed; the id is offered beside a longer one."""


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A question that only a word typed in full answers."""

    heading: tuple[str, str]
    help_text: str
    words: tuple[str, ...]
    """The answers; the first one is asked for."""
    question: str
    ask: str
    """What to do, for somebody who has typed something else."""
    done: str
    """What has not happened so far: "ordered" or "changed"."""

    def accepts(self, text: str) -> bool:
        """Tell whether `text` is the word; capitals and spaces around it do not matter."""
        return text.strip().casefold() in map(str.casefold, self.words)

    @property
    def expected(self) -> str:
        """What is said when something else was typed."""
        return f"Nothing was {self.done}. {self.ask}"

    @property
    def hurried(self) -> str:
        """What is said when the word came faster than fingers type."""
        word = self.words[0]
        return f"That came as fast as a paste: nothing was {self.done}. Type {word}, wait a moment, press Enter."


@dataclass(frozen=True, slots=True)
class Confirmation(TypedWord):
    """What a paid call does and costs, and the word that makes it."""

    button: str
    keys: str
    money: list[tuple[str, str]]
    details: list[tuple[str, str]]
    notes: list[str]
    notes_first: bool = False
    """Whether what is lost comes before everything else."""


@dataclass(frozen=True, slots=True)
class Repetition(TypedWord):
    """What has been done already, and the word for doing it once more."""

    message: str
    way_out: str
    """How to find out the outcome, or how not to do it twice."""
    live: bool
    """Whether it is being sent at this moment: then there is no way on."""


@dataclass(frozen=True, slots=True)
class _RepeatWords:
    done: str
    help_text: str
    go_on: str
    live: tuple[str, str]
    unsettled: tuple[str, str]
    known: tuple[str, str]
    find_out: str
    turn_back: str


_CONFIRM_HELP = (
    "Typing {what} and pressing Enter {does} be undone here. Anything else {otherwise} nothing. Pasted text is not "
    "taken as an answer."
)
_SENDS = "sends the {noun} once and cannot"
_CHANGES = {
    ChangeAction.PLAN: ("Give {name} another plan?", "change it"),
    ChangeAction.ADD_ONS: ("Add this to {name}?", "add it"),
    ChangeAction.CANCEL: ("Cancel {name}?", "cancel it"),
}
"""The question about a server, and what the word does to it."""
_BUTTONS = {
    ChangeKind.UPGRADE: "Upgrade",
    ChangeKind.SWITCH: "Switch",
    ChangeKind.ADD_ON: "Add",
    ChangeKind.CANCEL: "Cancel it",
}

_REPEATED_ORDER = _RepeatWords(
    "ordered",
    "The same server has been ordered from this account, or an order for it may have been taken. Ordering it again "
    "can buy it twice. Leave with Ctrl+Q and look at vps-tui orders first if you are not sure.",
    "order it once more",
    ("This is being ordered now", "Nothing can be ordered beside it."),
    ("This may be ordered already", "It can be bought twice: find out first what became of it."),
    ("You have ordered this already", "Going on buys a second one."),
    "To find out, leave with Ctrl+Q and start again: the wizard opens with that order. What you have chosen here is "
    "kept.",
    "If you did not mean to buy a second one, press Esc, or leave with Ctrl+Q.",
)
_REPEATED_CHANGE = _RepeatWords(
    "changed",
    "The same has been done to this server from here, or it may have been done: then doing it again can be paid "
    "twice.",
    "go on all the same",
    ("This {noun} is being made now", "Nothing can be changed beside it."),
    ("The {noun} may have been made already", "Find out first what became of it."),
    ("You have made this {noun} already", "Going on makes it once more."),
    "To find out, leave with Ctrl+Q and start again: the wizard opens with it.",
    "If you did not mean to make it once more, go back or leave.",
)


def confirmation(state: WizardState, now: datetime) -> Confirmation:
    """Return the last question before the paid call of `state`."""
    return _of_order(state, now) if state.changing is None else _of_change(state, now)


def noun(state: WizardState) -> str:
    """Return what the call makes, within a sentence: "order", "upgrade"."""
    return "order" if state.changing is None else state.changing.change.kind.noun


def busy(state: WizardState) -> str:
    """Return what is said while the call is under way."""
    name = state.info.name if state.info else "the provider"
    doing = "Ordering" if state.changing is None else f"Sending the {noun(state)}"
    return f"{doing}. Waiting for {name} to answer; this cannot be stopped now."


def repetition(state: WizardState) -> Repetition:
    """Return the question whether the same is meant once more."""
    words = _REPEATED_ORDER if state.changing is None else _REPEATED_CHANGE
    live = any(entry.live for entry in state.repeated)
    if live:
        title, way_out = words.live, f"Nothing can be {words.done} beside it: go back, and ask again later."
    elif any(entry.unsettled for entry in state.repeated):
        title, way_out = words.unsettled, words.find_out
    else:
        title, way_out = words.known, words.turn_back
    return Repetition(
        heading=(title[0].format(noun=noun(state)), title[1]),
        help_text=words.help_text,
        words=(AGAIN,),
        question=f"Type again to {words.go_on}, then Enter:",
        ask="Type the word again to go on",
        done=words.done,
        message=Repeated(state.repeated).message,
        way_out=way_out,
        live=live,
    )


def with_repeats(state: WizardState) -> WizardState:
    """Return the state with what is repeated on record."""
    return replace(state, acknowledged=",".join(entry.reference for entry in state.repeated))


def _of_order(state: WizardState, now: datetime) -> Confirmation:
    name = state.info.name if state.info else ""
    money = cost.money(state, now)[:2]
    if state.catalog is not None and state.catalog.source:
        money.append(("Prices", state.catalog.source))
    money.append(("Payment", f"{summary.payment_method(state)}, for this and all renewals"))
    return Confirmation(
        heading=(f"Order this from {name}?", f"With the account {state.terms.account.name if state.terms else ''}."),
        help_text=_CONFIRM_HELP.format(what=YES, does=_SENDS.format(noun="order"), otherwise="buys"),
        words=(YES,),
        question="Type yes to order, then Enter:",
        ask="Type the word yes to order",
        done="ordered",
        button="Order",
        keys="type yes and Enter to order",
        money=money,
        details=summary.bought(state),
        notes=[],
    )


def _of_change(state: WizardState, now: datetime) -> Confirmation:
    chosen, one = changing(state), server(state)
    cancels = chosen.action is ChangeAction.CANCEL
    title, verb = _CHANGES[chosen.action or ChangeAction.PLAN]
    hint = f"At {state.info.name if state.info else ''}, with the account {chosen.account}."
    words = _names(one) if cancels else (YES,)
    either = _either(words)
    what = "the server's name or id in full" if cancels else YES
    does = "cancels it, which cannot" if cancels else _SENDS.format(noun="change")
    return Confirmation(
        heading=(title.format(name=one.display_name), f"{hint} Type {either} to cancel it." if cancels else hint),
        help_text=_CONFIRM_HELP.format(what=what, does=does, otherwise="changes"),
        words=words,
        question="Its name or id, then Enter:" if cancels else f"Type yes to {verb}, then Enter:",
        ask=f"Type {either} in full to cancel it" if cancels else f"Type the word yes to {verb}",
        done="changed",
        button=_BUTTONS[chosen.change.kind],
        keys="type it and Enter to confirm",
        money=cost.money(state, now),
        details=cost.describe(state),
        notes=cost.notes(state),
        notes_first=cancels,
    )


def _either(words: tuple[str, ...]) -> str:
    """Return what the server is known by and its id, which can be typed on any keyboard."""
    known = [word for word in words if len(word) <= MAX_ASKED]
    return " or ".join(dict.fromkeys((*known[:1], words[-1])))


def _names(one: OwnedServer) -> tuple[str, ...]:
    # In lines one letter is a command: going back with b must not end a server of that name.
    names = [name for name in (one.name, one.kvm_id) if len(name) > 1]
    return tuple(dict.fromkeys((*names, one.id)))
