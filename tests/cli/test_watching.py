"""`watch REF`: what it says and prints, its exit codes, and that a killed wait is taken up where it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from vps_tui.journal import State
from vps_tui.sandbox.server import Sandbox
from vps_tui.services import watch

from .conftest import FINGERPRINT, Run, Write, journal, not_reads

both = pytest.mark.parametrize("provider", ["edis", "layerstack"])
KILLS = int(os.environ.get("VPS_TUI_KILLS", "2"))
"""How often the wait is ended before it may come to its end."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that delivers at once and whose servers answer at once."""
    with Sandbox(delivery_seconds=0, ssh_delay_seconds=0) as running:
        yield running
    assert running.failures == []


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    monkeypatch.setattr(watch, "ASK_PAUSES", (0.05,))
    monkeypatch.setenv("VPS_TUI_SSH_PORT", str(sandbox.ssh_port))


def reference(run: Run, write: Write, provider: str = "edis") -> str:
    """Order a server; returns its reference."""
    return str(run("order", write(provider), "--yes", "--json").document["reference"])


def later(sandbox: Sandbox, seconds: float = 3600) -> None:
    """Have servers answer only so long after their delivery."""
    sandbox._doors._delay = timedelta(seconds=seconds)


@both
def test_it_ends_with_address_command_and_host_key(run: Run, write: Write, sandbox: Sandbox, provider: str) -> None:
    name = reference(run, write, provider)
    before = not_reads(sandbox)
    ran = run("watch", name)
    (service,) = [one for one in sandbox.ledger.services(provider) if one.order_id]
    command = f"ssh -p {sandbox.ssh_port} root@{service.ip}"
    assert ran.code == 0
    first, *_, last, note, key, banner = ran.out.splitlines()
    assert first.startswith(f"{name}: ")
    assert "  web1: ready: one can log in" in ran.out
    assert (last, banner) == (f"web1 is ready: {command}", "  SSH-2.0-vps-tui-sandbox")
    assert key.startswith("  ED25519 key SHA256:")
    assert note == f"  The key it needs was not found on this machine: ED25519 {FINGERPRINT} ops@box"
    assert ran.err == ""
    assert not_reads(sandbox) == before
    document = run("watch", name, "--json").document
    (server,) = document.pop("servers")
    assert document == {"reference": name, "outcome": "placed", "ready": True}
    assert server == {
        "name": "web1",
        "service_id": str(service.service_id),
        "address": service.ip,
        "ssh_command": command,
        "ssh": {"command": command, "key_file": None, "host_key": key.split()[2]},
        "host_key_fingerprint": key.split()[2],
        "banner": "SSH-2.0-vps-tui-sandbox",
        "waiting_for": None,
        "look_for": None,
    }


def test_a_pipe_gets_a_line_for_what_changes_and_nothing_drawn_over(run: Run, write: Write, sandbox: Sandbox) -> None:
    later(sandbox)
    name = reference(run, write)
    ran = run("watch", name, "--timeout", "0.01")
    waiting = [line for line in ran.out.splitlines() if "waiting for SSH" in line]
    assert len(waiting) == 1, ran.out
    assert waiting[0].endswith("(refused)")
    assert "\r" not in ran.out + ran.err
    assert ran.code == 1
    assert f"the order stands. Go on with: vps-tui watch {name}" in ran.out


def test_a_timeout_has_a_document_too(run: Run, write: Write, sandbox: Sandbox) -> None:
    later(sandbox)
    ran = run("watch", reference(run, write), "--json", "--timeout", "0.01")
    (server,) = ran.document["servers"]
    assert (ran.code, ran.document["ready"]) == (1, False)
    assert server["waiting_for"].startswith("waiting for SSH at 127.")
    assert server["host_key_fingerprint"] is None
    assert "waiting for SSH" in ran.err, "Somebody may be looking on."


def test_without_api_access_it_says_what_to_look_for_and_takes_the_address(
    run: Run, write: Write, sandbox: Sandbox
) -> None:
    name = reference(run, write)
    sandbox.set_faults(["no-api-access"])
    ran = run("watch", name, "--timeout", "0.01")
    assert ran.code == 1
    assert ran.out.count("Look for the e-mail from EDIS Global to sandbox@example.test") == 1
    (service,) = [one for one in sandbox.ledger.services("edis") if one.order_id]
    sandbox._doors.look()
    asked = len(sandbox.requests)
    for given in (service.ip, f"web1={service.ip}"):
        ran = run("watch", name, "--address", given)
        assert (ran.code, ran.out.splitlines()[-4]) == (
            0,
            f"web1 is ready: ssh -p {sandbox.ssh_port} root@{service.ip}",
        )
    assert len(sandbox.requests) == asked, "With every address typed nobody is asked."
    assert run("watch", name, "--address", "web9=127.0.0.1").code == 2
    assert run("watch", name, "--address", "127.0.0").code == 2


