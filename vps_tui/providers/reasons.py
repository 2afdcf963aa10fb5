"""Why a call failed, in plain words: no class names, no error numbers, nothing that was sent."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Iterator

import httpx

from vps_tui.core.errors import ProviderError
from vps_tui.core.text import clean
from vps_tui.providers.patience import Overdue

CUT_OFF = "the connection was cut off"
_CLOSED = "the connection was closed before the answer was complete"

_BY_CLASS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectTimeout, "the connection took too long"),
    (httpx.ReadTimeout, "no answer in time"),
    (httpx.WriteTimeout, "sending took too long"),
    (httpx.PoolTimeout, "too many requests at once"),
    (httpx.DecodingError, "the answer could not be decompressed"),
    (httpx.LocalProtocolError, "the request could not be written as HTTP"),
    (httpx.UnsupportedProtocol, "the address is not one for HTTP"),
)

_BY_NUMBER = {
    errno.ECONNREFUSED: "the connection was refused",
    errno.ECONNRESET: CUT_OFF,
    errno.ECONNABORTED: CUT_OFF,
    errno.EPIPE: CUT_OFF,
    errno.ETIMEDOUT: "the connection took too long",
    errno.ENETUNREACH: "there is no network that leads there",
    errno.ENETDOWN: "the network is down",
    errno.EHOSTUNREACH: "there is no way to that machine",
    errno.EMFILE: "this program has too many files open",
    errno.ENFILE: "this machine has too many files open",
}

_LEAST_TELLING = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})
"""Of several addresses that were tried, those of a kind that this machine has no network for."""


def reason(error: BaseException) -> str:
    """Return why a call failed, as half a sentence."""
    if isinstance(error, Overdue):
        return str(error)
    if isinstance(error, ProviderError):
        return clean(error.message, 120).rstrip(".")
    for kind, words in _BY_CLASS:
        if isinstance(error, kind):
            return words
    if isinstance(error, httpx.RemoteProtocolError):
        return _CLOSED if _describe_end(error) else "what came back is not HTTP"
    found = _of_system(tuple(_causes(error)))
    if found:
        return found
    if isinstance(error, httpx.ProxyError):
        return f"the proxy refused: {clean(str(error), 80)}" if str(error) else "the proxy refused"
    return CUT_OFF if isinstance(error, httpx.NetworkError) else "the connection failed"


def _describe_end(error: httpx.RemoteProtocolError) -> bool:
    """Tell an answer that ended early from one that is no HTTP; only the library's text does."""
    return any(words in str(error).lower() for words in ("disconnected", "closed", "without sending"))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception, what caused it, and the parts of a group."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                yield from _causes(part)
        error = error.__cause__ or error.__context__


def _of_system(causes: tuple[BaseException, ...]) -> str:
    """Return what the operating system or the TLS library says of it; empty where neither does."""
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({clean(cause.verify_message, 80)})"
        if isinstance(cause, ssl.SSLError):
            return "the encrypted connection failed"
        if isinstance(cause, socket.gaierror):
            return "its name was not found"
    numbers = [cause.errno for cause in causes if isinstance(cause, OSError) and cause.errno]
    numbers = [number for number in numbers if number not in _LEAST_TELLING] or numbers
    return _BY_NUMBER.get(numbers[0], os.strerror(numbers[0]).lower()) if numbers else ""
