"""Step: say what became of the order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from textual import on, work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.errors import VpsTuiError
from vps_tui.tui import summary
from vps_tui.tui.screens.reading import error_content
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.chrome import Pairs, PushButton, Words

_COLOURS = {
    OutcomeKind.PLACED: "ansi_green",
    OutcomeKind.REFUSED: "ansi_red",
    OutcomeKind.NOT_SENT: "ansi_red",
    OutcomeKind.UNKNOWN: "ansi_yellow",
}
_SURE = (OutcomeKind.REFUSED, OutcomeKind.NOT_SENT)


class ReceiptScreen(StepScreen):
    """One of the four outcomes in words, what to do next, and what the provider lists now."""

    AUTO_FOCUS = ""
    keys: ClassVar[str] = "Tab next button  Enter press"
    help_text: ClassVar[str] = (
        "Placed: the provider took the order. Not ordered: it certainly did not. Not known: the reply was lost, so "
        "look at what the provider lists before ordering again."
    )
    shows_price: ClassVar[bool] = False

    def heading(self) -> tuple[str, str]:
        """Return the outcome."""
        outcome = self._outcome
        if outcome.kind is OutcomeKind.PLACED:
            return outcome.kind.headline, self._payment(outcome)
        if outcome.kind is OutcomeKind.UNKNOWN:
            return outcome.kind.headline, "Do not order it again before you have looked at what the provider lists."
        return outcome.kind.headline, "Nothing was bought."

    def title_style(self) -> str:
        """Return the outcome's colour; the words say the same without it."""
        return f"bold {_COLOURS[self._outcome.kind]}"

    def continue_label(self) -> str:
        """Return the words on the second button."""
        return "Change and order again" if self._outcome.kind in _SURE else "What does the provider list?"

    def back_label(self) -> str:
        """Return the words on the button that ends the program."""
        return "Leave"

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the details."""
        message = self._message()
        if message.plain:
            yield Words(message)
        yield Words("", id="notice")
        with VerticalScroll(id="scroll", can_focus=False):
            yield Pairs(self._pairs(), id="order")
        if self._outcome.kind is OutcomeKind.PLACED and self.state.info is not None:
            yield Words(f"\n{self.state.info.delivery_help}", id="delivery")

    def ready(self) -> None:
        """Focus what one would do next."""
        super().ready()
        done = self._outcome.kind is OutcomeKind.PLACED
        self.query_one("#back" if done else "#continue").focus()

    def submit(self) -> None:
        """Change an order that was not taken, or look for one that was or may have been."""
        if self._outcome.kind in _SURE:
            self.post_message(self.JumpRequested(replace(self.state, outcome=None), Step.COST))
        else:
            self._look()

    @property
    def _outcome(self) -> Outcome:
        if self.state.outcome is None:
            raise RuntimeError("the receipt needs an outcome")
        return self.state.outcome

    def _payment(self, outcome: Outcome) -> str:
        panel = self.state.info.panel if self.state.info else "the provider's site"
        if outcome.paid is True:
            return "The invoice is paid."
        if outcome.paid is False:
            return f"The invoice is NOT paid yet. Pay it in {panel}; the server is made after that."
        return f"The provider did not say whether the invoice is paid. See {panel}."

    def _message(self) -> Content:
        outcome = self._outcome
        parts: list[Any] = [(f"{text}\n", "") for text in (outcome.message, outcome.hint) if text]
        return Content.assemble(*parts)

    def _pairs(self) -> list[tuple[str, str]]:
        outcome = self._outcome
        pairs = [
            ("Order", outcome.order_id),
            ("Invoice", outcome.invoice_id),
            ("Service", ", ".join(outcome.service_ids)),
            *summary.pairs(self.state),
        ]
        return [(label, value) for label, value in pairs if value]

    @work(group="read", exclusive=True)
    async def _look(self) -> None:
        """Ask what the provider lists now; a read, however often it is pressed."""
        notice = self.query_one("#notice", Words)
        name = self.state.info.name if self.state.info else "the provider"
        notice.update(f"Asking {name} for its list of servers ...")
        try:
            session = await self.wizard_app.session()
            found = await session.find(self.state.draft)
        except VpsTuiError as error:
            unknown = self._outcome.kind is OutcomeKind.UNKNOWN
            money = "It is still not known whether it was ordered." if unknown else "The order stands as it is."
            notice.update(error_content(error, money))
            return
        if not found:
            notice.update(f"{name} lists no such server yet. That can take some minutes; look again.")
            return
        rows = (
            "  ".join(
                part
                for part in (
                    server.id,
                    server.name,
                    server.plan,
                    server.location,
                    server.status,
                    server.address,
                )
                if part
            )
            for server in found[-4:]
        )
        notice.update("\n".join((f"{name} lists:", *(f"  {row}" for row in rows))))

    @on(PushButton.Pressed, "#back")
    def _leave_pressed(self) -> None:
        self.query_one("#back", PushButton).disabled = True
