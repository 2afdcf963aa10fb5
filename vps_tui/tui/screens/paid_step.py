"""Steps before a paid call: they go on only when a word has been typed by fingers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.frame import Pairs, PushButton, Words
from vps_tui.wizard.questions import paid_step
from vps_tui.wizard.questions.paid_step import Confirmation, Repetition, TypedWord
from vps_tui.wizard.state import WizardState


class TypedWordField(Input):
    """Takes typed letters only: a paste is not an answer."""

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()


class TypedWordStep(StepScreen):
    """Asks for one word; nothing else, no paste and no held key, is an answer."""

    AUTO_FOCUS = "TypedWordField"
    shows_price: ClassVar[bool] = False

    @property
    @abstractmethod
    def asked(self) -> TypedWord:
        """What is asked, and for which word."""

    def heading(self) -> tuple[str, str]:
        return self.asked.heading

    def help_words(self) -> str:
        return self.asked.help_text

    def show_busy(self) -> None:
        """Say that what was confirmed is under way; nothing can be pressed meanwhile."""
        with self.app.batch_update():
            self.query_one(TypedWordField).disabled = True
            for button in self.query(PushButton):
                button.disabled = True
            self.say(paid_step.busy(self.state))

    def compose_question(self) -> ComposeResult:
        """Lay out the question and the field."""
        asked = self.asked
        field = TypedWordField(compact=True, max_length=max(10, *map(len, asked.words)))
        field.cursor_blink = False
        with Horizontal(id="question"):
            yield Words(asked.question)
            yield field

    def submit(self) -> None:
        """Go on if the word was typed; say what is expected otherwise."""
        field, asked = self.query_one(TypedWordField), self.asked
        if self.wizard_app.ordering:
            return
        if not asked.accepts(field.value):
            self.complain(f"{asked.expected}, or press Esc to go back.")
            field.focus()
        elif self.wizard_app.keys_hurried:
            field.value = ""
            field.focus()
            self.complain(asked.hurried)
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


class ConfirmScreen(TypedWordStep):
    """Says what is bought or changed, with which account and for how much, and asks for the word."""

    def __init__(self, state: WizardState) -> None:
        """Ask about what `state` orders or changes."""
        super().__init__(state)
        self.set_class(state.changing is not None, "-change")

    @property
    def asked(self) -> Confirmation:
        return paid_step.confirmation(self.state, datetime.now(UTC))

    @property
    def keys(self) -> str:  # type: ignore[override]
        """The keys; what they do depends on what is confirmed."""
        return f"{self.asked.keys}  Esc back"

    def continue_label(self) -> str:
        return self.asked.button

    def help_words(self) -> str:
        return "\n".join((self.asked.help_text, *self.asked.notes))

    def compose_body(self) -> Iterable[Widget]:
        asked = self.asked
        width = max(len(label) for label, _ in asked.details)
        notes = "\n".join(f"* {note}" for note in asked.notes)
        yield Pairs(asked.money, strong="Now", label_width=width, id="money")
        with VerticalScroll(id="scroll", can_focus=False):
            if notes and asked.notes_first:
                yield Words(f"{notes}\n")
            yield Pairs(asked.details, label_width=width, id="parts")
            if notes and not asked.notes_first:
                yield Words(Content.styled(f"\n{notes}", "dim"))
        yield from self.compose_question()


class RepeatScreen(TypedWordStep):
    """Names what was done earlier; what is being sent at this moment cannot be repeated at all."""

    keys: ClassVar[str] = "type again and Enter to go on  Esc back"

    @property
    def asked(self) -> Repetition:
        return paid_step.repetition(self.state)

    def title_style(self) -> str:
        return "bold ansi_magenta"

    def compose_body(self) -> Iterable[Widget]:
        asked = self.asked
        with VerticalScroll(id="scroll", can_focus=False):
            yield Words(Content(f"{asked.message}\n\n{asked.way_out}"))
        if not asked.live:
            yield from self.compose_question()

    def submit(self) -> None:
        """Go on with the word, never beside what is being sent."""
        asked = self.asked
        if asked.live:
            self.complain(asked.way_out)
        else:
            super().submit()

    def accepted(self) -> None:
        self.answer(paid_step.with_repeats(self.state))
