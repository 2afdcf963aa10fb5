"""Several servers in one order: how they are added, copied and named, and which service id belongs to which."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.outcome import Outcome, OutcomeKind

MAX_SERVERS: Final = 99
"""Most entries of one order; no provider documents a limit, and nobody reads a longer list before paying."""

MAX_LISTED_NAMES: Final = 6
"""Most names that are written one by one in a line."""

Match = tuple[str, str]
"""A server's name and its service id, which is empty where it is not certain."""


def add_server(draft: Draft, *, shared_name: bool = False) -> Draft:
    """Return `draft` with one more server at its end, with the key of the first one and nothing else chosen.

    With `shared_name`, where a provider gives all servers of an order one name, it has that too.
    """
    first = draft.servers[0]
    new = ServerDraft(
        ssh_key=first.ssh_key,
        ssh_key_file=first.ssh_key_file,
        without_key=first.without_key,
        name=first.name if shared_name else "",
    )
    return replace(draft, servers=(*draft.servers, new))


def duplicate_server(draft: Draft, index: int, copies: int, *, shared_name: bool = False) -> Draft:
    """Return `draft` with `copies` of the server at `index` right behind it, alike in all but the name."""
    server = draft.servers[index]
    if shared_name or not server.name:
        new = [server] * copies
    else:
        names = number_names(server.name, copies, taken=[other.name for other in draft.servers])
        new = [replace(server, name=name) for name in names]
    return replace(draft, servers=(*draft.servers[: index + 1], *new, *draft.servers[index + 1 :]))


def remove_server(draft: Draft, index: int) -> Draft:
    """Return `draft` without the server at `index`; raises ValueError for the last one there is."""
    if len(draft.servers) == 1:
        raise ValueError("an order has at least one server")
    return replace(draft, servers=(*draft.servers[:index], *draft.servers[index + 1 :]))


def is_blank(server: ServerDraft, *, shared_name: bool = False) -> bool:
    """Tell whether nothing has been chosen for `server` beyond what a new one has from the first."""
    chosen = server.plan or server.plan_name or server.os or server.add_ons or server.startup_script
    return not chosen and (shared_name or not server.name)


def without_blank(draft: Draft, *, shared_name: bool = False) -> Draft:
    """Return `draft` without servers that were added and never begun; the first one stays in any case."""
    first, *others = draft.servers
    begun = (server for server in others if not is_blank(server, shared_name=shared_name))
    return replace(draft, servers=(first, *begun))


def number_names(name: str, count: int, *, taken: Iterable[str] = ()) -> list[str]:
    """Return `count` names after `name`, none of them `taken`: web1 web2, web09 web10, db db-2, a1.b.c a2.b.c."""
    head, dot, rest = name.partition(".")
    stem, digits = re.fullmatch(r"(.*?)([0-9]*)", head, re.DOTALL).groups()  # type: ignore[union-attr]
    number = int(digits) if digits else 1
    stem = stem if digits else f"{head}-"
    used = {fold_name(other) for other in taken}
    names: list[str] = []
    while len(names) < count:
        number += 1
        new = f"{stem}{number:0{len(digits) or 1}d}{dot}{rest}"
        if fold_name(new) not in used:
            names.append(new)
    return names


def make_names_unique(draft: Draft) -> Draft:
    """Return `draft` with a number behind every name that an earlier server has already."""
    servers: list[ServerDraft] = []
    names = [server.name for server in draft.servers]
    for server in draft.servers:
        earlier = [other.name for other in servers]
        clashes = server.name and fold_name(server.name) in map(fold_name, earlier)
        name = number_names(server.name, 1, taken=[*names, *earlier])[0] if clashes else server.name
        servers.append(replace(server, name=name))
    return replace(draft, servers=tuple(servers))


def name_all(draft: Draft, name: str) -> Draft:
    """Return `draft` with that name for every server, for a provider that gives them only one."""
    return replace(draft, servers=tuple(replace(server, name=name) for server in draft.servers))


