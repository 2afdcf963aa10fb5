"""What a provider tells of servers that were ordered, until they have an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from vps_tui.core.draft import Draft
from vps_tui.core.order_servers import Match, expand_quantities, match_service_ids

if TYPE_CHECKING:
    from vps_tui.providers.models import Server


@dataclass(frozen=True, slots=True)
class Awaited:
    """An order that was placed, and what tells its servers from others."""

    draft: Draft
    service_ids: tuple[str, ...] = ()
    """As the provider's answer gave them; empty where it gave none."""
    others: frozenset[str] | None = frozenset()
    """Ids of servers that are certainly not of this order; None where it is not known what was there before it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far one server is, by the provider's word."""

    name: str
    """As it was ordered; "service 123" where it cannot be told which of the order's servers that is."""
    service_id: str = ""
    machine: str = ""
    """The provider's own id of the machine, where it has one besides."""
    address: str = ""
    """IPv4 or IPv6; empty while there is none or the provider does not tell."""
    status: str = ""
    """The provider's own word for its state."""
    powered: bool | None = None
    """Whether it is switched on; None where nobody says so."""
    waiting_for: str = ""
    """What is waited for, in words; empty once nothing of the provider's is."""
    look_for: str = ""
    """What a person should look for, where the provider's API does not tell the address."""


def pair_services(
    awaited: Awaited, service_ids: Sequence[str], plans: Mapping[str, str] | None = None
) -> tuple[Match, ...]:
    """Return every server of the order with its service id; ids that nobody can match stand for themselves."""
    pairs = match_service_ids(awaited.draft, service_ids, plans)
    placed = {service for _, service in pairs}
    left = [service for service in dict.fromkeys(service_ids) if service and service not in placed]
    found: list[Match] = []
    for name, service in pairs:
        alone = left.pop(0) if not service and left else ""
        found.append((f"service {alone}", alone) if alone else (name, service))
    return (*found, *((f"service {service}", service) for service in left))


def candidates(awaited: Awaited, listed: Iterable[Server], where: str) -> tuple[tuple[Server, ...], str]:
    """Return which of the servers in `listed` can be the order's, and why they cannot be told from others.

    `where` is the provider's panel, for a person to look at then.
    """
    new = tuple(server for server in listed if server.id not in (awaited.others or ()))
    if not new:
        return (), ""
    number = len(expand_quantities(awaited.draft))
    if awaited.others is None:
        return (), f"It is not known which servers were there before the order. Look for its address in {where}."
    if len(new) > number:
        return (), f"{len(new)} new servers like that are listed, {number} ordered here. Look for it in {where}."
    return new, ""


def of_listing(awaited: Awaited, listed: Iterable[Server], name: str, where: str) -> tuple[Delivery, ...]:
    """Return how far every server is for the provider called `name`, whose list of servers is all that it tells."""
    listed = tuple(listed)
    if awaited.service_ids:
        found, unclear = tuple(server for server in listed if server.id in awaited.service_ids), ""
        ids: Sequence[str] = awaited.service_ids
    else:
        found, unclear = candidates(awaited, listed, where)
        ids = [server.id for server in found]
    by_id = {server.id: server for server in found}
    names = {server.name for server in expand_quantities(awaited.draft)}
    named = found and all(server.name in names for server in found)
    pairs = _by_name(awaited, found) if named else pair_services(awaited, ids)
    return tuple(_of_server(label, service, by_id.get(service), name, unclear) for label, service in pairs)


def _by_name(awaited: Awaited, found: Iterable[Server]) -> tuple[Match, ...]:
    left: dict[str, list[str]] = {}
    for server in found:
        left.setdefault(server.name, []).append(server.id)
    names = (server.name for server in expand_quantities(awaited.draft))
    return tuple((name, left[name].pop(0) if left.get(name) else "") for name in names)


def _of_server(label: str, service: str, server: Server | None, name: str, unclear: str) -> Delivery:
    if server is None:
        waiting = f"{name} does not tell which one it is" if unclear else f"{name} does not list it yet"
        return Delivery(label, service, waiting_for=waiting, look_for=unclear)
    address = readable_address(server.address)
    status = f" as {server.status}" if server.status else ""
    waiting = "" if address else f"{name} lists it{status}, without an address so far"
    return Delivery(label, server.id, address=address, status=server.status, waiting_for=waiting)


def readable_address(text: object) -> str:
    """Return the IP address that `text` is, empty for anything else: a name would be looked up, and is not needed.

    A zone behind an IPv6 address may be any text, and would stand in the ssh command.
    """
    if "%" in str(text):
        return ""
    try:
        return str(ip_address(str(text).strip()))
    except ValueError:
        return ""
