"""The one way to a provider: reads that may be tried again, and the paid call that never is."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from vps_tui.core.errors import NoReply, ProviderError, ReadsOnly, Unreachable, UnreadableReply, UsageError
from vps_tui.core.secret import Secret
from vps_tui.core.text import clean
from vps_tui.providers import bodies, http_log
from vps_tui.providers.models import Connection
from vps_tui.providers.patience import Overdue, Patience, patience
from vps_tui.providers.reasons import reason
from vps_tui.providers.redaction import Redaction

MAX_BODY = 16 * 1024 * 1024
"""Bytes of a reply that are read; the largest documented catalogue is a thousandth of it."""

READ_PAUSES = (0.3, 1.0)
"""Seconds before each further try of a read that did not come through."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

OFF_LOOP = 16 * 1024
"""Bytes from which a reply is read in a thread, so that keys are answered meanwhile; a location's plans have more."""

PATIENCE = 4
"""How many times the limit for a pause a whole read may take: a server may send a byte a second for ever."""

MAX_KEPT = 4000
"""Characters of the answer to a paid call that are kept for the journal."""

_PASSING = frozenset({502, 503, 504})

IsRead = Callable[[str, str], bool]
"""Tells for a method and a path below the base address whether the request buys and changes nothing."""


Note = Callable[[str, Mapping[str, Any]], None]
"""Learns a step of a request: httpcore's name for it, and what belongs to it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete HTTP reply; what its status means is for the provider module to say."""

    status: int
    body: Any
    """The parsed JSON, or `bodies.Unreadable`; parsed whatever the Content-Type says."""
    retry_after: str = ""
    date: datetime | None = None
    """The provider's clock (`Date`), aware UTC."""
    text: str = ""
    """The body, cleaned, without our secrets and cut to `MAX_KEPT`; of answers to a paid call only."""
    flaws: tuple[str, ...] = ()
    """Why the body cannot be taken at its word, as `Body.flaws`; of answers to a paid call only."""
    extra: tuple[Any, ...] = ()
    """What the body holds besides, as `Body.extra`."""

    def object(self) -> dict[str, Any]:
        """Return the body if it is a JSON object; raises `UnreadableReply`."""
        if not isinstance(self.body, dict):
            raise UnreadableReply(
                f"The answer (HTTP {self.status}) is not the JSON object that the provider documents.",
                hint="Try again; if it stays so, the provider may be under maintenance.",
            )
        return self.body


@dataclass(frozen=True, slots=True)
class _Answer:
    """The bytes of an answer that has come whole."""

    method: str
    path: str
    status: int
    headers: httpx.Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class NotSent:
    """The paid call never left: no connection came about."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The paid call may have arrived, but no complete reply came back."""

    reason: str


