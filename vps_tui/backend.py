"""What the wizard orders from: the real providers, or the sandbox in their place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vps_tui.config import Config
from vps_tui.credentials.sources import Credential, CredentialsMissing, Sources, off_loop, revealed
from vps_tui.providers.provider import Connection, ProviderInfo
from vps_tui.providers.registry import all_providers
from vps_tui.sandbox import SERVED
from vps_tui.session import Session

if TYPE_CHECKING:
    from pydantic import SecretStr

    from vps_tui.core.ceiling import Ceiling
    from vps_tui.sandbox.server import Sandbox


class Backend(Protocol):
    """Knows who can be ordered from, and opens sessions."""

    sandbox: bool
    folder: Path
    """Where the journal and the kept draft live; made when something is written."""
    log: Callable[[str], None] | None
    """Takes lines for the debug log, where one is wanted; set before the first session."""
    ceiling: Ceiling | None
    """The most that an order may cost by the configuration."""

    def providers(self) -> tuple[ProviderInfo, ...]:
        """Return who can be ordered from; needs neither network nor a heavy import."""
        ...

    def credentials_known(self, info: ProviderInfo) -> bool:
        """Tell whether the sign-in step can be skipped."""
        ...

    def known_fields(self, info: ProviderInfo) -> Mapping[str, str]:
        """Return the sign-in values that are known and not secret, to show them in the form."""
        ...

    async def credentials(self, info: ProviderInfo) -> Mapping[str, Credential]:
        """Return every credential by `SignInField.key` with its source in words; looked up once a session."""
        ...

    async def keyring_problem(self) -> str:
        """Return why the keyring cannot keep what is typed, in one sentence; empty where it can."""
        ...

    async def keep(self, info: ProviderInfo, typed: Mapping[str, SecretStr]) -> str:
        """Keep what was typed in the keyring; returns one sentence on what went wrong, empty where nothing did."""
        ...

    async def open(
        self, info: ProviderInfo, typed: Mapping[str, str | SecretStr], *, read_only: bool = False
    ) -> Session:
        """Return a session with what was typed over what is known; raises `UsageError`.

        With `read_only` it refuses, just above the network, to send anything but reads.
        """
        ...

    def close(self) -> None:
        """Give back what the backend itself holds open."""
        ...


class LiveBackend:
    """The real providers, or the addresses that the environment names in their place."""

    sandbox = False

    def __init__(
        self, environ: Mapping[str, str], config_folder: Path, folder: Path, config: Config | None = None
    ) -> None:
        """Keep the environment and the configuration; nothing is read yet."""
        self.folder = folder
        self.log: Callable[[str], None] | None = None
        self._environ = environ
        self._config_folder = config_folder
        self._config = config or Config()
        self._sources = Sources(environ, self._config)
        self.ceiling = self._config.max_total

    def providers(self) -> tuple[ProviderInfo, ...]:
        """Return every registered provider."""
        return all_providers()

    def credentials_known(self, info: ProviderInfo) -> bool:
        """Tell whether every credential has a source that is set up; commands count without being run."""
        return self._sources.configured(info)

    def known_fields(self, info: ProviderInfo) -> Mapping[str, str]:
        """Return the values for the fields that are not secret: the environment's over the configuration's."""
        return self._sources.public(info)

    async def credentials(self, info: ProviderInfo) -> Mapping[str, Credential]:
        """Return every credential from the environment, a command, the configuration or the keyring."""
        return await off_loop(lambda: self._sources.find(info))

    async def keyring_problem(self) -> str:
        """Return why the keyring cannot keep anything."""
        return await off_loop(self._sources.keyring_problem)

    async def keep(self, info: ProviderInfo, typed: Mapping[str, SecretStr]) -> str:
        """Keep what was typed in the keyring."""
        return await off_loop(lambda: self._sources.keep(info, typed))

    async def open(
        self, info: ProviderInfo, typed: Mapping[str, str | SecretStr], *, read_only: bool = False
    ) -> Session:
        """Return a session at the provider's address, or the one in its environment variable."""
        urls = {name: self._environ.get(variable) or url for name, (variable, url) in info.urls.items()}
        asked = all(revealed(typed.get(field.key)) for field in info.sign_in)
        known = {} if asked else await self.credentials(info)
        return await asyncio.to_thread(self._connect, info, typed, known, urls, read_only)

    def close(self) -> None:
        """End a command that still runs; sessions close their own connections."""
        self._sources.close()

    def _connect(
        self,
        info: ProviderInfo,
        typed: Mapping[str, str | SecretStr],
        known: Mapping[str, Credential],
        urls: Mapping[str, str],
        read_only: bool,
    ) -> Session:
        """Build the client off the event loop: its first import loads the HTTP and validation libraries."""
        from pydantic import SecretStr

        credentials = {key: one.value for key, one in known.items() if one.value is not None}
        credentials |= {key: SecretStr(revealed(value)) for key, value in typed.items() if revealed(value)}
        missing = {key: one for key, one in known.items() if key not in credentials}
        if missing:
            raise CredentialsMissing(info, missing)
        catalog_file = self._config_folder / f"{info.id}-catalog.toml"
        connection = Connection(urls, credentials, catalog_file, read_only=read_only, log=self.log)
        connect, read = self._config.connect_timeout, self._config.read_timeout
        if connect is not None:
            connection = replace(connection, connect_timeout=connect)
        if read is not None:
            # Whoever sets how long a read may take means the paid call as well.
            connection = replace(connection, read_timeout=read, order_timeout=read)
        return Session(info, info.connect(connection))


