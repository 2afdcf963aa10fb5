"""An order in the making put in words: the same on every screen, on the command line and in the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from vps_tui.core import pricing
from vps_tui.core.catalog import Plan, find_add_on, find_os_image
from vps_tui.core.draft import Draft
from vps_tui.core.image_support import support_ended
from vps_tui.core.money import Money
from vps_tui.core.order_servers import (
    MAX_LISTED_NAMES,
    expand_quantities,
    join_names,
    match_service_ids,
    server_label,
)
from vps_tui.core.outcome import Outcome
from vps_tui.core.pricing import Quote, add_on_price
from vps_tui.core.steps import Step, missing
from vps_tui.core.text import day
from vps_tui.wizard.state import WizardState


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One answer: its name, what was answered, its part of the price, and the step that changes it."""

    label: str
    value: str
    amount: str
    step: Step


def lines(state: WizardState) -> Iterator[SummaryLine]:
    """Yield every answer that makes up the order, in the order of the steps."""
    facts, info = state.facts, state.info
    if facts.has_locations:
        yield SummaryLine("Location", state.location_name, "", Step.LOCATION)
    yield from _plan_lines(state)
    if info is not None and info.most_alike > 1:
        yield SummaryLine("How many", str(state.server.quantity), "", Step.QUANTITY)
    image = state.os_image
    yield SummaryLine("OS image", image.name if image else "", "", Step.OS_IMAGE)
    yield SummaryLine(info.name_word if info else "Name", state.server.name, "", Step.NAME)
    if facts.takes_ssh_key:
        yield SummaryLine("SSH key", "none" if state.server.without_key else state.key_label, "", Step.SSH_KEY)
    if facts.needs_root_password:
        set_words = "set, not shown" if facts.has_root_password else "not set yet"
        yield SummaryLine("Root password", set_words, "", Step.ROOT_PASSWORD)
    if info is not None and info.takes_startup_script and facts.takes_ssh_key:
        from vps_tui.core.startup_script import describe_script

        script = describe_script(state.server.startup_script, script_name(state))
        yield SummaryLine("Start-up script", script, "", Step.START_UP_SCRIPT)


def pairs(state: WizardState) -> list[tuple[str, str]]:
    """Return the answers as labels and values, all add-ons in one."""
    apart = {Step.ADD_ONS, Step.QUANTITY} | (set() if state.server.startup_script else {Step.START_UP_SCRIPT})
    found = [(line.label, line.value) for line in lines(state) if line.step not in apart]
    add_ons = [f"{line.label}: {line.value}" for line in lines(state) if line.step is Step.ADD_ONS and line.amount]
    after_plan = next((index + 1 for index, pair in enumerate(found) if pair[0] == "Plan"), 0)
    if add_ons:
        found.insert(after_plan, ("Add-ons", ", ".join(add_ons)))
    return found


def names(draft: Draft) -> str:
    """Return all servers of an order by name, as many of them as a line has room for."""
    counted: dict[str, int] = {}
    for server in draft.servers:
        counted[server.name] = counted.get(server.name, 0) + server.quantity
    found = [f"{count} x {name}" if count > 1 else name for name, count in counted.items()]
    return join_names(found) if len(found) <= MAX_LISTED_NAMES else f"{join_names(found)} ({len(found)})"


def services(draft: Draft, outcome: Outcome) -> list[str]:
    """Return the service ids in words: of several servers each with its name, all in one where that is unknown."""
    pairs = match_service_ids(draft, outcome.service_ids)
    if len(pairs) > 1 and all(service for _, service in pairs):
        return [f"{service} - {name}" for name, service in pairs]
    return [", ".join(outcome.service_ids)] if outcome.service_ids else []


def server_row(state: WizardState, index: int) -> tuple[str, str, str]:
    """Return one server in a line: what it is called, its plan and image, and the price of all of it."""
    one = replace(state, server_index=index)
    plan, image, server = one.plan, one.os_image, one.server
    times = f"{server.quantity} x " if server.quantity > 1 else ""
    parts = [f"{times}{plan.name}" if plan else "", image.name if image else ""]
    if missing(one.facts) is not None:
        parts.append("not finished")
    label = server_label(state.draft, index)
    return label, ", ".join(part for part in parts if part), subtotal(one)


