"""Question: make this change, or not."""

from __future__ import annotations

from vps_tui.core.server_change import ChangeKind, OwnedServer
from vps_tui.core.steps import ChangeAction
from vps_tui.wizard.questions import change_cost
from vps_tui.wizard.questions.owned_servers import changing, server
from vps_tui.wizard.state import WizardState

HELP = (
    "Typing yes and pressing Enter sends the change once and cannot be undone here. Anything else changes nothing. "
    "Pasted text is not taken as an answer."
)
CANCEL_HELP = (
    "Typing the server's name or id in full and pressing Enter cancels it, which cannot be undone here. Anything "
    "else changes nothing. Pasted text is not taken as an answer."
)
YES = "yes"
MAX_ASKED = 40
"""Characters of the longest name that anybody is asked to type; a longer one has its id beside it."""
_VERBS = {
    ChangeKind.UPGRADE: "Upgrade",
    ChangeKind.SWITCH: "Switch",
    ChangeKind.ADD_ON: "Add",
    ChangeKind.CANCEL: "Cancel it",
}


def heading(state: WizardState) -> tuple[str, str]:
    """Return the question, and with which account."""
    one = server(state).display_name
    found = changing(state)
    if found.action is ChangeAction.CANCEL:
        title = f"Cancel {one}?"
    elif found.action is ChangeAction.ADD_ONS:
        title = f"Add this to {one}?"
    else:
        title = f"Give {one} another plan?"
    hint = f"At {state.info.name if state.info else ''}, with the account {found.account}."
    return title, f"{hint} Type {_either(state)} to cancel it." if loses(state) else hint


def loses(state: WizardState) -> bool:
    """Tell whether what is lost by it comes before everything else that is to be said."""
    return changing(state).action is ChangeAction.CANCEL


def help_text(state: WizardState) -> str:
    """Return what helps."""
    return CANCEL_HELP if changing(state).action is ChangeAction.CANCEL else HELP


def label(state: WizardState) -> str:
    """Return the words on the button."""
    return _VERBS[changing(state).change.kind]


def words(state: WizardState) -> tuple[str, ...]:
    """Return the words of which one has to be typed, the first of them being the one that is asked for."""
    return _names(server(state)) if changing(state).action is ChangeAction.CANCEL else (YES,)


def question(state: WizardState) -> str:
    """Return what is asked for."""
    if changing(state).action is ChangeAction.CANCEL:
        return "Its name or id, then Enter:"
    return f"Type yes to {_verb(state)}, then Enter:"


def expected(state: WizardState) -> str:
    """Return what is said when something else was typed."""
    if changing(state).action is ChangeAction.CANCEL:
        return f"Nothing was changed. Type {_either(state)} in full to cancel it"
    return f"Nothing was changed. Type the word yes to {_verb(state)}"


def hurried(state: WizardState) -> str:
    """Return what is said when the word came as fast as no fingers type."""
    return f"That came as fast as a paste: nothing was changed. Type {words(state)[0]}, wait a moment, press Enter."


def money(state: WizardState) -> list[tuple[str, str]]:
    """Return what is paid now and from then on."""
    return change_cost.money(state)


def busy(state: WizardState) -> str:
    """Return what is said while the change is under way."""
    name = state.info.name if state.info else "the provider"
    noun = changing(state).change.kind.noun
    return f"Sending the {noun}. Waiting for {name} to answer; this cannot be stopped now."


def _verb(state: WizardState) -> str:
    return "add it" if changing(state).action is ChangeAction.ADD_ONS else "change it"


def _either(state: WizardState) -> str:
    """Return what the server is known by and its id, which can be typed on any keyboard."""
    known = [word for word in words(state) if len(word) <= MAX_ASKED]
    return " or ".join(dict.fromkeys((*known[:1], words(state)[-1])))


def _names(one: OwnedServer) -> tuple[str, ...]:
    # In lines one letter is a command: whoever goes back with b does not end a server of that name.
    names = [name for name in (one.name, one.kvm_id) if len(name) > 1]
    return tuple(dict.fromkeys((*names, one.id)))
