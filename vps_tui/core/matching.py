"""Which service id belongs to which server of an order, as far as the provider's answer tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vps_tui.core.draft import Draft, ServerDraft

Match = tuple[str, str]
"""A server's name and its service id, which is empty where nobody can tell."""


def wanted(draft: Draft) -> tuple[ServerDraft, ...]:
    """Return every single server that `draft` buys, in its order; one of several alike stands there so often."""
    return tuple(server for server in draft.servers for _ in range(server.quantity))


def matched(draft: Draft, service_ids: Sequence[str], plans: Mapping[str, str] | None = None) -> tuple[Match, ...]:
    """Return every server that `draft` buys with its service id.

    With as many ids as servers the first belongs to the first: EDIS's `serviceids` (Complete Guide, add/order) is
    presumably in the order of `item`, which no document says. `plans`, the plan names that the provider lists by
    service id, are asked where they contradict that or where the numbers differ; a plan then tells only where as
    many ids have it as servers, or none. What stays open is left empty rather than guessed.
    """
    servers = wanted(draft)
    found = tuple(dict.fromkeys(service for service in service_ids if service))
    known = plans or {}
    complete = len(found) == len(servers) == len(service_ids)
    if complete and all(_fits(server, known.get(one)) for server, one in zip(servers, found, strict=True)):
        return tuple((server.name, one) for server, one in zip(servers, found, strict=True))
    if not all(one in known for one in found):
        return tuple((server.name, "") for server in servers)
    return _by_plan(servers, found, known)


def without_service(draft: Draft, service_ids: Sequence[str], plans: Mapping[str, str] | None = None) -> list[str]:
    """Return in words which servers of `draft` have no id among `service_ids`; empty where all have one.

    Which they are is said where it is certain, else only how many.
    """
    pairs, servers = matched(draft, service_ids, plans), wanted(draft)
    lacking = [name for name, service in pairs if not service]
    given = len(set(filter(None, service_ids)))
    if not lacking or given >= len(servers) or not given:
        return []
    if len(lacking) == len(servers) - given:
        return [f"{', '.join(lacking)}: no service id."]
    return [f"{len(servers)} servers were ordered and {given} have a service id; which is not said."]


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
