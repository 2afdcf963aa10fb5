"""Why a call failed is said in plain words, whatever exception says it."""

from __future__ import annotations

import errno
import inspect
import os
import re
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import anyio
import httpcore
import httpx
import pytest

from vps_tui.core.errors import NoReply, UnreadableReply
from vps_tui.core.outcome import OutcomeKind
from vps_tui.providers.reasons import CUT_OFF, reason

from .conftest import Connect, Serve
from .loopback import Answer, Peer, Request, answering
from .orders import DRAFTS, PAID_PATHS, ROOT_PASSWORDS, place
from .test_connections import certificate

TECHNICAL = re.compile(r"[A-Za-z]Error|Exception|Timeout|[Ee]rrno|\[|<|_|\b[a-z]+[A-Z]")
"""What a person should not have to read: names of classes and constants, numbers of errors."""


def raised(error: BaseException, cause: BaseException) -> BaseException:
    """Return `error` as it is when it was raised from `cause`."""
    error.__cause__ = cause
    return error


def each() -> Iterator[BaseException]:
    """Yield every exception of the libraries, and the system's own inside what wraps them."""
    for module in (httpx, httpcore, anyio):
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if not issubclass(kind, Exception) or "Cookie" in kind.__name__ or "Status" in kind.__name__:
                continue
            for text in ("", f"{kind.__name__}: [Errno 104] it went wrong"):
                try:
                    yield kind(text)
                except (TypeError, AttributeError):
                    continue
    system: list[Exception] = [OSError(number, "[Errno]") for number in errno.errorcode]
    system += [ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1000)"), OSError()]
    system += [ssl.SSLEOFError(8, "EOF occurred in violation of protocol (_ssl.c:1000)"), TimeoutError()]
    system += [socket.gaierror(-2, "Name or service not known"), EOFError(), ConnectionResetError()]
    for inner in system:
        yield inner
        yield raised(httpx.ConnectError("All connection attempts failed"), inner)
        yield raised(httpx.ReadError(""), raised(httpcore.ReadError(""), inner))


def test_every_reason_is_half_a_sentence_for_people() -> None:
    found = {f"{type(error).__name__}({error})": reason(error) for error in each()}
    assert len(found) > 200
    assert {name: words for name, words in found.items() if TECHNICAL.search(words)} == {}
    assert {name: words for name, words in found.items() if not re.fullmatch(r"[a-z.].*[^.]", words)} == {}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (raised(httpx.ConnectError("x"), ConnectionRefusedError(111, "x")), "the connection was refused"),
        (raised(httpx.ConnectError("x"), socket.gaierror(-2, "x")), "its name was not found"),
        (
            raised(
                httpx.ConnectError("All connection attempts failed"),
                ExceptionGroup("x", [OSError(101, "x"), ConnectionRefusedError(111, "x")]),
            ),
            "the connection was refused",
        ),
        (raised(httpx.ReadError(""), ConnectionResetError(104, "x")), CUT_OFF),
        (httpx.ReadError(""), CUT_OFF),
        (OSError(28, "x"), "no space left on device"),
        (
            httpx.ProxyError("407 Proxy Authentication Required"),
            "the proxy refused: 407 Proxy Authentication Required",
        ),
        (UnreadableReply("EDIS Global sent more than 16 MB."), "EDIS Global sent more than 16 MB"),
        (
            httpx.RemoteProtocolError("Server disconnected without sending a response."),
            "the connection was closed before the answer was complete",
        ),
        (httpx.RemoteProtocolError("illegal status line: bytearray(b'SSH')"), "what came back is not HTTP"),
    ],
)
def test_the_reason_is_the_one_that_helps(error: BaseException, words: str) -> None:
    assert reason(error) == words


@pytest.mark.parametrize("provider", ["edis", "layerstack"])
async def test_garbage_within_an_encrypted_answer_is_unknown(
    serve: Serve, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    """What the TLS library raises then is no exception of the HTTP library."""
    tls, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))

    def spoil(peer: Peer) -> None:
        with socket.socket(fileno=os.dup(peer.connection.fileno())) as raw:
            raw.sendall(b"\x17\x03\x03\x00\x20" + b"x" * 32)
        peer.hold()

    def route(request: Request) -> Answer:
        return spoil if request.path == PAID_PATHS[provider] else answering(200, {"0": 995, "data": {"code": 200}})

    client = connect(provider, serve(route, tls=tls).url)
    outcome = await place(client, DRAFTS[provider], ROOT_PASSWORDS[provider])
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert not TECHNICAL.search(outcome.message)


async def test_garbage_within_an_encrypted_read_is_no_crash(
    serve: Serve, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))

    def spoil(peer: Peer) -> None:
        with socket.socket(fileno=os.dup(peer.connection.fileno())) as raw:
            raw.sendall(b"\x17\x03\x03\x00\x20" + b"x" * 32)
        peer.hold()

    with pytest.raises(NoReply) as caught:
        await connect("edis", serve(lambda _: spoil, tls=tls).url).account()
    assert not TECHNICAL.search(caught.value.message)
