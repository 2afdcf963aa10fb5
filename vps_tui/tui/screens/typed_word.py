"""A step that goes on only when a word has been typed by fingers."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.chrome import Words


class TypedWordField(Input):
    """Takes typed letters only: a paste is not an answer."""

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()


class TypedWordStep(StepScreen):
    """Asks for one word; nothing else, no paste and no held key, is an answer."""

    AUTO_FOCUS = "TypedWordField"
    shows_price: ClassVar[bool] = False
    word: ClassVar[str]
    question: ClassVar[str]
    expected: ClassVar[str]
    """What is said when something else was typed."""

    def compose_question(self) -> ComposeResult:
        """Lay out the question and the field."""
        field = TypedWordField(compact=True, max_length=10)
        field.cursor_blink = False
        with Horizontal(id="question"):
            yield Words(self.question)
            yield field

    def submit(self) -> None:
        """Go on if the word was typed; say what is expected otherwise."""
        field = self.query_one(TypedWordField)
        if self.wizard_app.ordering:
            return
        if field.value.strip().lower() != self.word:
            self.complain(self.expected)
            field.focus()
        elif self.wizard_app.keys_hurried:
            field.value = ""
            field.focus()
            self.complain(
                f"That came as fast as a paste: nothing was ordered. Type {self.word}, wait a moment, press Enter."
            )
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
