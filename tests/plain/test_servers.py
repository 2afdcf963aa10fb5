"""Several servers of one order in lines: the same as on the screens."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs

from tui.shortcut import EDIS, STACK

from vps_tui.core.steps import Step

from .dialogue import paid_calls, sandbox, talk


def test_copied_added_changed_removed_and_ordered() -> None:
    backend = sandbox()
    answers = (
        *("v", "c", "2"),  # at the cost: the servers; two copies of the only one
        *("a", "1717", "debian 13", "web2", "db1", "", "", "", "", "no ssh"),  # another, whose first name is taken
        *("2", "Hostname", "app", ""),  # the second one's name
        *("r", "web3", "", "r", "web3", "r"),  # taken away the second time it is asked
        *("", "", "yes"),
    )
    spoken = talk(backend, *answers, saved=EDIS)
    (request,) = paid_calls(backend)
    order = json.loads(parse_qs(request.body.decode())["order"][0])
    assert [item["hostname"] for item in order["item"]] == ["web1", "app", "db1"], spoken.text
    assert (spoken.code, spoken.unanswered) == (0, 0)
    assert "Made: web2, web3" in spoken.words
    assert "Server 2 of this order is called that already" in spoken.words
    outcome = spoken.flow.state.outcome
    assert outcome is not None
    for service, name in zip(outcome.service_ids, ("web1", "app", "db1"), strict=True):
        assert f"{service} - {name}" in spoken.words


def test_quantity_and_one_label_at_layerstack() -> None:
    backend = sandbox()
    spoken = talk(backend, "", "How many", "0", "3", "", "yes", saved=STACK)
    (request,) = paid_calls(backend)
    assert json.loads(request.body)["label"] == "web1"
    assert spoken.unanswered == 0, spoken.text
    assert "Type a number from 1 to 99." in spoken.words
    assert "3 x S102-HK" in spoken.words
    assert "same label" in spoken.words
    assert backend._server is not None
    (item,) = [json.loads(one.body) for one in backend._server.requests if "add-to-cart" in one.path]
    assert item["quantity"] == 3


def test_going_back_from_a_new_server_leaves_none_behind() -> None:
    spoken = talk(sandbox(), "v", "a", "b", "r", "b", "b", saved=EDIS)
    state = spoken.flow.state
    assert len(state.draft.servers) == 1
    assert "An order has at least one server." in spoken.words
    assert state.step is not Step.PLAN


def test_a_saved_order_of_several_opens_with_all_of_them() -> None:
    two = replace(EDIS, servers=(EDIS.server, replace(EDIS.server, name="web2")))
    spoken = talk(sandbox(), "web2", "b", "b", saved=two)
    assert [server.name for server in spoken.flow.state.draft.servers] == ["web1", "web2"]
    assert "Server 2 of 2: web2" in spoken.words
