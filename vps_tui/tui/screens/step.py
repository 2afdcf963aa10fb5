"""What all steps share: the frame of the screen, going on and going back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from vps_tui.core.steps import Step, back, stage_of, stages
from vps_tui.tui.widgets.frame import Buttons, KeyLine, Masthead, OrderPanel, Pairs, PriceBar, PushButton, Words
from vps_tui.wizard.questions import running_total
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.journal import Entry
    from vps_tui.providers.models import TypedIds
    from vps_tui.tui.host import WizardHost

WIDE = 120
"""Columns from which on the order is shown beside the question, which keeps 80 of them."""


class StepScreen(Screen[None]):
    """One question of the wizard.

    A screen draws, checks and posts; the app decides where to go. It is built from the wizard's state
    and hands back a changed one, so it can be thrown away at any time.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False, id="step.back"),
        Binding("f1", "app.help", "Help", show=False, id="app.help"),
        Binding("left", "next_button(-1)", show=False, id="step.previous-button"),
        Binding("right", "next_button(1)", show=False, id="step.next-button"),
        Binding("up", "into_body", show=False, id="step.into-body"),
        Binding("down", "scroll_body(1)", show=False, id="step.scroll-down"),
    ]

    keys: ClassVar[str] = "Enter continue  Esc back"
    help_text: ClassVar[str] = ""
    """What F1 says about the question on this screen."""
    shows_price: ClassVar[bool] = True
    _priced: WizardState | None = None
    """What is chosen on the screen and not answered yet."""

    class Answered(Message):
        """The question has its answer; go on. It may have answered the questions up to a later one as well."""

        def __init__(self, state: WizardState, through: Step | None = None) -> None:
            super().__init__()
            self.state = state
            self.through = through or state.step

    class BackRequested(Message):
        """Go back, keeping what is there, finished or not."""

        def __init__(self, state: WizardState) -> None:
            super().__init__()
            self.state = state

    class JumpRequested(Message):
        """Change the answer of another step, then come back."""

        def __init__(self, state: WizardState, step: Step) -> None:
            super().__init__()
            self.state = state
            self.step = step

    class AnotherRequested(Message):
        """Describe one more server of the order."""

        def __init__(self, state: WizardState) -> None:
            super().__init__()
            self.state = state

    class FreshRequested(Message):
        """Leave this order as it is and begin another."""

    class IdsTyped(Message):
        """Ids were typed that are worth remembering."""

        def __init__(self, typed: TypedIds) -> None:
            super().__init__()
            self.typed = typed

    class Settled(Message):
        """It is known now what became of an order."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self, state: WizardState) -> None:
        """Build the screen for the present step of `state`."""
        super().__init__()
        self.state = state
        self._shown = False

    @property
    def has_price(self) -> bool:
        """Whether the price of the order is shown."""
        return self.shows_price

    @abstractmethod
    def heading(self) -> tuple[str, str]:
        """Return the question and a line that helps to answer it."""

    @abstractmethod
    def compose_body(self) -> Iterable[Widget]:
        """Return the widgets between heading and price."""

    @abstractmethod
    def submit(self) -> None:
        """Check the answer and call `answer` with it, or say with `complain` what is missing."""

    def typed_state(self) -> WizardState:
        """Return the state with what has been typed so far, good or not; never fails."""
        return self.state

    def continue_label(self) -> str:
        """Return the words on the button that goes on."""
        return "Continue"

    def compose(self) -> Iterable[Widget]:
        """Lay out the frame; only the body differs between steps."""
        facts = self.state.facts
        yield Masthead(stages(facts), stage_of(self.state.step), sandbox=self.wizard_app.backend.sandbox)
        yield Words(self._heading(*self.heading()), id="heading")
        with Vertical(id="body"):
            yield from self.compose_body()
        complaint = Words("", id="complaint")
        complaint.display = False
        yield complaint
        yield PriceBar()
        with Buttons(id="actions"):
            yield PushButton(self.back_label(), id="back")
            yield PushButton(self.continue_label(), id="continue")
            yield from self.extra_buttons()
        yield KeyLine(_keys(self.keys), id="keys")
        if self._shows_panel(self.app.size):
            yield self._new_panel()

    def back_label(self) -> str:
        """Return the words on the button that goes back."""
        return "Leave" if _is_first(self.state) else "Back"

    def extra_buttons(self) -> Iterable[PushButton]:
        """Return what else can be pressed, beside going back and on."""
        return ()

    def on_resize(self, event: events.Resize) -> None:
        """Show the order beside the question as soon as there is room for both."""
        panel = self.query("#panel")
        if panel:
            panel.first().display = self._shows_panel(event.size)
        elif self._shows_panel(event.size):
            self.mount(self._new_panel())

    def _new_panel(self) -> Widget:
        return OrderPanel(running_total.order(self._priced or self.state))

    def _shows_panel(self, size: Size) -> bool:
        return self.has_price and size.width >= WIDE

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Let the step fill its screen when it is shown for the first time."""
        if not self._shown:
            self._shown = True
            # It was styled when it was mounted.
            event.refresh_styles = False
            self.ready()

    def likely_next(self) -> WizardState:
        """Return the state that the answer on the screen would most likely lead to."""
        return self.typed_state().forward()

    async def look_ahead(self) -> None:
        """Begin to read what the next step will need, where that can be known; raises `VpsTuiError`."""

    async def read_ahead(self) -> None:
        """Read what this step needs, before it is shown; raises `VpsTuiError`."""

    def built_from(self, state: WizardState) -> object:
        """Return what `compose_body` takes from `state`: a screen made ready suits all states alike in it."""
        return replace(state, position=self.state.position, repeated=(), acknowledged="")

    def suits(self, state: WizardState) -> bool:
        """Tell whether this screen, made ready and not shown yet, can be that of `state`."""
        return (
            state.step is self.state.step
            and self.built_from(state) == self.built_from(self.state)
            and stages(state.facts) == stages(self.state.facts)
            and _is_first(state) == _is_first(self.state)
        )

    def adopt(self, state: WizardState) -> None:
        """Become the screen of `state`, which it suits."""
        self.state = state
        self.query_one("#heading", Words).update(self._heading(*self.heading()))

    def ready(self) -> None:
        """Do what has to be done once the widgets are there and are about to be seen; steps extend it."""
        self.query_one(PriceBar).set_class(not self.has_price, "-rule")
        self.show_price(self.state)

    def press_continue(self) -> None:
        """Do what the button that goes on stands for."""
        self.submit()

    @property
    def wizard_app(self) -> WizardHost:
        """The app, as what it is."""
        return cast("WizardHost", self.app)

    def answer(self, state: WizardState, through: Step | None = None) -> None:
        """Go on with `state`, which answers the questions up to `through` too."""
        self.post_message(self.Answered(state, through))

    def complain(self, text: str) -> None:
        """Say what is wrong with the answer, above the price; an empty text takes it back."""
        complaint = self.query_one("#complaint", Words)
        complaint.update(Content.styled(text, "bold ansi_red"))
        complaint.display = bool(text)

    def say(self, text: str) -> None:
        """Say something that is not wrong, above the price."""
        line = self.query_one("#complaint", Words)
        line.update(Content.styled(text, "bold"))
        line.display = bool(text)

    def show_keys(self, keys: str) -> None:
        """Name other keys at the bottom, while others work."""
        self.query_one(KeyLine).update(_keys(keys))

    def show_hint(self, hint: str) -> None:
        """Put another helping line under the question."""
        self.query_one("#heading", Words).update(self._heading(self.heading()[0], hint))

    def _heading(self, title: str, hint: str) -> Content:
        return Content.assemble((f"{running_total.title(self.state, title)}\n", self.title_style()), (hint, "dim"))

    def help_words(self) -> str:
        """Return what F1 says."""
        return self.help_text

    def title_style(self) -> str:
        """Return how the question is drawn."""
        return "bold"

    def show_price(self, state: WizardState) -> None:
        """Show the running choice and its price."""
        if not self.has_price:
            return
        self._priced = state
        for panel in self.query("#panel").results(Pairs):
            panel.update(running_total.order(state))
        self.query_one(PriceBar).show(running_total.choice(state), running_total.price(state))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the arrow keys move between buttons only while one of them is focused."""
        if action == "next_button":
            return isinstance(self.focused, PushButton)
        if action in ("into_body", "scroll_body"):
            return isinstance(self.focused, PushButton) or bool(self.query("#scroll"))
        return True

    def action_next_button(self, places: int) -> None:
        """Focus the button `places` further on, round in a circle."""
        buttons = [button for button in self.query("#actions PushButton") if not button.disabled]
        if self.focused in buttons:
            buttons[(buttons.index(self.focused) + places) % len(buttons)].focus()

    def action_into_body(self) -> None:
        """Focus what is above the buttons; where there is only text, scroll it."""
        above = [widget for widget in self.focus_chain if not isinstance(widget, PushButton)]
        if above and isinstance(self.focused, PushButton):
            above[-1].focus()
        else:
            self.action_scroll_body(-1)

    def action_scroll_body(self, lines: int) -> None:
        """Scroll the text of the body, where it is longer than the screen."""
        for container in self.query("#scroll"):
            container.scroll_relative(y=lines, animate=False)

    def action_back(self) -> None:
        """Go back without checking anything."""
        self.post_message(self.BackRequested(self.typed_state()))

    @on(PushButton.Pressed, "#back")
    def _back_pressed(self) -> None:
        self.action_back()

    @on(PushButton.Pressed, "#continue")
    def _continue_pressed(self) -> None:
        self.press_continue()


def _is_first(state: WizardState) -> bool:
    return back(state.position, state.facts) is None


def _keys(keys: str) -> str:
    return f"{keys}  F1 help  Ctrl+Q leave"
