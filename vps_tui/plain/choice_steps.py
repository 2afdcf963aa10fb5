"""Steps that choose one of several: provider, location, plan, OS image, add-ons, billing cycle, payment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from vps_tui.core.catalog import Catalog, Location
from vps_tui.core.requirements import Requirements
from vps_tui.plain import history
from vps_tui.plain.moves import Move, Show
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.plain.requirements import FIT, WHAT_FITS, ask_what_fits
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.models import TypedIds
from vps_tui.services.compare import Everywhere, read_everywhere, worth_asking
from vps_tui.services.resolve import Resolved
from vps_tui.wizard.questions import (
    add_ons,
    billing_cycle,
    location,
    os_image,
    owned_servers,
    payment_method,
    plan,
    provider,
    requirements,
    saved_order,
    typed_ids,
)
from vps_tui.wizard.questions.choices import Choice

SERVERS: Final = "s"
"""What is typed at the first question for changing a server that one has."""


async def ask_provider(ask: Prompter) -> Move:
    """Ask who to order from."""
    if ask.flow.history_only:
        return await history.ask_earlier(ask)
    if ask.state.changing is not None:
        return await ask_whose_servers(ask)
    ask.introduce(provider.heading(), provider.HELP)
    backend = ask.flow.backend
    rows = provider.choices(backend)
    extra = {**(history.SHOWS if ask.flow.any_recorded else {}), SERVERS: "your servers"}
    chosen = await ask.choose("Provider", rows, provider.COLUMNS, default=provider.chosen(ask.state), extra=extra)
    if chosen == history.KEY:
        return await history.ask_earlier(ask)
    if chosen == SERVERS:
        try:
            return await ask_whose_servers(ask)
        except Back:
            return Show(ask.state)
    return provider.answer(ask.state, backend, chosen)


async def ask_whose_servers(ask: Prompter) -> Move:
    """Ask at which provider one has the servers that are to be changed."""
    ask.introduce(provider.heading(owned_servers.begin(ask.state)), owned_servers.HELP, priced=False)
    backend = ask.flow.backend
    rows = provider.choices(backend)
    chosen = await ask.choose("Provider", rows, provider.COLUMNS, default=provider.chosen(ask.state))
    return owned_servers.begin(provider.answer(ask.state, backend, chosen))


async def ask_saved_order(ask: Prompter) -> Move:
    """Look up what a saved order's ids stand for; only what is no longer offered is something to read."""
    ask.introduce(saved_order.heading(ask.state), saved_order.HELP, priced=False)
    state = ask.state

    async def fetch() -> Resolved:
        return await saved_order.fetch(await ask.flow.session(), state)

    found = await ask.read(saved_order.WAITING_FOR, fetch)
    ask.state, lines = saved_order.received(state, found)
    if lines:
        ask.say(*lines)
        await ask.enter("goes on")
    return ask.state


async def ask_location(ask: Prompter) -> Move:
    """Ask where the server should stand."""
    ask.introduce(location.heading(), location.HELP)

    async def fetch() -> tuple[Location, ...]:
        return await (await ask.flow.session()).locations()

    found = await ask.read(location.WAITING_FOR, fetch)
    rows = location.choices(found)

    async def look(wanted: Requirements, told: Callable[[int, int], None]) -> Everywhere:
        session = await ask.flow.session()
        return await read_everywhere(session, worth_asking(session.info, found, wanted.country), told)

    while True:
        default = location.chosen(ask.state, found)
        chosen = await ask.choose("Location", rows, location.COLUMNS, default=default, extra=WHAT_FITS)
        if chosen != FIT:
            return location.answer(ask.state, found, chosen)
        fitted = await ask_what_fits(ask, look, everywhere=True)
        if fitted is not None:
            return fitted


