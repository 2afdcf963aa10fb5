"""After the order, in a real terminal: the receipt goes on until one can log in, for next to no bytes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from vps_tui.sandbox.server import Sandbox

from .terminal import Terminal

pytestmark = pytest.mark.pty

ORDER = """version = 1
provider = "edis"
location = 122
billing_cycle = "monthly"
payment_method = "cryptomus"

[[server]]
name = "web1"
plan = 1707
os = 208
"""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox whose servers are delivered at once and do not answer yet."""
    with Sandbox(delivery_seconds=0, ssh_delay_seconds=3600) as running:
        yield running
    assert running.failures == []


def test_it_follows_for_few_bytes_then_shows_how_to_log_in(
    start: Callable[..., Terminal], sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VPS_TUI_SSH_PORT", str(sandbox.ssh_port))
    file = tmp_path / "web1.toml"
    file.write_text(ORDER)
    terminal = start("--order-file", str(file))
    terminal.wait_for("Cost", "Continue")
    terminal.press("enter")
    terminal.wait_for("Type yes to order")
    terminal.type("yes")
    terminal.press("enter")
    terminal.wait_for("web1: waiting for SSH at 127.", "(refused)")
    terminal.settle()
    before, end = len(terminal.transcript), time.monotonic() + 1.2
    while time.monotonic() < end:
        terminal.pause()
    drawn = len(terminal.transcript) - before
    assert 0 < drawn < 2 * 100, "The time alone is drawn, once a second."
    sandbox._doors._delay = timedelta(0)
    sandbox._doors.look()
    (service,) = [one for one in sandbox.ledger.services("edis") if one.order_id]
    command = f"ssh -p {sandbox.ssh_port} root@{service.ip}"
    terminal.wait_for(f"web1 is ready: {command}", "ED25519 key SHA256:")
    terminal.settle()
    terminal.press("f3")
    terminal.wait_for(f"Log in with: {command}")
    terminal.press("escape", "escape")
    assert terminal.exit_code() == 0
    assert b"vps-tui watch " in terminal.transcript
    assert len(sandbox.ledger.orders()) == 1
