"""The servers of the wizard's order: what is done to one leaves the others, and each keeps what is its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.catalog import Catalog, OsFamily, OsImage, Plan
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.secret import RootPassword, Secret
from vps_tui.core.steps import Position, Step, jump
from vps_tui.providers.registry import provider_info
from vps_tui.wizard import order_servers
from vps_tui.wizard.state import WizardState

IMAGE = OsImage("1", "Debian", OsFamily.LINUX)
PLANS = tuple(Plan(number, f"P{number}", 1, 1024, 10, 1, {}, (IMAGE,)) for number in ("10", "11"))
EDIS, STACK = provider_info("edis"), provider_info("layerstack")


def server(name: str, plan: str = "10") -> ServerDraft:
    return ServerDraft(name, plan, f"P{plan}", IMAGE.id, without_key=True)


def state(*names: str, provider: str = "edis", at: int = 0) -> WizardState:
    info = EDIS if provider == "edis" else STACK
    drafts = tuple(server(name) for name in names)
    draft = Draft(provider, "122" if provider == "edis" else "", payment_method="x", servers=drafts)
    passwords = tuple(RootPassword(Secret(f"Sesame-{number}")) for number, _ in enumerate(names))
    given_ = passwords if info.needs_root_password else ()
    return WizardState(
        draft, Position(Step.COST), at, info, credentials_known=True, catalog=Catalog(PLANS), root_passwords=given_
    )


def secrets(of: WizardState) -> list[str | None]:
    return [
        None if password.given is None else password.given.reveal()
        for password in (*of.root_passwords, *[RootPassword()] * (len(of.draft.servers) - len(of.root_passwords)))
    ]


def test_passwords_follow_their_servers() -> None:
    three = state("web", "web", "web", provider="layerstack")
    assert secrets(order_servers.without(three, 1)) == ["Sesame-0", "Sesame-2"]
    copied = order_servers.with_copies(three, 1, 2)
    assert secrets(copied) == ["Sesame-0", "Sesame-1", "Sesame-1", "Sesame-1", "Sesame-2"]
    added = order_servers.with_another(three)
    assert secrets(added) == ["Sesame-0", "Sesame-1", "Sesame-2", None]
    assert added.facts.has_root_password is False
    assert replace(added, server_index=0).facts.has_root_password is True
    assert secrets(added.with_root_password(RootPassword(Secret("New"))))[3] == "New"
    assert "Sesame" not in repr(added)


def test_a_password_that_is_being_typed_belongs_to_its_server() -> None:
    two = replace(state("web", "web", provider="layerstack", at=1), root_passwords=())
    typed = two.with_root_password(RootPassword(typed=Secret("unfinished")))
    assert replace(typed, server_index=0).own_password == RootPassword()
    assert typed.own_password.typed == Secret("unfinished")


def test_one_that_is_added_is_described_from_its_plan_on_and_given_up_with_nothing_chosen() -> None:
    one = state("web1")
    added = order_servers.with_another(one)
    assert (added.step, added.server_index, len(added.draft.servers)) == (Step.PLAN, 1, 2)
    back = added.back()
    assert back is not None
    assert (back.draft, back.server_index, back.step) == (one.draft, 0, Step.COST)
    begun = added.with_server(added.server.with_plan(PLANS[1])).back()
    assert begun is not None
    assert len(begun.draft.servers) == 2, "What was chosen is not lost."
    assert begun.unfinished() == (1, Step.OS_IMAGE)


def test_the_cost_is_reached_by_way_of_what_any_server_lacks() -> None:
    lacking = state("web1", "", "db1")
    asked = replace(lacking, position=jump(Step.BILLING_CYCLE)).forward()
    assert (asked.step, asked.server_index) == (Step.NAME, 1)
    named = asked.with_server(replace(asked.server, name="web2")).forward()
    assert named.step is Step.COST
    # Going back shows the cost all the same.
    back = asked.back()
    assert back is not None
    assert back.step is Step.COST


def test_the_cost_has_a_price_while_one_server_has_no_plan() -> None:
    added = order_servers.with_another(state("web1"))
    quote = added.quote()
    assert quote is not None
    assert not quote.complete
    assert quote.lines[-1].label == "server 2: no plan yet"


def test_another_location_takes_every_plan_and_each_is_asked_for_again() -> None:
    moved = replace(state("web1", "web2"), position=jump(Step.LOCATION)).with_location("7", "Vienna")
    moved = replace(moved, catalog=Catalog(PLANS)).forward()
    seen = []
    while moved.step is not Step.COST:
        seen.append((moved.server_index, moved.step))
        moved = moved.with_server(moved.server.with_plan(PLANS[0])).forward()
    assert seen == [(0, Step.PLAN), (1, Step.PLAN)]


def test_names_differ_at_edis_and_are_one_at_layerstack() -> None:
    two = state("web1", "web1", at=1)
    assert not two.facts.has_name
    assert two.unfinished() == (1, Step.NAME)
    shared = state("web", "web", provider="layerstack", at=1)
    assert shared.facts.has_name
    assert not shared.facts.asks_name, "The first server's name is that of all."
    assert replace(shared, server_index=0).facts.asks_name
    renamed = shared.with_server(replace(shared.server, name="db"))
    assert [one.name for one in renamed.draft.servers] == ["db", "db"]


def test_another_provider_names_them_by_its_own_rule() -> None:
    edis = state("web1", "web2")
    there = edis.with_provider(STACK, credentials_known=True)
    assert [one.name for one in there.draft.servers] == ["web1", "web1"]
    again = there.with_provider(EDIS, credentials_known=True)
    assert [one.name for one in again.draft.servers] == ["web1", "web2"]


def test_the_last_one_stays() -> None:
    with pytest.raises(ValueError, match="at least one"):
        order_servers.without(state("web1"), 0)


EDITS = st.lists(
    st.tuples(st.sampled_from(["add", "back", "copy", "remove", "open"]), st.integers(0, 9)), max_size=15
)


@given(EDITS, st.sampled_from(["edis", "layerstack"]))
def test_any_sequence_keeps_the_index_the_passwords_and_the_names_in_step(
    edits: list[tuple[str, int]], provider: str
) -> None:
    now = state("web1", provider=provider)
    for edit, number in edits:
        index = number % len(now.draft.servers)
        if edit == "add":
            now = order_servers.with_another(now)
        elif edit == "back":
            now = now.back() or now
        elif edit == "copy":
            now = order_servers.with_copies(now, index, number % 3 + 1)
        elif edit == "remove" and now.several:
            now = order_servers.without(now, index)
        elif edit == "open":
            now = order_servers.open_server(now, index)
        count = len(now.draft.servers)
        assert 0 <= now.server_index < count
        assert len(now.root_passwords) <= count
        names = [one.name for one in now.draft.servers if one.name]
        assert len(set(names)) == (len(names) if provider == "edis" else 1)
        assert replace(now.draft, servers=()) == replace(state("web1", provider=provider).draft, servers=())
        for one, password in zip(now.draft.servers, secrets(now), strict=True):
            # Only servers that were added have no password of their own here.
            assert provider == "edis" or (password is None) == (not one.plan)
