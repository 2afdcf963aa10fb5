"""Questions about an existing server: which one, what to change about it, and under which subscription it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vps_tui.core.server_change import ChangesOffered, OwnedListing, OwnedServer
from vps_tui.core.steps import ChangeAction
from vps_tui.core.text import clean
from vps_tui.core.typed_ids import typed_id
from vps_tui.wizard.change_state import ChangeDraft
from vps_tui.wizard.questions.choices import Choice, Column, Fetch, ListQuestion, Reader, TextQuestion
from vps_tui.wizard.state import WizardState

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


def with_change(state: WizardState, **answers: Any) -> WizardState:
    """Return the state with `answers` about the change, whose price has to be asked for again."""
    return replace(state, changing=replace(changing(state), quote=None, **answers))


async def _read_owned(reader: Reader, _state: WizardState) -> OwnedListing:
    from vps_tui.services.change_task import owned_by_name

    return await owned_by_name(await reader.session(), reader.journal)


def _owned_heading(state: WizardState) -> tuple[str, str]:
    name = state.info.name if state.info else "the provider"
    return f"Which of your servers at {name}?", "Nothing is changed before you confirm it at the end."


def _owned_rows(state: WizardState) -> list[Choice]:
    """Return the servers, those that have ended last."""
    return [_owned_row(one) for one in sorted(changing(state).servers, key=lambda one: one.ended)]


def _chosen_owned(state: WizardState) -> str:
    found = changing(state).server
    return found.id if found is not None else state.typed_text(_CHOSEN)


def _answer_owned(state: WizardState, server_id: str) -> WizardState:
    found = changing(state)
    one = next(one for one in found.servers if one.id == server_id)
    return replace(state, changing=found.with_server(one)).with_typed(_CHOSEN, server_id)


def _details(state: WizardState, server_id: str) -> list[str]:
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


def _owned_row(one: OwnedServer) -> Choice:
    cells = (one.display_name, one.plan, one.location, one.status, _price(one), _day(one))
    return Choice(one.id, cells, search=f"{one.id} {one.kvm_id} {one.address}")


def _price(one: OwnedServer) -> str:
    if one.price is None:
        return ""
    return f"{one.price} {one.billing_cycle.every}" if one.billing_cycle else f"{one.price}"


def _day(one: OwnedServer) -> str:
    return one.next_due.isoformat() if one.next_due else ""


OWNED = ListQuestion(
    word="Server",
    heading=_owned_heading,
    help="These are the servers that the provider lists for your account. Choose one to give it another plan, to add "
    "to it or to cancel it; what can be changed, the provider's API decides. Nothing is changed until you confirm it "
    "by typing at the end.",
    columns=(
        Column("SERVER"),
        Column("PLAN"),
        Column("LOCATION", flexible=True),
        Column("STATUS"),
        Column("PRICE", right=True),
        Column("NEXT DUE", right=True, spare=True, spoken="next due"),
    ),
    rows=_owned_rows,
    chosen=_chosen_owned,
    answer=_answer_owned,
    fetch=Fetch(
        "the servers you have",
        _read_owned,
        lambda state, listing: replace(state, changing=replace(changing(state), servers=listing.servers)),
    ),
    noun="servers",
    priced=False,
    details=_details,
    empty="The account has no server yet. One that was ordered just now is listed once it is paid and delivered.",
)


async def _read_changes(reader: Reader, state: WizardState) -> ChangesOffered:
    return await (await reader.session()).changes_offered(server(state))


def _change_heading(state: WizardState) -> tuple[str, str]:
    """Return the question and what the server costs."""
    one = server(state)
    plan = f" ({one.plan})" if one.plan else ""
    return f"What do you want to change about {one.display_name}{plan}?", costs(one)


def _change_rows(state: WizardState) -> list[Choice]:
    """Return what can be done; what the provider cannot be asked for is refused with that."""
    found = changing(state).offered
    if found is None:
        return []
    plans = f"{len(found.plans)} to choose from" if found.plans else "by the id of the plan"
    titles = ", ".join(resource.title for resource in found.resources)
    can_change = bool(found.plans or found.other_plans)
    return [
        _change_row(state, ChangeAction.PLAN, ("Change the plan", plans), can=can_change),
        _change_row(state, ChangeAction.ADD_ONS, ("Add to it", titles), can=bool(found.resources)),
        _change_row(
            state,
            ChangeAction.CANCEL,
            ("Cancel it", "at once or later; what is lost comes first"),
            can=bool(found.cancel),
        ),
    ]


def _change_row(state: WizardState, action: ChangeAction, cells: tuple[str, str], *, can: bool) -> Choice:
    if can:
        return Choice(action, cells)
    name = state.info.name if state.info else "The provider"
    return Choice(action, (cells[0], "not possible here"), f"{name} cannot be asked for that: see the notes.")


def _change_notes(state: WizardState) -> list[str]:
    """Return what the provider cannot change, and what to know before."""
    found, suggested = changing(state).offered, server(state).subscription
    if found is None:
        return []
    return [*([f"Its subscription id may be {suggested}."] if suggested else []), *found.notes]


CHANGE = ListQuestion(
    word="Change",
    heading=_change_heading,
    help="Another plan, more add-ons, or the end of the server. Whatever the provider's API cannot change says so; "
    "that is done on the provider's own site.",
    columns=(Column("WHAT"), Column("", flexible=True)),
    rows=_change_rows,
    chosen=lambda state: changing(state).action or "",
    answer=lambda state, choice_id: with_change(state, action=ChangeAction(choice_id)),
    fetch=Fetch(
        "what can be changed",
        _read_changes,
        lambda state, offered: replace(state, changing=replace(changing(state), offered=offered)),
        lambda _reader, state: changing(state).offered,
        in_heading=True,
    ),
    priced=False,
    notes=_change_notes,
)


def _subscription_heading(state: WizardState) -> tuple[str, str]:
    """Return the question, and whether the id that is there is more than a suggestion."""
    name = state.info.name if state.info else "The provider"
    panel = state.info.panel if state.info else "its panel"
    title = f"Subscription id of {server(state).display_name}"
    if server(state).subscription:
        return title, f"{name} lists the one below; its documents do not promise that it is the right one."
    return title, f"{name} does not list it: look in {panel}, or ask its support."


def _offered_subscription(state: WizardState) -> str:
    """Return what was typed before, else what the provider suggests."""
    return state.typed_text(_subscription_key(state)) or server(state).subscription


def _keep_subscription(state: WizardState, text: str) -> WizardState:
    """Return the state with the id as it is, good or not; it stays known for this server."""
    return state.with_typed(_subscription_key(state), clean(text, 40))


def _subscription_problem(text: str) -> str:
    return "" if typed_id(text.strip()) else "A subscription id is a whole number of at most 15 digits."


def _subscription_key(state: WizardState) -> str:
    return f"subscription of {server(state).id}"


SUBSCRIPTION = TextQuestion(
    heading=_subscription_heading,
    help="The provider changes a server by the id of its subscription, which is another number than the server's own "
    "id. Take it from the provider's panel or a bill, or ask its support. With another server's subscription the "
    "other server is changed: compare the price and the days that are shown next.",
    label=lambda _state: "Subscription",
    offered=_offered_subscription,
    field_help="A whole number, such as 4158.",
    problem=lambda _state, text: _subscription_problem(text),
    keep=_keep_subscription,
    answer=lambda state, text: with_change(
        _keep_subscription(state, text.strip()), subscription=typed_id(text.strip())
    ),
    priced=False,
)
