"""How to log in to the servers of an order: with which key, and where they answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from vps_tui.core.catalog import OsFamily
from vps_tui.core.login import Login, LoginKey, Ports, ProbeResult, either_key, place
from vps_tui.core.login import login as login_text
from vps_tui.core.order_servers import match_service_ids
from vps_tui.providers.delivery import Delivery
from vps_tui.services.reconcile import draft_of

if TYPE_CHECKING:
    from vps_tui.journal import Entry

SshDocument = dict[str, str | None]

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """The keys that the servers of an order were ordered with, each beside its server's name."""

    keys: tuple[tuple[str, LoginKey], ...] = ()

    def of(self, name: str) -> LoginKey:
        """Return the key of the server called `name`; any of the order's where that is not known."""
        named = [key for server, key in self.keys if server == name]
        return either_key(named or [key for _, key in self.keys])


@dataclass(frozen=True, slots=True)
class WayIn:
    """A server that answered, with the command that logs in to it."""

    login: Login
    key: LoginKey

    @property
    def labelled(self) -> tuple[str, str]:
        """A label and what to type to get in."""
        family = OsFamily.WINDOWS if self.login.windows else OsFamily.LINUX
        return login_text(family, self.login.address, Ports(self.login.port, self.login.port), self.key)

    @property
    def command(self) -> str:
        """The ssh command; empty for a Windows server."""
        return "" if self.login.windows else self.labelled[1]

    @property
    def document(self) -> SshDocument | None:
        """The contract's "ssh" of one server; None for a Windows server."""
        if not self.command:
            return None
        return {
            "command": self.command,
            "key_file": self.key.files[0] if len(self.key.files) == 1 else None,
            "host_key": self.login.host_key_fingerprint or None,
        }


@dataclass(frozen=True, slots=True)
class Machine:
    """One server that is waited for."""

    delivery: Delivery
    family: OsFamily
    ports: Ports
    answer: ProbeResult = field(default_factory=ProbeResult)
    key: LoginKey = field(default_factory=LoginKey)
    typed: bool = False
    """Whether a person gave the address."""
    alike: bool = False
    """Whether another server of the order has its name."""

    @property
    def name(self) -> str:
        return self.delivery.name

    @property
    def display_name(self) -> str:
        """Its name, with its service id where the name alone could be another server's."""
        service = self.delivery.service_id
        return f"{self.name} ({service})" if self.alike and service else self.name

    @property
    def address(self) -> str:
        return self.delivery.address

    @property
    def ready(self) -> bool:
        return self.answer.ready

    @property
    def waiting_for(self) -> str:
        """What is waited for, in words; empty for nothing."""
        if self.ready:
            return ""
        if not self.address:
            return self.delivery.waiting_for or "waiting for an address"
        windows = self.family is OsFamily.WINDOWS
        what = "Remote Desktop" if windows else "SSH"
        where = place(self.address, self.port, 3389 if windows else 22)
        words = f"waiting for {what} at {where}"
        more = ", ".join(filter(None, (self.answer.problem, self.delivery.waiting_for)))
        return f"{words} ({more})" if more else words

    @property
    def look_for(self) -> str:
        """What a person should look for; empty once the address is known."""
        return "" if self.address else self.delivery.look_for

    @property
    def way_in(self) -> WayIn | None:
        """How one gets in; None before there is an address."""
        return WayIn(self.record(_NEVER), self.key) if self.address else None

    @property
    def port(self) -> int:
        """Where it answers."""
        return self.ports.rdp if self.family is OsFamily.WINDOWS else self.ports.ssh

    def record(self, seen: datetime) -> Login:
        """Return what the journal keeps of a server that answered at `seen`."""
        return Login(
            name=self.name,
            service_id=self.delivery.service_id,
            address=self.address,
            port=self.port,
            seen=seen,
            host_key_type=self.answer.key_type,
            host_key_fingerprint=self.answer.fingerprint,
            windows=self.family is OsFamily.WINDOWS,
        )


def server_keys(entry: Entry) -> ServerKeys:
    """Return the keys of an order's servers; reads files and asks the SSH agent, so call it off the event loop."""
    from vps_tui.ssh.identities import OwnKeys

    own = OwnKeys.here()
    servers = draft_of(entry).servers
    found = {(server.ssh_key, server.ssh_key_file): LoginKey() for server in servers}
    found = {(line, file): own.login_key(line, file) for line, file in found}
    return ServerKeys(tuple((server.name, found[server.ssh_key, server.ssh_key_file]) for server in servers))


def ways_in(entry: Entry) -> tuple[WayIn, ...]:
    """Return how to log in to every server of `entry` that answered so far; it waits as `server_keys` does."""
    if not entry.logins:
        return ()
    keys = server_keys(entry)
    shown = entry.printable().logins
    return tuple(WayIn(safe, keys.of(login.name)) for login, safe in zip(entry.logins, shown, strict=True))


def ssh_documents(entry: Entry) -> list[SshDocument | None]:
    """Return the same for every single server of `entry`, in its order, by what the journal knows."""
    left = list(ways_in(entry))
    documents: list[SshDocument | None] = []
    for name, service in match_service_ids(draft_of(entry), entry.outcome.service_ids):
        way = next((way for way in left if _is(way.login, name, service)), None)
        if way is not None:
            left.remove(way)
        documents.append(way.document if way is not None else None)
    return documents


def merge_logins(before: Iterable[Login], now: Sequence[Login], names: Iterable[str]) -> tuple[Login, ...]:
    """Return the known logins of the servers called `names`; those of servers that did not answer now stay."""
    earlier = {_lasting(login): login for login in before}
    known = [earlier.get(_lasting(login), login) for login in now]
    missing = Counter(names)
    missing.subtract(login.name for login in now)
    places = {login.address for login in now} | {login.service_id for login in now if login.service_id}
    for login in earlier.values():
        if missing[login.name] > 0 and places.isdisjoint((login.address, login.service_id)):
            missing[login.name] -= 1
            known.append(login)
    return tuple(known)


def _lasting(login: Login) -> Login:
    return replace(login, seen=_NEVER)


def _is(login: Login, name: str, service: str) -> bool:
    """Tell whether `login` is that of the server called `name` with the id `service`, as far as ids are known."""
    if login.service_id and service:
        return login.service_id == service
    return login.name == name
