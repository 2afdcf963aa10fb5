"""Whether one can get into a server: does an SSH server answer there, and with which host key."""

from __future__ import annotations

import asyncio
import errno
from typing import Any

from vps_tui.core.catalog import OsFamily
from vps_tui.core.login import Ports, ProbeResult
from vps_tui.core.text import clean

TIMEOUT_SECONDS = 3.0
"""Seconds for each of the two connections: one for the banner, one for the host key."""

MAX_BANNER_BYTES = 8192
"""Bytes that are read in search of the banner: lines may stand before it (RFC 4253, section 4.2)."""

MAX_BANNER_LENGTH = 100
"""Characters kept of the banner; the longest allowed has 255."""

KEY_ALGORITHMS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
    "ssh-rsa",
)
"""In the order in which `ssh` asks for them (ssh_config, HostKeyAlgorithms): it then shows the same key."""

_REASONS = {
    errno.ECONNREFUSED: "refused",
    errno.EHOSTUNREACH: "no way there",
    errno.ENETUNREACH: "this machine has no network of that kind",
    errno.ECONNRESET: "connection reset",
}


async def probe_login(family: OsFamily, address: str, ports: Ports) -> ProbeResult:
    """Return whether a login is possible at `address` now: by Remote Desktop for Windows, by SSH for all others."""
    try:
        if family is OsFamily.WINDOWS:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await _close((await asyncio.open_connection(address, ports.rdp))[1])
            return ProbeResult(ready=True)
        async with asyncio.timeout(TIMEOUT_SECONDS):
            banner = await _banner(address, ports.ssh)
    except TimeoutError:
        return ProbeResult(problem="no answer")
    except OSError as error:
        return ProbeResult(problem=_REASONS.get(error.errno or 0) or clean(error.strerror or str(error), 80))
    if not banner.startswith("SSH-"):
        return ProbeResult(problem=banner)
    key_type, fingerprint = await _host_key(address, ports.ssh)
    return ProbeResult(ready=True, banner=banner, key_type=key_type, fingerprint=fingerprint)


async def _banner(address: str, port: int) -> str:
    """Return the SSH server's identification, or what is wrong with what answers; raises `OSError`."""
    reader, writer = await asyncio.open_connection(address, port)
    try:
        read = b""
        while len(read) < MAX_BANNER_BYTES:
            chunk = await reader.read(MAX_BANNER_BYTES - len(read))
            if not chunk:
                return "it closed the connection" if not read else "what answers is no SSH server"
            read += chunk
            for line in read.split(b"\n")[:-1]:
                if line.startswith((b"SSH-2.0-", b"SSH-1.99-")):
                    return clean(line.decode("utf-8", "replace"), MAX_BANNER_LENGTH)
        return "what answers is no SSH server"
    finally:
        await _close(writer)


async def _close(writer: asyncio.StreamWriter) -> None:
    """End a connection at once, whatever is still under way on it."""
    writer.transport.abort()
    await asyncio.sleep(0)


async def _host_key(address: str, port: int) -> tuple[str, str]:
    """Return type and fingerprint of the host key, empty where the server shows none in time."""
    library = await asyncio.to_thread(_library)
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            key = await library.get_server_host_key(
                address,
                port,
                server_host_key_algs=list(KEY_ALGORITHMS),
                client_version="vps-tui",
                # The person's own settings could lead elsewhere, by a proxy or another port.
                config=None,
            )
    except (library.Error, OSError, ValueError):
        return "", ""
    return ("", "") if key is None else (_type_of(key.get_algorithm()), clean(key.get_fingerprint("sha256"), 80))


def _type_of(algorithm: str) -> str:
    """Return what `ssh-keygen -l` calls a key of `algorithm`."""
    known = {"ssh-ed25519": "ED25519", "ssh-rsa": "RSA"}
    return known.get(algorithm) or ("ECDSA" if algorithm.startswith("ecdsa-") else clean(algorithm, 40))


def _library() -> Any:
    """Load the SSH library, which takes a third of a second, and keep what it logs off standard error."""
    import logging

    logger = logging.getLogger("asyncssh")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    import asyncssh

    return asyncssh
