"""The receipt of several servers: which id is whose, by the answer and by what the provider lists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.providers.models import Server
from vps_tui.providers.registry import provider_info
from vps_tui.services.findings import Looked
from vps_tui.wizard.questions import receipt
from vps_tui.wizard.state import WizardState

DRAFT = Draft(
    "edis",
    "122",
    servers=(ServerDraft("web1", "1", "A"), ServerDraft("web2", "1", "A"), ServerDraft("db1", "2", "B")),
)
PLACED = Outcome(OutcomeKind.PLACED, order_id="5", service_ids=("7", "8", "9"))
STATE = WizardState(DRAFT, info=provider_info("edis"), outcome=PLACED)
LISTED = (Server("7", plan="A"), Server("8", plan="A"), Server("9", plan="B", address="192.0.2.9"))


def services(state: WizardState) -> list[str]:
    return [value for label, value in receipt.pairs(state) if label == "Service"]


def test_every_id_stands_beside_its_server() -> None:
    assert services(STATE) == ["7 - web1", "8 - web2", "9 - db1"]
    assert "service 7 - web1, 8 - web2, 9 - db1" in receipt.last_words(STATE, sandbox=False)[0]
    assert receipt.last_words(STATE, sandbox=False)[0].startswith("web1, web2, db1: Ordered.")
    copied = receipt.values(STATE, LISTED)
    assert ("Service db1", "9") in copied
    assert ("Address db1", "192.0.2.9") in copied
    assert not any("ssh " in value for _, value in copied), "Only who follows a server knows its port and its key."
    assert [value for label, value in copied if label == "Server"] == ["web1", "web2", "db1"]


def test_ids_that_are_too_few_stand_beside_nobody() -> None:
    state = replace(STATE, outcome=replace(PLACED, service_ids=("7", "9")))
    assert services(state) == ["7, 9"]
    assert ("Service", "7") in receipt.values(state, ())


def test_the_list_confirms_the_servers_corrects_them_and_tells_who_is_missing() -> None:
    said = receipt.look_result(STATE, Looked(LISTED, None, None))
    assert [line.rpartition(" - ")[2] for line in said[1:]] == ["web1", "web2", "db1"]
    moved = tuple(replace(server, plan=plan) for server, plan in zip(LISTED, "BAA", strict=True))
    said = receipt.look_result(STATE, Looked(moved, None, None))
    assert [line.rpartition(" - ")[2] for line in said[1:]] == ["db1", "web1", "web2"]
    fewer = replace(STATE, outcome=replace(PLACED, service_ids=("7", "8")))
    said = receipt.look_result(fewer, Looked(LISTED[:2], None, None))
    assert said[-1] == "db1: no service id."


def test_one_server_alone_is_said_as_ever() -> None:
    one = replace(STATE, draft=replace(DRAFT, servers=DRAFT.servers[:1]), outcome=replace(PLACED, service_ids=("7",)))
    assert services(one) == ["7"]
    assert ("Service", "7") in receipt.values(one, ())


@pytest.mark.parametrize("quantity", [1, 2])
def test_one_label_for_all_is_said_where_there_are_several(quantity: int) -> None:
    stack = provider_info("layerstack")
    draft = Draft("layerstack", servers=(ServerDraft("web", "101", "A", quantity=quantity),))
    said = receipt.delivery(WizardState(draft, info=stack, outcome=Outcome(OutcomeKind.PLACED)))
    assert (stack.shared_name_note in said) is (quantity > 1)
