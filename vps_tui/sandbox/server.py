"""The built-in sandbox: both providers' APIs over real HTTP on a loopback port."""

from __future__ import annotations

import shlex
import signal
import sys
import threading
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from vps_tui.sandbox import edis, layerstack
from vps_tui.sandbox.faults import ActiveFaults
from vps_tui.sandbox.http import Listener
from vps_tui.sandbox.ledger import Ledger
from vps_tui.sandbox.messages import Provider, Recorded
from vps_tui.sandbox.routes import Routes
from vps_tui.sandbox.ssh_servers import SshServers
from vps_tui.sandbox.stand_ins import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import FrameType

__all__ = ["EDIS_ACCOUNT", "LAYERSTACK_ACCOUNT", "Recorded", "Sandbox", "serve"]

EDIS_ACCOUNT, LAYERSTACK_ACCOUNT = edis.STAND_IN.account, layerstack.STAND_IN.account


class Sandbox:
    """Both providers, from `start` to `close`."""

    def __init__(
        self,
        *,
        ledger: Path | None = None,
        port: int = 0,
        faults: Iterable[str] = (),
        delivery_seconds: float = 5.0,
        ssh_delay_seconds: float = 4.0,
        credit: Decimal = Decimal("50.00"),
        edis_account: tuple[str, str] = EDIS_ACCOUNT,
        layerstack_account: tuple[str, str] = LAYERSTACK_ACCOUNT,
    ) -> None:
        """Open the ledger; nothing is served yet.

        `ledger` is its file, or `None` to forget everything on `close`; `port` 0 takes any free one;
        `faults` are written as `faults.parse` reads them (ValueError for an unknown one);
        `delivery_seconds` pass from a paid order to its servers, and `ssh_delay_seconds` more until an SSH
        server answers there; `credit` in EUR is what the EDIS account
        has at each start, so that a sandbox kept over restarts does not run dry; the accounts are
        (e-mail, password) and (account id, token).
        """
        active = ActiveFaults(faults)
        self.ledger = Ledger(ledger)
        """What was ordered; readable until `close`."""
        self._port = port
        self._stand_ins = stand_ins()
        given = {"edis": edis_account, "layerstack": layerstack_account}
        self._accounts = {name: given.get(name, info.account) for name, info in self._stand_ins.items()}
        self._faults = active
        self._open_accounts(credit)
        self._doors = SshServers(self.ledger.services, timedelta(seconds=ssh_delay_seconds))
        self._routes = Routes(self._serving(timedelta(seconds=delivery_seconds)), self.ledger, self._faults)
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None
        self.edis_url = ""
        """EDIS's base address, without a path; empty before `start`."""
        self.layerstack_url = ""
        """LayerStack's base address, ending in `/api`; empty before `start`."""
        self.ssh_port = 0
        """Where the SSH servers of delivered servers answer, at their own addresses; 0 before `start`."""
        self.requests: list[Recorded] = []
        """Every request in order of arrival, but for those that steer the sandbox."""
        self.failures: list[BaseException] = []
        """Mistakes of the sandbox's own, which a client saw as a closed connection."""

    def _open_accounts(self, credit: Decimal) -> None:
        for name, info in self._stand_ins.items():
            self.ledger.open_account(name, self._accounts[name][0], credit if info.has_credit else Decimal(0))

    def _serving(self, delivery: timedelta) -> list[Provider]:
        return [
            info.make(self.ledger, self._accounts[name], delivery, self._doors.look)
            for name, info in self._stand_ins.items()
        ]

    def start(self) -> None:
        """Listen on 127.0.0.1 and serve from a daemon thread; raises OSError when the port is taken."""
        listener = Listener(self._port, self._routes.respond)
        listener.requests, listener.failures = self.requests, self.failures
        self.edis_url = f"http://127.0.0.1:{listener.server_port}"
        self.layerstack_url = f"{self.edis_url}/api"
        self._listener = listener
        self._doors.reserve()
        self.ssh_port = self._doors.port
        self._thread = threading.Thread(target=listener.serve, name="sandbox", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving, end every connection, and close the ledger; a second call does nothing."""
        listener, thread = self._listener, self._thread
        self._listener = self._thread = None
        if listener is not None and thread is not None:
            listener.stop(thread)
            self._doors.close()
        self.ledger.close()

    def access(self, provider: str) -> tuple[str, tuple[str, str], Path | None]:
        """Return base address, account and catalogue file of one provider; raises KeyError for one without."""
        info = self._stand_ins[provider]
        return f"{self.edis_url}{info.url_path}", self._accounts[provider], info.catalog_file

    def set_faults(self, faults: Iterable[str]) -> None:
        """Put these faults in force in place of the present ones; raises ValueError for an unknown one."""
        self._faults.replace(faults)

    def __enter__(self) -> Self:
        try:
            self.start()
        except OSError:
            self.close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def serve(port: int, *, ledger: Path | None, faults: Iterable[str], announce: Callable[[str], None] = _print) -> int:
    """Serve until SIGINT or SIGTERM, after telling `announce` where; return the exit code, 0.

    Every line of that is a shell assignment or a comment, so that a script can evaluate them. Raises OSError when
    the port is taken, ValueError for an unknown fault. Call it from the main thread.
    """
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    sandbox = Sandbox(ledger=ledger, port=port, faults=faults)
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with sandbox:
            announce(_announcement(sandbox))
            stopped.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def _announcement(sandbox: Sandbox) -> str:
    facts: dict[str, str] = {}
    notes = []
    for provider, info in stand_ins().items():
        url, account, catalog_file = sandbox.access(provider)
        urls, fields = info.variables[: -len(account)], info.variables[-len(account) :]
        facts |= dict.fromkeys(urls, url) | dict(zip(fields, info.account, strict=True))
        if catalog_file is not None:
            notes.append(f"# {info.name}'s catalogue, invented for the sandbox: {catalog_file}")
    facts["VPS_TUI_SSH_PORT"] = str(sandbox.ssh_port)
    lines = [f"{name}={shlex.quote(value)}" for name, value in facts.items()] + notes
    lines.append("# Nothing is bought here. Stop with Ctrl+C.")
    return "".join(f"{line}\n" for line in lines)
