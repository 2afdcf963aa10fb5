"""An SSH server for every server that the sandbox has delivered: it lets in who has the key it was ordered with."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import socket
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from vps_tui.sandbox.public_keys import LOGIN_KEY

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable

    from vps_tui.sandbox.records import Service

MAX_SERVERS = 64
"""As many answer at the same time, the newest: a ledger may hold thousands."""

MAX_KEYS_TRIED = 6
"""After that many a server hangs up (sshd_config(5), MaxAuthTries)."""

_PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")
"""What precedes the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410, section 7)."""

_WELCOME = "This is the sandbox of vps-tui: nothing was bought. Only the key that was ordered gets in.\n"
_GOODBYE = "You are in. This server has no shell, so the connection ends here.\n"


class SshServers:
    """Starts one server after another, all at the same port, each at its own loopback address.

    Nothing is loaded and no thread runs before `look` was called for the first time.
    """

    def __init__(self, services: Callable[[], list[Service]], delay: timedelta) -> None:
        """Take the servers there are, and how long after its delivery one begins to answer."""
        self._services = services
        self._delay = delay
        self._reserved: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looking: asyncio.Event | None = None
        self._closing = False
        self._lock = threading.Lock()
        self.port = 0
        """The same at every address; 0 before `reserve`."""

    def reserve(self) -> None:
        """Take a free port; nothing listens there yet."""
        self._reserved = socket.socket()
        self._reserved.bind(("127.0.0.1", 0))
        self.port = self._reserved.getsockname()[1]

    def look(self) -> None:
        """Start what is due, now and later; to be called when an address has been shown."""
        with self._lock:
            if self._closing:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="doors", daemon=True)
                self._thread.start()
            elif self._loop is not None and self._looking is not None:
                self._loop.call_soon_threadsafe(self._looking.set)

    def close(self) -> None:
        with self._lock:
            self._closing = True
            if self._loop is not None and self._looking is not None:
                self._loop.call_soon_threadsafe(self._looking.set)
        if self._thread is not None:
            self._thread.join(5)
        if self._reserved is not None:
            self._reserved.close()

    def _run(self) -> None:
        import asyncio

        asyncio.run(self._serve())

    async def _serve(self) -> None:
        import asyncio

        with self._lock:
            self._loop, self._looking = asyncio.get_running_loop(), asyncio.Event()
        listeners: dict[int | str, Any] = {}
        try:
            while not self._closing:
                self._looking.clear()
                due, pause = self._due(datetime.now(UTC), listeners)
                for service in due:
                    listeners[service.ip] = await self._listen(service)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._looking.wait(), pause)
        finally:
            with self._lock:
                self._loop = None
            for listener in listeners.values():
                if listener is not None:
                    listener.close()

    def _due(self, now: datetime, there: Iterable[object]) -> tuple[list[Service], float | None]:
        """Return the servers to start, and after how many seconds to look again; None for when `look` is called."""
        waiting = [
            (one.ready + self._delay, one)
            for one in self._services()[-MAX_SERVERS:]
            if one.paid and one.state == "active" and one.ip not in there
        ]
        later = [moment for moment, _ in waiting if moment > now]
        pause = (min(later) - now).total_seconds() + 0.01 if later else None
        return [one for moment, one in waiting if moment <= now], pause

    async def _listen(self, service: Service) -> Any:
        """Return the listener of one server, None where this machine does not have its address."""
        import asyncssh

        class AuthServer(asyncssh.SSHServer):
            _wrong = 0

            def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
                self._connection = conn

            def begin_auth(self, username: str) -> bool:  # noqa: ARG002 - the library passes it
                self._connection.send_auth_banner(_WELCOME)
                return True

            def public_key_auth_supported(self) -> bool:
                return True

            def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
                if username == "root" and key.get_fingerprint() == service.details.get(LOGIN_KEY):
                    return True
                self._wrong += 1
                if self._wrong == MAX_KEYS_TRIED:
                    self._connection.disconnect(asyncssh.DISC_PROTOCOL_ERROR, "Too many authentication failures")
                return False

        def end(process: asyncssh.SSHServerProcess[str]) -> None:
            process.stdout.write(_GOODBYE)
            process.exit(0)

        try:
            return await asyncssh.listen(
                service.ip,
                self.port,
                server_host_keys=[asyncssh.import_private_key(host_key(service))],
                server_factory=AuthServer,
                process_factory=end,
                server_version="vps-tui-sandbox",
                reuse_address=True,
            )
        except OSError:
            return None


def host_key(service: Service) -> str:
    """Return the PEM text of a server's host key: always the same, so that a restart does not look like a forgery.

    It is no secret: it can be computed from the ledger.
    """
    seed = hashlib.sha256(f"{service.provider} {service.service_id} {service.created.isoformat()}".encode()).digest()
    body = base64.b64encode(_PKCS8_ED25519 + seed).decode()
    return f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"
