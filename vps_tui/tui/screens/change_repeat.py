"""Step: say that making the same change once more is meant."""

from __future__ import annotations

from typing import ClassVar

from vps_tui.tui.screens.repeat import RepeatScreen
from vps_tui.wizard.questions import change_repeat


class ChangeRepeatScreen(RepeatScreen):
    """Names the earlier changes; one that is being sent at this moment cannot be repeated at all."""

    help_text: ClassVar[str] = change_repeat.HELP
    question: ClassVar[str] = change_repeat.QUESTION
    expected: ClassVar[str] = f"{change_repeat.EXPECTED}, or press Esc to go back."
    wait: ClassVar[str] = change_repeat.WAIT

    def heading(self) -> tuple[str, str]:
        """Return the title."""
        return change_repeat.heading(self.state)

    def hurried_words(self) -> str:
        """Return what is said when the word came faster than fingers type."""
        return super().hurried_words().replace("nothing was ordered", "nothing was changed")

    def way_out(self) -> str:
        """Return how to find out, or how not to do it."""
        return change_repeat.way_out(self.state)
