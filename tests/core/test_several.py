"""Adding, copying and taking away servers keeps what an order is: never empty, unique names, nothing else changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core import order_servers
from vps_tui.core.draft import Draft, ServerDraft

WEB = ServerDraft("web1", "1707", "KVM STARTER", "208", ssh_key="ssh-ed25519 AAAA")
ONE = Draft("edis", "122", servers=(WEB,))


@pytest.mark.parametrize(
    ("name", "copies"),
    [
        ("web1", ["web2", "web3"]),
        ("web09", ["web10", "web11"]),
        ("web99", ["web100", "web101"]),
        ("db", ["db-2", "db-3"]),
        ("db-2", ["db-3", "db-4"]),
        ("007", ["008", "009"]),
        ("a1.example.com", ["a2.example.com", "a3.example.com"]),
        ("mail.example7.com", ["mail-2.example7.com", "mail-3.example7.com"]),
    ],
)
def test_copies_have_the_numbers_that_follow(name: str, copies: list[str]) -> None:
    assert order_servers.number_names(name, 2) == copies
    # A number that is taken, in whatever capitals, is passed over.
    assert order_servers.number_names(name, 1, taken=[copies[0].upper()]) == copies[1:]


def test_a_new_server_has_the_key_of_the_first_and_nothing_else() -> None:
    assert order_servers.add_server(ONE).servers == (WEB, ServerDraft(ssh_key=WEB.ssh_key))
    assert order_servers.add_server(ONE, shared_name=True).servers[1].name == "web1"
    assert order_servers.is_blank(order_servers.add_server(ONE, shared_name=True).servers[1], shared_name=True)
    assert order_servers.without_blank(order_servers.add_server(ONE)) == ONE
    assert order_servers.without_blank(order_servers.add_server(ONE, shared_name=True), shared_name=True) == ONE


def test_a_name_alone_is_begun_where_it_was_typed_for_that_server() -> None:
    named = order_servers.add_server(ONE).with_server(ServerDraft(name="x"), 1)
    assert order_servers.without_blank(named) == named


def test_the_last_server_is_never_taken_away() -> None:
    with pytest.raises(ValueError, match="at least one"):
        order_servers.remove_server(ONE, 0)


def test_names_are_told_apart_whatever_their_capitals() -> None:
    assert order_servers.name_clash(["web1", "db", "WEB1 "], 0, shared_name=False) == 2
    assert order_servers.name_clash(["web1", "db", ""], 0, shared_name=False) is None
    assert order_servers.name_clash(["", ""], 0, shared_name=False) is None
    assert order_servers.name_clash(["web", "web"], 1, shared_name=True) is None
    assert order_servers.name_clash(["web", "db"], 1, shared_name=True) == 0


NAMES = st.one_of(st.sampled_from(["web1", "web2", "WEB1", "db", "db-2", "a1.b", ""]), st.text("ab1.-", max_size=4))
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 9), NAMES),
        st.tuples(st.just("copy"), st.integers(0, 9), st.integers(1, 4)),
        st.tuples(st.just("remove"), st.integers(0, 9), st.none()),
        st.tuples(st.just("rename"), st.integers(0, 9), NAMES),
    ),
    max_size=12,
)


@given(EDITS)
def test_any_sequence_keeps_an_order_an_order(edits: list[tuple[str, int, object]]) -> None:
    draft = ONE
    for edit, place, value in edits:
        before, index = draft, place % len(draft.servers)
        if edit == "add":
            draft = order_servers.add_server(draft)
            assert draft.servers[:-1] == before.servers
            last = len(draft.servers) - 1
            draft = order_servers.make_names_unique(
                draft.with_server(replace(draft.servers[last], name=str(value)), last)
            )
        elif edit == "copy":
            assert isinstance(value, int)
            draft = order_servers.duplicate_server(draft, index, value)
            assert draft.servers[: index + 1] + draft.servers[index + 1 + value :] == before.servers
            copies = draft.servers[index + 1 : index + 1 + value]
            assert {replace(copy, name="") for copy in copies} == {replace(before.servers[index], name="")}
        elif edit == "remove" and len(draft.servers) > 1:
            draft = order_servers.remove_server(draft, index)
            assert draft.servers == before.servers[:index] + before.servers[index + 1 :]
        elif edit == "rename":
            draft = order_servers.make_names_unique(
                draft.with_server(replace(draft.servers[index], name=str(value)), index)
            )
        names = [order_servers.fold_name(server.name) for server in draft.servers if server.name]
        assert len(names) == len(set(names)), draft.servers
        assert draft.servers
        assert replace(draft, servers=()) == replace(ONE, servers=())
