"""What the wizard orders from: the real providers, or the sandbox in their place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vps_tui.config import Config
from vps_tui.errors import UsageError
from vps_tui.providers.provider import Connection, ProviderInfo
from vps_tui.providers.registry import all_providers
from vps_tui.sandbox import SERVED
from vps_tui.session import Session

if TYPE_CHECKING:
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

    async def open(self, info: ProviderInfo, typed: Mapping[str, str], *, read_only: bool = False) -> Session:
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
        self.ceiling = self._config.max_total

    def providers(self) -> tuple[ProviderInfo, ...]:
        """Return every registered provider."""
        return all_providers()

    def credentials_known(self, info: ProviderInfo) -> bool:
        """Tell whether the environment holds every credential."""
        known = self.known_fields(info)
        return all(field.key in known or self._environ.get(field.variable) for field in info.sign_in)

    def known_fields(self, info: ProviderInfo) -> Mapping[str, str]:
        """Return the values for the fields that are not secret: the environment's over the configuration's."""
        configured = self._config.sign_in.get(info.id, {})
        found = {
            field.key: self._environ.get(field.variable) or configured.get(field.key, "")
            for field in info.sign_in
            if not field.secret
        }
        return {key: value for key, value in found.items() if value}

    async def open(self, info: ProviderInfo, typed: Mapping[str, str], *, read_only: bool = False) -> Session:
        """Return a session at the provider's address, or the one in its environment variable."""
        urls = {name: self._environ.get(variable) or url for name, (variable, url) in info.urls.items()}
        return await asyncio.to_thread(self._connect, info, typed, urls, read_only)

    def close(self) -> None:
        """Do nothing: sessions close their own connections."""

    def _connect(
        self, info: ProviderInfo, typed: Mapping[str, str], urls: Mapping[str, str], read_only: bool
    ) -> Session:
        """Build the client off the event loop: its first import loads the HTTP and validation libraries."""
        from pydantic import SecretStr

        from vps_tui.credentials import complete, from_environment

        credentials = {key: SecretStr(value) for key, value in self.known_fields(info).items()}
        credentials |= from_environment(info, self._environ)
        credentials |= {key: SecretStr(value) for key, value in typed.items() if value}
        if not complete(info, credentials):
            variables = " and ".join(field.variable for field in info.sign_in if field.key not in credentials)
            raise UsageError(
                f"Something is missing to sign in to {info.name}.", hint=f"Set {variables}, or type it in the wizard."
            )
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

    async def open(self, info: ProviderInfo, typed: Mapping[str, str], *, read_only: bool = False) -> Session:
        """Start the sandbox if it is not running and return a session with it."""
        async with self._starting:
            if self._server is None:
                self._server = await asyncio.to_thread(self._start)
        return await asyncio.to_thread(self._connect, info, self._server, read_only)

    def close(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.close()

    def _start(self) -> Sandbox:
        from vps_tui.sandbox.server import Sandbox

        server = Sandbox(ledger=self._ledger, faults=self._faults)
        server.start()
        return server

    def _connect(self, info: ProviderInfo, server: Sandbox, read_only: bool) -> Session:
        from pydantic import SecretStr

        from vps_tui.sandbox.data import LAYERSTACK_CATALOG

        url, account = server.access(info.id)
        credentials = {field.key: SecretStr(value) for field, value in zip(info.sign_in, account, strict=True)}
        urls = dict.fromkeys(info.urls, url)
        connection = Connection(
            urls, credentials, LAYERSTACK_CATALOG, remembers=False, read_only=read_only, log=self.log
        )
        return Session(info, info.connect(connection))
