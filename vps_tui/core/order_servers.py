"""Several servers in one order: added, copied under numbered names, taken away, each with a name of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from vps_tui.core.draft import Draft, ServerDraft

MAX_SERVERS: Final = 99
"""Most entries of one order; no provider documents a limit, and nobody reads a longer list before paying."""

MAX_LISTED_NAMES: Final = 6
"""Most names that are said one by one in a line."""


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
    return replace(draft, servers=(first, *(one for one in others if not is_blank(one, shared_name=shared_name))))


def number_names(name: str, count: int, *, taken: Iterable[str] = ()) -> list[str]:
    """Return `count` names after `name`, none of them `taken`: web1 web2, web09 web10, db db-2, a1.b.c a2.b.c."""
    head, dot, rest = name.partition(".")
    stem, digits = re.fullmatch(r"(.*?)([0-9]*)", head, re.DOTALL).groups()  # type: ignore[union-attr]
    number = int(digits) if digits else 1
    stem = stem if digits else f"{head}-"
    used = {fold_name(other) for other in taken}
    found: list[str] = []
    while len(found) < count:
        number += 1
        new = f"{stem}{number:0{len(digits) or 1}d}{dot}{rest}"
        if fold_name(new) not in used:
            found.append(new)
    return found


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
    """Return the index of the other server that the name at `index` cannot stand beside, None where there is none.

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
