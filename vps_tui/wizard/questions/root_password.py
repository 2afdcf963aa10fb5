"""Question: the root password, a generated one or one's own."""

from __future__ import annotations

from vps_tui.core import root_password
from vps_tui.core.secret import Secret
from vps_tui.credentials.server_password import RootPassword
from vps_tui.wizard.state import WizardState

HELP = (
    "The password of the user root (Administrator on Windows). It is sent to the provider with the order and "
    "kept nowhere by this program."
)
RULE = "12 to 64 characters with a small letter, a capital and a digit; no spaces."


def heading() -> tuple[str, str]:
    """Return the question and a warning."""
    return "Root password", "Write it down now: it is not kept here and not shown after the order."


def offered(state: WizardState) -> str:
    """Return the password that was given or typed before, or a generated one."""
    own = state.own_password
    known = own.given or own.typed
    return (known.reveal() if known is not None else "") or root_password.generate()


def generated() -> str:
    """Return a new password."""
    return root_password.generate()


def typed(state: WizardState, value: str) -> WizardState:
    """Return the state with the password as it stands, good or not."""
    given = state.root_password
    if given is not None and given.reveal() == value:
        return state
    return state.with_root_password(RootPassword(typed=Secret(value)))


def problem(value: str) -> str:
    """Return what is wrong with `value`, empty for nothing; never quotes it."""
    return root_password.problem(value) or ""


def answer(state: WizardState, value: str) -> WizardState:
    """Return the state with that root password; there may be no `problem` with it."""
    return state.with_root_password(RootPassword(given=Secret(value)))
