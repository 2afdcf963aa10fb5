"""The wizard as data: which steps there are, which apply, and where forward and back lead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vps_tui.core.change_steps import ChangeFacts


class Step(StrEnum):
    """One question, or one thing to read."""

    PROVIDER = "provider"
    SIGN_IN = "sign-in"
    SAVED_ORDER = "saved-order"
    LOCATION = "location"
    PLAN = "plan"
    OS_IMAGE = "os-image"
    NAME = "name"
    ADD_ONS = "add-ons"
    SSH_KEY = "ssh-key"
    ROOT_PASSWORD = "root-password"  # noqa: S105 - the name of a step
    BILLING_CYCLE = "billing-cycle"
    PAYMENT_METHOD = "payment-method"
    START_UP_SCRIPT = "start-up-script"
    COST = "cost"
    REPEAT = "repeat"
    CONFIRM = "confirm"
    RECEIPT = "receipt"
    OWNED = "owned"
    CHANGE = "change"
    NEW_PLAN = "new-plan"
    MORE_ADD_ONS = "more-add-ons"
    CANCEL_WHEN = "cancel-when"
    NEW_CYCLE = "new-cycle"
    NEW_PAYMENT = "new-payment"
    SUBSCRIPTION = "subscription"
    CHANGE_COST = "change-cost"
    CHANGE_REPEAT = "change-repeat"
    CHANGE_CONFIRM = "change-confirm"
    CHANGE_RECEIPT = "change-receipt"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides which steps apply and which are answered."""

    has_provider: bool = False
    signed_in: bool = False
    credentials_known: bool = False
    """They come from the environment or the sandbox, so nobody is asked for them."""
    unresolved: bool = False
    """True while what a saved order's ids stand for has not been looked up."""
    has_locations: bool = True
    has_location: bool = False
    has_plan: bool = False
    has_os_image: bool = False
    has_name: bool = False
    offers_add_ons: bool = True
    takes_ssh_key: bool = True
    """False for images on which no key can be put, such as Windows."""
    has_ssh_key: bool = False
    """Also true when it was decided to go without one."""
    needs_root_password: bool = False
    has_root_password: bool = False
    repeats: bool = False
    """True when the order would buy what an earlier one has bought, or may have bought."""
    has_outcome: bool = False
    change: ChangeFacts | None = None
    """None while servers are ordered; else what decides which steps of the second wizard apply."""


@dataclass(frozen=True, slots=True)
class StepRule:
    """When a step is asked, and when it has its answer."""

    step: Step
    stage: str
    """The name on the trail at the top of the screen; neighbours with one name are one stage."""
    applies: Callable[[Facts], bool] = lambda _: True
    answered: Callable[[Facts], bool] = lambda _: True


RULES = (
    StepRule(Step.PROVIDER, "Provider", answered=lambda facts: facts.has_provider),
    StepRule(
        Step.SIGN_IN,
        "Sign in",
        applies=lambda facts: not facts.credentials_known,
        answered=lambda facts: facts.signed_in,
    ),
    StepRule(
        Step.SAVED_ORDER,
        "Saved order",
        applies=lambda facts: facts.unresolved,
        answered=lambda facts: not facts.unresolved,
    ),
    StepRule(
        Step.LOCATION,
        "Location",
        applies=lambda facts: facts.has_locations,
        answered=lambda facts: facts.has_location,
    ),
    StepRule(Step.PLAN, "Server", answered=lambda facts: facts.has_plan),
    StepRule(Step.OS_IMAGE, "Server", answered=lambda facts: facts.has_os_image),
    StepRule(Step.NAME, "Server", answered=lambda facts: facts.has_name),
    StepRule(Step.ADD_ONS, "Server", applies=lambda facts: facts.offers_add_ons),
    StepRule(
        Step.SSH_KEY,
        "SSH key",
        applies=lambda facts: facts.takes_ssh_key,
        answered=lambda facts: facts.has_ssh_key,
    ),
    StepRule(
        Step.ROOT_PASSWORD,
        "Password",
        applies=lambda facts: facts.needs_root_password,
        answered=lambda facts: facts.has_root_password,
    ),
    StepRule(Step.COST, "Cost"),
    StepRule(Step.REPEAT, "Confirm", applies=lambda facts: facts.repeats),
    StepRule(Step.CONFIRM, "Confirm"),
    StepRule(Step.RECEIPT, "Receipt", answered=lambda facts: facts.has_outcome),
)
"""The steps in order. What is only reached from the cost screen is in `SIDE_STEPS`."""

