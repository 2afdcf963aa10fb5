"""Service ids matched to servers: by place, by plan where that says otherwise, never by guessing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.order_servers import (
    are_other_servers,
    expand_quantities,
    explain_missing_ids,
    match_service_ids,
    sort_by_draft,
    without_service,
)
from vps_tui.core.outcome import Outcome, OutcomeKind

THREE = Draft(
    provider="edis",
    servers=(
        ServerDraft(name="web1", plan_name="A"),
        ServerDraft(name="web2", plan_name="B"),
        ServerDraft(name="db1", plan_name="A"),
    ),
)


def test_as_many_ids_as_servers_are_matched_by_their_place() -> None:
    assert match_service_ids(THREE, ["7", "8", "9"]) == (("web1", "7"), ("web2", "8"), ("db1", "9"))


def test_one_of_several_alike_has_an_id_each() -> None:
    draft = Draft(servers=(ServerDraft(name="web", quantity=2), ServerDraft(name="db")))
    assert match_service_ids(draft, ["1", "2", "3"]) == (("web", "1"), ("web", "2"), ("db", "3"))


def test_fewer_more_or_doubled_ids_match_nothing() -> None:
    for ids in (["7", "8"], ["7", "8", "9", "10"], ["7", "7", "8"], ["7", "", "8"], []):
        assert match_service_ids(THREE, ids) == (("web1", ""), ("web2", ""), ("db1", "")), ids


def test_listed_plans_confirm_or_correct_the_places() -> None:
    assert match_service_ids(THREE, ["7", "8", "9"], {"7": "A", "8": "B", "9": "A"}) == match_service_ids(
        THREE, ["7", "8", "9"]
    )
    moved = match_service_ids(THREE, ["7", "8", "9"], {"7": "B", "8": "A", "9": "A"})
    assert moved == (("web1", "8"), ("web2", "7"), ("db1", "9"))


def test_a_plan_tells_who_has_no_id_only_where_that_is_certain() -> None:
    assert match_service_ids(THREE, ["7", "9"], {"7": "A", "9": "A"}) == (("web1", "7"), ("web2", ""), ("db1", "9"))
    assert without_service(THREE, ["7", "9"], {"7": "A", "9": "A"}) == ["web2: no service id."]
    # One id of plan A can be that of either server.
    assert match_service_ids(THREE, ["7", "8"], {"7": "A", "8": "B"}) == (("web1", ""), ("web2", "8"), ("db1", ""))
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
    pairs = match_service_ids(draft, ids, plans)
    assert [name for name, _ in pairs] == [server.name for server in expand_quantities(draft)]
    given_out = [service for _, service in pairs if service]
    assert len(given_out) == len(set(given_out))
    assert set(given_out) <= set(ids)
    for server, (_, service) in zip(expand_quantities(draft), pairs, strict=True):
        assert service not in plans or plans[service] == server.plan_name


class TestTold:
    def test_what_is_complete_or_single_needs_no_words(self) -> None:
        complete = Outcome(OutcomeKind.PLACED, order_id="1", service_ids=("7", "8", "9"))
        assert explain_missing_ids(THREE, complete) == complete
        for ids in ((), ("7",), ("7", "8")):
            single = Outcome(OutcomeKind.PLACED, service_ids=ids)
            assert explain_missing_ids(Draft(servers=(ServerDraft(name="web1"),)), single) == single

    def test_a_server_without_an_id_is_said(self) -> None:
        outcome = explain_missing_ids(THREE, Outcome(OutcomeKind.PLACED, service_ids=("7", "8")))
        assert outcome.service_ids == ("7", "8")
        assert outcome.message == (
            "3 servers were ordered (web1, web2, db1), but 2 got a service id: which has none is not said."
        )
        assert "before you order anything again" in outcome.hint
        none = explain_missing_ids(THREE, Outcome(OutcomeKind.PLACED, hint="Pay it."))
        assert none.message == "No service id came back for any of web1, web2, db1."
        assert none.hint.startswith("Pay it. Compare")
        assert (
            "but 4 service ids came back"
            in explain_missing_ids(THREE, Outcome(OutcomeKind.PLACED, service_ids=tuple("1234"))).message
        )

    def test_an_order_that_failed_names_those_that_have_nothing(self) -> None:
        failed = explain_missing_ids(THREE, Outcome(OutcomeKind.UNKNOWN, "It failed.", order_id="5"))
        assert failed.message == "It failed. No server of it has a service id: web1, web2, db1."
        refused = Outcome(OutcomeKind.REFUSED, "No.")
        assert explain_missing_ids(THREE, refused) == refused
        unknown = Outcome(OutcomeKind.UNKNOWN, "Lost.")
        assert explain_missing_ids(THREE, unknown) == unknown


def test_what_is_listed_is_put_into_the_order_of_the_servers_by_plan() -> None:
    assert sort_by_draft(THREE, {"7": "B", "8": "A", "9": "A"}) == ("8", "7", "9")
    assert sort_by_draft(THREE, {"7": "B", "8": "A", "9": "?"}) == ("7", "8", "9")
    assert sort_by_draft(THREE, {"7": "B", "8": "A", "9": "A", "10": "B"}) == ("8", "7", "9", "10")


def test_other_plans_are_other_servers_unless_the_list_has_names_of_its_own() -> None:
    assert not are_other_servers(THREE, ["A", "B", "A"])
    assert are_other_servers(THREE, ["A", "A", "A"])
    assert not are_other_servers(THREE, ["Plan A", "Plan B", "A"])
