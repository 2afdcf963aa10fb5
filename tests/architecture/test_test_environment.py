"""The guards around every test hold: no foreign settings, no network but loopback."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vps_tui.files.locations import config_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_folders_are_the_tests_own(own_environment: Path) -> None:
    assert Path.home() == own_environment
    for folder in (config_folder(), state_folder()):
        assert folder.is_relative_to(own_environment)


@pytest.fixture(scope="module", autouse=True)
def callers_settings() -> Iterator[None]:
    """Stand in for somebody who runs the tests with settings of their own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("VPS_TUI_EDIS_PASSWORD", "HTTPS_PROXY", "no_proxy", "SSH_AUTH_SOCK", "XDG_STATE_HOME"):
            patch.setenv(name, "/from/outside")
        yield


def test_nothing_of_the_callers_settings_is_left() -> None:
    assert [name for name, value in os.environ.items() if value == "/from/outside"] == []


@pytest.mark.parametrize(
    ("family", "host"),
    [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"), (socket.AF_INET, "0.0.0.0")],
)
@pytest.mark.parametrize("call", ["connect", "connect_ex"])
def test_another_machine_is_out_of_reach(
    refused_addresses: list[str], family: socket.AddressFamily, host: str, call: str
) -> None:
    with socket.socket(family) as outside, pytest.raises(AssertionError, match="tried to connect"):
        getattr(outside, call)((host, 443))
    assert refused_addresses == [host]
    refused_addresses.clear()


async def test_names_are_not_looked_up(refused_addresses: list[str]) -> None:
    with pytest.raises(AssertionError, match="tried to look up"):
        await asyncio.get_running_loop().getaddrinfo("order.edisglobal.com", 443)
    assert refused_addresses == ["order.edisglobal.com"]
    refused_addresses.clear()
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("nowhere.invalid", 443)
    assert refused_addresses == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_reached(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as there:
        assert there.getpeername() == server.getsockname()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, closed_port()))


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_unix_sockets_are_not_in_the_way(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))
        assert client.getpeername() == str(tmp_path / "s")