SIDE_STEPS = {Step.BILLING_CYCLE: "Cost", Step.PAYMENT_METHOD: "Cost", Step.START_UP_SCRIPT: "Cost"}
"""Steps that have a usual answer and are only visited to change it, with their stage."""

CHANGE_STAGES = {
    Step.OWNED: "Servers",
    Step.CHANGE: "Change",
    Step.NEW_PLAN: "Change",
    Step.MORE_ADD_ONS: "Change",
    Step.CANCEL_WHEN: "Change",
    Step.NEW_CYCLE: "Change",
    Step.NEW_PAYMENT: "Change",
    Step.SUBSCRIPTION: "Change",
    Step.CHANGE_COST: "Cost",
    Step.CHANGE_REPEAT: "Confirm",
    Step.CHANGE_CONFIRM: "Confirm",
    Step.CHANGE_RECEIPT: "Receipt",
}
"""The steps about a server that one has, in their order, with their stage; `change_steps` has their rules."""

CONFIRMING = (Step.CONFIRM, Step.CHANGE_CONFIRM)
"""Steps whose answer makes a paid call."""

RECEIPTS = (Step.RECEIPT, Step.CHANGE_RECEIPT)
"""Steps that no way leads back from."""

_ORDER = [rule.step for rule in RULES]
_COST = _ORDER.index(Step.COST)


@dataclass(frozen=True, slots=True)
class Position:
    """Where in the wizard a person is."""

    step: Step = Step.PROVIDER
    revising: Step | None = None
    """The step that was jumped to from the cost screen; the way leads back there."""


def forward(position: Position, facts: Facts) -> Position:
    """Return the next step that applies; when revising, the cost screen as soon as nothing is missing.

    Signing in to look after an order that was sent leads back to its receipt.
    """
    if facts.change is not None:
        from vps_tui.core import change_steps

        return change_steps.forward(position, facts, facts.change)
    if position.revising is not None and facts.has_outcome:
        return Position(Step.RECEIPT)
    if position.revising is not None:
        unanswered = missing(facts)
        return Position(Step.COST) if unanswered is None else Position(unanswered, position.revising)
    following = RULES[_ORDER.index(position.step) + 1 :]
    return next((Position(rule.step) for rule in following if rule.applies(facts)), position)


def back(position: Position, facts: Facts) -> Position | None:
    """Return the step before, None before the first; nothing needs to be answered for that.

    From a step that was jumped to it is the cost screen, as long as there is a plan to price.
    """
    if facts.change is not None:
        from vps_tui.core import change_steps

        return change_steps.back(position, facts, facts.change)
    if position.step in SIDE_STEPS:
        return Position(Step.COST)
    if position.revising is not None and facts.has_outcome:
        return Position(Step.RECEIPT)
    if position.step == position.revising and facts.has_plan:
        return Position(Step.COST)
    earlier = reversed(RULES[: _ORDER.index(position.step)])
    found = next((rule.step for rule in earlier if rule.applies(facts)), None)
    return None if found is None else Position(found, position.revising)


def missing(facts: Facts) -> Step | None:
    """Return the first step before the cost screen that applies and has no answer."""
    return next(_missing(facts), None)


def jump(step: Step) -> Position:
    """Return the position for changing one answer from the cost screen."""
    return Position(step, revising=step)


def stage_of(step: Step) -> str:
    """Return the name of the stage that `step` belongs to."""
    return SIDE_STEPS.get(step) or CHANGE_STAGES.get(step) or RULES[_ORDER.index(step)].stage


def stages(facts: Facts) -> tuple[str, ...]:
    """Return the names of the stages that apply, in order."""
    if facts.change is not None:
        from vps_tui.core import change_steps

        return change_steps.stages(facts)
    return tuple(dict.fromkeys(rule.stage for rule in RULES if rule.applies(facts)))


def _missing(facts: Facts) -> Iterator[Step]:
    return (rule.step for rule in RULES[:_COST] if rule.applies(facts) and not rule.answered(facts))