class SandboxBackend:
    """Both providers served by this program over HTTP on a loopback port."""

    sandbox = True

    def __init__(self, folder: Path, faults: tuple[str, ...] = (), *, forget: bool = False) -> None:
        """Prepare; the server starts with the first session.

        The ledger stands in `folder`, beside the sandbox's own journal; with `forget` it is kept in memory.
        """
        self.folder = folder
        self.log: Callable[[str], None] | None = None
        self.ceiling: Ceiling | None = None
        self._ledger = None if forget else folder / "ledger.sqlite"
        self._faults = faults
        self._server: Sandbox | None = None
        self._starting = asyncio.Lock()

    def providers(self) -> tuple[ProviderInfo, ...]:
        """Return the providers that the sandbox serves."""
        return tuple(info for info in all_providers() if info.id in SERVED)

    def credentials_known(self, info: ProviderInfo) -> bool:
        """Say yes: the sandbox has an account of its own with each provider."""
        return True

    def known_fields(self, info: ProviderInfo) -> Mapping[str, str]:
        """Return nothing: nobody is asked."""
        return {}

    async def credentials(self, info: ProviderInfo) -> Mapping[str, Credential]:
        """Return the sandbox's own account."""
        server = await self._serving()
        return await asyncio.to_thread(self._account, info, server)

    async def keyring_problem(self) -> str:
        """Say that nothing is kept: the sandbox has an account of its own."""
        return "The sandbox keeps nothing in the keyring."

    async def keep(self, info: ProviderInfo, typed: Mapping[str, SecretStr]) -> str:
        """Keep nothing."""
        return await self.keyring_problem()

    async def open(
        self, info: ProviderInfo, typed: Mapping[str, str | SecretStr], *, read_only: bool = False
    ) -> Session:
        """Start the sandbox if it is not running and return a session with it."""
        server = await self._serving()
        return await asyncio.to_thread(self._connect, info, server, read_only)

    def close(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.close()

    async def _serving(self) -> Sandbox:
        async with self._starting:
            if self._server is None:
                self._server = await asyncio.to_thread(self._start)
            return self._server

    def _start(self) -> Sandbox:
        from vps_tui.sandbox.server import Sandbox

        server = Sandbox(ledger=self._ledger, faults=self._faults)
        server.start()
        return server

    def _account(self, info: ProviderInfo, server: Sandbox) -> dict[str, Credential]:
        from pydantic import SecretStr

        _, account = server.access(info.id)
        return {
            field.key: Credential(field, SecretStr(value), "the sandbox's own account")
            for field, value in zip(info.sign_in, account, strict=True)
        }

    def _connect(self, info: ProviderInfo, server: Sandbox, read_only: bool) -> Session:
        from vps_tui.sandbox.data import LAYERSTACK_CATALOG

        url, _ = server.access(info.id)
        account = self._account(info, server)
        credentials = {key: one.value for key, one in account.items() if one.value is not None}
        urls = dict.fromkeys(info.urls, url)
        connection = Connection(
            urls, credentials, LAYERSTACK_CATALOG, remembers=False, read_only=read_only, log=self.log
        )
        return Session(info, info.connect(connection))
