"""Connections that never come about: names, certificates, proxies, and addresses that are not used at all."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from vps_tui.core.errors import NoReply, Unreachable, UsageError
from vps_tui.core.outcome import OutcomeKind
from vps_tui.sandbox.server import EDIS_ACCOUNT, LAYERSTACK_ACCOUNT

from .conftest import Connect, Serve
from .loopback import Peer, answering, by_path, holding, in_turn, sending
from .orders import CART_PATH, DRAFTS, PAID_PATHS, ROOT_PASSWORDS, place
from .test_outcomes import TAKEN, both

SECRETS = (EDIS_ACCOUNT[1], LAYERSTACK_ACCOUNT[1], ROOT_PASSWORDS["layerstack"][0].reveal())
PROVIDER_HOST = "https://order.provider.invalid"
BODIES = {CART_PATH: {"0": 995, "data": {"code": 200}}} | {path: TAKEN[name] for name, path in PAID_PATHS.items()}


def certificate(folder: Path, *, host: str = "127.0.0.1", hours: int = 1) -> tuple[ssl.SSLContext, Path]:
    """Return a server's TLS settings with a certificate that nobody signed, and the certificate's file.

    It is good from yesterday until `hours` from now.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "provider")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(hours=hours))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "certificate.pem", folder / "key.pem"
    cert_file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert_file, key_file)
    return context, cert_file


async def outcome_at(connect: Connect, provider: str, url: str, *, connect_timeout: float = 5.0) -> OutcomeKind:
    """Return what an order at `url` comes to."""
    client = connect(provider, url, connect_timeout=connect_timeout)
    return (await place(client, DRAFTS[provider], ROOT_PASSWORDS[provider])).kind