async def ask_plan(ask: Prompter) -> Move:
    """Ask which size of server."""

    async def fetch() -> Catalog:
        return await (await ask.flow.session()).catalog(ask.state.draft.location)

    found = await ask.read(plan.WAITING_FOR, fetch)
    ask.state = plan.received(ask.state, found)
    ask.introduce(plan.heading(ask.state), plan.HELP)

    async def look(_wanted: Requirements, _told: Callable[[int, int], None]) -> Everywhere:
        return requirements.here(ask.state)

    while True:
        rows, default = plan.choices(ask.state), plan.chosen(ask.state)
        chosen = await ask.choose("Plan", rows, plan.columns(ask.state), default=default, extra=WHAT_FITS)
        answer: Move | None
        if chosen == FIT:
            answer = await ask_what_fits(ask, look, everywhere=False)
        else:
            answer = await _typed_plan(ask) if chosen == plan.TYPED else plan.answer(ask.state, chosen)
        if answer is not None:
            return answer


async def _typed_plan(ask: Prompter) -> Move | None:
    """Return the state with typed ids; None when none were given after all."""
    info = ask.state.info
    if info is None:
        return None
    try:
        typed = await _ask_ids(ask, info)
    except Back:
        return None
    problem = await ask.flow.remember(typed)
    if problem:
        ask.say(problem)
    return plan.answer_typed(ask.state, typed)


async def _ask_ids(ask: Prompter, info: ProviderInfo) -> TypedIds:
    ask.say(typed_ids.title(info), typed_ids.NOTE)
    values: dict[str, str] = {}
    for field in typed_ids.FIELDS:
        while True:
            typed = await ask.text(field.label, default=field.usual, help_text=field.help_text)
            values[field.key] = typed.lower()
            unset = {one.key: one.usual for one in typed_ids.FIELDS}
            if field.key not in typed_ids.wrong(unset | values):
                break
            ask.say(typed_ids.WRONG)
    kind = await ask.choose("Kind of plan", typed_ids.choices(info), typed_ids.COLUMNS)
    return typed_ids.answer(values, kind)


async def ask_os_image(ask: Prompter) -> Move:
    """Ask which system the server starts with."""
    ask.introduce(os_image.heading(), os_image.HELP)
    rows = os_image.choices(ask.state)
    chosen = await ask.choose("OS image", rows, os_image.COLUMNS, default=os_image.chosen(ask.state))
    return os_image.answer(ask.state, chosen)


async def ask_add_ons(ask: Prompter) -> Move:
    """Ask for each group of add-ons what to take of it; back goes from group to group."""
    ask.introduce((add_ons.TITLE, add_ons.HINT), add_ons.HELP)
    number = 0
    while number < len(groups := add_ons.groups(ask.state)):
        group = groups[number]
        rows = [
            Choice(str(index), (offer.option.label, offer.option.price)) for index, offer in enumerate(group.offers)
        ]
        ask.say(f"{group.title}:")
        try:
            chosen = await ask.choose(group.title, rows, default=str(group.index), first=0)
        except Back:
            if number == 0:
                raise
            number -= 1
            continue
        ask.state = add_ons.answer(ask.state, group, int(chosen))
        ask.say_price(ask.state)
        number += 1
    return ask.state


async def ask_billing_cycle(ask: Prompter) -> Move:
    """Ask how often the server is paid for."""
    ask.introduce(billing_cycle.heading(), billing_cycle.HELP)
    rows, present = billing_cycle.choices(ask.state), ask.state.draft.billing_cycle.value
    chosen = await ask.choose("Billing cycle", rows, billing_cycle.COLUMNS, default=present)
    return billing_cycle.answer(ask.state, chosen)


async def ask_payment_method(ask: Prompter) -> Move:
    """Ask how the invoices are paid."""
    ask.introduce(payment_method.heading(), payment_method.HELP)
    rows, present = payment_method.choices(ask.state), ask.state.draft.payment_method
    chosen = await ask.choose("Payment method", rows, payment_method.COLUMNS, default=present)
    return payment_method.answer(ask.state, chosen)
