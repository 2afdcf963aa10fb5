"""The agent's keys: those of a real ssh-agent, and words for every socket that is none."""

from __future__ import annotations

import base64
import os
import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import pytest

from vps_tui.ssh import agent as key_agent
from vps_tui.ssh.agent import MAX_ANSWER_BYTES, AgentKeys, agent_keys

ED25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIGZvciB0aGUgdGVzdHMgb2Yga2V5IGZpbGVzIG9ubHkh"


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None and os.environ.get("CI"):
        pytest.fail(f"{name} is missing: install openssh-client")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a path short enough for a socket."""
    with TemporaryDirectory(prefix="agent") as folder:
        yield Path(folder)


@dataclass(frozen=True, slots=True)
class RealAgent:
    """A running ssh-agent without keys."""

    address: str
    folder: Path

    def run(self, *command: str | Path) -> str:
        environ = {**os.environ, "SSH_AUTH_SOCK": self.address}
        done = subprocess.run(
            [program(str(command[0])), *command[1:]], env=environ, check=True, capture_output=True, text=True
        )
        return done.stdout

    def make(self, kind: str, *options: str) -> Path:
        path = self.folder / f"{kind}{''.join(options)}"
        self.run("ssh-keygen", "-q", "-t", kind, *options, "-N", "", "-C", f"ops team@{kind}", "-f", path)
        return path


@pytest.fixture
def agent(place: Path) -> Iterator[RealAgent]:
    """A real ssh-agent, ended after the test."""
    address = str(place / "agent")
    process = subprocess.Popen([program("ssh-agent"), "-D", "-a", address], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()  # It is said once the socket is there.
        yield RealAgent(address, place)
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


class TestARealAgent:
    def test_its_keys_are_those_that_ssh_add_lists(self, agent: RealAgent) -> None:
        for kind, *options in (("ed25519",), ("rsa", "-b", "2048"), ("ecdsa", "-b", "384")):
            agent.run("ssh-add", "-q", agent.make(kind, *options))
        found = agent_keys(agent.address)
        listed = [line.split() for line in agent.run("ssh-add", "-l").splitlines()]
        assert found.problem == ""
        assert [(str(key.bits), key.fingerprint, f"({key.kind})") for key in found.keys] == [
            (words[0], words[1], words[-1]) for words in listed
        ]
        assert [key.comment for key in found.keys] == ["ops team@ed25519", "ops team@rsa", "ops team@ecdsa"]
        assert [key.line for key in found.keys] == agent.run("ssh-add", "-L").splitlines()

    def test_one_without_keys_offers_none_and_is_no_problem(self, agent: RealAgent) -> None:
        assert agent_keys(agent.address) == AgentKeys()

    def test_a_locked_one_offers_none(self, agent: RealAgent) -> None:
        agent.run("ssh-add", "-q", agent.make("ed25519"))
        askpass = agent.folder / "askpass"
        askpass.write_text("#!/bin/sh\necho secret\n")
        askpass.chmod(0o700)
        environ = {**os.environ, "SSH_AUTH_SOCK": agent.address, "SSH_ASKPASS": str(askpass)}
        environ |= {"SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":0"}
        subprocess.run([program("ssh-add"), "-x"], env=environ, check=True, capture_output=True)
        assert agent_keys(agent.address) == AgentKeys()

    def test_a_certificate_is_left_out_with_the_reason_and_its_key_is_offered(self, agent: RealAgent) -> None:
        path, authority = agent.make("ed25519"), agent.make("rsa", "-b", "2048")
        agent.run("ssh-keygen", "-q", "-s", authority, "-I", "me", "-n", "ops", f"{path}.pub")
        agent.run("ssh-add", "-q", path)
        found = agent_keys(agent.address)
        assert [key.kind for key in found.keys] == ["ED25519"]
        assert found.problem == "1 of the SSH agent's keys left out: This is an SSH certificate, not a key."


Behave = Callable[[socket.socket, threading.Event], None]


@pytest.fixture
def listen(place: Path) -> Iterator[Callable[[Behave], str]]:
    """Start sockets that do with one connection what a test says; returns their addresses."""
    with ExitStack() as stack:

        def start(behave: Behave) -> str:
            address = str(place / "false")
            listener = stack.enter_context(closing(socket.socket(socket.AF_UNIX)))
            listener.bind(address)
            listener.listen(1)
            over = threading.Event()

            def serve() -> None:
                with suppress(OSError):
                    connection, _ = listener.accept()
                    with connection:
                        behave(connection, over)

            thread = threading.Thread(target=serve)
            thread.start()
            stack.callback(thread.join, 10)
            stack.callback(over.set)
            return address

        yield start


def sends(data: bytes) -> Behave:
    def behave(connection: socket.socket, _over: threading.Event) -> None:
        connection.recv(5)
        connection.sendall(data)

    return behave


def message(body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + body


def field(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def identities(*keys: tuple[bytes, bytes], count: int | None = None) -> bytes:
    number = len(keys) if count is None else count
    return message(b"\x0c" + struct.pack(">I", number) + b"".join(field(blob) + field(name) for blob, name in keys))


BLOB = base64.b64decode(ED25519)


class TestWhatIsNoAgent:
    @pytest.mark.parametrize(
        ("sent", "reason"),
        [
            (b"", "hung up"),
            (b"\0\0", "hung up"),
            (message(b"\x0c\0\0\0\1")[:-2], "hung up"),
            (b"\0\0\0\0", "impossible length"),
            (b"\xff\xff\xff\xff", "impossible length"),
            (struct.pack(">I", MAX_ANSWER_BYTES + 1) + b"\x0c" * 10, "impossible length"),
            (b"SSH-2.0-OpenSSH_9.2\r\n", "impossible length"),
            (message(b"\x05"), "declines"),
            (message(b"\x06\0\0\0\0"), "no list of keys"),
            (message(b"\x0c\0\0"), "no list of keys"),
            (identities(count=1), "cut short"),
            (identities((BLOB, b"me"), count=2), "cut short"),
            (identities(count=0xFFFFFFFF), "cut short"),
            (message(b"\x0c\0\0\0\1\xff\xff\xff\xff"), "cut short"),
        ],
    )
    def test_a_lie_is_said(self, listen: Callable[[Behave], str], sent: bytes, reason: str) -> None:
        found = agent_keys(listen(sends(sent)))
        assert found.keys == ()
        assert found.problem.startswith("The SSH agent cannot be used: ")
        assert reason in found.problem

    def test_nobody_waits_for_one_that_hangs(
        self, listen: Callable[[Behave], str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(key_agent, "TIMEOUT_SECONDS", 0.2)

        def hang(_connection: socket.socket, over: threading.Event) -> None:
            over.wait(10)

        begun = monotonic()
        found = agent_keys(listen(hang))
        assert "did not answer" in found.problem
        assert monotonic() - begun < 2

    def test_nor_for_one_that_sends_a_byte_now_and_then(
        self, listen: Callable[[Behave], str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(key_agent, "TIMEOUT_SECONDS", 0.3)

        def trickle(connection: socket.socket, over: threading.Event) -> None:
            for byte in identities((BLOB, b"me")):
                if over.wait(0.1):
                    break
                connection.sendall(bytes([byte]))

        begun = monotonic()
        assert "did not answer" in agent_keys(listen(trickle)).problem
        assert monotonic() - begun < 2

    @pytest.mark.parametrize(
        ("name", "reason"),
        [("nowhere", "no such file"), ("file", "connection refused"), ("x" * 200, "path too long"), ("nul\0", "")],
    )
    def test_an_address_without_one(self, place: Path, name: str, reason: str) -> None:
        (place / "file").touch()
        found = agent_keys(str(place / name))
        assert found.keys == ()
        assert found.problem.startswith("The SSH agent cannot be asked: ")
        assert reason in found.problem

    def test_damaged_keys_are_left_out_and_the_good_one_is_kept_once(self, listen: Callable[[Behave], str]) -> None:
        sent = identities((b"", b""), (b"\xff" * 9, b""), (BLOB[:-1], b""), (BLOB, b"me"), (BLOB, b"again"))
        found = agent_keys(listen(sends(sent)))
        assert [key.line for key in found.keys] == [f"ssh-ed25519 {ED25519} me"]
        assert found.problem.startswith("3 of the SSH agent's keys left out: ")

    @pytest.mark.parametrize(
        ("comment", "kept"),
        [
            (b"\x1b]0;owned\x07name", "]0;ownedname"),
            (b"\xff\xfe", "\ufffd\ufffd"),
            (b"a\nssh-rsa AAAAB3NzaC1yc2E", ""),
            (b"-----BEGIN OPENSSH PRIVATE KEY-----", ""),
            (b"x" * 5000, "x" * 199 + "\u2026"),
        ],
    )
    def test_a_hostile_comment_is_cleaned_or_left_out(
        self, listen: Callable[[Behave], str], comment: bytes, kept: str
    ) -> None:
        found = agent_keys(listen(sends(identities((BLOB, comment)))))
        assert [key.comment for key in found.keys] == [kept]
