"""Ask what the server must have at least, and have one of the plans that fit chosen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.errors import UsageError, VpsTuiError
from vps_tui.core.offers import Offer, SortKey
from vps_tui.core.requirements import Requirements
from vps_tui.services.compare import Everywhere
from vps_tui.tui.screens.dialog import ARROWS, Form
from vps_tui.tui.screens.reading import error_content
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import loading, requirements
from vps_tui.wizard.state import WizardState

Look = Callable[[Requirements, Callable[[int, int], None]], Awaitable[Everywhere]]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was typed, good or not, and what was chosen, if anything was."""

    typed: Mapping[str, str]
    offer: Offer | None = None
    found: Everywhere | None = None


class FitFormScreen(Form[Fitted]):
    """A field for each thing that can be asked for; what is left open does not matter."""

    DEFAULT_CSS = "FitFormScreen Field { min-height: 2; }"
    BINDINGS: ClassVar[list[BindingType]] = ARROWS
    form_title = requirements.TITLE
    use_label = "Find"

    def __init__(self, state: WizardState, look: Look, *, everywhere: bool) -> None:
        """Ask for the wizard in `state`; `look` reads what there is to choose from."""
        super().__init__()
        self._state = state
        self._look = look
        self._everywhere = everywhere
        self._wishes = requirements.wishes(state, everywhere=everywhere)

    def compose_body(self) -> Iterable[Widget]:
        typed = requirements.typed(self._state, self._wishes)
        yield Words(Content.styled(requirements.NOTE, "dim"))
        for wish in self._wishes:
            yield Field(wish.label, typed[wish.key], help_text=wish.help_text, id=wish.key)

    def _typed(self) -> dict[str, str]:
        return {wish.key: self.query_one(f"#{wish.key}", Field).value for wish in self._wishes}

    @on(Input.Submitted)
    def use(self) -> None:
        wanted, wrong = requirements.read(self._typed())
        for wish in self._wishes:
            self.query_one(f"#{wish.key}", Field).complain(wrong.get(wish.key, ""))
        if wrong:
            self.query_one(f"#{next(iter(wrong))}", Field).focus_input()
        elif self.is_current:
            screen = FitListScreen(self._state, wanted, self._look, everywhere=self._everywhere)
            self.app.push_screen(screen, self._chosen)

    def _chosen(self, chosen: tuple[Offer, Everywhere] | None) -> None:
        if chosen is not None:
            self.close(Fitted(self._typed(), *chosen))

    def action_give_up(self) -> None:
        """Go back to the question; what was typed is kept."""
        self.close(Fitted(self._typed()))


_KEYS = list(SortKey)


class FitListScreen(Form[tuple[Offer, Everywhere]]):
    """Says how far reading has come, then lists what fits; Escape stops the reading, or goes back."""

    AUTO_FOCUS = "#give-up"
    DEFAULT_CSS = """
    FitListScreen ChoiceList { height: 1fr; max-width: 108; }
    FitListScreen #fit-notes { height: auto; max-height: 6; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        # Without priority: in the list, Escape undoes the filter first.
        Binding("escape", "give_up", show=False, id="offers.back"),
    ]
    use_label = "Choose"

    def __init__(self, state: WizardState, wanted: Requirements, look: Look, *, everywhere: bool) -> None:
        """Look for what has `wanted` in what `look` reads."""
        super().__init__()
        self._state = state
        self._wanted = wanted
        self._look = look
        self._everywhere = everywhere
        self._found: Everywhere | None = None
        self._offers: tuple[Offer, ...] = ()
        self._sort = SortKey.PRICE

    @property
    def has_read(self) -> bool:
        """Whether there is a list."""
        return self._found is not None

    def compose_body(self) -> Iterable[Widget]:
        choices = ChoiceList(
            requirements.columns(self._state, everywhere=self._everywhere), noun=requirements.NOUN, header_lines=2
        )
        choices.display = False
        yield choices
        yield Words("", id="fit-notes")

    def extra_buttons(self) -> Iterable[PushButton]:
        yield PushButton("Sort", id="sort")

    def on_mount(self) -> None:
        """Begin to read."""
        self._show_buttons(use=False, sort=False)
        self._read()

    @work(group="read", exclusive=True)
    async def _read(self) -> None:
        self._told(0, 0)
        try:
            found = await self._look(self._wanted, self._told)
        except VpsTuiError as error:
            self.query_one("#title", Words).update(error_content(error))
            if not isinstance(error, UsageError):
                self.query_one("#use", PushButton).relabel("Try again")
                self._show_buttons(use=True, sort=False)
                self.query_one("#use", PushButton).focus()
        else:
            self._found = found
            self._list()
            if self._offers:
                self.query_one(ChoiceList).focus()

    def _told(self, done: int, of: int) -> None:
        words = loading.asking(self._state, requirements.WAITING_FOR)
        self.query_one("#title", Words).update(f"{words} {done} of {of}" if of else words)

    def _list(self) -> None:
        """Show what fits, in the present order."""
        if self._found is None:
            return
        selection = requirements.select_offers(self._state, self._found, self._wanted, self._sort)
        self._offers = selection.offers
        title = requirements.heading(selection, self._wanted, self._sort)
        self.query_one("#title", Words).update(Content.styled(title, "bold"))
        notes = requirements.notes(selection, self._found) + ([] if self._offers else [requirements.NOTHING])
        self.query_one("#fit-notes", Words).update(Content.styled("\n".join(notes), "dim"))
        self.query_one("#fit-notes", Words).display = bool(notes)
        choices = self.query_one(ChoiceList)
        choices.display = bool(self._offers)
        choices.set_choices(requirements.choices(self._state, self._offers, everywhere=self._everywhere))
        self.query_one("#use", PushButton).relabel("Choose")
        self.query_one("#sort", PushButton).relabel(f"Sort by {requirements.SORTED_BY[self._following]}")
        self._show_buttons(use=bool(self._offers), sort=len(self._offers) > 1)

    @property
    def _following(self) -> SortKey:
        return _KEYS[(_KEYS.index(self._sort) + 1) % len(_KEYS)]

    def _show_buttons(self, *, use: bool, sort: bool) -> None:
        self.query_one("#use", PushButton).display = use
        self.query_one("#sort", PushButton).display = sort

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        if self._found is not None:
            self.close((self._offers[int(message.choice_id)], self._found))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.query_one("#fit-notes", Words).update(Content.styled(message.reason, "bold ansi_red"))
        self.query_one("#fit-notes", Words).display = True

    def use(self) -> None:
        if self._found is None:
            self._show_buttons(use=False, sort=False)
            self.query_one("#give-up", PushButton).focus()
            self._read()
        else:
            self.query_one(ChoiceList).action_choose()

    @on(PushButton.Pressed, "#sort")
    def _sort_pressed(self) -> None:
        self._sort = self._following
        self._list()