def test_what_cannot_be_watched_is_said(run: Run, write: Write, sandbox: Sandbox) -> None:
    assert run("watch", "1122-none").code == 2
    name = reference(run, write)
    sandbox.set_faults(["http-422:add/order"])
    run("order", write("edis", ("web1", "web2")), "--yes")
    refused = next(entry for entry in journal().entries() if entry.state is State.REFUSED)
    ran = run("watch", refused.reference, "--json")
    assert (ran.code, ran.document["error"]["title"]) == (1, "Nothing to wait for")
    sandbox.set_faults(["wrong-password"])
    ran = run("watch", name)
    assert (ran.code, "Sign-in refused" in ran.err) == (1, True)


def test_an_unknown_order_is_looked_for_first(run: Run, write: Write, sandbox: Sandbox) -> None:
    sandbox.set_faults(["reply-lost"])
    lost = run("order", write(), "--yes", "--json").document["reference"]
    sandbox.set_faults(["reset"])
    gone = run("order", write("edis", ("web1", "web2"), ("1707", "1702")), "--yes", "--json").document["reference"]
    sandbox.set_faults([])
    ran = run("watch", lost)
    assert ran.code == 0
    assert "It is there: the order was taken." in ran.out
    assert f"ssh -p {sandbox.ssh_port} root@127." in ran.out
    ran = run("watch", gone, "--json")
    assert (ran.code, ran.document) == (4, {"reference": gone, "outcome": "unknown", "ready": False, "servers": []})
    assert f"vps-tui orders check {gone}" in ran.err


def test_trouble_is_said_once_and_passes(run: Run, write: Write, sandbox: Sandbox) -> None:
    name = reference(run, write)
    sandbox.set_faults(["http-503:get/services*6"])
    ran = run("watch", name)
    assert ran.code == 0
    assert ran.out.count("EDIS Global could not be asked, and is asked again") == 1
    assert ran.out.count("EDIS Global answers again.") == 1


def test_an_unpaid_order_says_so(run: Run, write: Write, sandbox: Sandbox) -> None:
    sandbox.set_faults(["insufficient-credit"])
    ran = run("watch", reference(run, write), "--timeout", "0.005")
    assert "The invoice is NOT paid yet. Pay it in the EDIS Global client area" in ran.out


def test_minutes_are_a_number_from_zero_on(run: Run) -> None:
    for wrong in ("-1", "nan", "inf", "long"):
        assert run("watch", "1122-aaaa", f"--timeout={wrong}").code == 2


def started(name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "vps_tui", "watch", name, "--json", "--timeout", "1"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def waiting_at(process: subprocess.Popen[str]) -> str:
    """Return the address at which that process waits for SSH."""
    assert process.stderr is not None
    for line in process.stderr:
        if "waiting for SSH at " in line:
            return line.partition("waiting for SSH at ")[2].split(":")[0]
    raise AssertionError("it never came to an address")


def test_a_wait_that_is_killed_again_and_again_ends_at_the_same_address(
    run: Run, write: Write, sandbox: Sandbox
) -> None:
    """P9. Some are killed, one is stopped with Ctrl+C, the last may end; nothing is ever bought again."""
    later(sandbox)
    name = reference(run, write)
    before = not_reads(sandbox)
    seen = set()
    for number in range(KILLS):
        with started(name) as process:
            seen.add(waiting_at(process))
            process.send_signal(signal.SIGKILL if number else signal.SIGINT)
            output, errors = process.communicate(timeout=10)
            if not number:
                document: dict[str, Any] = json.loads(output)
                assert (process.returncode, document["ready"]) == (3, False)
                assert f"Stopped waiting; the order stands. Go on with: vps-tui watch {name}" in errors
    later(sandbox, 0)
    last = run("watch", name, "--json")
    assert last.code == 0
    assert {last.document["servers"][0]["address"]} == seen
    assert not_reads(sandbox) == before
    assert len(sandbox.ledger.orders()) == 1


def test_a_server_that_is_ready_is_told_though_another_never_comes(run: Run, write: Write, sandbox: Sandbox) -> None:
    """Of a partial order one server stays away for ever: whoever stops waiting must know the way to the other."""
    sandbox.set_faults(["partial"])
    file = write("edis")
    text = file.read_text()
    server = text[text.index("[[server]]") :]
    file.write_text(text + "\n" + server.replace("web1", "web2"))
    name = str(run("order", file, "--yes", "--json").document["reference"])
    ran = run("watch", name, "--timeout", "0.02")
    (service,) = [one for one in sandbox.ledger.services("edis") if one.order_id]
    assert ran.code == 1
    assert f"is ready: ssh -p {sandbox.ssh_port} root@{service.ip}" in ran.out
    assert "Not all is ready after 0.02 minutes" in ran.out
