"""Question: the provider's subscription id of a server, where changes go by that."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.core.text import clean
from vps_tui.wizard.questions.owned_servers import changing, server
from vps_tui.wizard.state import WizardState

HELP = (
    "The provider changes a server by the id of its subscription, which is another number than the server's own id. "
    "Take it from the provider's panel or a bill, or ask its support. With another server's subscription the other "
    "server is changed: compare the price and the days that are shown next."
)
LABEL = "Subscription"
FIELD_HELP = "A whole number, such as 4158."
WRONG = "A subscription id is a whole number of at most 15 digits."


def heading(state: WizardState) -> tuple[str, str]:
    """Return the question, and whether the id that stands there is more than a suggestion."""
    name = state.info.name if state.info else "The provider"
    panel = state.info.panel if state.info else "its panel"
    title = f"Subscription id of {server(state).display_name}"
    if server(state).subscription:
        return title, f"{name} lists the one below; its documents do not promise that it is the right one."
    return title, f"{name} does not list it: look in {panel}, or ask its support."


def offered(state: WizardState) -> str:
    """Return what was typed before, else what the provider suggests, else nothing."""
    return state.typed_text(_key(state)) or server(state).subscription


def typed(state: WizardState, text: str) -> WizardState:
    """Return the state with the id as it stands, good or not; it stays known for this server."""
    return state.with_typed(_key(state), clean(text, 40))


def problem(text: str) -> str:
    """Return what is wrong with `text`, empty for nothing."""
    text = text.strip()
    return "" if text.isascii() and text.isdecimal() and len(text) < 16 else WRONG


def answer(state: WizardState, text: str) -> WizardState:
    """Return the state with that subscription; there may be no `problem` with it."""
    kept = typed(state, text.strip())
    return replace(kept, changing=replace(changing(state), subscription=str(int(text)), quote=None))


def _key(state: WizardState) -> str:
    return f"subscription of {server(state).id}"
