"""Texts from sites that are no providers, under the same rules for TLS and proxies as the providers' answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx

from vps_tui.core.errors import NoReply, UnreadableReply
from vps_tui.providers.http import Transport
from vps_tui.providers.models import Connection

MAX_REDIRECTS = 3
"""How often a page may be moved within its own site."""


@dataclass(frozen=True, slots=True)
class Page:
    """A complete text as it came: nothing of it has been cleaned."""

    status: int
    text: str


class Site(Transport):
    """Reads pages below one base address; nobody signs in and nothing but GET is sent."""

    def __init__(self, name: str, base_url: str, *, seconds: float) -> None:
        """Prepare; a page may take `seconds`. Raises `UsageError` for an address that is not https or loopback."""
        connection = Connection({}, {}, connect_timeout=seconds, read_timeout=seconds, read_only=True)
        super().__init__(name, base_url, connection, {"Accept": "text/plain"}, lambda method, _: method == "GET")
        self._seconds = seconds

    async def page(self, path: str, *, limit: int) -> Page:
        """Return the text at `path`, of at most `limit` bytes; one try.

        A redirect is followed within the base address's own scheme, host and port alone. Raises `ProviderError`.
        """
        client = await self._open()
        request = client.build_request("GET", path)
        try:
            async with asyncio.timeout(self._seconds):
                for _ in range(MAX_REDIRECTS + 1):
                    response = await client.send(request, stream=True)
                    body = await self._within(response, limit)
                    if response.next_request is None:
                        return Page(response.status_code, body.decode("utf-8", "replace"))
                    request = response.next_request
                    if _origin(request.url) != _origin(self._url):
                        raise UnreadableReply(f"{self._name} sends on to another address, which is not followed.")
        except (httpx.RemoteProtocolError, httpx.InvalidURL) as error:
            raise UnreadableReply(f"{self._name} sent no complete answer.", hint="Try again in a moment.") from error
        except httpx.RequestError as error:
            raise self._failed(error) from error
        except TimeoutError:
            raise NoReply(
                f"{self._name} had not finished answering after {self._seconds:.0f} seconds.",
                hint="Try again in a moment.",
            ) from None
        raise UnreadableReply(f"{self._name} keeps sending on to other pages.")

    async def _within(self, response: httpx.Response, limit: int) -> bytes:
        try:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > limit:
                    raise UnreadableReply(f"{self._name} sent more than {limit // 1024} KB.")
        finally:
            await response.aclose()
        return bytes(body)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