class Transport:
    """HTTP to one base address of one provider."""

    def __init__(
        self, name: str, base_url: str, connection: Connection, headers: dict[str, str], is_read: IsRead
    ) -> None:
        """Prepare; nothing is opened yet. Raises `UsageError` for an address that is not https or loopback."""
        self._is_read = is_read
        self.redaction = Redaction(connection.credentials.values())
        self._name = name
        self._url = httpx.URL(check_url(name, base_url) + "/")
        self._connection = connection
        self._headers = {"Accept": "application/json", **headers}
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()
        self._tls: ssl.SSLContext | None = None

    async def read(self, method: str, path: str, **content: Any) -> Reply:
        """Ask something that buys nothing, again after a pause if it does not come through.

        `content` is `data`, `json` or `params` as httpx takes them. Raises `Unreachable` or `NoReply`.
        """
        if not self._is_read(method, path):
            raise ValueError(f"{method} {path} is not a read, so it may not be tried again")
        client = await self._open()
        limit = self._connection.read_timeout
        for pause in (*READ_PAUSES, None):
            try:
                self._log(http_log.request_line, method, path, content)
                async with patience(limit, PATIENCE * limit) as limits:
                    answer = await self._receive(client, client.build_request(method, path, **content), limits)
                reply = await self._reply(answer)
                if reply.status not in _PASSING or pause is None:
                    return reply
            except (httpx.RequestError, OSError) as error:
                self._log(str, f"{method} {path} failed: {type(error).__name__} {reason(error)}")
                if pause is None or isinstance(error, Overdue | httpx.DecodingError):
                    raise self._failed(error) from error
            await asyncio.sleep(pause or 0)
        raise AssertionError("the last try returns or raises")

    async def send_once(self, method: str, path: str, **content: Any) -> Reply | NotSent | Lost:
        """Send a call that changes something: one try, one fresh connection, no redirect.

        What decides between `NotSent` and `Lost` is whether the first byte of the request went out, as the
        connection itself reports it: an exception's class does not tell that for proxies and TLS.
        """
        sent = False

        def note(event: str, info: Mapping[str, Any]) -> None:
            nonlocal sent
            request = info.get("request")
            if event.endswith("send_request_headers.started") and getattr(request, "method", b"") != b"CONNECT":
                sent = True

        answer: _Answer | None = None
        limit = self._connection.order_timeout
        self._log(http_log.request_line, f"ONCE {method}", path, content)
        try:
            async with (
                self._build_client(await self._context(), keep_alive=False) as client,
                patience(limit, 2 * limit) as limits,
            ):
                answer = await self._receive(client, client.build_request(method, path, **content), limits, note)
        except (httpx.HTTPError, httpx.StreamError, ProviderError, OSError) as error:
            if answer is None:
                why = reason(error)
                self._log(str, f"{method} {path} {'lost' if sent else 'not sent'}: {type(error).__name__} {why}")
                return Lost(why) if sent else NotSent(why)
        return await self._reply(answer, keep=True)

    async def aclose(self) -> None:
        """Close every connection."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _open(self) -> httpx.AsyncClient:
        async with self._opening:
            if self._client is None:
                self._client = self._build_client(await self._context(), keep_alive=True)
            return self._client

    async def _context(self) -> ssl.SSLContext:
        """Return the TLS settings; loading the system's trust store takes too long for the event loop."""
        if self._tls is None:
            trusted = self._url.scheme == "https"
            self._tls = await asyncio.to_thread(
                ssl.create_default_context if trusted else lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            )
        return self._tls

    def _build_client(self, context: ssl.SSLContext, *, keep_alive: bool) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self._url,
            headers=self._headers,
            verify=context,
            trust_env=self._url.host not in LOOPBACK,
            follow_redirects=False,
            timeout=self._timeout(),
            limits=httpx.Limits(max_connections=10, max_keepalive_connections=10 if keep_alive else 0),
        )

    def _timeout(self) -> httpx.Timeout:
        """Return the library's own limits: none for writing and reading, where `patience` decides."""
        connect = self._connection.connect_timeout
        return httpx.Timeout(connect=connect, read=None, write=None, pool=connect)

    async def _receive(
        self, client: httpx.AsyncClient, request: httpx.Request, limits: Patience, note: Note | None = None
    ) -> _Answer:
        """Send `request` and return its whole answer; `note` learns every step of it."""
        path = request.url.path.removeprefix(self._url.path)
        if self._connection.read_only and not self._is_read(request.method, path):
            raise ReadsOnly("nothing but reads is sent here")

        async def trace(event: str, info: Mapping[str, Any]) -> None:
            limits.progress(answer=event.endswith("receive_response_headers.complete"))
            if note is not None:
                note(event, info)

        request.extensions = {**request.extensions, "trace": trace}
        response = await client.send(request, stream=True)
        try:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                limits.progress(answer=True)
                body += chunk
                if len(body) > MAX_BODY:
                    raise UnreadableReply(f"{self._name} sent more than {MAX_BODY // 2**20} MB.")
        finally:
            await response.aclose()
        return _Answer(request.method, path, response.status_code, response.headers, bytes(body))

    async def _reply(self, answer: _Answer, *, keep: bool = False) -> Reply:
        """Read an answer that has come whole: no clock runs any more."""
        raw = answer.body
        slow = len(raw) > OFF_LOOP
        parse = bodies.of_paid_call if keep else bodies.of_read
        parsed = await asyncio.to_thread(parse, raw, self.redaction) if slow else parse(raw, self.redaction)
        kept = clean(self.redaction.of_text(raw[: 4 * MAX_KEPT].decode("utf-8", "replace")), MAX_KEPT) if keep else ""
        reply = Reply(
            answer.status,
            parsed.value,
            clean(answer.headers.get("Retry-After", ""), 40),
            _date(answer.headers.get("Date", "")),
            kept,
            parsed.flaws,
            parsed.extra,
        )
        self._log(http_log.reply_line, answer.method, answer.path, reply.status, len(raw), reply.body)
        return reply

    def _log(self, words: Callable[..., str], *values: Any) -> None:
        """Write what `words` makes of `values` into the debug log, if there is one."""
        if self._connection.log is not None:
            self._connection.log(self.redaction.of_text(f"{self._name}: {words(*values)}"))

    def _failed(self, error: Exception) -> ProviderError:
        host = self._url.host
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError | httpx.PoolTimeout):
            return Unreachable(
                f"{self._name} ({host}) could not be reached: {reason(error)}.",
                hint="Check this machine's network, DNS and proxy settings, then try again.",
            )
        return NoReply(
            f"{self._name} ({host}) was reached but did not answer: {reason(error)}.",
            hint="Try again in a moment.",
        )


def sendable(secret: Secret) -> bool:
    """Tell whether a credential can be written as UTF-8; one from an environment in another encoding may not."""
    try:
        secret.reveal().encode()
    except UnicodeEncodeError:
        return False
    return True


def check_url(name: str, url: str) -> str:
    """Return `url` without trailing slashes; raises `UsageError` unless it is https or on loopback."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    usable = bool(parsed.host) and (parsed.port is None or 0 < parsed.port < 65536)
    if usable and (parsed.scheme == "https" or (parsed.scheme == "http" and parsed.host in LOOPBACK)):
        return url.rstrip("/")
    raise UsageError(
        f"The address set for {name} must be a complete one that starts with https://; credentials are never "
        "sent in the clear.",
        hint="Correct it, or unset it to use the provider's own address.",
    )


def _date(header: str) -> datetime | None:
    """Return a `Date` header as aware UTC, None for one that is not a date."""
    try:
        return parsedate_to_datetime(header).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
