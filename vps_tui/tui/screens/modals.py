"""Dialogs of a few words: help, leaving, going on with a kept order, something wrong, settling by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from textual.binding import Binding, BindingType
from textual.content import Content

from vps_tui.core.errors import VpsTuiError
from vps_tui.tui.screens.dialog import AskDialog
from vps_tui.tui.screens.reading import error_content
from vps_tui.wizard.questions import kept
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.tui.host import WizardHost

EVERYWHERE = (
    "Tab moves between list and buttons, Up and Down scroll a long text. "
    "Ctrl+L draws the screen again, Ctrl+Q leaves."
)
"""The keys that do the same on every screen."""


class Explained(Protocol):
    """A screen that has something to say about itself."""

    @property
    def keys(self) -> str:
        """The keys that work on it."""
        ...

    def heading(self) -> tuple[str, str]:
        """Return its question or title, and a line under that."""
        ...

    def help_words(self) -> str:
        """Return what F1 says."""
        ...


class HelpScreen(AskDialog[None]):
    """What F1 shows; F1 closes it too."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "give_up", show=False, id="help.close")]

    def __init__(self, screen: Explained) -> None:
        """Explain `screen`."""
        keys = f"{screen.keys}\n{EVERYWHERE}"
        lines = (screen.help_words(), "", Content.styled("Keys", "bold"), keys)
        super().__init__(screen.heading()[0], lines, (("close", "Close", None),))


class LeaveScreen(AskDialog[bool]):
    """Asked before leaving with something unfinished; Ctrl+Q once more leaves."""

    def __init__(self, state: WizardState) -> None:
        """Ask about leaving `state`."""
        buttons = (("stay", "Stay", False), ("leave", "Leave", True))
        super().__init__(kept.LEAVE_TITLE, (kept.leaving(state),), buttons)

    async def chosen(self, result: bool | None) -> None:
        """Stay, or end the program while this lies over the step: no key reaches the step any more."""
        if result:
            await cast("WizardHost", self.app).leave()
        else:
            self.close()


class ResumeScreen(AskDialog[bool]):
    """Offered at the start: closes with True to go on with the order that was left."""

    def __init__(self, state: WizardState) -> None:
        """Offer to go on with `state`."""
        buttons = (("resume", "Go on", True), ("anew", "Start anew", False))
        super().__init__(kept.RESUME_TITLE, kept.offer(state), buttons)


class ProblemScreen(AskDialog[None]):
    """Something that is wrong before anything was asked."""

    def __init__(self, error: VpsTuiError) -> None:
        """Say what `error` says."""
        super().__init__(error_content(error), (), (("close", "Look around all the same", None),))


class SettleScreen(AskDialog[bool]):
    """Asked about what is not known: what is said here is believed, so not sure is the first button."""

    def __init__(self, title: str, hints: Iterable[str], answers: Sequence[str]) -> None:
        """Ask `title`; `answers` are the words for there and not there."""
        there, absent = answers
        buttons = (("unsure", "Not sure yet", None), ("there", there, True), ("absent", absent, False))
        super().__init__(title, hints, buttons)
