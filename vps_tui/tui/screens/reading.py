"""A step that has to read something from the provider before it can ask."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual import work
from textual.content import Content
from textual.timer import Timer

from vps_tui.core.errors import VpsTuiError
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import loading

Read = TypeVar("Read")


class ReadingStep(StepScreen, Generic[Read]):
    """A step that needs something from the provider before it can ask.

    While it waits it says for what and for how long; Escape stops the read. A failed read is told in
    place and can be tried again; nothing that was answered is lost.
    """

    waiting_for: ClassVar[str] = ""
    """What is being asked, for "Asking EDIS Global for its locations"."""

    reads_ahead = True
    """Whether the read may come before the step is shown; what a step shows of a server is read when it is."""
    _waited = 0
    _ticker: Timer | None = None
    _failed = False

    @property
    def reads(self) -> bool:
        """Whether there is anything to read."""
        return True

    @property
    def has_read(self) -> bool:
        """True once the answer to the read, good or bad, is on the screen."""
        return self._ticker is None

    @property
    def failed(self) -> bool:
        """True while the screen tells why it could not read."""
        return self._failed

    async def fetch(self) -> Read:
        """Read what the question needs; raises `VpsTuiError`."""
        raise NotImplementedError

    def at_hand(self) -> Read | None:
        """Return what `fetch` would, where it has been read already."""
        return None

    async def read_ahead(self) -> None:
        """Read what the question needs, for `at_hand` to find it."""
        if self.reads_ahead:
            await self.fetch()

    def received(self, found: Read) -> None:
        """Fill the body with what was read."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Hide what is empty still, before it is laid out: what is seen and then hidden loses the focus, and keys."""
        for child in self.query_one("#body").children if self.reads else ():
            child.display = False

    def ready(self) -> None:
        """Start reading."""
        super().ready()
        if self.reads:
            self.begin_reading()

    def begin_reading(self) -> None:
        """Hide the body's content and read."""
        self._failed = False
        self._waited = 0
        self.query_one("#continue", PushButton).relabel(self.continue_label())
        found = self.at_hand()
        if found is not None:
            self._hide_notice()
            self.received(found)
            return
        self._show_notice("")
        self._ticker = self.set_interval(1.0, self._tick)
        self.set_timer(0.1, self._say_waiting)
        self._read()

    @work(group="read", exclusive=True)
    async def _read(self) -> None:
        try:
            found = await self.fetch()
        except VpsTuiError as error:
            self._stop_ticking()
            if not self._asks_to_sign_in(error):
                self._fail(error)
        else:
            self._stop_ticking()
            self._hide_notice()
            self.show_keys(self.keys)
            self.received(found)

    def _asks_to_sign_in(self, error: VpsTuiError) -> bool:
        """Go back to the sign-in where credentials that were known did not do, so that others can be typed."""
        state = self.wizard_app.flow.to_sign_in_again(error, self.state)
        if state is None:
            return False
        self.post_message(self.BackRequested(state))
        return True

    def action_back(self) -> None:
        """Stop what is still being read, then go back."""
        if self._ticker is not None:
            self.wizard_app.flow.cancel_reads()
        super().action_back()

    def press_continue(self) -> None:
        """Try again after a failed read; do nothing while one runs."""
        if self._failed:
            self.begin_reading()
        elif self._ticker is None:
            self.submit()

    def _tick(self) -> None:
        self._waited += 1
        self.show_keys("Esc back")
        self._say_waiting()

    def _say_waiting(self) -> None:
        if self._ticker is None:
            return
        seconds = f"  {self._waited} s" if self._waited else ""
        self._show_notice(f"{self.waiting_words()}{seconds}")

    def waiting_words(self) -> str:
        """Return who is being asked for what."""
        return loading.asking(self.state, self.waiting_for)

    def _stop_ticking(self) -> None:
        if self._ticker is not None:
            self._ticker.stop()
            self._ticker = None

    def _fail(self, error: VpsTuiError) -> None:
        self._failed = True
        self._show_notice(error_content(error, loading.money(self.state, error)))
        self.show_keys("Enter try again  Esc back")
        button = self.query_one("#continue", PushButton)
        button.relabel("Try again")
        button.focus()

    def _show_notice(self, content: str | Content) -> None:
        body = self.query_one("#body")
        notice = body.query("#notice")
        if notice:
            notice.only_one(Words).update(content)
        else:
            body.mount(Words(content, id="notice"), before=0)
        for child in body.children:
            child.display = child.id == "notice"

    def _hide_notice(self) -> None:
        for child in self.query_one("#body").children:
            child.display = child.id != "notice"


def error_content(error: VpsTuiError, money: str | None = None) -> Content:
    """Return an error as a person should read it: title, what happened, whether money moved, what to do.

    `money` stands in for the error's own word on that where an order has been sent already.
    """
    title, *rest = loading.error_lines(error, money)
    return Content.assemble((f"{title}\n", "bold ansi_red"), "\n".join(rest))
