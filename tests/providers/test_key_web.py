"""Keys from a site: over real HTTP, whatever the site does; nobody is asked who was not named."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest

from vps_tui.core.errors import (
    InvalidValue,
    NoReply,
    ProviderError,
    RequestRefused,
    Unreachable,
    UnreadableReply,
    UsageError,
    VpsTuiError,
)
from vps_tui.core.ssh_key_list import MAX_TEXT, KeysInText
from vps_tui.core.ssh_keys import parse_public_key
from vps_tui.ssh import key_sites as key_web
from vps_tui.ssh.key_sites import VARIABLE, address_asked, fetch_keys, host_problem, user_problem

from .loopback import Answer, LoopbackServer, Peer, answering, holding, in_turn, resetting, sending
from .test_connections import certificate


def written(algorithm: str, *fields: bytes) -> str:
    """Return a line of authorized_keys without a comment."""
    blob = b"".join(len(field).to_bytes(4, "big") + field for field in (algorithm.encode(), *fields))
    return f"{algorithm} {base64.b64encode(blob).decode()}"


ED25519 = written("ssh-ed25519", bytes(range(32)))
RSA = written("ssh-rsa", b"\1\0\1", b"\0" + b"\xc5" * 256)
TOKEN = written("sk-ssh-ed25519@openssh.com", bytes(32), b"ssh:")
KEYS = f"{ED25519}\n{RSA}\n{TOKEN}\n"
PRIVATE = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{'Zm9v' * 16}\n{'YmFy' * 16}\n-----END OPENSSH PRIVATE KEY-----\n"


@pytest.fixture
def running() -> Iterator[ExitStack]:
    """Ends what a test has started."""
    with ExitStack() as stack:
        yield stack


class Site:
    """Serves one answer after the other where the program looks for keys."""

    def __init__(self, running: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
        self._running = running
        self._monkeypatch = monkeypatch

    def serve(self, *answers: Answer, tls: ssl.SSLContext | None = None, path: str = "") -> LoopbackServer:
        server = self._running.enter_context(LoopbackServer(in_turn(*answers), tls=tls))
        self._monkeypatch.setenv(VARIABLE, f"{server.url}{path}")
        return server


@pytest.fixture
def site(running: ExitStack, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site that does what a test says."""
    return Site(running, monkeypatch)


async def failure_of(user: str = "octocat", host: str = "github.com") -> VpsTuiError:
    with pytest.raises(VpsTuiError) as caught:
        await fetch_keys(host, user)
    return caught.value


class TestGoodAnswers:
    async def test_every_key_is_there_with_the_person_as_its_comment(self, site: Site) -> None:
        server = site.serve(answering(200, KEYS.encode(), {"Content-Type": "text/plain"}))
        found = await fetch_keys("github.com", "octo-cat_1.x")
        assert server.lines == ["GET /octo-cat_1.x.keys"]
        assert [key.kind for key in found.keys] == ["ED25519", "RSA", "ED25519-SK"]
        assert [key.fingerprint for key in found.keys] == [
            parse_public_key(line).fingerprint for line in KEYS.splitlines()
        ]
        assert {key.comment for key in found.keys} == {f"octo-cat_1.x@127.0.0.1:{server.port}"}
        assert "authorization" not in server.requests[0].headers

    async def test_a_comment_of_the_site_is_kept_and_cleaned(self, site: Site) -> None:
        site.serve(answering(200, f"{ED25519} me\x1b[31m@work\u202e\n".encode()))
        assert [key.comment for key in (await fetch_keys("gitlab.com", "me")).keys] == ["me@work"]

    async def test_what_is_no_key_is_left_out_with_the_reason(self, site: Site) -> None:
        site.serve(answering(200, f"{written('ssh-dss', b'p', b'q', b'g', b'y')}\n{KEYS}".encode()))
        found = await fetch_keys("github.com", "octocat")
        assert len(found.keys) == 3
        assert found.left_out == ("DSA keys no longer work with OpenSSH.",)

    @pytest.mark.parametrize("target", ["/Octocat.keys", "https://{}/Octocat.keys"])
    async def test_a_redirect_within_the_site_is_followed(self, site: Site, target: str) -> None:
        server = site.serve(lambda peer: None)
        moved = target.replace("https://{}", server.url)
        server.route = in_turn(answering(302, b"", {"Location": moved}), answering(200, KEYS.encode()))
        assert len((await fetch_keys("gitlab.com", "octocat")).keys) == 3
        assert server.lines == ["GET /octocat.keys", "GET /Octocat.keys"]

    async def test_the_base_address_may_have_a_path(self, site: Site) -> None:
        server = site.serve(answering(200, KEYS.encode()), path="/git/")
        await fetch_keys("github.com", "octocat")
        assert server.lines == ["GET /git/octocat.keys"]


