"""How far EDIS Global has come with an order's servers: its services, then the management session of each machine."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from vps_tui.core.errors import ProviderError, RequestRefused, SignInRefused
from vps_tui.core.secret import Secret
from vps_tui.core.text import clean
from vps_tui.providers.delivery import Awaited, Delivery, candidates, pair_services, readable_address
from vps_tui.providers.edis import wire
from vps_tui.providers.edis.account import EdisAccount, read_error
from vps_tui.providers.http import LOOPBACK, Reply, Transport
from vps_tui.providers.models import Connection, Listing

SPARE_SECONDS = 60
"""How long before its end a session is not used any more."""

REFUSED_SECONDS = 600.0
"""How long get/auth is left alone once it has refused: how many wrong sign-ins lock an account is not told."""

ABSENT_SECONDS = 60.0
"""How long it is not asked again for a machine that it does not know."""

OWN_HOSTS = r"(?:[a-z0-9-]{1,63}\.){1,4}edisglobal\.com"
"""What `api_host` may be: the signature that goes there can switch a server off."""

_OVER = frozenset({"terminated", "cancelled", "suspended", "fraud"})
"""States in which no server comes any more by waiting (get/services names the first and `suspended`)."""


@dataclass(frozen=True, slots=True)
class _Session:
    """What get/auth gave for one machine."""

    host: str
    valid_until: str
    signature: Secret = field(repr=False)
    primary_ip: str = ""
    suspended: bool = False

    @property
    def current(self) -> bool:
        return int(self.valid_until) - SPARE_SECONDS > time.time()


class EdisDelivery:
    """Follows the servers of one account; keeps their sessions while they are valid."""

    def __init__(self, account: EdisAccount, connection: Connection) -> None:
        """Prepare; nothing is sent yet."""
        self._account = account
        self._connection = connection
        self._management = Transport(account.info.name, connection.urls["session"], connection, {}, _is_read)
        self._hosts: dict[str, Transport] = {}
        self._sessions: dict[str, _Session] = {}
        self._put_off: dict[str, tuple[float, str]] = {}
        """By machine, or "" for all: until when (monotonic) get/auth is not asked again, and what it came to."""

    async def of(self, awaited: Awaited, find: Callable[[], Awaitable[Listing]]) -> tuple[Delivery, ...]:
        """Return how far every server is; `find` gives the account's services that fit the order's plans."""
        services = await self._services()
        service_ids, unclear = awaited.service_ids, ""
        if not service_ids:
            found, unclear = candidates(awaited, (await find()).servers, self._account.info.panel)
            service_ids = tuple(server.id for server in found)
        plans = {service: one.plan for service, one in services.items()}
        pairs = pair_services(awaited, service_ids, plans)
        return tuple(
            await asyncio.gather(
                *(self._one(name, service, services.get(service), unclear) for name, service in pairs)
            )
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await asyncio.gather(self._management.aclose(), *(host.aclose() for host in self._hosts.values()))

    async def _services(self) -> dict[str, wire.WireService]:
        """Return the account's services by id (get/services, a JSON body)."""
        entries, _ = await self._account.services()
        found = self._account.translated(lambda: [wire.WireService.model_validate(entry) for entry in entries])
        return {one.service_id: one for one in found}

    async def _one(self, name: str, service_id: str, listed: wire.WireService | None, unclear: str) -> Delivery:
        """Return how far one server is; only what concerns the whole account is raised."""
        who = self._account.info.name
        status = clean(listed.status, 40).lower() if listed else ""
        waiting = f"{who} lists it as {status}" if status else f"{who} does not list it yet"
        delivery = Delivery(name, service_id, status=status, waiting_for=waiting, look_for=unclear)
        if not service_id or status in _OVER:
            return delivery
        try:
            machine = _machine(listed.kvm_id if listed else "") or await self._machine(service_id)
            if not machine:
                return delivery
            return await self._managed(replace(delivery, machine=machine))
        except SignInRefused:
            raise
        except ProviderError as error:
            return replace(delivery, waiting_for=f"its address is not known yet: {error.message}")

    async def _machine(self, service_id: str) -> str:
        """Return the machine of a service (get/kvmid), empty while there is none: its 404 says "not yet"."""
        try:
            body = await self._account.ask("get/kvmid", serviceid=service_id)
        except RequestRefused:
            return ""
        return _machine(body.get("kvmid"))

    async def _managed(self, delivery: Delivery) -> Delivery:
        """Return `delivery` with what the management API tells of its machine."""
        session = await self._session(delivery.machine)
        if isinstance(session, str):
            return replace(delivery, waiting_for="its address comes by e-mail", look_for=session)
        address = session.primary_ip
        if not address:
            details = await self._ask(session, delivery.machine, "get/details")
            addresses = details.get("ip") if isinstance(details, dict) else None
            address = _first_address(addresses.get("ipv4") if isinstance(addresses, dict) else None)
        if session.suspended:
            return replace(delivery, address=address, waiting_for=f"{self._account.info.name} has suspended it")
        if not address:
            return replace(delivery, waiting_for="waiting for an address")
        power = clean(str(await self._ask(session, delivery.machine, "get/power") or ""), 60).lower()
        powered = False if "off" in power.split() else True if "on" in power.split() else None
        waiting = "it is switched off" if powered is False else ""
        return replace(delivery, address=address, powered=powered, waiting_for=waiting)

    async def _session(self, machine: str) -> _Session | str:
        """Return the session of a machine (get/auth), or what to do where the account has none.

        The ORDER API has accepted the same credentials just before: what is refused here is the API access, which
        has to be switched on in the client area and needs an active server (Management API guide).
        """
        kept = self._sessions.get(machine)
        if kept is not None and kept.current:
            return kept
        for defer in (self._put_off.get(""), self._put_off.get(machine)):
            if defer is not None and monotonic() < defer[0]:
                return defer[1]
        account = self._account
        fields = {**account.credentials(), "kvm_id": machine}
        reply = await self._management.read("POST", "kvm/v2/get/auth", data=fields)
        if reply.status == 429 or reply.status >= 500:
            account.checked(reply)
        body = reply.body if isinstance(reply.body, dict) and reply.status < 300 else {}
        data = body.get("data")
        entry = data.get(machine) if isinstance(data, dict) else None
        session = self._read_session(entry) if isinstance(entry, dict) else None
        if session is None:
            refused = reply.status >= 400
            words = self._by_mail(reply)
            pause = REFUSED_SECONDS if refused else ABSENT_SECONDS
            self._put_off["" if refused else machine] = (monotonic() + pause, words)
            return words
        self._sessions[machine] = session
        return session

    def _by_mail(self, reply: Reply) -> str:
        """Return what to look for where the management API tells nothing."""
        who, error = self._account.info.name, read_error(reply)
        said = f" ({error[0].rstrip('.')})" if error else ""
        return (
            f"{who}'s API does not tell the address{said}: most likely API access is not switched on in the client "
            f"area, as in every new account. Look for the e-mail from {who} to {self._account.name}, also among the "
            "junk: it has the address and the root password. With that address typed in here it goes on."
        )

    def _read_session(self, entry: dict[str, Any]) -> _Session | None:
        """Read an entry of get/auth's `data`; raises `RequestRefused` for a host that is not EDIS Global's.

        What is served on this machine leads to no other one.
        """
        try:
            read = wire.WireSession.model_validate(entry)
        except ValidationError:
            return None
        host = read.api_host.lower()
        loopback = urlsplit(self._connection.urls["session"]).hostname in LOOPBACK
        own = r"(?:127\.0\.0\.1|localhost|\[::1\]):[0-9]{1,5}" if loopback else OWN_HOSTS
        if not re.fullmatch(own, host):
            outside = "this machine" if loopback else "edisglobal.com"
            raise RequestRefused(
                f"{self._account.info.name} names an API host outside {outside}, which is not asked.",
                hint="Look at the server in the client area, and please report it.",
            )
        address = readable_address(read.primary_ip)
        return _Session(host, read.valid_until, Secret(read.signature), address, read.suspended.lower() == "y")

    async def _ask(self, session: _Session, machine: str, operation: str) -> Any:
        """Return `data` of a read at the machine's API host, None where it is not to be had."""
        transport = self._hosts.get(session.host) or self._transport(session.host)
        transport.redaction.add((session.signature,))
        fields = {
            "signature": session.signature.reveal(),
            "kvm_id": machine,
            "valid_until": session.valid_until,
        }
        reply = await transport.read("POST", f"kvm/v2/{operation}", data=fields)
        if reply.status in (401, 403):
            # It may have ended early, or the machine has moved: the next look begins a new one.
            self._sessions.pop(machine, None)
        body = reply.body if isinstance(reply.body, dict) and reply.status < 300 else {}
        return body.get("data") if body.get("status") == "success" else None

    def _transport(self, host: str) -> Transport:
        scheme = "https" if host.endswith(".edisglobal.com") else "http"
        transport = Transport(self._account.info.name, f"{scheme}://{host}", self._connection, {}, _is_read)
        self._hosts[host] = transport
        return transport


def _is_read(_method: str, path: str) -> bool:
    """Those of the management API's operations that only look are called get/..., as the ORDER API's."""
    return path.startswith("kvm/v2/get/")


def _machine(value: Any) -> str:
    """Return the id of a machine, which goes back as it came; empty for what cannot be one."""
    return value if isinstance(value, str) and re.fullmatch(r"[\w.-]{1,60}", value, re.ASCII) else ""


def _first_address(entries: Any) -> str:
    """Return the first address of get/details' `ip.ipv4`, a list of "address/netmask"."""
    found = (readable_address(str(entry).partition("/")[0]) for entry in entries or () if isinstance(entries, list))
    return next(filter(None, found), "")
