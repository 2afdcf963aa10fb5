"""A provider that states no time, and a clock of this machine that is wrong: only what was listed before counts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from providers.loopback import Answer, Request

from vps_tui.journal import Journal
from vps_tui.sandbox.server import Sandbox

from .gate import Gate
from .misbehaviours import reset_unread, silent
from .program import PROVIDERS, Program, names, own_journal

WRONG = {"an hour ahead": timedelta(hours=1), "20 years ahead": timedelta(days=7305), "behind": -timedelta(days=7305)}


@pytest.fixture
def timeless(gate: Gate) -> Gate:
    """The gate, which leaves the time out of every answer."""

    def route(request: Request) -> Answer:
        reply = re.sub(rb"\r\nDate: [^\r]*", b"", gate.passed_on(request), count=1, flags=re.IGNORECASE)
        return lambda peer: peer.send(reply)

    gate.route = route
    return gate


@pytest.fixture(params=WRONG)
def wrong_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's clock, which is put right only after the order."""
    ahead = WRONG[request.param]
    monkeypatch.setattr(Journal.__init__, "__defaults__", (lambda: datetime.now(UTC) + ahead,))


@pytest.mark.usefixtures("wrong_clock")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_order_that_was_taken_is_found(provider: str, program: Program, timeless: Gate, sandbox: Sandbox) -> None:
    timeless.act = silent
    assert program.order(program.file(provider)).code == 4
    (entry,) = own_journal().entries()
    assert entry.server_time is None
    found = program("orders", "check", entry.reference, "--json")
    assert (found.code, found.document["sighting"]) == (0, "found"), found
    assert names(sandbox) == ["web1"]


@pytest.mark.usefixtures("wrong_clock")
def test_of_one_that_was_not_nothing_is_said_about_time(program: Program, timeless: Gate) -> None:
    timeless.act = reset_unread
    program.order(program.file("layerstack"))
    (entry,) = own_journal().entries()
    found = program("orders", "check", entry.reference)
    assert found.code == 4
    assert "it is not known how long ago it was sent" in found.out
    assert not re.search(r"likely|\bmin\b|minutes", found.said)
