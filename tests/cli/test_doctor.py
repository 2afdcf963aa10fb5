"""`doctor` says what is set up, what is not and how to mend it, and holds no secret whatever it finds."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vps_tui.cli.commands import doctor_checks
from vps_tui.cli.commands.doctor_checks import State
from vps_tui.cli.main import main
from vps_tui.files.locations import config_folder, state_folder
from vps_tui.sandbox.server import EDIS_ACCOUNT, LAYERSTACK_ACCOUNT, Sandbox

SECRET = "s3ntinel-of-this-test"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox outside the program, in the place of the real providers."""
    with Sandbox(delivery_seconds=0) as running:
        yield running
    assert running.failures == []


@pytest.fixture(autouse=True)
def catalog_file() -> None:
    """Set nothing up: what is missing is what `doctor` looks at."""


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away a keyring that whoever runs the tests may have."""
    monkeypatch.setattr("vps_tui.credentials.keyring.find_spec", lambda _: None)


@pytest.fixture
def at_sandbox(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Lead both providers' addresses to the sandbox; nothing signs in yet."""
    monkeypatch.setenv("VPS_TUI_EDIS_URL", sandbox.edis_url)
    monkeypatch.setenv("VPS_TUI_EDIS_SESSION_URL", sandbox.edis_url)
    monkeypatch.setenv("VPS_TUI_LAYERSTACK_URL", sandbox.layerstack_url)
    return monkeypatch