class TestBadAnswers:
    @pytest.mark.parametrize(
        ("answer", "kind", "said"),
        [
            (answering(404, b"Not Found"), RequestRefused, "knows no user of that name"),
            (answering(200, b""), RequestRefused, "no public SSH key"),
            (answering(200, b"\n\n"), RequestRefused, "no public SSH key"),
            (answering(200, b"<!DOCTYPE html><html>sign in</html>"), UnreadableReply, "web page instead of keys"),
            (answering(200, b"\xef\xbb\xbf\n <html>"), UnreadableReply, "web page instead of keys"),
            (answering(200, b"hello"), UnreadableReply, "no usable public key"),
            (answering(200, b"\xff\x00\x1b]0;x\x07"), UnreadableReply, "no usable public key"),
            (answering(429, b""), RequestRefused, "pause"),
            (answering(500, b"<html>"), ProviderError, "HTTP 500"),
            (answering(401, b""), ProviderError, "HTTP 401"),
            (answering(204), ProviderError, "HTTP 204"),
            (sending(b"SSH-2.0-x\r\n"), UnreadableReply, "no complete answer"),
            (sending(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nssh"), UnreadableReply, "no complete answer"),
            (resetting(), NoReply, "did not answer"),
            (answering(200, b"#" * (MAX_TEXT + 1)), UnreadableReply, "more than 256 KB"),
            (answering(302, b"", {"Location": "/octocat.keys"}), UnreadableReply, "keeps sending on"),
            (answering(302, b"", {"Location": "//evil.invalid/octocat.keys"}), UnreadableReply, "another address"),
            (answering(302, b"", {"Location": "http://127.0.0.1:1/x.keys"}), UnreadableReply, "another address"),
            (answering(307, b"", {"Location": "https://127.0.0.1/x.keys"}), UnreadableReply, "another address"),
        ],
    )
    async def test_it_is_said_in_words(
        self, site: Site, answer: Answer, kind: type[VpsTuiError], said: str, refused_addresses: list[str]
    ) -> None:
        site.serve(answer)
        error = await failure_of()
        assert type(error) is kind, error.message
        assert said in error.message
        assert error.message.isprintable()
        assert refused_addresses == []

    async def test_a_private_key_is_refused_and_not_quoted(self, site: Site) -> None:
        site.serve(answering(200, f"{KEYS}{PRIVATE}".encode()))
        error = await failure_of()
        assert "PRIVATE key (OpenSSH)" in error.message
        assert not any(line in f"{error.message} {error.hint}" for line in PRIVATE.splitlines()[1:3])

    @pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\n\r\nssh-ed25519 "])
    async def test_nobody_waits_for_ever(self, site: Site, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
        monkeypatch.setattr(key_web, "TIMEOUT_SECONDS", 0.2)
        site.serve(holding(sent))
        assert type(await failure_of()) is NoReply

    async def test_nor_for_a_byte_now_and_then(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(key_web, "TIMEOUT_SECONDS", 0.5)

        def trickle(peer: Peer) -> None:
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
            while not peer.server.closing.wait(0.05):
                peer.send(b"#")

        site.serve(trickle)
        begun = monotonic()
        assert type(await failure_of()) is NoReply
        assert monotonic() - begun < 5

    async def test_a_site_that_cannot_be_reached(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, "https://nowhere.invalid")
        assert type(await failure_of()) is Unreachable

    async def test_a_certificate_that_nobody_trusts_is_refused(self, site: Site, tmp_path: Path) -> None:
        server = site.serve(answering(200, KEYS.encode()), tls=certificate(tmp_path)[0])
        error = await failure_of()
        assert type(error) is Unreachable
        assert "certificate" in error.message
        assert server.requests == []

    async def test_one_that_the_environment_names_is_trusted(
        self, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tls, file = certificate(tmp_path)
        site.serve(answering(200, KEYS.encode()), tls=tls)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert isinstance(await fetch_keys("github.com", "octocat"), KeysInText)


class TestWhatIsAsked:
    @pytest.mark.parametrize("user", ["octocat", "a", "A-b.c_d9", "_x", "x" * 255, "user_company"])
    def test_a_user_name(self, user: str) -> None:
        assert user_problem(user) == ""

    @pytest.mark.parametrize(
        "user",
        [
            "",
            "a/b",
            "../x",
            "a..b",
            "a b",
            "a\n",
            "\u00e9",
            "-a",
            ".a",
            "a.",
            "a?x=1",
            "a#b",
            "a%2Fb",
            "a@b",
            "x" * 256,
        ],
    )
    async def test_what_is_no_user_name_is_never_sent(self, site: Site, user: str) -> None:
        server = site.serve(answering(200, KEYS.encode()))
        assert user_problem(user)
        assert type(await failure_of(user)) is InvalidValue
        assert server.connections == 0

    @pytest.mark.parametrize(
        "host", ["github.com", "git.example.org", "git", "git.example.org:8443", "xn--bcher-kva.de"]
    )
    def test_a_host(self, host: str) -> None:
        assert host_problem(host) == ""
        assert address_asked(host, "octocat") == f"https://{host}/octocat.keys"

    @pytest.mark.parametrize(
        "host",
        [
            "",
            "https://github.com",
            "a/b",
            "a b",
            "me@git.org",
            "-a.org",
            "a..org",
            ".org",
            "a:b",
            "a?b",
            "\u00e9.org",
            "x." * 150,
        ],
    )
    async def test_what_is_no_host_is_never_asked(self, site: Site, host: str) -> None:
        server = site.serve(answering(200, KEYS.encode()))
        assert host_problem(host)
        assert type(await failure_of(host=host)) is InvalidValue
        assert server.connections == 0

    @pytest.mark.parametrize("address", ["http://github.com", "ftp://127.0.0.1", "nonsense", "http://10.0.0.1:80"])
    async def test_an_address_in_the_clear_is_refused(self, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
        monkeypatch.setenv(VARIABLE, address)
        assert type(await failure_of()) is UsageError
