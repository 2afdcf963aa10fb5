"""The second wizard as data: the steps for changing a server that one has, and where forward and back lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vps_tui.core.steps import CHANGE_STAGES, ChangeAction, ChangeFacts, Facts, Position, Step, stage_of


@dataclass(frozen=True, slots=True)
class _Rule:
    step: Step
    applies: Callable[[Facts, ChangeFacts], bool] = lambda _facts, _change: True


_RULES = (
    _Rule(Step.PROVIDER),
    _Rule(Step.SIGN_IN, lambda facts, _: not facts.credentials_known),
    _Rule(Step.OWNED),
    _Rule(Step.CHANGE),
    _Rule(Step.NEW_PLAN, lambda _, change: change.action is ChangeAction.PLAN),
    _Rule(Step.MORE_ADD_ONS, lambda _, change: change.action is ChangeAction.ADD_ONS),
    _Rule(Step.CANCEL_WHEN, lambda _, change: change.action is ChangeAction.CANCEL),
    _Rule(Step.NEW_CYCLE, lambda _, change: change.action is ChangeAction.PLAN and change.offers_cycles),
    _Rule(Step.NEW_PAYMENT, lambda _, change: change.action is ChangeAction.PLAN and change.offers_payment),
    _Rule(
        Step.SUBSCRIPTION, lambda _, change: change.action is not ChangeAction.CANCEL and change.needs_subscription
    ),
    _Rule(Step.CHANGE_COST),
    _Rule(Step.CHANGE_REPEAT, lambda facts, _: facts.repeats),
    _Rule(Step.CHANGE_CONFIRM),
    _Rule(Step.CHANGE_RECEIPT),
)
_ORDER = [rule.step for rule in _RULES]


def forward(position: Position, facts: Facts, change: ChangeFacts) -> Position:
    """Return the next step that applies; signing in to look after a change leads back to its receipt."""
    if position.revising is not None and facts.has_outcome:
        return Position(Step.CHANGE_RECEIPT)
    following = _RULES[_ORDER.index(position.step) + 1 :]
    return next((Position(rule.step) for rule in following if rule.applies(facts, change)), position)


def back(position: Position, facts: Facts, change: ChangeFacts) -> Position | None:
    """Return the step before, None before the first; nothing needs to be answered for that."""
    if position.revising is not None and facts.has_outcome:
        return Position(Step.CHANGE_RECEIPT)
    earlier = reversed(_RULES[: _ORDER.index(position.step)])
    return next((Position(rule.step) for rule in earlier if rule.applies(facts, change)), None)


def stages(facts: Facts) -> tuple[str, ...]:
    """Return the names of the stages, in order; sign-in only where it applies."""
    first = [Step.PROVIDER, *([] if facts.credentials_known else [Step.SIGN_IN])]
    return tuple(dict.fromkeys([*map(stage_of, first), *CHANGE_STAGES.values()]))
