"""A step that goes on only when a word has been typed by fingers."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.frame import PushButton, Words


class TypedWordField(Input):
    """Takes typed letters only: a paste is not an answer."""

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()


class TypedWordStep(StepScreen):
    """Asks for one word; nothing else, no paste and no held key, is an answer."""

    AUTO_FOCUS = "TypedWordField"
    shows_price: ClassVar[bool] = False
    word: ClassVar[str] = ""
    question: ClassVar[str] = ""
    expected: ClassVar[str] = ""
    """What is said when something else was typed."""

    def words(self) -> tuple[str, ...]:
        """Return the words that are answers; which letters are capitals does not matter."""
        return (self.word,)

    def question_words(self) -> str:
        """Return what is asked for, before the field."""
        return self.question

    def expected_words(self) -> str:
        """Return what is said when something else was typed."""
        return self.expected

    def hurried_words(self) -> str:
        """Return what is said when the word came faster than fingers type."""
        return f"That came as fast as a paste: nothing was ordered. Type {self.word}, wait a moment, press Enter."

    def busy_words(self) -> str:
        """Return what is said while what was confirmed is under way."""
        return ""

    def show_busy(self) -> None:
        """Say that it is under way; nothing can be pressed meanwhile."""
        with self.app.batch_update():
            self.query_one(TypedWordField).disabled = True
            for button in self.query(PushButton):
                button.disabled = True
            self.say(self.busy_words())

    def compose_question(self) -> ComposeResult:
        """Lay out the question and the field."""
        field = TypedWordField(compact=True, max_length=max(10, *map(len, self.words())))
        field.cursor_blink = False
        with Horizontal(id="question"):
            yield Words(self.question_words())
            yield field

    def submit(self) -> None:
        """Go on if the word was typed; say what is expected otherwise."""
        field = self.query_one(TypedWordField)
        if self.wizard_app.ordering:
            return
        if field.value.strip().casefold() not in map(str.casefold, self.words()):
            self.complain(self.expected_words())
            field.focus()
        elif self.wizard_app.keys_hurried:
            field.value = ""
            field.focus()
            self.complain(self.hurried_words())
        else:
            self.accepted()

    def accepted(self) -> None:
        """Go on: the word was typed."""
        self.answer(self.state)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.submit()

    @on(Input.Changed)
    def _changed(self) -> None:
        if self.query_one(TypedWordField).value:
            self.complain("")
