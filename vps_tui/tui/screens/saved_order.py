"""Step: look up what a saved order's ids stand for, then go on to its cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from vps_tui.services.resolve import Resolved
from vps_tui.tui.screens.reading import ReadingStep
from vps_tui.tui.widgets.frame import Words
from vps_tui.wizard.questions import saved_order


class SavedOrderScreen(ReadingStep[Resolved]):
    """Reads the catalogue; only when something is no longer offered is there anything to press."""

    AUTO_FOCUS = "#continue"
    shows_price: ClassVar[bool] = False
    reads_ahead = False
    keys: ClassVar[str] = "Enter continue  Esc back"
    help_text: ClassVar[str] = saved_order.HELP
    waiting_for: ClassVar[str] = saved_order.WAITING_FOR

    def heading(self) -> tuple[str, str]:
        return saved_order.heading(self.state)

    def compose_body(self) -> Iterable[Widget]:
        yield Words("", id="problems")

    async def fetch(self) -> Resolved:
        return await saved_order.fetch(await self.wizard_app.session(), self.state)

    def received(self, found: Resolved) -> None:
        """Go on at once, or say what has to be chosen again."""
        self.state, lines = saved_order.received(self.state, found)
        if lines:
            self.query_one("#problems", Words).update(Content("\n".join(lines)))
            self.set_focus(self.query_one("#continue"))
        else:
            self.submit()

    def submit(self) -> None:
        self.answer(self.state)