def name_clash(names: Collection[str], index: int, *, shared_name: bool) -> int | None:
    """Return the index of the other server that the name at `index` clashes with, None where there is none.

    Names of one order differ, capitals aside; where a provider has one name for the whole order, they are the same.
    """
    listed = list(names)
    for other, name in enumerate(listed):
        if other == index or not name or not listed[index]:
            continue
        if (name != listed[index]) if shared_name else (fold_name(name) == fold_name(listed[index])):
            return other
    return None


def fold_name(name: str) -> str:
    """Return a name as names are compared."""
    return name.strip().casefold()


def join_names(names: Sequence[str]) -> str:
    """Return names in one line: all of them, or the first two and the last of too many."""
    return ", ".join(names) if len(names) <= MAX_LISTED_NAMES else f"{', '.join(names[:2])} ... {names[-1]}"


def server_label(draft: Draft, index: int) -> str:
    """Return what one server of an order is called: its name, with its number where that tells them apart."""
    all_names, name = [server.name for server in draft.servers], draft.servers[index].name
    if name and all_names.count(name) == 1:
        return name
    return f"{index + 1}. {name}" if name else f"Server {index + 1}"


def expand_quantities(draft: Draft) -> tuple[ServerDraft, ...]:
    """Return every single server that `draft` buys, in its order; a quantity of three is three of them."""
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
    ids = _distinct(service_ids)
    known = plans or {}
    if len(ids) == len(servers) == len(service_ids):
        pairs = tuple(zip(servers, ids, strict=True))
        if all(_fits(server, known.get(service)) for server, service in pairs):
            return tuple((server.name, service) for server, service in pairs)
    if not all(service_id in known for service_id in ids):
        return tuple((server.name, "") for server in servers)
    return _by_plan(servers, ids, known)


def certain_names(draft: Draft, service_ids: Sequence[str], plans: Mapping[str, str]) -> dict[str, str]:
    """Return the names of those services, by id, of which it is beyond doubt which server of `draft` they are.

    `plans` are the plan names that the provider lists by service id. The order of ids tells nothing for certain: a
    wrong name would cancel the wrong server.
    """
    servers = expand_quantities(draft)
    distinct_ids = _distinct(service_ids)
    if len(distinct_ids) > len(servers):
        return {}
    if len({server.name for server in servers}) == 1 and len(distinct_ids) == len(servers):
        return dict.fromkeys(distinct_ids, servers[0].name)
    names: dict[str, str] = {}
    for server in servers:
        alike = [other for other in servers if other.plan_name == server.plan_name]
        ids = [service for service in distinct_ids if plans.get(service) == server.plan_name]
        if server.plan_name and len(alike) == len(ids) == 1:
            names[ids[0]] = server.name
    return names


def without_service(draft: Draft, service_ids: Sequence[str], plans: Mapping[str, str] | None = None) -> list[str]:
    """Return in words which servers of `draft` have no id among `service_ids`; empty where all have one.

    Their names are given where they are certain, else only their number.
    """
    pairs, servers = match_service_ids(draft, service_ids, plans), expand_quantities(draft)
    lacking = [name for name, service in pairs if not service]
    given = len(_distinct(service_ids))
    if not lacking or given >= len(servers) or not given:
        return []
    if len(lacking) == len(servers) - given:
        return [f"{', '.join(lacking)}: no service id."]
    return [f"{len(servers)} servers were ordered and {given} have a service id; which is not said."]


def explain_missing_ids(draft: Draft, outcome: Outcome) -> Outcome:
    """Return `outcome` with words on which of several servers has no service id, as far as that is known."""
    servers, given = expand_quantities(draft), len(_distinct(outcome.service_ids))
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
    ids: list[str] = []
    for server in expand_quantities(draft):
        service = next((service_id for service_id, plan in left.items() if plan == server.plan_name), None)
        if service is None:
            return tuple(plans)
        ids.append(service)
        del left[service]
    return (*ids, *left)


def are_other_servers(draft: Draft, plans: Iterable[str]) -> bool:
    """Tell whether servers with these plan names are certainly not the servers of `draft`.

    A list may name plans otherwise than the catalogue does, so only names that `draft` has too count.
    """
    ours, theirs = sorted(server.plan_name for server in expand_quantities(draft)), sorted(plans)
    return set(theirs) <= set(ours) and theirs != ours


def _distinct(service_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, service_ids)))


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
