"""The real providers, or the addresses that the environment names in their place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vps_tui.core.secret import Secret
from vps_tui.credentials.config import Config
from vps_tui.credentials.sources import Credential, CredentialsMissing, Sources, off_loop, reveal_text
from vps_tui.providers.registry import all_providers

if TYPE_CHECKING:
    from vps_tui.providers.info import ProviderInfo
    from vps_tui.services.session import Session


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
        return all_providers()

    def credentials_known(self, info: ProviderInfo) -> bool:
        """Tell whether every credential has a source that is set up; commands count without being run."""
        return self._sources.configured(info)

    def known_fields(self, info: ProviderInfo) -> Mapping[str, str]:
        return self._sources.public(info)

    async def credentials(self, info: ProviderInfo) -> Mapping[str, Credential]:
        return await off_loop(lambda: self._sources.find(info))

    async def keyring_problem(self) -> str:
        return await off_loop(self._sources.keyring_problem)

    async def keep(self, info: ProviderInfo, typed: Mapping[str, Secret]) -> str:
        return await off_loop(lambda: self._sources.keep(info, typed))

    async def open(
        self, info: ProviderInfo, typed: Mapping[str, str | Secret], *, read_only: bool = False
    ) -> Session:
        urls = {name: self._environ.get(variable) or url for name, (variable, url) in info.urls.items()}
        asked = all(reveal_text(typed.get(field.key)) for field in info.sign_in)
        known = {} if asked else await self.credentials(info)
        return await asyncio.to_thread(self._connect, info, typed, known, urls, read_only)

    def close(self) -> None:
        """End a command that still runs; sessions close their own connections."""
        self._sources.close()

    def _connect(
        self,
        info: ProviderInfo,
        typed: Mapping[str, str | Secret],
        known: Mapping[str, Credential],
        urls: Mapping[str, str],
        read_only: bool,
    ) -> Session:
        """Build the client off the event loop: its first import loads the HTTP and validation libraries."""
        from vps_tui.core.login import usual_ports
        from vps_tui.providers.models import Connection
        from vps_tui.services.session import Session

        credentials = {key: one.value for key, one in known.items() if one.value is not None}
        credentials |= {key: Secret(reveal_text(value)) for key, value in typed.items() if reveal_text(value)}
        missing = {key: one for key, one in known.items() if key not in credentials}
        if missing:
            raise CredentialsMissing(info, missing)
        catalog_file = self._config_folder / info.catalog_file if info.catalog_file else None
        connection = Connection(urls, credentials, catalog_file, read_only=read_only, log=self.log)
        connect, read = self._config.connect_timeout, self._config.read_timeout
        if connect is not None:
            connection = replace(connection, connect_timeout=connect)
        if read is not None:
            # Whoever sets how long a read may take means the paid call as well.
            connection = replace(connection, read_timeout=read, order_timeout=read)
        return Session(info, info.connect(connection), usual_ports(self._environ))