def subtotal(state: WizardState) -> str:
    """Return what the present server costs each time with all that is added to it; empty without a plan."""
    alone = replace(state, draft=replace(state.draft, servers=(state.server,)), server_index=0)
    quote = alone.quote()
    if quote is None:
        return ""
    return quote.recurring.words(estimate=quote.estimated) if quote.recurring else "not known"


def bought(state: WizardState) -> list[tuple[str, str]]:
    """Return everything that the order buys; of several servers each in one line under its number and name."""
    if not state.several:
        return pairs(state)
    found = [(line.label, line.value) for line in lines(state) if line.step is Step.LOCATION]
    for index, server in enumerate(state.draft.servers):
        answers = dict(pairs(replace(state, server_index=index)))
        answers.pop("Location", None)
        answers.pop(state.info.name_word if state.info else "Name", None)
        plain = [answers.pop(label, "") for label in ("Plan", "OS image")]
        rest = [f"{label} {value}" for label, value in answers.items()]
        found.append((f"{index + 1}. {server.name}", ", ".join(part for part in (*plain, *rest) if part)))
    return found


def due_at_once(document: Mapping[str, Any]) -> str:
    """Return the first invoice of a quote's document in words."""
    amount, currency = document.get("due_now"), document.get("currency") or ""
    if not amount:
        return "not known"
    try:
        return Money.parse(amount, str(currency)).words(estimate=bool(document.get("estimate"))).rstrip()
    except ValueError:
        # A record that somebody else wrote is shown as it is.
        return f"{amount} {currency}".rstrip()


def notes(state: WizardState, now: datetime | None = None) -> list[str]:
    """Return what has to be known about the price: what is not certain, and what holds at `now`."""
    quote, info = state.quote(), state.info
    if quote is None or info is None:
        return []
    from vps_tui.wizard.input_notes import input_notes

    now = now or datetime.now(UTC)
    shared = info.shared_name_note if len(expand_quantities(state.draft)) > 1 else ""
    found = [
        *input_notes(state),
        *quote.notes,
        shared,
        info.billing_note,
        info.timely_note(now),
        *_without_updates(state, now.date()),
    ]
    if not state.draft.apply_credit:
        found.append(info.unused_credit_note)
    return [note for note in found if note]


def _without_updates(state: WizardState, today: date) -> list[str]:
    """Return which of the chosen systems get no security updates any more."""
    found: list[str] = []
    for server in state.draft.servers:
        plan = state.catalog.plan(server.plan) if state.catalog else None
        image = find_os_image(plan, server.os) if plan else None
        ended = support_ended(image.name, today) if image else None
        if image is not None and ended is not None:
            found.append(f"{image.name} has had no security updates since {ended:%b %Y}: better take a newer system.")
    return list(dict.fromkeys(found))


def script_name(state: WizardState) -> str:
    """Return the name of the file that the start-up script came from, empty where that is not known any more."""
    return state.typed_text(script_name_key(state.server.startup_script))


def script_name_key(script: str) -> str:
    """Return the key under which a script's file name is kept beside the draft, which holds the script alone."""
    from vps_tui.core.startup_script import digest

    return f"start-up script {digest(script)}"


def payment_method(state: WizardState) -> str:
    """Return the chosen way to pay by its name."""
    methods = state.terms.payment_methods if state.terms else ()
    return next((method.name for method in methods if method.id == state.draft.payment_method), "not chosen")


def due_now(state: WizardState, quote: Quote) -> str:
    """Return what leaves the account with the order, and what account credit does for it."""
    if quote.due_now is None:
        return "not known here; the provider charges its own list price"
    words = f"{quote.due_now.words(estimate=quote.estimated)} for {quote.billing_cycle.span}"
    credit = credit_after(state, quote)
    if credit is None:
        return words
    balance = state.terms.account.balance if state.terms else None
    if credit.amount >= 0:
        return f"{words}, from account credit ({credit} remain)"
    return f"{words}; account credit ({balance}) does not cover it"


