"""Service ids matched to servers: by place, by plan where that says otherwise, never by guessing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.matching import matched, wanted, without_service

THREE = Draft(
    provider="edis",
    servers=(
        ServerDraft(name="web1", plan_name="A"),
        ServerDraft(name="web2", plan_name="B"),
        ServerDraft(name="db1", plan_name="A"),
    ),
)


def test_as_many_ids_as_servers_are_matched_by_their_place() -> None:
    assert matched(THREE, ["7", "8", "9"]) == (("web1", "7"), ("web2", "8"), ("db1", "9"))


def test_one_of_several_alike_has_an_id_each() -> None:
    draft = Draft(servers=(ServerDraft(name="web", quantity=2), ServerDraft(name="db")))
    assert matched(draft, ["1", "2", "3"]) == (("web", "1"), ("web", "2"), ("db", "3"))


def test_fewer_more_or_doubled_ids_match_nothing() -> None:
    for ids in (["7", "8"], ["7", "8", "9", "10"], ["7", "7", "8"], ["7", "", "8"], []):
        assert matched(THREE, ids) == (("web1", ""), ("web2", ""), ("db1", "")), ids


def test_listed_plans_confirm_or_correct_the_places() -> None:
    assert matched(THREE, ["7", "8", "9"], {"7": "A", "8": "B", "9": "A"}) == matched(THREE, ["7", "8", "9"])
    moved = matched(THREE, ["7", "8", "9"], {"7": "B", "8": "A", "9": "A"})
    assert moved == (("web1", "8"), ("web2", "7"), ("db1", "9"))


def test_a_plan_tells_who_has_no_id_only_where_that_is_certain() -> None:
    assert matched(THREE, ["7", "9"], {"7": "A", "9": "A"}) == (("web1", "7"), ("web2", ""), ("db1", "9"))
    assert without_service(THREE, ["7", "9"], {"7": "A", "9": "A"}) == ["web2: no service id."]
    # One id of plan A can be that of either server.
    assert matched(THREE, ["7", "8"], {"7": "A", "8": "B"}) == (("web1", ""), ("web2", "8"), ("db1", ""))
    assert without_service(THREE, ["7", "8"], {"7": "A", "8": "B"}) == [
        "3 servers were ordered and 2 have a service id; which is not said."
    ]


def test_nothing_is_said_to_be_missing_where_all_are_there_or_none_is() -> None:
    assert without_service(THREE, ["7", "8", "9"]) == []
    assert without_service(THREE, []) == []


@given(
    st.lists(st.builds(ServerDraft, name=st.sampled_from("abc"), plan_name=st.sampled_from("AB"),
                       quantity=st.integers(1, 3)), min_size=1, max_size=4),
    st.lists(st.sampled_from(["1", "2", "3", "4", ""]), max_size=8),
    st.dictionaries(st.sampled_from("1234"), st.sampled_from("ABC")),
)  # fmt: skip
def test_no_id_is_given_twice_and_no_plan_is_contradicted(
    servers: list[ServerDraft], ids: list[str], plans: dict[str, str]
) -> None:
    draft = Draft(servers=tuple(servers))
    pairs = matched(draft, ids, plans)
    assert [name for name, _ in pairs] == [server.name for server in wanted(draft)]
    given_out = [service for _, service in pairs if service]
    assert len(given_out) == len(set(given_out))
    assert set(given_out) <= set(ids)
    for server, (_, service) in zip(wanted(draft), pairs, strict=True):
        assert service not in plans or plans[service] == server.plan_name
