"""Step SSH key: the agent's keys, keys from a site, several in one text, and a new pair."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.ssh_keys import PublicKey, parse_public_key
from vps_tui.core.steps import Step
from vps_tui.tui.screens.key_dialogs import KeyPasteScreen, KeyPickScreen, KeyWebScreen
from vps_tui.tui.screens.key_pair import KeyPairScreen
from vps_tui.tui.widgets.key_area import KeyArea

from .conftest import MadeKey
from .driver import (
    choices,
    choose,
    drain,
    go_to,
    highlight,
    highlighted,
    press,
    screen_lines,
    screen_text,
    settled,
    step_screen,
    type_text,
    wait_until,
    wizard,
    wizard_of,
    words,
)


@pytest.fixture(scope="session")
def other_key() -> PublicKey:
    """An ecdsa key of another person."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    line = public.public_bytes(ser.Encoding.OpenSSH, ser.PublicFormat.OpenSSH).decode()
    return parse_public_key(f"{line} me@other")


def rows(pilot: Pilot[int]) -> list[str]:
    return [choice.id for choice in choices(pilot)._choices]


def chosen_key(pilot: Pilot[int]) -> str:
    return wizard_of(pilot).state.server.ssh_key


def on(pilot: Pilot[int], kind: type[object]) -> bool:
    return isinstance(pilot.app.screen, kind) and pilot.app.screen.is_mounted


class FalseAgent:
    """Offers keys once it is let go."""

    def __init__(self, address: str, keys: list[PublicKey], stack: ExitStack) -> None:
        self.address = address
        self.asked, self.go, self.over = threading.Event(), threading.Event(), threading.Event()
        listener = stack.enter_context(closing(socket.socket(socket.AF_UNIX)))
        listener.bind(address)
        listener.listen(5)
        fields = [(b64decode(key.line.split()[1]), key.comment.encode()) for key in keys]
        body = b"\x0c" + struct.pack(">I", len(keys))
        body += b"".join(struct.pack(">I", len(part)) + part for pair in fields for part in pair)
        self._message = struct.pack(">I", len(body)) + body
        thread = threading.Thread(target=self._serve, args=(listener,))
        thread.start()
        stack.callback(thread.join, 20)
        stack.callback(self.go.set)
        stack.callback(self.over.set)

    def _serve(self, listener: socket.socket) -> None:
        listener.settimeout(0.1)
        while not self.over.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    # Unread, the question would make closing the connection a reset.
                    connection.recv(5)
                    self.asked.set()
                    self.go.wait(20)
                    connection.sendall(self._message)


@contextmanager
def agent_with(monkeypatch: pytest.MonkeyPatch, *keys: PublicKey) -> Iterator[FalseAgent]:
    with TemporaryDirectory(prefix="agent") as place, ExitStack() as stack:
        agent = FalseAgent(f"{place}/agent", list(keys), stack)
        monkeypatch.setenv("SSH_AUTH_SOCK", agent.address)
        yield agent


