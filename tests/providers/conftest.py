"""A sandbox, servers that misbehave, and clients of both, all closed after the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from vps_tui.core.secret import Secret
from vps_tui.providers import http
from vps_tui.providers.models import Connection
from vps_tui.providers.protocol import Provider
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.data import LAYERSTACK_CATALOG
from vps_tui.sandbox.server import Sandbox

from .loopback import LoopbackServer
from .orders import CREDENTIALS

Serve = Callable[..., LoopbackServer]
"""Starts a `LoopbackServer` with the arguments of its constructor."""


class Connect(Protocol):
    """Connects a client of one provider to a base address that has no path."""

    def __call__(
        self,
        provider: str,
        url: str,
        *,
        slashes: str = "",
        catalog_file: Path | None = LAYERSTACK_CATALOG,
        connect_timeout: float = 5.0,
        read_timeout: float = 5.0,
        order_timeout: float = 5.0,
        credentials: Mapping[str, str] | None = None,
    ) -> Provider:
        """Return the client, with the sandbox's account where `credentials` do not say otherwise.

        `slashes` stand at the end of the base address, timeouts are in seconds.
        """
        ...


@pytest.fixture(autouse=True)
def _quick_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try reads again at once: that they pause is not what these tests are about."""
    monkeypatch.setattr(http, "READ_PAUSES", (0.0, 0.0))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox in memory that delivers at once; fails the test on a mistake of its own."""
    with Sandbox(delivery_seconds=0) as running:
        yield running
    assert running.failures == []


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start loopback servers."""
    with ExitStack() as running:
        yield lambda *args, **options: running.enter_context(LoopbackServer(*args, **options))


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Connect clients."""
    connected: list[Provider] = []

    def connect_one(
        provider: str,
        url: str,
        *,
        slashes: str = "",
        catalog_file: Path | None = LAYERSTACK_CATALOG,
        connect_timeout: float = 5.0,
        read_timeout: float = 5.0,
        order_timeout: float = 5.0,
        credentials: Mapping[str, str] | None = None,
    ) -> Provider:
        info = provider_info(provider)
        given = {key: Secret(value) for key, value in (CREDENTIALS[provider] | dict(credentials or {})).items()}
        base = f"{url}/api{slashes}" if provider == "layerstack" else f"{url}{slashes}"
        connection = Connection(
            dict.fromkeys(info.urls, base), given, catalog_file, connect_timeout, read_timeout, order_timeout
        )
        connected.append(info.connect(connection))
        return connected[-1]

    yield connect_one
    for client in connected:
        await client.aclose()


@pytest.fixture
def edis(sandbox: Sandbox, connect: Connect) -> Provider:
    """A client of the sandbox's EDIS Global."""
    return connect("edis", sandbox.edis_url)


@pytest.fixture
def layerstack(sandbox: Sandbox, connect: Connect) -> Provider:
    """A client of the sandbox's LayerStack."""
    return connect("layerstack", sandbox.edis_url)
