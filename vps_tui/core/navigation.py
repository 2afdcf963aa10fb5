"""Where forward and back lead in the wizard, as pure rules over its steps."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.core.steps import CHANGE_RULES, OVERVIEWS, RULES, SIDE_STEPS, Facts, Position, Step, StepRule


def forward(position: Position, facts: Facts) -> Position:
    """Return the next step that applies; when revising, the overview as soon as nothing is missing.

    Signing in to look after an order or a change that was sent leads back to its receipt.
    """
    if position.revising is not None and facts.has_outcome:
        return _receipt(facts)
    if position.revising is not None and facts.change is None:
        unanswered = missing(facts)
        if unanswered is None:
            return _home(position)
        return jump(unanswered, position) if position.step in OVERVIEWS else replace(position, step=unanswered)
    _, later = _around(position.step, facts)
    following = next((rule.step for rule in later if rule.applies(facts)), position.step)
    if position.path and following is Step.COST:
        return _home(position)
    return Position(following, path=position.path)


def back(position: Position, facts: Facts) -> Position | None:
    """Return the step before, None before the first; nothing needs to be answered for that.

    From a step that was jumped to it is the overview, as long as there is a plan to price. A server that is added
    begins with its plan.
    """
    if position.step in SIDE_STEPS:
        return _home(position)
    if position.revising is not None and facts.has_outcome:
        return _receipt(facts)
    shown = bool(position.path) or facts.has_plan or facts.others_priced
    if (position.step == position.revising and shown) or (position.path and position.step is Step.PLAN):
        return _home(position)
    earlier, _ = _around(position.step, facts)
    return next((replace(position, step=rule.step) for rule in reversed(earlier) if rule.applies(facts)), None)


def missing(facts: Facts) -> Step | None:
    """Return the first step before the cost screen that applies and has no answer, or none that can be ordered."""
    before_cost = RULES[: [rule.step for rule in RULES].index(Step.COST)]
    unanswered = (rule.step for rule in before_cost if rule.applies(facts) and not rule.answered(facts))
    return next(unanswered, Step.START_UP_SCRIPT if facts.unusable_script else None)


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
    return tuple(dict.fromkeys(rule.stage for rule in _rules(facts) if rule.applies(facts)))


def _rules(facts: Facts) -> tuple[StepRule, ...]:
    return RULES if facts.change is None else CHANGE_RULES


def _receipt(facts: Facts) -> Position:
    return Position(_rules(facts)[-1].step)


def _around(step: Step, facts: Facts) -> tuple[tuple[StepRule, ...], tuple[StepRule, ...]]:
    """Return the rules before `step` and those after it."""
    rules = _rules(facts)
    index = [rule.step for rule in rules].index(step)
    return rules[:index], rules[index + 1 :]


def _through(here: Position | None) -> tuple[Step, ...]:
    return (*here.path, here.step) if here is not None and here.step in OVERVIEWS else ()


def _home(position: Position) -> Position:
    """Return the overview that `position` was gone to from."""
    *path, home = position.path or (Step.COST,)
    after = position.revising or position.step
    return Position(home, revising=home if home in OVERVIEWS else None, path=tuple(path), after=after)
