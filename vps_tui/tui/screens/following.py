"""What the receipt does while it is shown: it follows the order's servers until a login works."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on, work
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.errors import InvalidValue, VpsTuiError
from vps_tui.core.login import typed_address
from vps_tui.services.watch import Watch, watch_of
from vps_tui.tui.screens.copying import CopyingStep, Values
from vps_tui.tui.screens.dialog import Form
from vps_tui.tui.screens.reading import error_content
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.wizard.questions import watching as words

TICK = 1.0
"""Seconds between two changes of the time that is shown."""


class FollowingStep(CopyingStep):
    """A step that can follow the servers of the order in its state; being left ends that."""

    _watch: Watch | None = None
    _ticker: Timer | None = None

    def following(self) -> Widget:
        """Return the widget that says how far the servers are."""
        found = Words("", id="following")
        found.display = False
        return found

    def found_values(self) -> Values:
        """Return what is known of the servers by now, for copying."""
        return words.values(self._watch.machines) if self._watch is not None else ()

    @work(group="follow", exclusive=True)
    async def follow(self) -> None:
        """Look at once, then less and less often, until every server takes a login."""
        entry, flow = self.state.entry, self.wizard_app.flow
        if entry is None:
            return
        try:
            if self._watch is None:
                session = await flow.session()
                self._watch = await watch_of(session, flow.journal, entry, session.ports)
            if self._ticker is None:
                self._ticker = self.set_interval(TICK, self._tell)
            await self._watch.follow(self._tell)
        except VpsTuiError as error:
            self._say_following(error_content(error, words.STANDS))
        finally:
            if self._ticker is not None:
                self._ticker.stop()
                self._ticker = None

    def _tell(self) -> None:
        """Show how far the servers are; what has not changed is not drawn again."""
        watch, info = self._watch, self.state.info
        if watch is None or info is None or not self.is_attached:
            return
        lines = (
            Content.styled(line, "bold ansi_green" if good else "") for line, good in words.progress(watch, info.name)
        )
        self._say_following(Content("\n").join([*lines, Content("")]))
        if any(machine.address for machine in watch.machines):
            for delivery in self.query("#delivery"):
                delivery.display = False
        if any(machine.look_for for machine in watch.machines) and not self.query("#address"):
            self.query_one("#actions").mount(PushButton("Type the address", id="address"))

    def _say_following(self, content: Content) -> None:
        # The last look may end while the program does, when the widget is gone already.
        for following in self.query("#following").results(Words):
            following.display = True
            following.update(content)

    @on(PushButton.Pressed, "#address")
    def _address_pressed(self) -> None:
        watch = self._watch
        if watch is not None:
            names = [machine.name for machine in watch.machines if not machine.address]
            self.app.push_screen(AddressScreen(names[0] if names else ""), self._address_typed)

    def _address_typed(self, address: str | None) -> None:
        if address is None or self._watch is None:
            return
        try:
            self._watch.use(address)
        except VpsTuiError as error:
            self.say(error.message)
        else:
            self._tell()
            self.follow()


class AddressScreen(Form[str]):
    """Asks for the address of a server that the provider tells by mail only."""

    form_title = words.ADDRESS_TITLE
    use_label = "Take it"

    def __init__(self, name: str) -> None:
        """Ask for that of the server called `name`."""
        super().__init__()
        self._server = name

    def compose_body(self) -> Iterable[Widget]:
        yield Words(words.ADDRESS_HINT)
        yield Words("")
        yield Field(self._server or "Address", help_text="Enter takes it.")

    @on(Input.Changed)
    def _changed(self) -> None:
        self.query_one(Field).complain("")

    @on(Input.Submitted)
    def use(self) -> None:
        field = self.query_one(Field)
        try:
            self.close(typed_address(field.value.strip()))
        except InvalidValue as error:
            field.complain(f"{error.message} {error.hint}")
