"""The questions of the wizard, what they say and what an answer means; nothing of how they are asked."""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Final

from vps_tui.core.steps import Step

if TYPE_CHECKING:
    from vps_tui.wizard.questions.choices import ListQuestion, OptionsQuestion, TextQuestion

QUESTIONS: Final = {
    Step.LOCATION: f"{__name__}.plan:LOCATION",
    Step.PLAN: f"{__name__}.plan:PLAN",
    Step.OS_IMAGE: f"{__name__}.server:OS_IMAGE",
    Step.NAME: f"{__name__}.server:NAME",
    Step.ADD_ONS: f"{__name__}.server:ADD_ONS",
    Step.QUANTITY: f"{__name__}.server:QUANTITY",
    Step.BILLING_CYCLE: f"{__name__}.terms:BILLING_CYCLE",
    Step.PAYMENT_METHOD: f"{__name__}.terms:PAYMENT_METHOD",
    Step.START_UP_SCRIPT: f"{__name__}.startup_script:QUESTION",
    Step.SERVERS: f"{__name__}.servers:SERVERS",
    Step.SERVER: f"{__name__}.servers:SERVER",
    Step.OWNED: f"{__name__}.owned_servers:OWNED",
    Step.CHANGE: f"{__name__}.owned_servers:CHANGE",
    Step.SUBSCRIPTION: f"{__name__}.owned_servers:SUBSCRIPTION",
    Step.NEW_PLAN: f"{__name__}.change_plan:NEW_PLAN",
    Step.MORE_ADD_ONS: f"{__name__}.change_plan:MORE_ADD_ONS",
    Step.CANCEL_WHEN: f"{__name__}.terms:CANCEL_WHEN",
    Step.NEW_CYCLE: f"{__name__}.terms:NEW_CYCLE",
    Step.NEW_PAYMENT: f"{__name__}.terms:NEW_PAYMENT",
}
"""Where the question of a step is, for the steps that a question alone makes up; read when it is asked."""


def question_at(step: Step) -> ListQuestion | TextQuestion | OptionsQuestion:
    """Return the question of `step`."""
    question: ListQuestion | TextQuestion | OptionsQuestion = resolve_name(QUESTIONS[step])
    return question
