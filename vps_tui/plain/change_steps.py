"""Steps about a server that one has: which one, what to change, and whatever that takes."""

from __future__ import annotations

from vps_tui.core.server_change import ChangesOffered, OwnedListing
from vps_tui.plain.moves import Move
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.wizard.questions import (
    cancel_when,
    change,
    more_add_ons,
    new_plan,
    new_terms,
    owned_servers,
    subscription,
)
from vps_tui.wizard.questions.choices import Choice


async def ask_owned(ask: Prompter) -> Move:
    """Ask which of the servers that the provider lists."""

    async def fetch() -> OwnedListing:
        return await ask.flow.changes.owned()

    ask.introduce(owned_servers.heading(ask.state), owned_servers.HELP, priced=False)
    ask.state = owned_servers.received(ask.state, await ask.read(owned_servers.WAITING_FOR, fetch))
    rows = owned_servers.choices(ask.state)
    if not rows:
        ask.say(owned_servers.NONE)
        await ask.enter("goes back")
        raise Back
    chosen = await ask.choose("Server", rows, owned_servers.COLUMNS, default=owned_servers.chosen(ask.state))
    return owned_servers.answer(ask.state, chosen)


async def ask_change(ask: Prompter) -> Move:
    """Ask what to do about it; what the provider cannot be asked for says so."""
    state = ask.state

    async def fetch() -> ChangesOffered:
        return owned_servers.changing(state).offered or await ask.flow.changes.offered(state)

    ask.state = change.received(ask.state, await ask.read(change.WAITING_FOR, fetch))
    ask.introduce(change.heading(ask.state), change.HELP, priced=False)
    ask.say(*change.notes(ask.state))
    rows = change.choices(ask.state)
    return change.answer(
        ask.state, await ask.choose("Change", rows, change.COLUMNS, default=change.chosen(ask.state))
    )


async def ask_new_plan(ask: Prompter) -> Move:
    """Ask which plan instead, with prices and the difference to now."""
    ask.introduce(new_plan.heading(ask.state), new_plan.HELP, priced=False)
    while True:
        rows = new_plan.choices(ask.state)
        chosen = await ask.choose("Plan", rows, new_plan.columns(ask.state), default=new_plan.chosen(ask.state))
        try:
            plan_id = await _typed_id(ask) if chosen == new_plan.TYPED else chosen
        except Back:
            continue
        return new_plan.answer(ask.state, plan_id)


async def _typed_id(ask: Prompter) -> str:
    ask.say(new_plan.ID_TITLE)
    while True:
        text = await ask.text(new_plan.ID_LABEL, default=new_plan.typed_id(ask.state), help_text=new_plan.ID_HELP)
        problem = new_plan.id_problem(ask.state, text)
        if not problem:
            return text
        ask.say(problem)


async def ask_more_add_ons(ask: Prompter) -> Move:
    """Ask for each add-on how many units more of it; back goes from one to the one before."""
    ask.introduce(more_add_ons.heading(ask.state), more_add_ons.HELP, priced=False)
    number = 0
    while True:
        groups = more_add_ons.groups(ask.state)
        if number == len(groups):
            problem = more_add_ons.problem(ask.state)
            if not problem:
                return ask.state
            ask.say(problem)
            number = 0
        group = groups[number]
        rows = [Choice(str(index), (option.label,)) for index, option in enumerate(group.options)]
        ask.say(f"{group.title}:")
        try:
            chosen = await ask.choose(group.title, rows, default=str(group.index), first=0)
        except Back:
            if number == 0:
                raise
            number -= 1
            continue
        ask.state = more_add_ons.answer(ask.state, group, int(chosen))
        number += 1


async def ask_cancel_when(ask: Prompter) -> Move:
    """Ask when the server is to end."""
    ask.introduce(cancel_when.heading(ask.state), cancel_when.HELP, priced=False)
    rows, present = cancel_when.choices(ask.state), cancel_when.chosen(ask.state)
    return cancel_when.answer(ask.state, await ask.choose("When", rows, cancel_when.COLUMNS, default=present))


async def ask_new_cycle(ask: Prompter) -> Move:
    """Ask how often the server is paid for with its new plan."""
    ask.introduce(new_terms.cycle_heading(ask.state), new_terms.CYCLE_HELP, priced=False)
    rows, present = new_terms.cycles(ask.state), new_terms.chosen_cycle(ask.state)
    chosen = await ask.choose("Billing cycle", rows, new_terms.CYCLE_COLUMNS, default=present)
    return new_terms.answer_cycle(ask.state, chosen)


async def ask_new_payment(ask: Prompter) -> Move:
    """Ask by what the server is paid for from now on."""
    ask.introduce(new_terms.payment_heading(ask.state), new_terms.PAYMENT_HELP, priced=False)
    rows, present = new_terms.payments(ask.state), new_terms.chosen_payment(ask.state)
    chosen = await ask.choose("Payment method", rows, new_terms.PAYMENT_COLUMNS, default=present)
    return new_terms.answer_payment(ask.state, chosen)


async def ask_subscription(ask: Prompter) -> Move:
    """Ask for the provider's subscription id of the server; what the provider lists is a suggestion."""
    ask.introduce(subscription.heading(ask.state), subscription.HELP, priced=False)
    while True:
        text = await ask.text(
            subscription.LABEL, default=subscription.offered(ask.state), help_text=subscription.FIELD_HELP
        )
        problem = subscription.problem(text)
        if not problem:
            return subscription.answer(ask.state, text)
        ask.state = subscription.typed(ask.state, text)
        ask.say(problem)
