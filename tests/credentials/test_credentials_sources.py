"""Every credential has one order of sources, each asked once; what fails is said, and the next one is tried."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from vps_tui.core.secret import Secret
from vps_tui.credentials import command, keyring
from vps_tui.credentials.config import Config
from vps_tui.credentials.keyring import Keyring
from vps_tui.credentials.sources import CredentialsMissing, Sources, off_loop
from vps_tui.providers.registry import provider_info
from vps_tui.services.live_backend import LiveBackend

EDIS, STACK = provider_info("edis"), provider_info("layerstack")
SECRET = "s3ntinel-of-this-test"
ENVIRONMENT = {"VPS_TUI_EDIS_EMAIL": "env@example.com", "VPS_TUI_EDIS_PASSWORD": "of the environment"}

FAKE = """
import os, time
from pathlib import Path

FOLDER = Path(__file__).parent

class KeyringError(Exception): pass
class NoKeyringError(KeyringError, RuntimeError): pass
class KeyringLocked(KeyringError): pass

class BackEnd:
    priority = {priority}

class PlaintextKeyring(BackEnd): pass

def get_keyring():
    return {back_end}()

def get_password(service, name):
    with (FOLDER / "asked").open("a") as file:
        file.write(f"{{service}} {{name}}\\n")
    {behaviour}
    path = FOLDER / f"entry {{service}} {{name}}"
    return path.read_text() if path.exists() else None

def set_password(service, name, value):
    {behaviour}
    (FOLDER / f"entry {{service}} {{name}}").write_text(value)
"""


class FakeRing:
    """A keyring package on `sys.path`, as broken as a test wants it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, behaviour: str = "pass", *, priority: float = 5, back_end: str = "BackEnd") -> None:
        text = FAKE.format(behaviour=behaviour, priority=priority, back_end=back_end)
        (self.folder / "keyring.py").write_text(text)

    def hold(self, **entries: str) -> None:
        for name, value in entries.items():
            (self.folder / f"entry vps-tui {name.replace('_', '.')}").write_text(value)

    @property
    def asked(self) -> list[str]:
        path = self.folder / "asked"
        return path.read_text().splitlines() if path.exists() else []

    def entry(self, name: str) -> str:
        return (self.folder / f"entry vps-tui {name}").read_text()


@pytest.fixture
def fake_ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRing]:
    """A folder for a keyring package, first on the path; a keyring that hangs is given up soon."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(keyring, "LIMIT", 0.5)
    yield FakeRing(folder)
    sys.modules.pop("keyring", None)


@pytest.fixture(autouse=True)
def no_keyring(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away a keyring package that whoever runs the tests may have installed."""
    if "fake_ring" not in request.fixturenames:
        monkeypatch.setattr(keyring, "find_spec", lambda _: None)


def sources(environ: Mapping[str, str] | None = None, **config: Any) -> Sources:
    return Sources({"PATH": os.environ["PATH"], **(environ or {})}, Config(**config))


