"""Whether one can log in: SSH servers that are there, that come late, and things that are none."""

from __future__ import annotations

import logging
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from providers.loopback import LoopbackServer, Peer, answering, holding, resetting, sending

from vps_tui.core.catalog import OsFamily
from vps_tui.core.login import Ports, ProbeResult
from vps_tui.ssh import probe
from vps_tui.ssh.probe import probe_login

BANNER = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
Unread = Callable[[Peer], None]


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less long for what does not come."""
    monkeypatch.setattr(probe, "TIMEOUT_SECONDS", 0.3)


@pytest.fixture
def answered_by() -> Iterator[Callable[[Unread], Ports]]:
    """Start something that does this with every connection; returns where it is, for SSH and Remote Desktop alike."""
    with ExitStack() as running:

        def start(answer: Unread) -> Ports:
            server = LoopbackServer(lambda _: answering(400), unread=lambda _: answer)
            return both(running.enter_context(server).port)

        yield start


Listen = Callable[..., Any]


@pytest.fixture
async def listen() -> AsyncIterator[Listen]:
    """Start SSH servers with these host keys."""
    async with AsyncExitStack() as running:

        async def start(*keys: asyncssh.SSHKey, host: str = "127.0.0.1") -> int:
            server = await asyncssh.listen(host, 0, server_host_keys=list(keys), server_version="OpenSSH_9.2p1")
            running.push_async_callback(server.wait_closed)
            running.callback(server.close)
            return server.get_port()

        yield start


def both(port: int) -> Ports:
    return Ports(port, port)


async def linux(ports: Ports, address: str = "127.0.0.1") -> ProbeResult:
    return await probe_login(OsFamily.LINUX, address, ports)


def as_openssh_says(key: asyncssh.SSHKey, folder: Path) -> tuple[str, str]:
    """Return type and fingerprint of a key as `ssh-keygen -lf` prints them."""
    path = folder / "host.pub"
    path.write_bytes(key.export_public_key())
    line = subprocess.run(["ssh-keygen", "-lf", path], capture_output=True, check=True, text=True).stdout.split()
    return line[-1].strip("()"), line[1]


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"])
async def test_banner_and_fingerprint_are_those_that_openssh_shows(listen: Listen, tmp_path: Path, kind: str) -> None:
    key = asyncssh.generate_private_key(kind)
    answer = await linux(both(await listen(key)))
    assert (answer.ready, answer.banner, answer.problem) == (True, "SSH-2.0-OpenSSH_9.2p1", "")
    assert (answer.key_type, answer.fingerprint) == as_openssh_says(key, tmp_path)


async def test_of_several_keys_it_is_the_one_that_ssh_asks_about(listen: Listen, tmp_path: Path) -> None:
    keys = [asyncssh.generate_private_key(kind) for kind in ("ssh-rsa", "ecdsa-sha2-nistp256", "ssh-ed25519")]
    answer = await linux(both(await listen(*keys)))
    assert (answer.key_type, answer.fingerprint) == as_openssh_says(keys[2], tmp_path)


@pytest.mark.skipif(not socket.has_ipv6, reason="this Python has no IPv6")
async def test_ipv6_is_an_address_like_another(listen: Listen) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    answer = await linux(both(await listen(key, host="::1")), "::1")
    assert (answer.ready, answer.fingerprint) == (True, key.get_fingerprint())


async def test_nobody_at_the_port_refuses() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        ports = both(taken.getsockname()[1])
        assert await linux(ports) == ProbeResult(problem="refused")
        assert await probe_login(OsFamily.WINDOWS, "127.0.0.1", ports) == ProbeResult(problem="refused")


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (holding(), "no answer"),
        (holding(b"SSH-2.0-half a line"), "no answer"),
        (sending(b""), "it closed the connection"),
        (resetting(), "connection reset"),
        (sending(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "what answers is no SSH server"),
        (sending(b"\x00\xff" * 200), "what answers is no SSH server"),
        (sending(b"SSH-2.0-" + b"A" * 1_000_000), "what answers is no SSH server"),
        (sending(b"hello\r\n" * 200_000), "what answers is no SSH server"),
        (sending(b"SSH-1.5-old\r\n"), "what answers is no SSH server"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_no_ssh_server_is_waited_for(
    answered_by: Callable[[Unread], Ports], answer: Unread, problem: str
) -> None:
    assert await linux(answered_by(answer)) == ProbeResult(problem=problem)


async def test_what_never_ends_is_not_read_to_its_end(answered_by: Callable[[Unread], Ports]) -> None:
    def endless(peer: Peer) -> None:
        while not peer.server.closing.is_set():
            peer.send(b"hello\r\n" * 1000)

    assert await linux(answered_by(endless)) == ProbeResult(problem="what answers is no SSH server")


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("after", [sending(BANNER), holding(BANNER), sending(BANNER + b"\x00" * 3000)])
async def test_a_banner_without_a_key_is_ready_and_has_no_fingerprint(
    answered_by: Callable[[Unread], Ports], after: Unread, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = await linux(answered_by(after))
    assert answer == ProbeResult(ready=True, banner="SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3")
    logging.getLogger("asyncssh").error("A message of the library's own.")
    assert capfd.readouterr() == ("", ""), "The library's log is nobody's business here."


async def test_lines_before_the_banner_are_passed_over_and_it_comes_in_pieces(
    answered_by: Callable[[Unread], Ports],
) -> None:
    def slowly(peer: Peer) -> None:
        peer.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"Welcome!\r\nNo SSH-2.0-here\r\n" + BANNER:
            peer.send(bytes([byte]))

    answer = await linux(answered_by(slowly))
    assert (answer.ready, answer.banner) == (True, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3")


async def test_nothing_in_a_banner_can_steer_a_terminal(answered_by: Callable[[Unread], Ports]) -> None:
    hostile = b"SSH-2.0-\x1b[2J\x1b]0;x\x07\xc2\x9b31m\xe2\x80\xae" + b"b" * 400 + b"\r\n"
    banner = (await linux(answered_by(sending(hostile)))).banner
    assert banner.isprintable()
    assert len(banner) <= probe.MAX_BANNER_LENGTH


@pytest.mark.usefixtures("_short")
async def test_windows_is_ready_once_remote_desktop_takes_connections(
    answered_by: Callable[[Unread], Ports],
) -> None:
    ports = answered_by(holding())
    assert await probe_login(OsFamily.WINDOWS, "127.0.0.1", ports) == ProbeResult(ready=True)
    assert (await linux(ports)).ready is False


async def test_the_persons_own_ssh_settings_are_not_asked(own_environment: Path, listen: Listen) -> None:
    folder = own_environment / ".ssh"
    folder.mkdir(mode=0o700)
    (folder / "config").write_text("Host *\n  ProxyCommand touch ~/proxied\n  Port 1\n  HostName 192.0.2.1\n")
    key = asyncssh.generate_private_key("ssh-ed25519")
    assert (await linux(both(await listen(key)))).fingerprint == key.get_fingerprint()
