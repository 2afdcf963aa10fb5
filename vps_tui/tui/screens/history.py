"""The earlier orders as a list, and one of them in full."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget

from vps_tui.core.errors import VpsTuiError
from vps_tui.journal import Entry
from vps_tui.services.logins import WayIn
from vps_tui.tui.screens.page import Page
from vps_tui.tui.screens.reading import error_content
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import Pairs, PushButton, Words
from vps_tui.wizard.controller import Flow
from vps_tui.wizard.history import FIRST_ROWS, again, follow, order_and_ways, rows
from vps_tui.wizard.questions import history, saving
from vps_tui.wizard.questions.choices import Choice
from vps_tui.wizard.questions.history import HistoryAction
from vps_tui.wizard.state import WizardState


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with which order."""

    action: HistoryAction
    entry: Entry


def state_for(flow: Flow, wanted: Wanted, present: WizardState) -> WizardState:
    """Return the state in which that is done; `present` is where the list was opened."""
    draft = history.draft(wanted.entry)
    if wanted.action is HistoryAction.AGAIN and draft is not None:
        return again(flow, draft, present)
    return follow(flow, wanted.entry, present)


class EarlierScreen(Page[Wanted | None]):
    """Closes with what is to be done with one of them, or with nothing."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter show  Esc back"
    help_text: ClassVar[str] = history.HELP
    stage: ClassVar[str] = history.TITLE

    def __init__(self, flow: Flow, chosen: str = "") -> None:
        """List what the journal of `flow` holds, with the reference `chosen` highlighted."""
        super().__init__()
        self._flow = flow
        self._chosen = chosen
        self._first = ""
        """The row that is highlighted before anybody moves."""
        self._opening = False
        self.has_read = False
        """True once all of the journal is in the list, or cannot be read."""

    def heading(self) -> tuple[str, str]:
        return history.TITLE, history.HINT

    def compose_body(self) -> Iterable[Widget]:
        yield ChoiceList(history.COLUMNS, noun=history.NOUN)

    def buttons(self) -> Iterable[PushButton]:
        yield PushButton("Show", id="show")

    def on_mount(self) -> None:
        """Read the newest first: they are what most come for."""
        self._read()

    @work(group="read", exclusive=True)
    async def _read(self) -> None:
        try:
            newest = await rows(self._flow, FIRST_ROWS)
            self._list(newest)
            if len(newest) == FIRST_ROWS:
                self._list(await rows(self._flow))
        except VpsTuiError as error:
            self.say(error_content(error))
        self.has_read = True

    def _list(self, found: list[Choice]) -> None:
        choices = self.query_one(ChoiceList)
        present = choices.highlighted
        if present is not None and present.id != self._first:
            self._chosen = present.id
        choices.set_choices(found, self._chosen)
        self._first = found[0].id if found else ""
        if not found:
            self.say(history.NONE_YET)

    @on(ChoiceList.Chosen)
    def _chosen_row(self, message: ChoiceList.Chosen) -> None:
        # A second Enter while the order is being read would open it twice.
        if not self._opening:
            self._opening = True
            self._open(message.choice_id)

    @work(group="open", exclusive=True)
    async def _open(self, reference: str) -> None:
        try:
            entry, ways = await order_and_ways(self._flow, reference)
        except VpsTuiError as error:
            self.say(error_content(error))
        else:
            self.app.push_screen(OrderScreen(entry, ways), self._done)
        finally:
            self._opening = False

    def _done(self, action: Wanted | None) -> None:
        if action is not None:
            self.close(action)

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.say(message.reason)

    @on(ChoiceList.Highlighted)
    def _highlighted(self) -> None:
        self.say("")

    @on(PushButton.Pressed, "#show")
    def _show_pressed(self) -> None:
        self.query_one(ChoiceList).action_choose()


class OrderScreen(Page[Wanted | None]):
    """One order in full; closes with what is to be done with it."""

    AUTO_FOCUS = "#back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", show=False, id="order.save"),
        Binding("up", "scroll_body(-1)", show=False, id="order.up"),
        Binding("down", "scroll_body(1)", show=False, id="order.down"),
        Binding("pageup", "page_body(-1)", show=False, id="order.page-up"),
        Binding("pagedown", "page_body(1)", show=False, id="order.page-down"),
    ]
    keys: ClassVar[str] = "Up/Down scroll  Tab next  Enter press  Esc back"
    help_text: ClassVar[str] = history.ORDER_HELP
    stage: ClassVar[str] = history.TITLE

    def __init__(self, entry: Entry, ways: tuple[WayIn, ...] = ()) -> None:
        """Show `entry`, whose texts are safe to draw, and the ways into its servers."""
        super().__init__()
        self._entry = entry
        self._ways = ways
        self._actions = history.actions(entry)

    def heading(self) -> tuple[str, str]:
        return history.heading(self._entry)

    def compose_body(self) -> Iterable[Widget]:
        """Lay out everything that is recorded; what has no room is scrolled to."""
        message = history.message(self._entry)
        with VerticalScroll(id="scroll", can_focus=False):
            if message:
                yield Words("".join(f"{line}\n" for line in message))
            yield Pairs(history.details(self._entry, self._ways))

    def buttons(self) -> Iterable[PushButton]:
        labels = {
            HistoryAction.RECEIPT: history.receipt_label(self._entry),
            HistoryAction.SAVE: "Save as file (F2)",
            HistoryAction.AGAIN: history.AGAIN_LABEL,
        }
        return [PushButton(labels[action], id=action.value) for action in self._actions]

    def action_scroll_body(self, lines: int) -> None:
        """Scroll what is longer than the screen."""
        self.query_one("#scroll").scroll_relative(y=lines, animate=False)

    def action_page_body(self, pages: int) -> None:
        """Scroll by as much as is seen."""
        body = self.query_one("#scroll")
        body.scroll_relative(y=pages * max(1, body.size.height - 1), animate=False)

    def action_save(self) -> None:
        """Ask where to save it."""
        draft = history.draft(self._entry)
        if draft is not None and HistoryAction.SAVE in self._actions:
            from vps_tui.tui.screens.saving import SaveOrderScreen

            self.app.push_screen(SaveOrderScreen(draft), self._saved)

    def _saved(self, path: Path | None) -> None:
        if path is not None:
            self.say(saving.saved_message(path))

    @on(PushButton.Pressed)
    def _pressed(self, event: PushButton.Pressed) -> None:
        if event.button.id == HistoryAction.SAVE:
            self.action_save()
        elif event.button.id in (HistoryAction.RECEIPT, HistoryAction.AGAIN):
            self.close(Wanted(HistoryAction(event.button.id), self._entry))