@pytest.fixture
def signed_in(at_sandbox: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Put the sandbox's accounts into the environment."""
    names = ("EDIS_EMAIL", "EDIS_PASSWORD", "LAYERSTACK_ACCOUNT", "LAYERSTACK_TOKEN")
    for name, value in zip(names, (*EDIS_ACCOUNT, *LAYERSTACK_ACCOUNT), strict=True):
        at_sandbox.setenv(f"VPS_TUI_{name}", value)
    return at_sandbox


def configure(text: str) -> Path:
    config_folder().mkdir(parents=True, exist_ok=True)
    path = config_folder() / "config.toml"
    path.write_text(text)
    path.chmod(0o600)
    return path


def examined(capfd: pytest.CaptureFixture[str], *before: str) -> tuple[int, dict[str, Any], str]:
    """Return exit code, JSON document and text of the same examination; both agree on whether all is well."""
    code = main([*before, "doctor", "--json"])
    printed, errors = capfd.readouterr()
    assert errors == ""
    assert main([*before, "doctor"]) == code
    text, errors = capfd.readouterr()
    assert errors == ""
    found = json.loads(printed)
    assert found["ok"] is (code == 0)
    assert ("\n  !! " in text) is (code != 0)
    for secret in (SECRET, EDIS_ACCOUNT[1], LAYERSTACK_ACCOUNT[1]):
        assert secret not in printed + text
    long = [line for line in text.splitlines() if len(line) > 80]
    assert all("Run: " in line or len(line.split()[-1]) > 40 for line in long), long
    return code, found, text


def provider(found: dict[str, Any], name: str) -> dict[str, Any]:
    (entry,) = (entry for entry in found["providers"] if entry["provider"] == name)
    return dict(entry)


def named(findings: list[dict[str, str]], name: str) -> dict[str, str]:
    (entry,) = (entry for entry in findings if entry["name"] == name)
    return entry


def test_all_is_well(signed_in: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    code, found, text = examined(capfd)
    assert code == 0
    assert text.endswith("All is well.\n")
    assert provider(found, "edis")["accepted"] is True
    assert provider(found, "edis")["credentials"] == [
        {"field": "email", "source": "environment VPS_TUI_EDIS_EMAIL"},
        {"field": "password", "source": "environment VPS_TUI_EDIS_PASSWORD"},
    ]
    assert provider(found, "layerstack")["accepted"] is True


def test_only_reads_are_sent(
    signed_in: pytest.MonkeyPatch, sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    examined(capfd)
    assert {request.route for request in sandbox.requests} == {"/kvm/v2/get/account-balance", "/api/cloudserver/"}


def test_nothing_set_up_is_nothing_to_mend(
    at_sandbox: pytest.MonkeyPatch, sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    """The wizard asks."""
    code, found, text = examined(capfd)
    assert code == 0
    assert provider(found, "edis")["accepted"] is None
    assert provider(found, "edis")["credentials"][1] == {"field": "password", "source": None}
    assert "VPS_TUI_EDIS_PASSWORD" in text
    assert sandbox.requests == []


def test_a_refused_password(signed_in: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    signed_in.setenv("VPS_TUI_EDIS_PASSWORD", SECRET)
    code, found, _ = examined(capfd)
    assert code == 1
    assert provider(found, "edis")["accepted"] is False
    finding = named(provider(found, "edis")["findings"], "EDIS Global sign-in")
    assert finding["state"] == "problem"
    assert "Sign-in refused" in finding["message"]
    assert "client account" in finding["hint"]
    assert provider(found, "layerstack")["accepted"] is True


def test_a_provider_that_is_not_there(signed_in: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    signed_in.setenv("VPS_TUI_EDIS_URL", "http://127.0.0.1:1")
    code, found, _ = examined(capfd)
    assert code == 1
    assert "No connection" in named(provider(found, "edis")["findings"], "EDIS Global sign-in")["message"]


def test_an_address_that_cannot_be_used(signed_in: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    signed_in.setenv("VPS_TUI_EDIS_URL", f"http://me:{SECRET}@shop.example")
    code, found, _ = examined(capfd)
    assert code == 1
    assert "https://" in named(provider(found, "edis")["findings"], "EDIS Global sign-in")["message"]


def test_a_command_is_named_and_its_secret_is_not(
    signed_in: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    signed_in.delenv("VPS_TUI_EDIS_PASSWORD")
    configure(f'[edis]\npassword_command = ["printf", "{EDIS_ACCOUNT[1]}"]')
    code, found, text = examined(capfd)
    assert (code, provider(found, "edis")["accepted"]) == (0, True)
    assert provider(found, "edis")["credentials"][1]["source"].startswith("command printf")
    assert "from command printf" in text


def test_a_command_that_fails(signed_in: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    signed_in.delenv("VPS_TUI_EDIS_PASSWORD")
    configure(f'[edis]\npassword_command = ["sh", "-c", "echo {SECRET}; echo {SECRET} >&2; exit 7"]')
    code, found, _ = examined(capfd)
    assert code == 1
    finding = named(provider(found, "edis")["findings"], "EDIS Global password")
    assert finding["message"] == "The password_command sh ended with status 7."
    assert "VPS_TUI_EDIS_PASSWORD" in finding["hint"]


def test_a_refused_configuration_does_not_stop_the_rest(
    signed_in: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = configure('[edis]\nemail = "a@b"')
    path.chmod(0o644)
    code, found, _ = examined(capfd)
    assert code == 1
    assert found["configuration"][0]["hint"] == f"Run: chmod 600 {path}"
    assert found["providers"] == []
    assert named(found["versions"], "Textual")["message"]


@pytest.mark.parametrize(
    ("text", "said"),
    [(f'[edis]\npassword = "{SECRET}"', "no secret may stand in this file"), ("[edis]\nx = 1", "no such key")],
)
def test_a_wrong_configuration(
    signed_in: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    configure(text)
    code, found, _ = examined(capfd)
    assert code == 1
    assert said in found["configuration"][0]["message"]


def test_the_profile_that_was_chosen(signed_in: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    signed_in.delenv("VPS_TUI_EDIS_EMAIL")
    configure(f'[edis]\nemail = "wrong@example.com"\n[profile.work.edis]\nemail = "{EDIS_ACCOUNT[0]}"')
    code, found, _ = examined(capfd, "--profile", "work")
    assert (code, provider(found, "edis")["accepted"]) == (0, True)
    assert provider(found, "edis")["credentials"][0]["source"] == "config.toml, profile work"
    assert examined(capfd)[0] == 1
    code, found, _ = examined(capfd, "--profile", "wrok")
    assert (code, found["configuration"][0]["hint"]) == (1, "Did you mean work?")


def test_the_sandbox_is_examined_as_well(capfd: pytest.CaptureFixture[str]) -> None:
    code, found, _ = examined(capfd, "--sandbox")
    assert code == 0
    assert [entry["accepted"] for entry in found["providers"]] == [True, True]
    assert provider(found, "edis")["credentials"][0]["source"] == "the sandbox's own account"


def test_files_that_others_can_reach(signed_in: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    (state_folder() / "journal.sqlite").touch()
    (state_folder() / "journal.sqlite").chmod(0o644)
    config_folder().mkdir(parents=True)
    catalogue = config_folder() / "layerstack-catalog.toml"
    catalogue.touch()
    catalogue.chmod(0o666)
    code, found, _ = examined(capfd)
    assert code == 1
    assert named(found["files"], "journal.sqlite")["hint"].startswith("Run: chmod 600 ")
    assert named(found["files"], "LayerStack catalogue")["hint"] == f"Run: chmod go-w {catalogue}"
    assert named(found["files"], "Records")["message"].endswith("(mode 0700)")


def test_a_state_folder_that_others_may_write_to(
    signed_in: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    state_folder().chmod(0o777)
    code, found, _ = examined(capfd)
    assert code == 1
    assert "other users can change it" in named(found["files"], "Records")["message"]


def test_textual_is_not_loaded(signed_in: pytest.MonkeyPatch) -> None:
    code = (
        "import sys\nfrom vps_tui.cli.main import main\nended = main(['doctor', '--json'])\n"
        "assert ended == 0\nassert 'textual' not in sys.modules and 'rich' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ok"]


class TestTerminal:
    @pytest.mark.parametrize(
        ("environ", "name", "state", "message"),
        [
            ({"TERM": "xterm-256color"}, "TERM", State.OK, "xterm-256color"),
            ({"TERM": "dumb"}, "TERM", State.NOTE, "dumb"),
            ({}, "TERM", State.NOTE, "not set"),
            ({"TERM": "a\x1b[2Jb"}, "TERM", State.OK, "a[2Jb"),
            ({"TERM": "xterm", "NO_COLOR": "1"}, "Colours", State.OK, "none: NO_COLOR is set"),
            ({"TERM": "xterm", "COLORTERM": "truecolor"}, "Colours", State.OK, "all, by COLORTERM"),
            ({"TMUX": "/tmp/x", "SSH_CONNECTION": "a b"}, "Inside", State.OK, "tmux, ssh"),
            ({"STY": "1.x"}, "Inside", State.OK, "screen"),
            ({}, "Inside", State.OK, "none of tmux, screen, ssh"),
        ],
    )
    def test_what_it_is(self, environ: dict[str, str], name: str, state: State, message: str) -> None:
        (found,) = (finding for finding in doctor_checks.terminal(environ) if finding.name == name)
        assert (found.state, found.message) == (state, message)

    @pytest.mark.parametrize(
        ("size", "state"), [((80, 24), State.OK), ((79, 24), State.NOTE), ((80, 23), State.NOTE)]
    )
    def test_its_size(self, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], state: State) -> None:
        monkeypatch.setattr(os, "get_terminal_size", lambda _: size)
        (found,) = (finding for finding in doctor_checks.terminal({}) if finding.name == "Size")
        assert (found.state, found.message) == (state, f"{size[0]} columns, {size[1]} lines")

    @pytest.mark.parametrize(
        ("term", "place", "said"),
        [("xterm", 1, "8"), ("no-such-terminal", 1, "not known"), ("xterm", 3, "ANSI_X3.4-1968")],
    )
    def test_what_a_fresh_process_sees(self, term: str, place: int, said: str) -> None:
        """Colours are looked up once in a process, and its locale is that of its start."""
        code = (
            "import os\nfrom vps_tui.cli.commands.doctor_checks import terminal\n"
            f"print([one.message for one in terminal({{'TERM': {term!r}}})][{place}])"
        )
        environ = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == said


class TestNetwork:
    def test_a_proxy_is_named_without_its_password(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from vps_tui.providers.registry import all_providers

        monkeypatch.setenv("HTTPS_PROXY", f"http://me:{SECRET}@proxy.example:3128")
        monkeypatch.setenv("NO_PROXY", "layerpanel.com")
        found = doctor_checks.network({}, all_providers())
        assert [finding.message for finding in found[1:]] == [
            "order.edisglobal.com by the proxy proxy.example:3128",
            "session.edisglobal.com by the proxy proxy.example:3128",
            "api.layerpanel.com directly",
        ]

    def test_no_proxy_leads_to_this_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from vps_tui.providers.registry import provider_info

        monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
        environ = {"VPS_TUI_LAYERSTACK_URL": "http://127.0.0.1:8080/api"}
        (_, found) = doctor_checks.network(environ, [provider_info("layerstack")])
        assert found.message == "127.0.0.1:8080 directly, set by VPS_TUI_LAYERSTACK_URL"

    @pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
    def test_a_trust_store_that_is_not_there(self, variable: str, tmp_path: Path) -> None:
        (found,) = doctor_checks.network({variable: str(tmp_path / "gone")}, ())
        assert found.state is State.PROBLEM
        assert variable in found.hint


def test_the_state_folder_is_its_owners_alone_under_any_mask(capfd: pytest.CaptureFixture[str]) -> None:
    before = os.umask(0)
    try:
        main(["--sandbox", "doctor"])
    finally:
        os.umask(before)
    folder = state_folder()
    modes = {str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}
    assert modes == {"sandbox": 0o700, "sandbox/ledger.sqlite": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
