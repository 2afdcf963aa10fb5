"""The words that stay on the terminal after a run of the wizard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vps_tui.core.errors import Consequence

if TYPE_CHECKING:
    from vps_tui.wizard.run import Run
    from vps_tui.wizard.state import WizardState


def last_words(flow: Run) -> list[str]:
    """Return the outcome of every order and change of this run, in words."""
    state = flow.state.home
    is_order = state.changing is None
    earlier = [words for receipt in flow.finished for words in _of_receipt(flow, receipt)]
    if flow.ordering and flow.sending:
        done = "ordered" if is_order else "changed"
        return [*earlier, f"It is not known whether it was {done}. Start again, and the wizard opens with it."]
    if state.outcome is not None:
        return [*earlier, *_of_receipt(flow, state)]
    if flow.skipped_references:
        left = ", ".join(sorted(flow.skipped_references))
        return [*earlier, f"It is still not known what became of {left}. Start again, and the wizard opens with it."]
    if flow.drafts.problem is not None and is_order:
        nothing = "Nothing more was ordered." if earlier else Consequence.NOTHING_ORDERED
        return [*earlier, nothing, f"What you had chosen could not be kept: {flow.drafts.problem.message}"]
    if earlier or (flow.history_only and is_order):
        return earlier
    return [Consequence.NOTHING_ORDERED if is_order else Consequence.NOTHING_CHANGED]


def _of_receipt(flow: Run, state: WizardState) -> list[str]:
    from vps_tui.wizard.questions import receipt

    return receipt.last_words(state, sandbox=flow.backend.sandbox)