def renewals(quote: Quote, today: date, *, certain: bool = True) -> str:
    """Return what is paid from then on, with the date of the first renewal for an order of `today`.

    `certain` says whether that is the day at the provider.
    """
    if quote.recurring is None:
        return "not known here"
    when = quote.billing_cycle.renewal(today)
    each = quote.recurring.words(estimate=quote.estimated)
    return f"{each} {quote.billing_cycle.every}, next {'on' if certain else 'about'} {day(when)}"


def credit_after(state: WizardState, quote: Quote) -> Money | None:
    """Return what would remain of account credit, below zero when it is too little; None if it plays no part."""
    balance = state.terms.account.balance if state.terms else None
    if balance is None or quote.due_now is None or not state.draft.apply_credit or not balance.amount:
        return None
    return balance - quote.due_now if balance.currency == quote.due_now.currency else None


def size(plan: Plan) -> str:
    """Return a plan's size in one line."""
    parts = (
        f"{plan.vcpu} vCPU" if plan.vcpu else "",
        f"{ram(plan.ram_mb)} RAM" if plan.ram_mb else "",
        f"{plan.disk_gb} GB" if plan.disk_gb else "",
        f"{plan.traffic_tb} TB" if plan.traffic_tb else "",
    )
    return ", ".join(part for part in parts if part)


def ram(megabytes: int | None) -> str:
    """Return an amount of memory as people say it: 512 MB, 2 GB."""
    if not megabytes:
        return "?"
    return f"{megabytes // 1024} GB" if megabytes % 1024 == 0 else f"{megabytes} MB"


def _plan_lines(state: WizardState) -> Iterator[SummaryLine]:
    plan, cycle = state.plan, state.draft.billing_cycle
    if plan is None:
        return
    price = plan.prices.get(cycle)
    named = f"{plan.name} ({size(plan)})" if size(plan) else plan.name
    named = f"{state.server.quantity} x {named}" if state.server.quantity > 1 else named
    yield SummaryLine("Plan", named, str(price * state.server.quantity) if price else "not known", Step.PLAN)
    for chosen in state.server.add_ons:
        found = find_add_on(plan, chosen.group, chosen.id)
        if found is not None:
            group, add_on = found
            count = chosen.value * state.server.quantity
            amount, estimate = add_on_price(add_on, count, cycle)
            units = f"{count} x " if count > 1 else ""
            words = amount.words(estimate=estimate) if amount else "not known"
            yield SummaryLine(group.title, f"{units}{add_on.name}", words, Step.ADD_ONS)
    if not state.server.add_ons and plan.add_on_groups:
        yield SummaryLine("Add-ons", "none", "", Step.ADD_ONS)


def money_pairs(state: WizardState, now: datetime) -> list[tuple[str, str]]:
    """Return what is paid now, from then on, and per month where the cycle is longer, for an order at `now`."""
    quote = state.quote()
    if quote is None:
        return []
    today, certain = state.info.today(now) if state.info else (now.date(), False)
    pairs = [("Now", due_now(state, quote)), ("Then", renewals(quote, today, certain=certain))]
    compared = cycles_compared(state)
    if compared:
        pairs.append(("Per month", compared))
    return pairs


def cycles_compared(state: WizardState) -> str:
    """Return what a month costs with every billing cycle, side by side; empty where there is one alone."""
    if state.catalog is None or state.terms is None:
        return ""
    quotes = [
        pricing.quote(replace(state.draft, billing_cycle=cycle), state.catalog)
        for cycle in state.terms.billing_cycles
    ]
    known = [(quote, quote.per_month) for quote in quotes if quote.per_month is not None]
    if len(known) < 2:
        return ""
    about = " (about)" if any(quote.estimated for quote, _ in known) else ""
    if len({amount.currency for _, amount in known}) > 1:
        return f"{', '.join(f'{quote.billing_cycle.short_span} {amount.exact}' for quote, amount in known)}{about}"
    parts = (f"{quote.billing_cycle.short_span} {amount.figure}" for quote, amount in known)
    return f"{', '.join(parts)} {known[0][1].currency}{about}"
