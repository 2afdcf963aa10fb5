"""The steps for changing a server: forward and back lead over all that apply, and out of them into the first."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core import steps
from vps_tui.core.steps import ChangeAction, ChangeFacts, Facts, Position, Step

ANY = st.builds(
    Facts,
    credentials_known=st.booleans(),
    repeats=st.booleans(),
    change=st.builds(
        ChangeFacts,
        st.sampled_from([None, *ChangeAction]),
        offers_cycles=st.booleans(),
        offers_payment=st.booleans(),
        needs_subscription=st.booleans(),
    ),
)
UPGRADE = ChangeFacts(ChangeAction.PLAN, offers_cycles=True, offers_payment=True)
SWITCH = ChangeFacts(ChangeAction.PLAN, needs_subscription=True)
ADD = ChangeFacts(ChangeAction.ADD_ONS, needs_subscription=True, offers_cycles=True)
CANCEL = ChangeFacts(ChangeAction.CANCEL, needs_subscription=True, offers_payment=True)
ROUND = (Step.CHANGE_COST, Step.CHANGE_CONFIRM, Step.CHANGE_RECEIPT)


def way(facts: Facts) -> list[Step]:
    """Return every step from the first on."""
    found = [Position()]
    while (following := steps.forward(found[-1], facts)) != found[-1]:
        found.append(following)
    return [position.step for position in found]


@pytest.mark.parametrize(
    ("change", "own"),
    [
        (UPGRADE, (Step.NEW_PLAN, Step.NEW_CYCLE, Step.NEW_PAYMENT)),
        (SWITCH, (Step.NEW_PLAN, Step.SUBSCRIPTION)),
        (ADD, (Step.MORE_ADD_ONS, Step.SUBSCRIPTION)),
        (CANCEL, (Step.CANCEL_WHEN,)),
    ],
    ids=["upgrade", "switch", "add-on", "cancel"],
)
def test_each_change_asks_for_what_it_takes(change: ChangeFacts, own: tuple[Step, ...]) -> None:
    facts = Facts(credentials_known=True, change=change)
    assert way(facts) == [Step.PROVIDER, Step.OWNED, Step.CHANGE, *own, *ROUND]


def test_signing_in_and_repeating_are_asked_where_they_apply() -> None:
    found = way(Facts(repeats=True, change=CANCEL))
    assert found[:3] == [Step.PROVIDER, Step.SIGN_IN, Step.OWNED]
    assert found[-3:] == [Step.CHANGE_REPEAT, Step.CHANGE_CONFIRM, Step.CHANGE_RECEIPT]


@given(ANY)
def test_back_undoes_forward(facts: Facts) -> None:
    found = way(facts)
    for here, there in pairwise(found):
        assert steps.back(Position(there), facts) == Position(here)
    assert steps.back(Position(), facts) is None
    assert {steps.stage_of(step) for step in found} <= set(steps.stages(facts))
    assert steps.stages(facts)[-5:] == ("Servers", "Change", "Cost", "Confirm", "Receipt")


def test_signing_in_to_look_after_a_change_leads_back_to_its_receipt() -> None:
    facts = Facts(has_outcome=True, change=CANCEL)
    there = Position(Step.SIGN_IN, revising=Step.SIGN_IN)
    assert steps.forward(there, facts) == steps.back(there, facts) == Position(Step.CHANGE_RECEIPT)
