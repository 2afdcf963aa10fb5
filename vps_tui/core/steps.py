"""The wizard as data: which steps there are, which apply, and where forward and back lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum


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
    QUANTITY = "quantity"
    SERVERS = "servers"
    SERVER = "server"
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


class ChangeAction(StrEnum):
    """What can be done about a server; the value is the id of the choice."""

    PLAN = "plan"
    ADD_ONS = "add-ons"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """What decides which steps of a change apply."""

    action: ChangeAction | None = None
    offers_cycles: bool = False
    """Whether another plan is chosen together with its billing cycle."""
    offers_payment: bool = False
    needs_subscription: bool = False


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
    asks_name: bool = True
    """False where the server has the name that the order's first one was given."""
    offers_add_ons: bool = True
    takes_ssh_key: bool = True
    """False for images on which no key can be put, such as Windows."""
    has_ssh_key: bool = False
    """Also true when it was decided to go without one."""
    needs_root_password: bool = False
    has_root_password: bool = False
    unusable_script: bool = False
    """True for a start-up script that cannot be ordered as it is; none at all can."""
    repeats: bool = False
    """True when the order would buy what an earlier one has bought, or may have bought."""
    has_outcome: bool = False
    others_priced: bool = False
    """True when another server of the order has a plan, so that there is a price to show without this one's."""
    change: ChangeFacts | None = None
    """None while servers are ordered; else what decides which steps of a change apply."""


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
    StepRule(Step.SIGN_IN, "Sign in", lambda facts: not facts.credentials_known, lambda facts: facts.signed_in),
    StepRule(Step.SAVED_ORDER, "Saved order", lambda facts: facts.unresolved, lambda facts: not facts.unresolved),
    StepRule(Step.LOCATION, "Location", lambda facts: facts.has_locations, lambda facts: facts.has_location),
    StepRule(Step.PLAN, "Server", answered=lambda facts: facts.has_plan),
    StepRule(Step.OS_IMAGE, "Server", answered=lambda facts: facts.has_os_image),
    StepRule(Step.NAME, "Server", lambda facts: facts.asks_name, lambda facts: facts.has_name),
    StepRule(Step.ADD_ONS, "Server", lambda facts: facts.offers_add_ons),
    StepRule(Step.SSH_KEY, "SSH key", lambda facts: facts.takes_ssh_key, lambda facts: facts.has_ssh_key),
    StepRule(
        Step.ROOT_PASSWORD, "Password", lambda facts: facts.needs_root_password, lambda facts: facts.has_root_password
    ),
    StepRule(Step.COST, "Cost"),
    StepRule(Step.REPEAT, "Confirm", lambda facts: facts.repeats),
    StepRule(Step.CONFIRM, "Confirm"),
    StepRule(Step.RECEIPT, "Receipt", answered=lambda facts: facts.has_outcome),
)
"""The steps in order. What is only reached from the cost screen is in `SIDE_STEPS`."""

SIDE_STEPS = (
    Step.BILLING_CYCLE,
    Step.PAYMENT_METHOD,
    Step.START_UP_SCRIPT,
    Step.QUANTITY,
    Step.SERVERS,
    Step.SERVER,
)
"""Steps that have a usual answer and are only visited to change it, all at the stage of the cost."""

OVERVIEWS = (Step.SERVERS, Step.SERVER)
"""Steps from which lines are changed as they are from the cost screen: all servers, and the lines of one."""

OF_A_SERVER = (
    Step.PLAN,
    Step.OS_IMAGE,
    Step.NAME,
    Step.ADD_ONS,
    Step.SSH_KEY,
    Step.ROOT_PASSWORD,
    Step.START_UP_SCRIPT,
    Step.QUANTITY,
    Step.SERVER,
)
"""Steps that are about one server; all others are about the whole order."""


def _change_rule(step: Step, applies: Callable[[ChangeFacts], bool] = lambda _: True) -> StepRule:
    return StepRule(step, "Change", lambda facts: facts.change is not None and applies(facts.change))


CHANGE_RULES = (
    *RULES[:2],
    StepRule(Step.OWNED, "Servers"),
    _change_rule(Step.CHANGE),
    _change_rule(Step.NEW_PLAN, lambda change: change.action is ChangeAction.PLAN),
    _change_rule(Step.MORE_ADD_ONS, lambda change: change.action is ChangeAction.ADD_ONS),
    _change_rule(Step.CANCEL_WHEN, lambda change: change.action is ChangeAction.CANCEL),
    _change_rule(Step.NEW_CYCLE, lambda change: change.action is ChangeAction.PLAN and change.offers_cycles),
    _change_rule(Step.NEW_PAYMENT, lambda change: change.action is ChangeAction.PLAN and change.offers_payment),
    _change_rule(
        Step.SUBSCRIPTION, lambda change: change.action is not ChangeAction.CANCEL and change.needs_subscription
    ),
    StepRule(Step.CHANGE_COST, "Cost"),
    StepRule(Step.CHANGE_REPEAT, "Confirm", lambda facts: facts.repeats),
    StepRule(Step.CHANGE_CONFIRM, "Confirm"),
    StepRule(Step.CHANGE_RECEIPT, "Receipt"),
)
"""The steps for changing a server that the account has, in order."""

CHANGE_STEPS = tuple(rule.step for rule in CHANGE_RULES[2:])
"""Those that no order has."""

CONFIRMING = (Step.CONFIRM, Step.CHANGE_CONFIRM)
"""Steps whose answer makes a paid call."""

RECEIPTS = (Step.RECEIPT, Step.CHANGE_RECEIPT)
"""Steps that no way leads back from."""

_STAGES = {rule.step: rule.stage for rule in (*RULES, *CHANGE_RULES)} | dict.fromkeys(SIDE_STEPS, "Cost")


@dataclass(frozen=True, slots=True)
class Position:
    """Where in the wizard a person is.

    An overview is a step from which single answers are changed: the cost, all servers, the lines of one server.
    """

    step: Step = Step.PROVIDER
    revising: Step | None = None
    """The step that was jumped to from an overview; the way leads back there."""
    path: tuple[Step, ...] = ()
    """The overviews that one went through since the cost screen, the last of them being where the way leads back."""
    after: Step | None = field(default=None, compare=False)
    """The step just left, so that an overview can select its line."""


def stage_of(step: Step) -> str:
    """Return the name of the stage that `step` belongs to."""
    return _STAGES[step]


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


def start_adding(here: Position) -> Position:
    """Return the position for describing one more server from the overview `here`, one question after the other."""
    return Position(Step.PLAN, path=_through(here) or (Step.COST,))


def gives_up(position: Position, earlier: Position) -> bool:
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
