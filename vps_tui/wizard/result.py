"""What a run of the wizard came to: its exit code, and the words that stay on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vps_tui.core import exit_codes
from vps_tui.core.errors import NOTHING_CHANGED, NOTHING_ORDERED

if TYPE_CHECKING:
    from vps_tui.wizard.run import Run
    from vps_tui.wizard.state import WizardState


def exit_code(flow: Run) -> int:
    """Return the exit code for how things stand; an earlier order that is being looked at plays no part."""
    if flow.ordering:
        return exit_codes.UNKNOWN if flow.sending else exit_codes.CANCELLED
    outcome = flow.state.home.outcome
    if outcome is not None:
        return outcome.kind.exit_code
    if flow.passed & flow.ordered_here:
        return exit_codes.UNKNOWN
    return exit_codes.DONE if flow.left or flow.only_looking else exit_codes.CANCELLED


def last_words(flow: Run) -> list[str]:
    """Return what should stay on the terminal after the wizard: what became of every order of this run."""
    if flow.ordering and flow.sending and flow.state.changing is None:
        return ["It is not known whether it was ordered. Start again, and the wizard opens with it."]
    state = flow.state.home
    earlier = [words for receipt in flow.left for words in _of_receipt(flow, receipt)]
    if state.changing is not None:
        return [*earlier, *_of_change(flow)]
    if state.outcome is not None:
        return [*earlier, *_of_receipt(flow, state)]
    if flow.passed:
        left = ", ".join(sorted(flow.passed))
        return [*earlier, f"It is still not known what became of {left}. Start again, and the wizard opens with it."]
    if flow.drafts.problem is not None:
        nothing = "Nothing more was ordered." if earlier else "Nothing was ordered."
        return [*earlier, nothing, f"What you had chosen could not be kept: {flow.drafts.problem.message}"]
    return earlier if earlier or flow.only_looking else [NOTHING_ORDERED]


def _of_receipt(flow: Run, state: WizardState) -> list[str]:
    from vps_tui.wizard.questions import receipt

    return receipt.last_words(state, sandbox=flow.backend.sandbox)


def _of_change(flow: Run) -> list[str]:
    """Return what should stay on the terminal after a run that ended with a change of a server."""
    if flow.ordering and flow.sending:
        return ["It is not known whether it was changed. Start again, and the wizard opens with it."]
    if flow.state.outcome is not None:
        return _of_receipt(flow, flow.state)
    if flow.passed:
        left = ", ".join(sorted(flow.passed))
        return [f"It is still not known what became of {left}. Start again, and the wizard opens with it."]
    return [] if flow.left else [NOTHING_CHANGED]
