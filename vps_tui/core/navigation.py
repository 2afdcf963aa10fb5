"""Where forward and back lead in the wizard, as pure rules over its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from vps_tui.core.steps import (
    CHANGE_STAGES,
    OVERVIEWS,
    RULES,
    SIDE_STEPS,
    ChangeAction,
    ChangeFacts,
    Facts,
    Position,
    Step,
    stage_of,
)

_ORDER = [rule.step for rule in RULES]


def forward(position: Position, facts: Facts) -> Position:
    """Return the next step that applies; when revising, the overview as soon as nothing is missing.

    Signing in to look after an order that was sent leads back to its receipt.
    """
    if facts.change is not None:
        later = _CHANGE_ORDER[_CHANGE_ORDER.index(position.step) + 1 :]
        return _next_change_step(later, position, facts, facts.change) or position
    if position.revising is not None and facts.has_outcome:
        return Position(Step.RECEIPT)
    if position.revising is not None:
        unanswered = missing(facts)
        if unanswered is None:
            return _home(position)
        return jump(unanswered, position) if position.step in OVERVIEWS else replace(position, step=unanswered)
    following = RULES[_ORDER.index(position.step) + 1 :]
    found = next((rule.step for rule in following if rule.applies(facts)), position.step)
    if position.path and found is Step.COST:
        return _home(position)
    return Position(found, path=position.path)


def back(position: Position, facts: Facts) -> Position | None:
    """Return the step before, None before the first; nothing needs to be answered for that.

    From a step that was jumped to it is the overview, as long as there is a plan to price. A server that is added
    begins with its plan.
    """
    if facts.change is not None:
        earlier_steps = reversed(_CHANGE_ORDER[: _CHANGE_ORDER.index(position.step)])
        return _next_change_step(earlier_steps, position, facts, facts.change)
    if position.step in SIDE_STEPS:
        return _home(position)
    if position.revising is not None and facts.has_outcome:
        return Position(Step.RECEIPT)
    shown = bool(position.path) or facts.has_plan or facts.others_priced
    if (position.step == position.revising and shown) or (position.path and position.step is Step.PLAN):
        return _home(position)
    earlier = reversed(RULES[: _ORDER.index(position.step)])
    found = next((rule.step for rule in earlier if rule.applies(facts)), None)
    return None if found is None else replace(position, step=found)


def missing(facts: Facts) -> Step | None:
    """Return the first step before the cost screen that applies and has no answer, or none that can be ordered."""
    return next(_missing(facts), None)


def jump(step: Step, here: Position | None = None) -> Position:
    """Return the position for changing one answer from the overview `here`, which is the cost screen by default."""
    return Position(step, revising=step, path=_through(here))


def adding(here: Position) -> Position:
    """Return the position for describing one more server from the overview `here`, one question after the other."""
    return Position(Step.PLAN, path=_through(here) or (Step.COST,))


def given_up(position: Position, earlier: Position) -> bool:
    """Tell whether going back to `earlier` leaves the description of a server that is being added."""
    return position.revising is None and position.path != () and earlier.step is position.path[-1]


def stages(facts: Facts) -> tuple[str, ...]:
    """Return the names of the stages that apply, in order."""
    if facts.change is not None:
        return _change_stages(facts)
    return tuple(dict.fromkeys(rule.stage for rule in RULES if rule.applies(facts)))


def _missing(facts: Facts) -> Iterator[Step]:
    yield from (
        rule.step for rule in RULES[: _ORDER.index(Step.COST)] if rule.applies(facts) and not rule.answered(facts)
    )
    if facts.unusable_script:
        yield Step.START_UP_SCRIPT


def _through(here: Position | None) -> tuple[Step, ...]:
    return (*here.path, here.step) if here is not None and here.step in OVERVIEWS else ()


def _home(position: Position) -> Position:
    """Return the overview that `position` was gone to from."""
    *path, home = position.path or (Step.COST,)
    after = position.revising or position.step
    return Position(home, revising=home if home in OVERVIEWS else None, path=tuple(path), after=after)


_CHANGE_APPLIES: Final[Mapping[Step, Callable[[Facts, ChangeFacts], bool]]] = {
    Step.SIGN_IN: lambda facts, _: not facts.credentials_known,
    Step.NEW_PLAN: lambda _, change: change.action is ChangeAction.PLAN,
    Step.MORE_ADD_ONS: lambda _, change: change.action is ChangeAction.ADD_ONS,
    Step.CANCEL_WHEN: lambda _, change: change.action is ChangeAction.CANCEL,
    Step.NEW_CYCLE: lambda _, change: change.action is ChangeAction.PLAN and change.offers_cycles,
    Step.NEW_PAYMENT: lambda _, change: change.action is ChangeAction.PLAN and change.offers_payment,
    Step.SUBSCRIPTION: lambda _, change: change.action is not ChangeAction.CANCEL and change.needs_subscription,
    Step.CHANGE_REPEAT: lambda facts, _: facts.repeats,
}
"""When a step about a server that one has is asked; a step that is not here always is."""
_CHANGE_ORDER: Final = (Step.PROVIDER, Step.SIGN_IN, *CHANGE_STAGES)


def _next_change_step(
    steps: Iterable[Step], position: Position, facts: Facts, change: ChangeFacts
) -> Position | None:
    """Return the first of `steps` that applies; signing in to look after a change leads back to its receipt."""
    if position.revising is not None and facts.has_outcome:
        return Position(Step.CHANGE_RECEIPT)
    applying = (step for step in steps if step not in _CHANGE_APPLIES or _CHANGE_APPLIES[step](facts, change))
    return next(map(Position, applying), None)


def _change_stages(facts: Facts) -> tuple[str, ...]:
    """Return the names of the stages, in order; sign-in only where it applies."""
    first = [Step.PROVIDER, *([] if facts.credentials_known else [Step.SIGN_IN])]
    return tuple(dict.fromkeys([*map(stage_of, first), *CHANGE_STAGES.values()]))