class TestTheAgent:
    async def test_its_keys_stand_in_the_list_and_one_on_the_disk_stands_there_once(
        self, ssh_folder: Path, made_key: MadeKey, other_key: PublicKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with agent_with(monkeypatch, other_key, made_key.public) as agent:
            agent.go.set()
            async with wizard(ssh_folder=ssh_folder) as pilot:
                await go_to(pilot, Step.SSH_KEY)
                assert rows(pilot)[:3] == [made_key.public.line, other_key.line, "paste"]
                assert "~/.ssh/id_ed25519.pub, agent" in screen_text(pilot.app)
                line = next(line for line in screen_lines(pilot.app) if "me@other" in line)
                assert line.split() == ["ECDSA", "256", "me@other", "agent"]
                await highlight(pilot, other_key.line)
                assert other_key.fingerprint in words(pilot, "#details")
                await press(pilot, "enter", to=Step.COST)
                assert chosen_key(pilot) == other_key.line

    async def test_a_slow_one_is_not_waited_for_and_does_not_move_the_highlight(
        self, ssh_folder: Path, made_key: MadeKey, other_key: PublicKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with agent_with(monkeypatch, other_key) as agent:
            async with wizard(ssh_folder=ssh_folder) as pilot:
                await go_to(pilot, Step.NAME)
                await type_text(pilot, "web1\n")
                await wait_until(pilot, lambda: wizard_of(pilot).state.step is Step.ADD_ONS)
                await press(pilot, "enter")
                await wait_until(pilot, lambda: step_screen(pilot).state.step is Step.SSH_KEY)
                await wait_until(pilot, lambda: made_key.public.line in rows(pilot))
                assert agent.asked.wait(10)
                assert settled(pilot.app) is None, "the agent is still being waited for"
                await highlight(pilot, "file")
                agent.go.set()
                await wait_until(pilot, lambda: settled(pilot.app) is Step.SSH_KEY)
                assert rows(pilot)[:3] == [made_key.public.line, other_key.line, "paste"]
                assert highlighted(pilot) == "file"

    @pytest.mark.parametrize("address", ["/nowhere/agent", "x" * 300])
    async def test_one_that_is_not_there_is_said_and_stops_nobody(
        self, ssh_folder: Path, made_key: MadeKey, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSH_AUTH_SOCK", address)
        async with wizard(ssh_folder=ssh_folder) as pilot:
            await go_to(pilot, Step.SSH_KEY)
            assert rows(pilot)[:2] == [made_key.public.line, "paste"]
            await highlight(pilot, "paste")
            assert "The SSH agent cannot be asked" in words(pilot, "#details")

    async def test_without_one_nothing_is_said_of_it(self, ssh_folder: Path) -> None:
        async with wizard(ssh_folder=ssh_folder) as pilot:
            await go_to(pilot, Step.SSH_KEY)
            await highlight(pilot, "paste")
            assert "agent" not in screen_text(pilot.app)


@pytest.fixture
def keys_site(monkeypatch: pytest.MonkeyPatch, made_key: MadeKey, other_key: PublicKey) -> Iterator[list[str]]:
    """A site with a user octocat of two keys, one without any and one of one key; yields the paths asked for."""
    asked: list[str] = []
    first, second = (" ".join(key.line.split()[:2]) for key in (other_key, made_key.public))
    bodies = {"/octocat.keys": f"{first}\n{second}\n", "/nokeys.keys": "", "/single.keys": f"{second}\n"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = bodies.get(self.path)
            self.send_response(404 if body is None else 200)
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        monkeypatch.setenv("VPS_TUI_KEYS_URL", f"http://127.0.0.1:{server.server_port}")
        try:
            yield asked
        finally:
            server.shutdown()
            thread.join(10)


async def ask_site(pilot: Pilot[int], user: str) -> None:
    await go_to(pilot, Step.SSH_KEY)
    await choose(pilot, "web")
    assert on(pilot, KeyWebScreen)
    await type_text(pilot, f"{user}\n")


class TestASite:
    async def test_one_of_several_keys_is_chosen_by_hand_never_by_enter_alone(
        self, keys_site: list[str], made_key: MadeKey, other_key: PublicKey
    ) -> None:
        async with wizard() as pilot:
            await ask_site(pilot, "octocat")
            await wait_until(pilot, lambda: on(pilot, KeyPickScreen))
            for text in (other_key.fingerprint, made_key.public.fingerprint, "ECDSA 256", "ED25519 256", "2 keys"):
                assert text in screen_text(pilot.app)
            await press(pilot, "enter", "enter", "enter")
            await pilot.click("#use")
            assert on(pilot, KeyPickScreen), "a key was taken that nobody has chosen"
            assert chosen_key(pilot) == ""
            await highlight(pilot, made_key.public.fingerprint)
            assert "octocat@127.0.0.1" in words(pilot, "#verdict")
            await press(pilot, "enter", to=Step.COST)
            assert chosen_key(pilot).split()[:2] == made_key.public.line.split()[:2]
            assert keys_site == ["/octocat.keys"]

    async def test_not_even_a_single_one_is_taken_unseen(self, keys_site: list[str], made_key: MadeKey) -> None:
        async with wizard() as pilot:
            await ask_site(pilot, "single")
            await wait_until(pilot, lambda: on(pilot, KeyPickScreen))
            await press(pilot, "enter")
            assert on(pilot, KeyPickScreen)
            await press(pilot, "down", "enter", to=Step.COST)
            assert parse_public_key(chosen_key(pilot)).fingerprint == made_key.public.fingerprint

    @pytest.mark.parametrize(
        ("user", "said"),
        [
            ("nobody", "knows no user of that name"),
            ("nokeys", "has no public SSH key"),
            ("a/b", "letters, digits"),
            ("", "Type the user name"),
        ],
    )
    async def test_what_went_wrong_is_said_and_can_be_mended(
        self, keys_site: list[str], user: str, said: str
    ) -> None:
        async with wizard() as pilot:
            await ask_site(pilot, user)
            await wait_until(pilot, lambda: said in words(pilot, "#verdict"))
            assert on(pilot, KeyWebScreen)
            await type_text(pilot, "x")
            assert words(pilot, "#verdict") == ""
            await press(pilot, "escape")
            assert settled(pilot.app) is Step.SSH_KEY
            assert chosen_key(pilot) == ""

    async def test_the_site_is_chosen_with_the_arrow_keys_and_another_one_typed(self, keys_site: list[str]) -> None:
        async with wizard() as pilot:
            await go_to(pilot, Step.SSH_KEY)
            await choose(pilot, "web")
            await type_text(pilot, "octocat")
            await press(pilot, "down")
            assert "github.com" in screen_text(pilot.app)
            await press(pilot, "right")
            assert "gitlab.com" in screen_text(pilot.app)
            await press(pilot, "right", "enter")
            assert "Type the name of the site" in words(pilot, "#verdict")
            assert keys_site == []
            await type_text(pilot, "https://git.example.org\n")
            assert "without https://" in words(pilot, "#verdict")
            pilot.app.screen.query_one("#site Input", Input).value = ""
            await type_text(pilot, "git.example.org\n")
            await wait_until(pilot, lambda: on(pilot, KeyPickScreen))
            await press(pilot, "escape")
            assert on(pilot, KeyWebScreen)

    async def test_going_back_while_it_is_asked_takes_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as silent:
            monkeypatch.setenv("VPS_TUI_KEYS_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
            async with wizard() as pilot:
                await ask_site(pilot, "octocat")
                await wait_until(pilot, lambda: "Asking http://127.0.0.1" in words(pilot, "#verdict"))
                await press(pilot, "escape")
                assert settled(pilot.app) is Step.SSH_KEY


class TestSeveralInOneText:
    async def test_two_keys_in_a_paste_are_noticed_and_one_is_chosen(
        self, made_key: MadeKey, other_key: PublicKey
    ) -> None:
        async with wizard() as pilot:
            await go_to(pilot, Step.SSH_KEY)
            await choose(pilot, "paste")
            pilot.app.screen.query_one(KeyArea).post_message(Paste(f"{made_key.public.line}\n{other_key.line}\n"))
            await drain(pilot)
            assert "more than one key here: 2 keys" in words(pilot, "#verdict")
            await press(pilot, "enter")
            await wait_until(pilot, lambda: on(pilot, KeyPickScreen))
            await press(pilot, "escape")
            assert on(pilot, KeyPasteScreen)
            await press(pilot, "enter")
            await wait_until(pilot, lambda: on(pilot, KeyPickScreen))
            await press(pilot, "down", "down", "enter", to=Step.COST)
            assert chosen_key(pilot) == other_key.line

    async def test_an_authorized_keys_file_is_read(
        self, tmp_path: Path, made_key: MadeKey, other_key: PublicKey
    ) -> None:
        path = tmp_path / "authorized_keys"
        path.write_text(f"# mine\n{made_key.public.line}\nssh-dss AAAAB3NzaC1kc3MAAA me\nno-pty {other_key.line}\n")
        async with wizard() as pilot:
            await go_to(pilot, Step.SSH_KEY)
            await choose(pilot, "file")
            pilot.app.screen.query_one(Input).value = ""
            await type_text(pilot, f"{path}\n")
            await wait_until(pilot, lambda: "2 keys" in words(pilot, "#verdict"))
            assert "1 left out: DSA keys" in words(pilot, "#verdict")
            await press(pilot, "enter", "down", "down")
            assert "options" in words(pilot, "#verdict")
            await press(pilot, "enter", to=Step.COST)
            assert chosen_key(pilot) == other_key.line


async def pair_screen(pilot: Pilot[int]) -> None:
    await go_to(pilot, Step.SSH_KEY)
    await choose(pilot, "pair")
    assert on(pilot, KeyPairScreen)


class TestANewPair:
    async def test_it_is_made_shown_and_used_with_a_further_enter(self, own_environment: Path) -> None:
        folder = own_environment / ".ssh"
        async with wizard() as pilot:
            await pair_screen(pilot)
            assert "~/.ssh/id_ed25519_vps-tui" in screen_text(pilot.app)
            assert not folder.exists()
            await press(pilot, "enter", "enter")
            await wait_until(pilot, lambda: "SHA256:" in words(pilot, "#verdict"))
            program = shutil.which("ssh-keygen")
            if program is not None:
                command = [program, "-lf", str(folder / "id_ed25519_vps-tui")]
                printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                assert printed.split()[1] in words(pilot, "#verdict")
            assert chosen_key(pilot) == ""
            await press(pilot, "enter", to=Step.COST)
            assert chosen_key(pilot) == (folder / "id_ed25519_vps-tui.pub").read_text().strip()

    async def test_a_pair_that_is_not_used_after_all_is_offered_in_the_list(self, own_environment: Path) -> None:
        async with wizard() as pilot:
            await pair_screen(pilot)
            await press(pilot, "enter", "enter")
            await wait_until(pilot, lambda: "SHA256:" in words(pilot, "#verdict"))
            await press(pilot, "escape")
            await wait_until(pilot, lambda: settled(pilot.app) is Step.SSH_KEY)
            line = (own_environment / ".ssh" / "id_ed25519_vps-tui.pub").read_text().strip()
            assert rows(pilot)[0] == line
            assert chosen_key(pilot) == ""

    async def test_going_back_makes_nothing(self, own_environment: Path) -> None:
        async with wizard() as pilot:
            await pair_screen(pilot)
            await type_text(pilot, "secret")
            await press(pilot, "escape", to=Step.SSH_KEY)
            assert not (own_environment / ".ssh").exists()

    async def test_two_different_passphrases_make_nothing(self, own_environment: Path) -> None:
        async with wizard() as pilot:
            await pair_screen(pilot)
            await type_text(pilot, "correct horse\n")
            await type_text(pilot, "correct hors\n")
            assert "not the same" in words(pilot, "#verdict")
            assert not (own_environment / ".ssh").exists()
            assert "correct" not in screen_text(pilot.app)

    @pytest.mark.skipif(shutil.which("ssh-keygen") is None and not os.environ.get("CI"), reason="no ssh-keygen")
    async def test_a_passphrase_is_never_drawn_and_locks_the_private_half(self, own_environment: Path) -> None:
        async with wizard() as pilot:
            await pair_screen(pilot)
            await type_text(pilot, "correct horse\n")
            await type_text(pilot, "correct horse\n")
            assert "correct" not in screen_text(pilot.app)
            await wait_until(pilot, lambda: "SHA256:" in words(pilot, "#verdict"))
            assert "correct" not in screen_text(pilot.app)
            assert [found.value for found in pilot.app.screen.query(Input)] == ["", ""]
            file = own_environment / ".ssh" / "id_ed25519_vps-tui"
            for passphrase, code in (("correct horse", 0), ("", 255)):
                command = ["ssh-keygen", "-y", "-P", passphrase, "-f", str(file)]
                assert subprocess.run(command, capture_output=True, check=False).returncode == code

    async def test_a_folder_that_cannot_be_used_is_said(self, own_environment: Path) -> None:
        (own_environment / ".ssh").mkdir()
        (own_environment / ".ssh").chmod(0o777)
        async with wizard() as pilot:
            await pair_screen(pilot)
            await press(pilot, "enter", "enter")
            await wait_until(pilot, lambda: "chmod 700" in words(pilot, "#verdict"))
            (own_environment / ".ssh").chmod(0o700)
            await pilot.click("#use")
            await wait_until(pilot, lambda: "SHA256:" in words(pilot, "#verdict"))