def shown(found: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return {key: (one.value.reveal() if one.value else "", one.source) for key, one in found.items()}


def counted(folder: Path, line: str) -> tuple[str, ...]:
    """Return a command that counts how often it is run."""
    return ("sh", "-c", f"echo x >> {folder}/runs; {line}")


class TestPrecedence:
    def test_the_environment_comes_first_and_nothing_else_is_asked(self, tmp_path: Path, fake_ring: FakeRing) -> None:
        fake_ring.put()
        found = sources(
            ENVIRONMENT,
            sign_in={"edis": {"email": "config@example.com"}},
            commands={"edis": {"password": counted(tmp_path, "echo x")}},
        ).find(EDIS)
        assert shown(found) == {
            "email": ("env@example.com", "environment VPS_TUI_EDIS_EMAIL"),
            "password": ("of the environment", "environment VPS_TUI_EDIS_PASSWORD"),
        }
        assert not (tmp_path / "runs").exists()
        assert fake_ring.asked == []

    def test_then_configuration_and_command(self, fake_ring: FakeRing) -> None:
        fake_ring.put()
        fake_ring.hold(edis_password="of the keyring")
        found = sources(
            sign_in={"edis": {"email": "config@example.com"}},
            commands={"edis": {"password": ("printf", "from the command")}},
        ).find(EDIS)
        assert shown(found) == {
            "email": ("config@example.com", "config.toml"),
            "password": ("from the command", "command printf '***'"),
        }
        assert fake_ring.asked == []

    def test_then_the_keyring(self, fake_ring: FakeRing) -> None:
        fake_ring.put()
        fake_ring.hold(edis_email="ring@example.com", edis_password="of the keyring")
        assert shown(sources().find(EDIS)) == {
            "email": ("ring@example.com", "keyring"),
            "password": ("of the keyring", "keyring"),
        }

    def test_a_command_that_fails_is_said_and_the_keyring_is_asked(self, fake_ring: FakeRing) -> None:
        fake_ring.put()
        fake_ring.hold(edis_password="of the keyring")
        of = sources({"VPS_TUI_EDIS_EMAIL": "a@b"}, commands={"edis": {"password": ("false",)}})
        assert shown(of.find(EDIS))["password"] == ("of the keyring", "keyring")

    def test_a_profile_has_entries_of_its_own(self, fake_ring: FakeRing) -> None:
        fake_ring.put()
        fake_ring.hold(edis_password="private")
        (fake_ring.folder / "entry vps-tui work.edis.password").write_text("work")
        of = sources(profile="work", sign_in={"edis": {"email": "a@b"}})
        assert shown(of.find(EDIS)) == {
            "email": ("a@b", "config.toml, profile work"),
            "password": ("work", "keyring"),
        }

    def test_another_accounts_secret_is_not_sent(self, fake_ring: FakeRing) -> None:
        fake_ring.put()
        fake_ring.hold(edis_email="ring@example.com", edis_password=SECRET)
        found = sources({"VPS_TUI_EDIS_EMAIL": "env@example.com"}).find(EDIS)
        assert found["password"].value is None
        assert found["password"].problems == ("The keyring holds what belongs to another e-mail.",)

    def test_empty_values_count_as_none(self) -> None:
        found = sources({"VPS_TUI_EDIS_EMAIL": "", "VPS_TUI_EDIS_PASSWORD": ""}).find(EDIS)
        assert shown(found) == {"email": ("", ""), "password": ("", "")}


class TestCommands:
    def test_a_command_is_run_once_whether_it_succeeds_or_not(self, tmp_path: Path) -> None:
        for line in ("echo x", "exit 1"):
            of = sources(commands={"edis": {"password": counted(tmp_path, line)}})
            for _ in range(3):
                of.find(EDIS)
            assert (tmp_path / "runs").read_text() == "x\n"
            (tmp_path / "runs").unlink()

    def test_two_threads_run_it_once(self, tmp_path: Path) -> None:
        of = sources(commands={"edis": {"password": counted(tmp_path, "sleep 0.2; echo x")}})
        threads = [threading.Thread(target=of.find, args=(EDIS,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (tmp_path / "runs").read_text() == "x\n"

    def test_it_sees_none_of_our_secrets(self, tmp_path: Path) -> None:
        ours = {
            "VPS_TUI_EDIS_PASSWORD": f"{SECRET}-1",
            "VPS_TUI_SERVER_PASSWORD": f"{SECRET}-2",
            "VPS_TUI_EDIS_URL": "https://stays.example",
            "OTHER": "stays",
        }
        dump = ("sh", "-c", f"env > {tmp_path}/seen; echo x")
        sources(ours, commands={"layerstack": {"token": dump}}).find(STACK)
        seen = (tmp_path / "seen").read_text()
        assert SECRET not in seen
        assert "OTHER=stays" in seen
        assert "VPS_TUI_EDIS_URL=https://stays.example" in seen

    def test_its_secret_is_nowhere_in_words(self) -> None:
        for words in (("echo", SECRET), ("sh", "-c", f"echo {SECRET}; exit 1"), ("sh", "-c", f"echo {SECRET} >&2")):
            found = sources(commands={"edis": {"password": words}}).find(EDIS)
            assert SECRET not in repr(found)
            assert SECRET not in str(CredentialsMissing(EDIS, found))

    def test_closing_ends_one_that_runs(self, tmp_path: Path) -> None:
        of = sources(commands={"edis": {"password": ("sh", "-c", f"echo $$ > {tmp_path}/pid; exec sleep 60")}})
        thread = threading.Thread(target=of.find, args=(EDIS,))
        thread.start()
        deadline = time.monotonic() + 5
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        of.close()
        thread.join(2)
        assert not thread.is_alive()
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)


class TestKeyring:
    @pytest.mark.parametrize(
        ("behaviour", "said"),
        [
            ("raise NoKeyringError()", "There is no keyring here that could keep a secret."),
            (f"raise KeyringLocked('{SECRET}')", "The keyring is locked."),
            (f"raise ValueError('{SECRET}')", "The keyring failed (ValueError)."),
            ("raise SystemExit", "The keyring failed (SystemExit)."),
            ("time.sleep(2)", "The keyring did not answer within 0.5 s."),
        ],
    )
    def test_one_that_fails_says_so_in_one_sentence(self, fake_ring: FakeRing, behaviour: str, said: str) -> None:
        fake_ring.put(behaviour)
        of = sources({"VPS_TUI_EDIS_EMAIL": "a@b"})
        begun = time.monotonic()
        found = of.find(EDIS)
        of.find(STACK)
        assert time.monotonic() - begun < 1.5
        assert found["password"].problems == (said,)
        assert fake_ring.asked == ["vps-tui edis.email"], "a keyring that failed is not asked again"

    @pytest.mark.parametrize(
        "put", [{"priority": 0}, {"priority": -1}, {"back_end": "PlaintextKeyring", "priority": 0.5}]
    )
    def test_one_that_keeps_nothing_safe_is_not_used(self, fake_ring: FakeRing, put: dict[str, Any]) -> None:
        fake_ring.put(**put)
        of = sources()
        assert of.keyring_problem() == "There is no keyring here that could keep a secret."
        assert of.keep(EDIS, {"password": Secret(SECRET)})
        assert not (fake_ring.folder / "entry vps-tui edis.password").exists()

    def test_a_package_that_cannot_be_loaded(self, fake_ring: FakeRing) -> None:
        (fake_ring.folder / "keyring.py").write_text("raise ImportError('dbus')")
        assert sources().keyring_problem() == "The keyring failed (ImportError)."

    def test_without_the_package_nothing_is_complained_of(self) -> None:
        of = sources()
        assert "vps-tui[keyring]" in of.keyring_problem()
        assert of.find(EDIS)["password"].problems == ()

    def test_what_is_kept_is_found_by_the_next_run(self, fake_ring: FakeRing) -> None:
        fake_ring.put()
        assert sources().keep(EDIS, {"email": Secret("a@b"), "password": Secret(SECRET)}) == ""
        assert fake_ring.entry("edis.password") == SECRET
        assert shown(sources().find(EDIS)) == {"email": ("a@b", "keyring"), "password": (SECRET, "keyring")}

    def test_it_is_never_asked_on_the_thread_that_asks(self, fake_ring: FakeRing) -> None:
        fake_ring.put("import threading; assert threading.current_thread() is not threading.main_thread()")
        assert Keyring().read(["x"]) == {}
        ringing = Keyring()
        ringing.read(["x"])
        assert ringing.problem == ""


class TestKnown:
    def test_what_is_set_up_counts_without_being_run(self, tmp_path: Path, fake_ring: FakeRing) -> None:
        fake_ring.put()
        set_up = sources({"VPS_TUI_EDIS_EMAIL": "a@b"}, commands={"edis": {"password": counted(tmp_path, "exit 1")}})
        assert set_up.configured(EDIS)
        assert not (tmp_path / "runs").exists()
        assert not set_up.configured(STACK)
        set_up.find(EDIS)
        assert not set_up.configured(EDIS), "it failed, so it is asked for"
        assert fake_ring.asked

    def test_only_what_is_no_secret_is_shown(self) -> None:
        of = sources(ENVIRONMENT, sign_in={"edis": {"email": "c@d"}, "layerstack": {"account": "XX-1"}})
        assert of.public(EDIS) == {"email": "env@example.com"}
        assert of.public(STACK) == {"account": "XX-1"}

    def test_asking_whether_loads_nothing(self, tmp_path: Path) -> None:
        code = (
            "import sys\nfrom pathlib import Path\nfrom vps_tui.services.live_backend import LiveBackend\n"
            "from vps_tui.providers.registry import all_providers\n"
            "backend = LiveBackend({}, Path('.'), Path('.'))\n"
            "for info in all_providers():\n    backend.credentials_known(info), backend.known_fields(info)\n"
            "print(*sys.modules)\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        loaded = set(done.stdout.split())
        assert "vps_tui.credentials.sources" in loaded
        assert not loaded & {
            "pydantic",
            "keyring",
            "httpx",
            "textual",
            "subprocess.Popen",
            "vps_tui.credentials.keyring",
        }


class TestBackend:
    async def test_what_is_missing_names_variables_and_the_reason(self, tmp_path: Path) -> None:
        config = Config(sign_in={"edis": {"email": "a@b"}}, commands={"edis": {"password": ("false",)}})
        backend = LiveBackend({"PATH": os.environ["PATH"]}, tmp_path, tmp_path, config)
        with pytest.raises(CredentialsMissing) as caught:
            await backend.open(EDIS, {})
        assert caught.value.message == (
            "Something is missing to sign in to EDIS Global. The password_command false ended with status 1."
        )
        assert caught.value.hint == "Set VPS_TUI_EDIS_PASSWORD, or type it in the wizard."

    async def test_what_is_typed_needs_nobody_asked(self, tmp_path: Path) -> None:
        config = Config(commands={"edis": {"password": counted(tmp_path, "exit 1")}})
        backend = LiveBackend({"PATH": os.environ["PATH"]}, tmp_path, tmp_path, config)
        session = await backend.open(EDIS, {"email": "a@b", "password": Secret(SECRET)})
        assert session.account_name == "a@b"
        assert not (tmp_path / "runs").exists()
        await session.aclose()

    async def test_the_loop_goes_on_while_a_command_runs(self, tmp_path: Path) -> None:
        config = Config(commands={"edis": {"password": ("sh", "-c", "sleep 0.4; echo x")}})
        backend = LiveBackend({"PATH": os.environ["PATH"]}, tmp_path, tmp_path, config)
        asking = asyncio.create_task(backend.credentials(EDIS))
        turns = 0
        while not asking.done():
            await asyncio.sleep(0.01)
            turns += 1
        assert turns > 10
        assert (await asking)["password"].source == "command sh -c 'sleep 0.4; echo ***'"

    async def test_a_failure_reaches_whoever_waits(self) -> None:
        def fail() -> None:
            raise ValueError("as expected")

        with pytest.raises(ValueError, match="as expected"):
            await off_loop(fail)

    def test_the_end_does_not_wait_for_what_hangs(self) -> None:
        async def leave() -> None:
            hanging = asyncio.create_task(off_loop(lambda: time.sleep(5)))
            await asyncio.sleep(0.05)
            hanging.cancel()

        begun = time.monotonic()
        asyncio.run(leave())
        assert time.monotonic() - begun < 2


def test_the_limits_are_those_promised() -> None:
    assert command.LIMIT == 10
    assert keyring.LIMIT == 3
