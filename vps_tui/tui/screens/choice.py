"""Any question that is answered with one row of a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from vps_tui.tui.screens.reading import ReadingStep
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import Words
from vps_tui.wizard.questions import loading, question_at
from vps_tui.wizard.questions.choices import Choice, ListQuestion
from vps_tui.wizard.state import WizardState


class ChoiceScreen(ReadingStep[Any]):
    """Lists the rows of its step's question, once what they need has been read."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"

    @property
    def question(self) -> ListQuestion:
        """What is asked."""
        return cast("ListQuestion", question_at(self.state.step))

    @property
    def reads(self) -> bool:
        return self.question.fetch is not None

    @property
    def reads_ahead(self) -> bool:  # type: ignore[override]
        return self.question.fetch is not None and self.question.fetch.ahead

    @property
    def has_price(self) -> bool:
        return self.question.priced

    def heading(self) -> tuple[str, str]:
        return self.question.heading_in(self.state)

    def help_words(self) -> str:
        return "\n".join((self.question.help, *self.question.notes_in(self.state)))

    def compose_body(self) -> Iterable[Widget]:
        question = self.question
        yield ChoiceList(
            question.columns_in(self.state),
            filterable=bool(question.noun),
            header_lines=2 if question.noun else 1,
            noun=question.noun,
            told=self._highlighted,
        )
        if question.details is not None:
            yield Words("", id="details")
        if question.notes is not None:
            with VerticalScroll(id="scroll", can_focus=False):
                yield Words("", id="change-notes")

    def built_from(self, state: WizardState) -> object:
        """Return who is ordered from and the columns: all else is filled in later."""
        return state.info, tuple(self.question.columns_in(state))

    async def fetch(self) -> Any:
        fetch = self.question.fetch
        return await fetch.read(self.wizard_app.flow, self.state) if fetch is not None else None

    def at_hand(self) -> Any:
        fetch = self.question.fetch
        return fetch.at_hand(self.wizard_app.flow, self.state) if fetch is not None else None

    def waiting_words(self) -> str:
        """Return who is being asked for what."""
        return loading.asking(self.state, self.question.fetch.waiting_for if self.question.fetch is not None else "")

    def ready(self) -> None:
        """List the rows where nothing has to be read for them."""
        super().ready()
        if not self.reads:
            self.list_rows()

    def received(self, found: Any) -> None:
        """List the rows with what was read."""
        if self.question.fetch is not None:
            self.state = self.question.fetch.received(self.state, found)
        self.show_hint(self.heading()[1])
        self.list_rows()

    def list_rows(self) -> None:
        """List what can be chosen, the earlier or usual answer highlighted."""
        question, choices = self.question, self.query_one(ChoiceList)
        rows = question.rows(self.state)
        choices.set_choices(rows, question.chosen(self.state))
        if question.notes is not None:
            choices.styles.height = len(rows) + 2
            notes = "\n".join(f"* {note}" for note in question.notes_in(self.state))
            self.query_one("#change-notes", Words).update(Content.styled(notes, "dim"))
        if not rows and question.empty:
            choices.display = False
            self.say(question.empty)
            self.query_one("#back").focus()
        elif self.reads:
            self.set_focus(choices)

    def submit(self) -> None:
        self.query_one(ChoiceList).action_choose()

    def choose(self, choice_id: str) -> None:
        """Answer with that row, or have its id typed."""
        typed = self.question.typed
        if typed is not None and choice_id == typed.id:
            from vps_tui.tui.screens.typed_ids import TypedIdScreen

            self.app.push_screen(TypedIdScreen(typed, self.state), self._typed)
        else:
            self._typed(choice_id)

    def on_highlight(self, choice: Choice) -> None:
        """Take note of the highlighted row; steps extend it."""

    def _typed(self, choice_id: str | None) -> None:
        state = self.question.answer(self.state, choice_id) if choice_id is not None else None
        if state is not None:
            self.answer(state)

    def _highlighted(self, choice: Choice | None) -> None:
        question = self.question
        self.complain("")
        if choice is not None:
            self.on_highlight(choice)
        if question.details is not None:
            lines = question.details(self.state, choice.id) if choice is not None else ()
            self.query_one("#details", Words).update(Content.styled("\n".join(lines), "dim"))
        if question.rows_priced and choice is not None:
            self.show_price(question.answer(self.state, choice.id) or self.state)

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.choose(message.choice_id)

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.complain(message.reason)
