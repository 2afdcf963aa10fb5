"""Where settings come from: the environment over the file, and times of the file down to the connection."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from vps_tui.core.errors import UsageError
from vps_tui.credentials.config import Config, load_config
from vps_tui.files.locations import state_folder
from vps_tui.providers.edis.info import PROVIDER as EDIS
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.layerstack.info import PROVIDER as LAYERSTACK
from vps_tui.providers.models import Connection
from vps_tui.providers.protocol import Provider
from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox
from vps_tui.services.live_backend import LiveBackend

from .conftest import Run, Write, configure

CONFIGURED = Config(sign_in={"edis": {"email": "file@example.org"}, "layerstack": {"account": "FILE-1"}})
SECRETS = {"VPS_TUI_EDIS_PASSWORD": "hunter22", "VPS_TUI_LAYERSTACK_TOKEN": "token"}


def backend(environ: Mapping[str, str], config: Config, folder: Path) -> LiveBackend:
    return LiveBackend(environ, folder, folder, config)


class Connected(Exception):
    """Ends an opening once the connection is known."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection


async def connection_to(backend: LiveBackend, info: ProviderInfo, *, read_only: bool = False) -> Connection:
    """Return the connection that `backend` would have a client made with."""

    def caught(connection: Connection) -> Provider:
        raise Connected(connection)

    with pytest.raises(Connected) as ended:
        await backend.open(replace(info, connect=caught), {}, read_only=read_only)
    return ended.value.connection


@pytest.mark.parametrize(
    ("info", "key", "variable", "configured"),
    [
        (EDIS, "email", "VPS_TUI_EDIS_EMAIL", "file@example.org"),
        (LAYERSTACK, "account", "VPS_TUI_LAYERSTACK_ACCOUNT", "FILE-1"),
    ],
)
async def test_the_environment_goes_before_the_file(
    tmp_path: Path, info: ProviderInfo, key: str, variable: str, configured: str
) -> None:
    for environ, value in (
        (SECRETS, configured),
        (SECRETS | {variable: ""}, configured),
        (SECRETS | {variable: "environment"}, "environment"),
    ):
        live = backend(environ, CONFIGURED, tmp_path)
        assert live.known_fields(info) == {key: value}
        assert live.credentials_known(info)
        connection = await connection_to(live, info)
        assert connection.credentials[key].reveal() == value


async def test_the_file_alone_signs_nobody_in(tmp_path: Path) -> None:
    live = backend({}, CONFIGURED, tmp_path)
    assert not live.credentials_known(EDIS)
    with pytest.raises(UsageError) as caught:
        await connection_to(live, EDIS)
    assert "VPS_TUI_EDIS_PASSWORD" in caught.value.hint
    assert "VPS_TUI_EDIS_EMAIL" not in caught.value.hint


async def test_times_of_the_file_reach_the_connection(tmp_path: Path) -> None:
    connection = await connection_to(
        backend(SECRETS, replace(CONFIGURED, connect_timeout=3.5, read_timeout=7.0), tmp_path), EDIS
    )
    assert (connection.connect_timeout, connection.read_timeout, connection.order_timeout) == (3.5, 7.0, 7.0)


async def test_times_that_are_not_set_are_the_programs_own(tmp_path: Path) -> None:
    own = await connection_to(backend(SECRETS, CONFIGURED, tmp_path), EDIS)
    bare = Connection(own.urls, own.credentials)
    assert (own.connect_timeout, own.read_timeout, own.order_timeout) == (
        bare.connect_timeout,
        bare.read_timeout,
        bare.order_timeout,
    )
    reads_alone = await connection_to(backend(SECRETS, replace(CONFIGURED, read_timeout=9.0), tmp_path), EDIS)
    assert (reads_alone.connect_timeout, reads_alone.read_timeout) == (bare.connect_timeout, 9.0)


@pytest.mark.parametrize("read_only", [True, False])
async def test_a_connection_for_reads_is_one(tmp_path: Path, *, read_only: bool) -> None:
    connection = await connection_to(backend(SECRETS, CONFIGURED, tmp_path), EDIS, read_only=read_only)
    assert connection.read_only is read_only


async def test_addresses_and_the_catalogues_place(tmp_path: Path) -> None:
    environ = SECRETS | {"VPS_TUI_EDIS_URL": "https://127.0.0.1:9/x"}
    connection = await connection_to(backend(environ, CONFIGURED, tmp_path), EDIS)
    assert connection.urls == {"order": "https://127.0.0.1:9/x", "session": "https://session.edisglobal.com"}
    connection = await connection_to(backend(SECRETS, CONFIGURED, tmp_path), LAYERSTACK)
    assert connection.catalog_file == tmp_path / "layerstack-catalog.toml"


class TestCommands:
    def test_the_files_e_mail_signs_in(
        self, run: Run, write: Write, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("VPS_TUI_EDIS_EMAIL")
        configure(f'[edis]\nemail = "{EDIS_ACCOUNT[0]}"\n')
        assert run("quote", write()).code == 0

    def test_the_environments_goes_before_it(self, run: Run, write: Write) -> None:
        configure('[edis]\nemail = "other@example.org"\n')
        assert run("quote", write()).code == 0

    def test_another_file_can_be_named(self, run: Run, write: Write, tmp_path: Path) -> None:
        configure("this is no TOML")
        other = tmp_path / "other.toml"
        other.write_text('[defaults]\nmax_total = "1 EUR"\n')
        other.chmod(0o600)
        assert load_config(other).max_total is not None
        ran = run("--config", other, "order", write(), "--yes")
        assert ran.code == 1
        assert "1.00 EUR" in ran.out

    @pytest.mark.parametrize("text", ["this is no TOML", "[edis]\nemial = 1", '[edis]\npassword = "hunter22"'])
    @pytest.mark.parametrize("command", [("orders",), ("catalog", "edis"), ("quote",)])
    def test_one_that_is_wrong_stops_every_command(
        self, run: Run, write: Write, sandbox: Sandbox, text: str, command: tuple[str, ...]
    ) -> None:
        configure(text)
        ran = run(*command, *((write(),) if command == ("quote",) else ()))
        assert (ran.code, ran.out, sandbox.requests) == (2, "", [])
        assert "config.toml" in ran.err
        assert "hunter22" not in ran.err


def test_a_reader_that_has_gone_is_no_fault() -> None:
    """As `vps-tui catalog edis | true` has it: no words, no report."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "vps_tui", "--sandbox", "catalog", "edis"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")
    assert not list(state_folder().rglob("crash-*"))
