"""Question: which of the servers that one has."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.core.server_change import OwnedListing, OwnedServer
from vps_tui.wizard.change_state import ChangeDraft
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.state import WizardState

HELP = (
    "These are the servers that the provider lists for your account. Choose one to give it another plan, to add to "
    "it or to cancel it; what can be changed, the provider's API decides. Nothing is changed until you confirm it "
    "by typing at the end."
)
NOUN = "servers"
WAITING_FOR = "the servers you have"
NONE = "The account has no server yet. One that was ordered just now is listed once it is paid and delivered."
COLUMNS = (
    Column("SERVER"),
    Column("PLAN"),
    Column("LOCATION", flexible=True),
    Column("STATUS"),
    Column("PRICE", right=True),
    Column("NEXT DUE", right=True, spare=True, spoken="next due"),
)
_CHOSEN = "owned server"


def begin(state: WizardState) -> WizardState:
    """Return the state, with its provider chosen, for changing a server instead of ordering one."""
    return replace(state, changing=ChangeDraft())


def changing(state: WizardState) -> ChangeDraft:
    """Return what has been answered so far; raises RuntimeError while servers are ordered."""
    if state.changing is None:
        raise RuntimeError("no server is being changed")
    return state.changing


def server(state: WizardState) -> OwnedServer:
    """Return the chosen server, with everything that is known of it."""
    found = changing(state)
    chosen = found.offered.server if found.offered is not None else found.server
    if chosen is None:
        raise RuntimeError("no server is chosen")
    return chosen


def heading(state: WizardState) -> tuple[str, str]:
    """Return the question and a line that helps to answer it."""
    name = state.info.name if state.info else "the provider"
    return f"Which of your servers at {name}?", "Nothing is changed before you confirm it at the end."


def received(state: WizardState, listing: OwnedListing) -> WizardState:
    """Return the state with the servers as they are listed now."""
    return replace(state, changing=replace(changing(state), servers=listing.servers))


def choices(state: WizardState) -> list[Choice]:
    """Return the servers, those that have ended last."""
    return [_choice(one) for one in sorted(changing(state).servers, key=lambda one: one.ended)]


def chosen(state: WizardState) -> str:
    """Return the id of the server that was chosen before, empty for none."""
    found = changing(state).server
    return found.id if found is not None else state.typed_text(_CHOSEN)


def answer(state: WizardState, server_id: str) -> WizardState:
    """Return the state with that server."""
    found = changing(state)
    one = next(one for one in found.servers if one.id == server_id)
    return replace(state, changing=found.with_server(one)).with_typed(_CHOSEN, server_id)


def details(state: WizardState, server_id: str) -> list[str]:
    """Return everything that is listed of a server in lines, what has no room in its row too."""
    one = next((one for one in changing(state).servers if one.id == server_id), None)
    if one is None:
        return []
    ids = (
        one.display_name,
        f"KVM id {one.kvm_id}" if one.kvm_id and one.kvm_id != one.display_name else "",
        f"id {one.id}",
    )
    where = (one.plan, one.location, one.address, one.status)
    return [", ".join(filter(None, ids)), ", ".join(filter(None, where)), costs(one)]


def costs(one: OwnedServer) -> str:
    """Return what a server costs, how often and when next, as far as that is told."""
    parts = (
        _price(one) or "The provider does not tell what it costs",
        f"next due on {_day(one)}" if one.next_due else "",
        f"paid by {one.payment_method}" if one.payment_method else "",
    )
    return ", ".join(filter(None, parts))


def _choice(one: OwnedServer) -> Choice:
    cells = (one.display_name, one.plan, one.location, one.status, _price(one), _day(one))
    return Choice(one.id, cells, search=f"{one.id} {one.kvm_id} {one.address}")


def _price(one: OwnedServer) -> str:
    if one.price is None:
        return ""
    return f"{one.price} {one.billing_cycle.every}" if one.billing_cycle else f"{one.price}"


def _day(one: OwnedServer) -> str:
    return one.next_due.isoformat() if one.next_due else ""
