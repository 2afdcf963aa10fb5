"""What `change` and `cancel` are asked for, checked against what the provider offers for the server."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.errors import Consequence, UsageError
from vps_tui.core.nearest import nearest
from vps_tui.core.server_change import AddOnChange, Cancellation, CancelWhen, Change, ChangesOffered, PlanChange
from vps_tui.core.text import clean
from vps_tui.core.typed_ids import typed_id
from vps_tui.providers.info import ProviderInfo

MAX_UNITS: Final = 99
"""Most units of an add-on at once."""


def cancellation(offered: ChangesOffered, when: CancelWhen, info: ProviderInfo) -> Change:
    """Return the end of the server; raises `UsageError` where the provider has no call for it."""
    if when not in offered.cancel:
        raise _wrong(f"{info.name} cannot be asked to end this server.", " ".join(offered.notes))
    return Cancellation(offered.server, when)


def plan(
    offered: ChangesOffered,
    plan_id: str,
    info: ProviderInfo,
    *,
    billing_cycle: str = "",
    payment_method: str = "",
    subscription: str = "",
) -> Change:
    """Return the change to another plan; raises `UsageError` for one that is not offered."""
    server = offered.server
    if offered.plan_kind is None:
        raise _wrong(f"{info.name} cannot be asked for another plan for this server.", " ".join(offered.notes))
    plan_id = typed_id(plan_id, {listed.id for listed in offered.plans}) or plan_id
    found = offered.plan(plan_id)
    if found is None and offered.plan_now is not None and offered.plan_now.id == plan_id:
        raise _wrong(f"{offered.plan_now.name} is the plan that the server has already.", _plans(offered))
    if found is None and not (offered.other_plans and typed_id(plan_id)):
        raise _wrong("There is no such plan for this server.", _plans(offered))
    return PlanChange(
        offered.plan_kind,
        server,
        plan_id,
        found.name if found else "",
        _cycle(offered, billing_cycle, info),
        _payment(offered, payment_method, info),
        _subscription(offered, subscription),
    )


def add_ons(offered: ChangesOffered, written: Iterable[str], subscription: str, info: ProviderInfo) -> Change:
    """Return the change that adds what is `written` as NAME=N; raises `UsageError` for what is not offered."""
    known = [resource.id for resource in offered.resources]
    if not known:
        raise _wrong(f"{info.name} cannot be asked for add-ons for this server.", " ".join(offered.notes))
    found: dict[str, int] = {}
    for text in written:
        name, _, count = text.partition("=")
        if name not in known:
            near = nearest(name, known)
            hint = f"Did you mean {near}?" if near else f"There are: {', '.join(known)}."
            raise _wrong(f'There is no add-on "{clean(name, 40)}".', hint)
        if not re.fullmatch("[0-9]{1,2}", count or "1") or not 1 <= int(count or "1") <= MAX_UNITS:
            raise _wrong(f"How much of {name} must be a whole number from 1.", f"Write --add {name}=1.")
        if name in found:
            raise _wrong(f"{name} is there twice.", "Give it once, with the number of both.")
        found[name] = int(count or "1")
    return AddOnChange(offered.server, _subscription(offered, subscription), tuple(found.items()))


def _cycle(offered: ChangesOffered, word: str, info: ProviderInfo) -> BillingCycle | None:
    cycles = offered.billing_cycles
    if not cycles:
        if word:
            raise _wrong(f"{info.name} takes no billing cycle with a change.", "Leave --billing-cycle out.")
        return None
    if not word and offered.server.billing_cycle in cycles:
        return offered.server.billing_cycle
    plain = word.replace("-", "")
    if plain not in {cycle.value for cycle in cycles}:
        said = f'"{clean(word, 40)}" is no billing cycle.' if word else "The server's billing cycle is not told."
        raise _wrong(said, f"Give --billing-cycle as one of: {', '.join(cycle.value for cycle in cycles)}.")
    return BillingCycle(plain)


def _payment(offered: ChangesOffered, word: str, info: ProviderInfo) -> str:
    methods = offered.payment_methods
    if not methods:
        if word:
            raise _wrong(f"{info.name} takes no payment method with a change.", "Leave --payment-method out.")
        return ""
    chosen = word or offered.server.payment_method
    if chosen not in methods:
        said = f'"{clean(chosen, 40)}" is no payment method.' if chosen else "How the server is paid is not told."
        raise _wrong(said, f"Give --payment-method as one of: {', '.join(methods)}.")
    return chosen


def _subscription(offered: ChangesOffered, word: str) -> str:
    if not offered.needs_subscription:
        if word:
            raise _wrong("Servers are not changed by a subscription id here.", "Leave --subscription out.")
        return ""
    chosen = word or offered.server.subscription
    number = typed_id(chosen)
    if not number:
        problem = "must be a whole number" if chosen else "is not known"
        help_text = offered.notes[0] if offered.notes else ""
        raise _wrong(f"The subscription id {problem}.", f"Give it with --subscription ID. {help_text}".rstrip())
    return number


def _plans(offered: ChangesOffered) -> str:
    names = [f"{plan.id} ({plan.name})" for plan in offered.plans[:12]]
    return f"There are: {', '.join(names)}." if names else " ".join(offered.notes)


def _wrong(message: str, hint: str) -> UsageError:
    return UsageError(message, hint=hint, title="That cannot be changed", money=Consequence.NOTHING_CHANGED)
