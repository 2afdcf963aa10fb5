"""Which service id belongs to which server of an order, as far as the provider's answer tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.outcome import Outcome, OutcomeKind

Match = tuple[str, str]
"""A server's name and its service id, which is empty where nobody can tell."""


def expand_quantities(draft: Draft) -> tuple[ServerDraft, ...]:
    """Return every single server that `draft` buys, in its order; one of several alike stands there so often."""
    return tuple(server for server in draft.servers for _ in range(server.quantity))


def match_service_ids(
    draft: Draft, service_ids: Sequence[str], plans: Mapping[str, str] | None = None
) -> tuple[Match, ...]:
    """Return every server that `draft` buys with its service id.

    With as many ids as servers the first belongs to the first: EDIS's `serviceids` (Complete Guide, add/order) is
    presumably in the order of `item`, which no document says. `plans`, the plan names that the provider lists by
    service id, are asked where they contradict that or where the numbers differ; a plan then tells only where as
    many ids have it as servers, or none. What stays open is left empty rather than guessed.
    """
    servers = expand_quantities(draft)
    found = tuple(dict.fromkeys(service for service in service_ids if service))
    known = plans or {}
    complete = len(found) == len(servers) == len(service_ids)
    if complete and all(_fits(server, known.get(one)) for server, one in zip(servers, found, strict=True)):
        return tuple((server.name, one) for server, one in zip(servers, found, strict=True))
    if not all(one in known for one in found):
        return tuple((server.name, "") for server in servers)
    return _by_plan(servers, found, known)


def certain_names(draft: Draft, service_ids: Sequence[str], plans: Mapping[str, str]) -> dict[str, str]:
    """Return the names of those services, by id, of which it is beyond doubt which server of `draft` they are.

    `plans` are the plan names that the provider lists by service id. The order of ids tells nothing for certain: a
    name that stands for the wrong server would end that one.
    """
    servers = expand_quantities(draft)
    found = tuple(dict.fromkeys(service for service in service_ids if service))
    if len(found) > len(servers):
        return {}
    if len({server.name for server in servers}) == 1 and len(found) == len(servers):
        return dict.fromkeys(found, servers[0].name)
    names: dict[str, str] = {}
    for server in servers:
        alike = [other for other in servers if other.plan_name == server.plan_name]
        ids = [service for service in found if plans.get(service) == server.plan_name]
        if server.plan_name and len(alike) == len(ids) == 1:
            names[ids[0]] = server.name
    return names


def without_service(draft: Draft, service_ids: Sequence[str], plans: Mapping[str, str] | None = None) -> list[str]:
    """Return in words which servers of `draft` have no id among `service_ids`; empty where all have one.

    Which they are is said where it is certain, else only how many.
    """
    pairs, servers = match_service_ids(draft, service_ids, plans), expand_quantities(draft)
    lacking = [name for name, service in pairs if not service]
    given = len(set(filter(None, service_ids)))
    if not lacking or given >= len(servers) or not given:
        return []
    if len(lacking) == len(servers) - given:
        return [f"{', '.join(lacking)}: no service id."]
    return [f"{len(servers)} servers were ordered and {given} have a service id; which is not said."]


def explain_missing_ids(draft: Draft, outcome: Outcome) -> Outcome:
    """Return `outcome` with words on which of several servers has no service id, as far as that is known."""
    servers, given = expand_quantities(draft), len(set(filter(None, outcome.service_ids)))
    names = ", ".join(server.name for server in servers)
    if len(servers) == 1 or outcome.kind not in (OutcomeKind.PLACED, OutcomeKind.UNKNOWN):
        return outcome
    if outcome.kind is OutcomeKind.UNKNOWN:
        lacking = bool(outcome.order_id) and not given
        message = f"{outcome.message} No server of it has a service id: {names}."
        return replace(outcome, message=message) if lacking else outcome
    if all(service for _, service in match_service_ids(draft, outcome.service_ids)):
        return outcome
    if not given:
        words = f"No service id came back for any of {names}."
    else:
        came = "got a service id: which has none is not said" if given < len(servers) else "service ids came back"
        words = f"{len(servers)} servers were ordered ({names}), but {given} {came}."
    hint = "Compare with the provider's own list of servers, and with the invoice, before you order anything again."
    return replace(
        outcome,
        message=f"{outcome.message} {words}".strip(),
        hint=f"{outcome.hint} {hint}".strip(),
    )


def sort_by_draft(draft: Draft, plans: Mapping[str, str]) -> tuple[str, ...]:
    """Return the service ids that are listed with these plan names in the order of `draft`'s servers.

    Among servers of one plan the list's own order counts. Where the plans are not those of `draft`, all of it does.
    """
    left = dict(plans)
    found: list[str] = []
    for server in expand_quantities(draft):
        service = next((one for one, plan in left.items() if plan == server.plan_name), None)
        if service is None:
            return tuple(plans)
        found.append(service)
        del left[service]
    return (*found, *left)


def are_other_servers(draft: Draft, plans: Iterable[str]) -> bool:
    """Tell whether servers with these plan names are certainly not the servers of `draft`.

    A list may call plans otherwise than the catalogue does; only names that `draft` has too tell anything.
    """
    ours, theirs = sorted(server.plan_name for server in expand_quantities(draft)), sorted(plans)
    return set(theirs) <= set(ours) and theirs != ours


def _fits(server: ServerDraft, plan: str | None) -> bool:
    return plan is None or not server.plan_name or plan == server.plan_name


def _by_plan(servers: Iterable[ServerDraft], found: Iterable[str], plans: Mapping[str, str]) -> tuple[Match, ...]:
    """Match within each plan whose ids are as many as its servers."""
    wanted_of: dict[str, int] = {}
    ids_of: dict[str, list[str]] = {}
    listed = tuple(servers)
    for server in listed:
        wanted_of[server.plan_name] = wanted_of.get(server.plan_name, 0) + 1
    for service in found:
        ids_of.setdefault(plans[service], []).append(service)
    left = {plan: iter(ids) for plan, ids in ids_of.items() if len(ids) == wanted_of.get(plan)}
    return tuple((server.name, next(left.get(server.plan_name, iter(())), "")) for server in listed)
