"""Servers that the provider lists without a name have the one that they were ordered with, and no other's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from vps_tui.changes.names import named
from vps_tui.core.change import OwnedListing, OwnedServer
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.order_file import dump
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import Entry, Purchase, State

ACCOUNT = "ops@example.org"
WEB1 = ServerDraft("web1", "1707", "KVM STARTER", "208")
DRAFT = Draft("edis", "122", payment_method="cryptomus", servers=(WEB1, replace(WEB1, name="web2")))
LISTING = OwnedListing((OwnedServer("edis", "7"), OwnedServer("edis", "8"), OwnedServer("edis", "9", name="db")))


def entry(draft: Draft = DRAFT, *services: str, account: str = ACCOUNT, state: State = State.PLACED) -> Entry:
    bought = Purchase("edis", account, "0" * 64, dump(draft), {}, (), (("web1", "1707"),))
    outcome = Outcome(OutcomeKind(state.value), service_ids=services)
    when = datetime(2026, 11, 22, tzinfo=UTC)
    return Entry("1122-aaaa", bought, state, when, "ops@box", when, when, outcome, (), None, "reply", "")


def names(*entries: Entry) -> list[str]:
    return [server.name for server in named(LISTING, entries, "edis", ACCOUNT.upper()).servers]


def test_each_service_has_the_name_of_its_server_and_a_listed_name_stays() -> None:
    assert names(entry(DRAFT, "7", "8")) == ["web1", "web2", "db"]
    assert names(entry(DRAFT, "8", "9")) == ["", "web1", "db"]


def test_the_newest_order_of_a_service_counts() -> None:
    older = entry(replace(DRAFT, servers=(replace(WEB1, name="old"),)), "7")
    assert names(entry(DRAFT, "7", "8"), older) == ["web1", "web2", "db"]


@pytest.mark.parametrize(
    "other",
    [
        entry(DRAFT, "7"),
        entry(DRAFT),
        entry(DRAFT, "7", "8", account="other@example.org"),
        entry(DRAFT, "7", "8", state=State.UNKNOWN),
    ],
    ids=["fewer ids than servers", "no ids", "another account", "not known to be placed"],
)
def test_what_is_not_certain_names_nothing(other: Entry) -> None:
    assert names(other) == ["", "", "db"]
