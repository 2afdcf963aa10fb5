"""Servers that the provider lists without a name have the one that they were ordered with, and no other's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.server_change import OwnedListing, OwnedServer
from vps_tui.journal import Entry, Purchase, State
from vps_tui.providers.order_file import dump
from vps_tui.services.change_task import with_names

ACCOUNT = "ops@example.org"
SMART, BASIC = "KVM SMART", "KVM BASIC"
WEB1 = ServerDraft("web1", "1", SMART, "208")
DB1 = ServerDraft("db1", "2", BASIC, "208")
DRAFT = Draft("edis", "122", payment_method="cryptomus", servers=(WEB1, DB1))
CLONES = replace(DRAFT, servers=(WEB1, replace(WEB1, name="web2")))
ALONE = replace(DRAFT, servers=(WEB1,))
LISTING = OwnedListing(
    (
        OwnedServer("edis", "7", plan=SMART),
        OwnedServer("edis", "8", plan=BASIC),
        OwnedServer("edis", "9", plan=SMART, name="mine"),
    )
)


def entry(draft: Draft = DRAFT, *services: str, account: str = ACCOUNT, state: State = State.PLACED) -> Entry:
    quote = {"servers": [{"plan": server.plan_name} for server in draft.servers]}
    bought = Purchase("edis", account, "0" * 64, dump(draft), quote, (), (("web1", "1"),))
    outcome = Outcome(OutcomeKind(state.value), service_ids=services)
    when = datetime(2026, 11, 22, tzinfo=UTC)
    return Entry("1122-aaaa", bought, state, when, "ops@box", when, when, outcome, (), None, "reply", "")


def names(*entries: Entry) -> list[str]:
    return [server.name for server in with_names(LISTING, entries, "edis", ACCOUNT.upper()).servers]


@pytest.mark.parametrize("services", [("7", "8"), ("8", "7")])
def test_the_listed_plans_tell_which_is_which_and_not_the_order_of_the_ids(services: tuple[str, str]) -> None:
    """Whoever cancels db1 must not end web1."""
    assert names(entry(DRAFT, *services)) == ["web1", "db1", "mine"]


def test_servers_of_one_plan_are_not_named() -> None:
    assert names(entry(CLONES, "7", "9")) == ["", "", "mine"]


def test_a_single_server_is_named_whatever_its_plan_is_by_now() -> None:
    assert names(entry(ALONE, "8")) == ["", "web1", "mine"]


def test_the_newest_order_of_a_service_counts() -> None:
    older = entry(replace(ALONE, servers=(replace(WEB1, name="old"),)), "7")
    assert names(entry(DRAFT, "7", "8"), older) == ["web1", "db1", "mine"]


@pytest.mark.parametrize(
    "other",
    [
        entry(CLONES, "7"),
        entry(ALONE),
        entry(ALONE, "7", "8"),
        entry(ALONE, "7", account="other@example.org"),
        entry(ALONE, "7", state=State.UNKNOWN),
    ],
    ids=["fewer ids than servers", "no ids", "more ids than servers", "another account", "not known to be placed"],
)
def test_what_is_not_certain_names_nothing(other: Entry) -> None:
    assert names(other) == ["", "", "mine"]
