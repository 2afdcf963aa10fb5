"""A pair made in the wizard logs in to the server ordered with it, by the command that the receipt shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.remote import Shell

from vps_tui.core.steps import Step
from vps_tui.ssh import identities
from vps_tui.ssh.key_pair import NAME
from vps_tui.tui.screens.copying import BareView, CopyScreen
from vps_tui.tui.screens.history import EarlierScreen, OrderScreen

from .driver import (
    arrive,
    choices,
    choose,
    go_to,
    press,
    said,
    sandbox_of,
    screen_lines,
    type_text,
    wait_until,
    wizard,
    words,
)
from .shortcut import deliver_quickly


async def test_the_command_is_the_same_on_the_receipt_bare_copied_and_in_the_earlier_order(
    own_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_quickly(monkeypatch)
    monkeypatch.setattr(identities, "ssh_folder", lambda: own_environment / ".ssh")
    async with wizard() as pilot:
        app = pilot.app
        await go_to(pilot, Step.SSH_KEY)
        await choose(pilot, "pair")
        await press(pilot, "enter", "enter")
        await wait_until(pilot, lambda: "SHA256:" in words(pilot, "#verdict"))
        await press(pilot, "enter", to=Step.COST)
        await press(pilot, "enter", to=Step.CONFIRM)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        await wait_until(pilot, lambda: "web1 is ready: ssh " in words(pilot, "#following"))
        sandbox = sandbox_of(app)
        (service,) = [one for one in sandbox.ledger.services("edis") if one.order_id]
        key = own_environment / ".ssh" / NAME
        command = f"ssh -i {key} -o IdentitiesOnly=yes -p {sandbox.ssh_port} root@{service.ip}"
        assert f"web1 is ready: {command}\n  ED25519 key SHA256:" in words(pilot, "#following")
        assert (shell := Shell(own_environment, sandbox.ssh_port)).run(command) == 0
        await press(pilot, "f3")
        await wait_until(pilot, lambda: isinstance(app.screen, BareView))
        bare = "\n".join(line.rstrip() for line in screen_lines(app))
        shown = bare.partition("Log in with:\n")[2].partition("\nHost key:")[0]
        assert shown.replace(" \\\n", " ") == command
        assert " \\\n" in shown, "It is longer than the screen is wide."
        assert shell.run(shown) == 0
        await press(pilot, "escape", "f4")
        await wait_until(pilot, lambda: isinstance(app.screen, CopyScreen))
        (row,) = [choice.id for choice in choices(pilot)._shown if choice.cells[0] == "Log in with"]
        await choose(pilot, row)
        await wait_until(pilot, lambda: app.clipboard != "")
        assert app.clipboard == command
        await press(pilot, "f5")
        await wait_until(pilot, lambda: isinstance(app.screen, EarlierScreen) and app.screen.has_read)
        await press(pilot, "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, OrderScreen))
        assert f"root@{service.ip}" in said(app)
