"""Forward and back lead over the whole table, skip what does not apply, and never lose the cost screen."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core import steps
from vps_tui.core.steps import CHANGE_STEPS, OVERVIEWS, RULES, SIDE_STEPS, Facts, Position, Step

LINE = [rule.step for rule in RULES]
BOOLEANS = {field.name: st.booleans() for field in fields(Facts) if field.name != "change"}
ANY_FACTS = st.builds(Facts, **BOOLEANS)
ANSWERED = Facts(
    has_provider=True,
    signed_in=True,
    has_location=True,
    has_plan=True,
    has_os_image=True,
    has_name=True,
    has_ssh_key=True,
    needs_root_password=True,
    has_root_password=True,
)
EVERYTHING = replace(ANSWERED, unresolved=True, repeats=True)
"""Facts under which every step of the line applies."""
SKIPPED = {
    Step.SIGN_IN: replace(EVERYTHING, credentials_known=True),
    Step.SAVED_ORDER: replace(EVERYTHING, unresolved=False),
    Step.LOCATION: replace(EVERYTHING, has_locations=False, has_location=False),
    Step.NAME: replace(EVERYTHING, asks_name=False, has_name=False),
    Step.ADD_ONS: replace(EVERYTHING, offers_add_ons=False),
    Step.SSH_KEY: replace(EVERYTHING, takes_ssh_key=False, has_ssh_key=False),
    Step.ROOT_PASSWORD: replace(EVERYTHING, needs_root_password=False, has_root_password=False),
    Step.REPEAT: replace(EVERYTHING, repeats=False),
}
"""Every step that may not apply, with facts under which it does not."""
REVISABLE = [step for step in Step if step not in (*OVERVIEWS, Step.COST, Step.REPEAT, Step.CONFIRM, Step.RECEIPT)]
TAKEN_AWAY = {
    Step.PROVIDER: ("has_provider", False),
    Step.SIGN_IN: ("signed_in", False),
    Step.SAVED_ORDER: ("unresolved", True),
    Step.LOCATION: ("has_location", False),
    Step.PLAN: ("has_plan", False),
    Step.OS_IMAGE: ("has_os_image", False),
    Step.NAME: ("has_name", False),
    Step.SSH_KEY: ("has_ssh_key", False),
    Step.ROOT_PASSWORD: ("has_root_password", False),
}
"""Every step with an answer that the order needs, and the fact that says it is not there."""


def walk_forward(facts: Facts) -> list[Step]:
    """Steps from the first on, until forward leads nowhere."""
    position = Position()
    visited = [position.step]
    while (following := steps.forward(position, facts)) != position:
        assert len(visited) <= len(LINE), "forward leads round in circles"
        position = following
        visited.append(position.step)
    return visited


def walk_back(facts: Facts) -> list[Step]:
    """Steps from the receipt back to the first."""
    position: Position | None = Position(Step.RECEIPT)
    visited: list[Step] = []
    while position is not None:
        assert len(visited) <= len(LINE), "back leads round in circles"
        visited.append(position.step)
        position = steps.back(position, facts)
    return visited


class TestTheLine:
    def test_every_step_stands_in_it_or_beside_it(self) -> None:
        assert sorted([*LINE, *SIDE_STEPS, *CHANGE_STEPS]) == sorted(Step)

    def test_it_is_the_documented_order(self) -> None:
        assert LINE == [
            Step.PROVIDER,
            Step.SIGN_IN,
            Step.SAVED_ORDER,
            Step.LOCATION,
            Step.PLAN,
            Step.OS_IMAGE,
            Step.NAME,
            Step.ADD_ONS,
            Step.SSH_KEY,
            Step.ROOT_PASSWORD,
            Step.COST,
            Step.REPEAT,
            Step.CONFIRM,
            Step.RECEIPT,
        ]

    def test_with_everything_that_applies_it_is_walked_in_full(self) -> None:
        assert walk_forward(EVERYTHING) == LINE
        assert walk_back(EVERYTHING) == LINE[::-1]

    @pytest.mark.parametrize("step", SKIPPED)
    def test_what_does_not_apply_is_skipped_both_ways(self, step: Step) -> None:
        rest = [other for other in LINE if other is not step]
        assert walk_forward(SKIPPED[step]) == rest
        assert walk_back(SKIPPED[step]) == rest[::-1]

    def test_layerstack_with_windows(self) -> None:
        facts = Facts(credentials_known=True, has_locations=False, takes_ssh_key=False, needs_root_password=True)
        assert walk_forward(facts) == [
            step
            for step in LINE
            if step not in (Step.SIGN_IN, Step.SAVED_ORDER, Step.LOCATION, Step.SSH_KEY, Step.REPEAT)
        ]

    @given(ANY_FACTS)
    def test_back_undoes_forward_from_everywhere(self, facts: Facts) -> None:
        visited = walk_forward(facts)
        assert walk_back(facts) == visited[::-1]
        for step in visited[:-1]:
            assert steps.back(steps.forward(Position(step), facts), facts) == Position(step)

    @given(ANY_FACTS, st.sampled_from(LINE))
    def test_both_ways_lead_to_steps_that_apply(self, facts: Facts, step: Step) -> None:
        applying = {rule.step for rule in RULES if rule.applies(facts)}
        before, after = steps.back(Position(step), facts), steps.forward(Position(step), facts)
        assert after.step in applying
        assert before is None or before.step in applying
        assert before is None or LINE.index(before.step) < LINE.index(step)

    @given(ANY_FACTS)
    def test_before_the_first_there_is_nothing(self, facts: Facts) -> None:
        assert steps.back(Position(), facts) is None

    def test_back_asks_for_no_answer(self) -> None:
        not_there = (Step.SAVED_ORDER, Step.ROOT_PASSWORD, Step.REPEAT)
        assert walk_back(Facts()) == [step for step in LINE if step not in not_there][::-1]


class TestRevising:
    @pytest.mark.parametrize("step", REVISABLE)
    def test_a_changed_answer_leads_back_to_the_cost(self, step: Step) -> None:
        there = steps.jump(step)
        assert there.step is step
        assert steps.forward(there, ANSWERED) == Position(Step.COST)
        assert steps.back(there, ANSWERED) == Position(Step.COST)

    @pytest.mark.parametrize(("step", "fact"), TAKEN_AWAY.items())
    def test_what_a_change_took_away_is_asked_first(self, step: Step, fact: tuple[str, bool]) -> None:
        there = steps.jump(Step.ADD_ONS)
        changed: dict[str, Any] = dict([fact])
        lacking = replace(ANSWERED, **changed)
        asked = steps.forward(there, lacking)
        assert asked == Position(step, revising=Step.ADD_ONS)
        assert steps.forward(asked, lacking) == asked
        assert steps.forward(asked, ANSWERED) == Position(Step.COST)

    def test_several_are_asked_in_order(self) -> None:
        moved = replace(ANSWERED, has_plan=False, has_os_image=False)
        plan = steps.forward(steps.jump(Step.LOCATION), moved)
        image = steps.forward(plan, replace(moved, has_plan=True))
        assert [plan.step, image.step] == [Step.PLAN, Step.OS_IMAGE]
        assert steps.forward(image, ANSWERED) == Position(Step.COST)

    def test_a_script_that_cannot_be_ordered_is_asked_for_before_the_cost(self) -> None:
        unusable = replace(ANSWERED, unusable_script=True)
        asked = steps.forward(Position(Step.COST, revising=Step.COST), unusable)
        assert asked.step is Step.START_UP_SCRIPT
        assert steps.back(asked, unusable) == Position(Step.COST)
        assert steps.missing(unusable) is Step.START_UP_SCRIPT
        assert steps.forward(asked, ANSWERED).step is Step.COST

    def test_back_with_something_missing_leads_to_the_step_before(self) -> None:
        lacking = replace(ANSWERED, has_plan=False)
        plan = Position(Step.PLAN, revising=Step.LOCATION)
        assert steps.back(plan, lacking) == steps.jump(Step.LOCATION)
        assert steps.back(steps.jump(Step.LOCATION), lacking) == Position(Step.SIGN_IN, revising=Step.LOCATION)

    @pytest.mark.parametrize("step", SIDE_STEPS)
    def test_a_side_step_leads_back_to_the_cost_whatever_is_missing(self, step: Step) -> None:
        assert steps.back(steps.jump(step), Facts()) == Position(Step.COST)

    @given(ANY_FACTS, st.sampled_from(REVISABLE))
    def test_the_cost_is_reached_only_with_every_answer(self, facts: Facts, step: Step) -> None:
        missing = [
            rule.step
            for rule in RULES
            if rule.step in TAKEN_AWAY and rule.applies(facts) and not rule.answered(facts)
        ]
        if facts.unusable_script:
            missing.append(Step.START_UP_SCRIPT)
        following = steps.forward(steps.jump(step), replace(facts, has_outcome=False))
        assert following.step is (missing[0] if missing else Step.COST)
        assert following.revising is (step if missing else None)

    @given(ANY_FACTS, st.sampled_from([step for step in REVISABLE if step not in SIDE_STEPS]))
    def test_with_an_order_that_was_sent_both_ways_lead_to_its_receipt(self, facts: Facts, step: Step) -> None:
        """Whoever signs in to look after it has answered nothing else, and must not be asked."""
        sent = replace(facts, has_outcome=True)
        assert steps.forward(steps.jump(step), sent) == Position(Step.RECEIPT)
        assert steps.back(steps.jump(step), sent) == Position(Step.RECEIPT)


class TestStages:
    def test_the_trail_names_each_stage_once(self) -> None:
        assert steps.stages(ANSWERED) == (
            "Provider",
            "Sign in",
            "Location",
            "Server",
            "SSH key",
            "Password",
            "Cost",
            "Confirm",
            "Receipt",
        )
        assert "SSH key" not in steps.stages(SKIPPED[Step.SSH_KEY])
        assert "Server" in steps.stages(SKIPPED[Step.ADD_ONS])

    @given(ANY_FACTS)
    def test_the_stage_of_every_step_on_the_way_is_on_the_trail(self, facts: Facts) -> None:
        assert {steps.stage_of(step) for step in [*walk_forward(facts), *SIDE_STEPS]} == set(steps.stages(facts))


class TestSeveralServers:
    """From all servers to the lines of one, to one answer, and the same way back."""

    SERVERS = steps.jump(Step.SERVERS)
    ONE = steps.jump(Step.SERVER, SERVERS)

    def test_the_way_leads_back_through_every_overview(self) -> None:
        image = steps.jump(Step.OS_IMAGE, self.ONE)
        for move in (steps.forward, steps.back):
            assert move(image, ANSWERED) == self.ONE
            assert move(self.ONE, ANSWERED) == self.SERVERS
            assert move(self.SERVERS, ANSWERED) == Position(Step.COST)

    def test_an_overview_is_told_where_one_comes_from(self) -> None:
        there = steps.forward(steps.jump(Step.OS_IMAGE, self.ONE), ANSWERED)
        assert (there.step, there.after) == (Step.SERVER, Step.OS_IMAGE)
        for move in (steps.forward, steps.back):
            home = move(steps.jump(Step.NAME), ANSWERED)
            assert home is not None
            assert (home.step, home.after) == (Step.COST, Step.NAME)

    def test_what_an_overview_lacks_is_asked_and_leads_back_to_it(self) -> None:
        lacking = replace(ANSWERED, has_plan=False, has_os_image=False)
        plan = steps.forward(self.ONE, lacking)
        assert plan.step is Step.PLAN
        assert steps.back(plan, lacking) == self.ONE
        image = steps.forward(plan, replace(lacking, has_plan=True))
        assert image.step is Step.OS_IMAGE
        assert steps.forward(image, ANSWERED) == self.ONE

    @pytest.mark.parametrize("here", [Position(Step.COST), SERVERS])
    def test_one_that_is_added_is_asked_everything_and_its_plan_first(self, here: Position) -> None:
        position = steps.start_adding(here)
        asked = []
        while position.step not in (Step.COST, Step.SERVERS):
            asked.append(position.step)
            earlier = steps.back(position, ANSWERED)
            assert earlier is not None
            assert earlier == here if len(asked) == 1 else earlier.step is asked[-2]
            assert steps.gives_up(position, earlier) is (len(asked) == 1)
            position = steps.forward(position, ANSWERED)
        assert asked == [Step.PLAN, Step.OS_IMAGE, Step.NAME, Step.ADD_ONS, Step.SSH_KEY, Step.ROOT_PASSWORD]
        assert position == here

    def test_the_cost_is_shown_without_this_servers_plan_where_another_has_one(self) -> None:
        plan = steps.jump(Step.PLAN)
        assert steps.back(plan, replace(ANSWERED, has_plan=False)) != Position(Step.COST)
        assert steps.back(plan, replace(ANSWERED, has_plan=False, others_priced=True)) == Position(Step.COST)
