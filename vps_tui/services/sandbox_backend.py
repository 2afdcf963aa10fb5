"""Both providers served by this program over HTTP on a loopback port."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from vps_tui.core.errors import UsageError
from vps_tui.core.secret import Secret
from vps_tui.providers.registry import all_providers
from vps_tui.sandbox.stand_ins import MODULES

if TYPE_CHECKING:
    from vps_tui.core.money import SpendingLimit
    from vps_tui.credentials.sources import Credential
    from vps_tui.providers.info import ProviderInfo
    from vps_tui.sandbox.server import Sandbox
    from vps_tui.services.session import Session


class SandboxBackend:
    """Both providers served by this program over HTTP on a loopback port."""

    sandbox = True

    def __init__(self, folder: Path, faults: tuple[str, ...] = (), *, forget: bool = False) -> None:
        """Prepare; the server starts with the first session. With `forget` the ledger is kept in memory."""
        self.folder = folder
        self.log: Callable[[str], None] | None = None
        self.ceiling: SpendingLimit | None = None
        self._ledger = None if forget else folder / "ledger.sqlite"
        self._faults = faults
        self._server: Sandbox | None = None
        self._starting = threading.Lock()

    def providers(self) -> tuple[ProviderInfo, ...]:
        return tuple(info for info in all_providers() if info.id in MODULES)

    def credentials_known(self, info: ProviderInfo) -> bool:
        return True

    def known_fields(self, info: ProviderInfo) -> Mapping[str, str]:
        return {}

    async def credentials(self, info: ProviderInfo) -> Mapping[str, Credential]:
        server = await self._serving()
        return await asyncio.to_thread(self._account, info, server)

    async def keyring_problem(self) -> str:
        return "The sandbox keeps nothing in the keyring."

    async def keep(self, info: ProviderInfo, typed: Mapping[str, Secret]) -> str:
        return await self.keyring_problem()

    async def open(
        self, info: ProviderInfo, typed: Mapping[str, str | Secret], *, read_only: bool = False
    ) -> Session:
        """Start the sandbox if it is not running and return a session with it; raises `UsageError`."""
        if info.id not in MODULES:
            raise UsageError(f"The sandbox does not stand in for {info.name}.", hint="Leave --sandbox out.")
        server = await self._serving()
        return await asyncio.to_thread(self._connect, info, server, read_only)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serving(self) -> Sandbox:
        return await asyncio.to_thread(self._started)

    def _started(self) -> Sandbox:
        """Return the server; cancelling a caller does not undo the start."""
        from vps_tui.sandbox.server import Sandbox

        with self._starting:
            if self._server is None:
                server = Sandbox(ledger=self._ledger, faults=self._faults)
                server.start()
                self._server = server
            return self._server

    def _account(self, info: ProviderInfo, server: Sandbox) -> dict[str, Credential]:
        from vps_tui.credentials.sources import Credential

        _, account, _ = server.access(info.id)
        return {
            field.key: Credential(field, Secret(value), "the sandbox's own account")
            for field, value in zip(info.sign_in, account, strict=True)
        }

    def _connect(self, info: ProviderInfo, server: Sandbox, read_only: bool) -> Session:
        from vps_tui.core.login import Ports
        from vps_tui.providers.models import Connection
        from vps_tui.services.session import Session

        url, _, catalog_file = server.access(info.id)
        account = self._account(info, server)
        credentials = {key: one.value for key, one in account.items() if one.value is not None}
        urls = dict.fromkeys(info.urls, url)
        connection = Connection(urls, credentials, catalog_file, remembers=False, read_only=read_only, log=self.log)
        return Session(info, info.connect(connection), Ports(server.ssh_port, server.ssh_port))