@both
async def test_trusted_certificate(
    serve: Serve, connect: Connect, provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control for the refusals below, which differ from it in one thing each."""
    tls, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    server = serve(by_path(BODIES), tls=tls)
    assert await outcome_at(connect, provider, server.url) is OutcomeKind.PLACED
    assert server.lines[-1] == f"POST {PAID_PATHS[provider]}"


@both
@pytest.mark.parametrize("case", ["signed by nobody", "of another host", "out of date"])
async def test_untrusted_certificate_is_not_sent(
    serve: Serve, connect: Connect, provider: str, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection ends before a byte of the request, and there is no way around it."""
    tls, file = certificate(
        tmp_path,
        host="other.invalid" if case == "of another host" else "127.0.0.1",
        hours=-1 if case == "out of date" else 1,
    )
    if case != "signed by nobody":
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    server = serve(by_path(BODIES), tls=tls)
    assert await outcome_at(connect, provider, server.url) is OutcomeKind.NOT_SENT
    with pytest.raises(Unreachable, match="certificate"):
        await connect(provider, server.url).account()
    assert server.requests == []
    assert server.connections > 0


@both
@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.9\r\n", b""])
async def test_server_without_tls_is_not_sent(serve: Serve, connect: Connect, provider: str, greeting: bytes) -> None:
    """A plain server behind an https address gets a greeting of TLS and nothing after it."""
    heard: list[bytes] = []

    def listen(peer: Peer) -> None:
        heard.append(peer.connection.recv(65536))
        peer.send(greeting)

    server = serve(in_turn(answering(200)), lambda number: listen)
    https = server.url.replace("http:", "https:")
    assert await outcome_at(connect, provider, https) is OutcomeKind.NOT_SENT
    assert heard
    assert not any(secret.encode() in data for data in heard for secret in SECRETS)


@both
async def test_handshake_that_never_ends_is_not_sent(serve: Serve, connect: Connect, provider: str) -> None:
    """The time to connect holds for TLS too."""
    server = serve(in_turn(answering(200)), lambda number: holding())
    https = server.url.replace("http:", "https:")
    assert await outcome_at(connect, provider, https, connect_timeout=0.2) is OutcomeKind.NOT_SENT


@both
async def test_unknown_name_is_not_sent(connect: Connect, provider: str) -> None:
    """Nobody has that address."""
    assert await outcome_at(connect, provider, PROVIDER_HOST) is OutcomeKind.NOT_SENT
    with pytest.raises(Unreachable, match=r"order\.provider\.invalid"):
        await connect(provider, PROVIDER_HOST).account()


@both
@pytest.mark.parametrize("case", ["refuses", "wants a password", "leaves", "answers in the clear"])
async def test_proxy_that_opens_no_tunnel_is_not_sent(
    serve: Serve, connect: Connect, provider: str, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy is told the provider's host and nothing else, so whatever it does, nothing was ordered."""
    answer = {
        "refuses": answering(502, b"<html>No route</html>"),
        "wants a password": answering(407, b"", {"Proxy-Authenticate": "Basic"}),
        "leaves": sending(b""),
        "answers in the clear": sending(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}"),
    }[case]
    proxy = serve(in_turn(answer))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    assert await outcome_at(connect, provider, PROVIDER_HOST) is OutcomeKind.NOT_SENT
    assert proxy.lines == ["CONNECT order.provider.invalid:443"]
    told = str(proxy.requests[0])
    assert not any(secret in told for secret in SECRETS)


@both
async def test_loopback_asks_no_proxy(
    serve: Serve, connect: Connect, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy elsewhere would look for the sandbox on its own machine."""
    proxy = serve(in_turn(answering(502)))
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(variable, proxy.url)
    server = serve(by_path(BODIES))
    assert await outcome_at(connect, provider, server.url) is OutcomeKind.PLACED
    assert proxy.connections == 0


@both
@pytest.mark.parametrize(
    "url",
    [
        "http://order.edisglobal.com",
        "HTTP://ORDER.EDISGLOBAL.COM",
        "http://192.0.2.1:8080",
        "http://[2001:db8::1]",
        "http://127.0.0.1.provider.invalid",
        "http://localhost.provider.invalid",
        "http://localhost@provider.invalid",
        "http://127.0.0.1:80@provider.invalid",
        "http://0.0.0.0",
        "ftp://127.0.0.1",
        "order.edisglobal.com",
        "//order.edisglobal.com",
        "https://",
        "https:///kvm",
        "https://:443",
        "http://127.0.0.1:99999",
        "https://order.edisglobal.com:port",
        "",
    ],
)
def test_address_that_credentials_are_not_sent_to(connect: Connect, provider: str, url: str) -> None:
    """Refused when it is set, not when it is used: https with a host, or this machine."""
    with pytest.raises(UsageError) as caught:
        connect(provider, url)
    assert caught.value.hint


@both
@pytest.mark.parametrize("slashes", ["", "/", "//"])
async def test_slashes_at_the_end_of_an_address(serve: Serve, connect: Connect, provider: str, slashes: str) -> None:
    """A base address is written with and without; the paths come out the same."""
    server = serve(by_path(BODIES))
    client = connect(provider, server.url, slashes=slashes)
    assert (await place(client, DRAFTS[provider], ROOT_PASSWORDS[provider])).kind is OutcomeKind.PLACED
    assert server.lines[-1] == f"POST {PAID_PATHS[provider]}"


async def test_plain_http_goes_to_a_loopback_name(serve: Serve, connect: Connect) -> None:
    """The one name for this machine that everybody has."""
    server = serve(in_turn(answering(200, {"balance": {"amount": "1.00", "currency": "EUR"}})))
    account = await connect("edis", f"http://localhost:{server.port}").account()
    assert account.name == EDIS_ACCOUNT[0]


async def test_message_of_a_failed_connection_holds_no_secret(serve: Serve, connect: Connect) -> None:
    """It is shown, and may be pasted into a bug report."""
    with pytest.raises(NoReply) as caught:
        await connect("layerstack", serve(in_turn(sending(b"nonsense\r\n\r\n"))).url).account()
    assert not any(secret in f"{caught.value.message} {caught.value.hint}" for secret in SECRETS)
