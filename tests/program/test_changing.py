"""A server that one has, cancelled by keyboard: what was read is what is ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from vps_tui.sandbox.messages import form_fields
from vps_tui.sandbox.server import Sandbox

from .terminal import Terminal

pytestmark = pytest.mark.pty


def test_a_cancellation_by_the_words_on_the_screen(start: Callable[..., Terminal], sandbox: Sandbox) -> None:
    """A paste of the right word without brackets ends nothing; typing it does."""
    live = start("servers", "browse")
    live.wait_for("At which provider are your servers?", "EDIS Global", "LayerStack")
    live.press("enter")
    live.wait_for("2 servers", "next due on")
    live.press("enter")
    live.wait_for("Cancel it", "client area only")
    live.press("down", "down", "enter")
    live.wait_for("At the end of the paid period")
    live.press("enter")
    live.wait_for("Its data is deleted 6 days after termination", "nothing is charged")
    live.press("enter")
    live.wait_for("Its name or id, then Enter:")
    live.send("312845\r")
    live.wait_for("That came as fast as a paste: nothing was changed.")
    live.type("312845")
    live.press("enter")
    live.wait_for("Cancelled", "Recorded as")
    live.press("enter")
    assert live.exit_code() == 0
    (call,) = [request for request in sandbox.requests if request.route.endswith("/cancel/product")]
    sent = form_fields(call) or {}
    assert (sent["serviceid"], sent["type"]) == ("312845", "End of Billing Period")
    assert [change.kind for change in sandbox.ledger.changes()] == ["cancel"]
