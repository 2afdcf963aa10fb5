"""What a question can come to besides an answer: other ways through the wizard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from vps_tui.core.steps import Step
from vps_tui.wizard.state import WizardState


@dataclass(frozen=True, slots=True)
class Jump:
    """Change the answer of another step, then come back."""

    state: WizardState
    step: Step


@dataclass(frozen=True, slots=True)
class Order:
    """It has been confirmed: order it."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """Leave this order as it is and begin another."""


@dataclass(frozen=True, slots=True)
class Show:
    """Ask again what `state` stands at."""

    state: WizardState


Move: TypeAlias = WizardState | Jump | Order | Fresh | Show
"""A state is an answer: the next step follows from it."""
