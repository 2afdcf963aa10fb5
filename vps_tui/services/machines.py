"""One server of an order that is waited for: how far it is, and how to log in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from vps_tui.core.catalog import OsFamily
from vps_tui.core.login import Login, LoginKey, Ports, ProbeResult, login, place
from vps_tui.providers.delivery import Delivery


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
        """As it was ordered."""
        return self.delivery.name

    @property
    def display_name(self) -> str:
        """Its name, with its service id where the name alone could be another server's."""
        service = self.delivery.service_id
        return f"{self.name} ({service})" if self.alike and service else self.name

    @property
    def address(self) -> str:
        """Where it is; empty while that is not known."""
        return self.delivery.address

    @property
    def ready(self) -> bool:
        """Whether one can log in now."""
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
    def login(self) -> tuple[str, str]:
        """A label and what to type to get in; empty texts before there is an address."""
        return login(self.family, self.address, self.ports, self.key) if self.address else ("", "")

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
