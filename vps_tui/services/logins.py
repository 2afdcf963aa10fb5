"""How to log in to the servers of an order: with which key, and where they answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vps_tui.core.catalog import OsFamily
from vps_tui.core.login import Login, LoginKey, Ports, either_key
from vps_tui.core.login import login as login_text
from vps_tui.core.order_servers import match_service_ids
from vps_tui.services.reconcile import draft_of

if TYPE_CHECKING:
    from vps_tui.journal import Entry

SshDocument = dict[str, str | None]
"""The contract's "ssh" of one server."""


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """The keys that the servers of an order were ordered with, each beside its server's name."""

    keys: tuple[tuple[str, LoginKey], ...] = ()

    def of(self, name: str) -> LoginKey:
        """Return the key of the server called `name`; any of the order's where that cannot be told."""
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
        """The same as the contract has it; None for a Windows server."""
        return ssh_document(self.command, self.key, self.login.host_key_fingerprint)


def server_keys(entry: Entry) -> ServerKeys:
    """Return the keys of an order's servers; reads files and asks the SSH agent, so call it off the event loop."""
    from vps_tui.ssh.identities import OwnKeys

    own = OwnKeys.here()
    servers = draft_of(entry).servers
    found = {(server.ssh_key, server.ssh_key_file): LoginKey() for server in servers}
    found = {(line, file): own.login_key(line, file) for line, file in found}
    return ServerKeys(tuple((server.name, found[server.ssh_key, server.ssh_key_file]) for server in servers))


def ways_in(entry: Entry) -> tuple[WayIn, ...]:
    """Return how to log in to every server of `entry` that answered so far, its texts safe for a terminal.

    It waits as `server_keys` does.
    """
    if not entry.logins:
        return ()
    keys = server_keys(entry)
    shown = entry.printable().logins
    return tuple(WayIn(safe, keys.of(login.name)) for login, safe in zip(entry.logins, shown, strict=True))


def ssh_document(command: str, key: LoginKey, host_key: str) -> SshDocument | None:
    """Return the contract's "ssh" of a server; None where there is no command yet, or none at all."""
    if not command:
        return None
    return {
        "command": command,
        "key_file": key.files[0] if len(key.files) == 1 else None,
        "host_key": host_key or None,
    }


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


def merged(before: Iterable[Login], now: Sequence[Login], names: Iterable[str]) -> tuple[Login, ...]:
    """Return what is known of the servers called `names` now that those of `now` answer.

    What was known before stays for a server that has not answered this time, and where nothing has changed.
    """
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
    return replace(login, seen=datetime.min.replace(tzinfo=UTC))


def _is(login: Login, name: str, service: str) -> bool:
    """Tell whether `login` is that of the server called `name` with the id `service`, as far as ids are known."""
    if login.service_id and service:
        return login.service_id == service
    return login.name == name
