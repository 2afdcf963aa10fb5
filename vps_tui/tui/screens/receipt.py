"""Step: say what became of the order, look after one that is not known, and settle it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from textual import on, work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from vps_tui import summary
from vps_tui.core.draft import Draft
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.errors import VpsTuiError
from vps_tui.providers.provider import Server
from vps_tui.settling import LOOK_EVERY, draft_of, look, settled_by_hand
from vps_tui.tui.screens.copying import CopyingStep, Values
from vps_tui.tui.screens.reading import error_content
from vps_tui.tui.widgets.chrome import Pairs, PushButton, Words

_COLOURS = {
    OutcomeKind.PLACED: "ansi_green",
    OutcomeKind.REFUSED: "ansi_red",
    OutcomeKind.NOT_SENT: "ansi_red",
    OutcomeKind.UNKNOWN: "ansi_magenta",
}
_SURE = (OutcomeKind.REFUSED, OutcomeKind.NOT_SENT)


class ReceiptScreen(CopyingStep):
    """One of the four outcomes in words, what to do next, and what the provider lists now."""

    AUTO_FOCUS = ""
    keys: ClassVar[str] = "Tab next  Enter press  F2 save  F3 plain  F4 copy"
    help_text: ClassVar[str] = (
        "Placed: the provider took the order. Not ordered: it certainly did not. Not known: the reply was lost; the "
        "provider's list of servers is looked at every 20 seconds, and you can say yourself what its panel shows."
    )
    shows_price: ClassVar[bool] = False
    _another_begun = False
    _servers: tuple[Server, ...] = ()
    """What the provider listed when it was last looked."""

    def heading(self) -> tuple[str, str]:
        """Return the outcome."""
        outcome = self._outcome
        if outcome.kind is OutcomeKind.PLACED:
            return outcome.kind.headline, self._payment(outcome)
        if outcome.kind is OutcomeKind.UNKNOWN:
            name = self.state.server.name
            return outcome.kind.headline, f"{name}: do not order it again before you know what became of it."
        return outcome.kind.headline, "Nothing was bought."

    def title_style(self) -> str:
        """Return the outcome's colour; the words say the same without it."""
        return f"bold {_COLOURS[self._outcome.kind]}"

    def continue_label(self) -> str:
        """Return the words on the button for what one would do next."""
        if self._outcome.kind is OutcomeKind.UNKNOWN:
            return "Look now"
        if self._outcome.kind is OutcomeKind.PLACED:
            return "What is listed?"
        return "Change and order again" if self.state.catalog else "Order something"

    def back_label(self) -> str:
        """Return the words on the button that ends the program."""
        return "Leave"

    def extra_buttons(self) -> Iterable[PushButton]:
        """Offer to settle and to go on beside an unknown order, and to save any."""
        if self._outcome.kind is OutcomeKind.UNKNOWN and self.state.entry is not None:
            yield PushButton("Settle by hand", id="settle")
            yield PushButton("Other order", id="fresh")
        yield from super().extra_buttons()

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the details; what has no room is scrolled to."""
        message = self._message()
        notice = Words("", id="notice")
        notice.display = False
        with VerticalScroll(id="scroll", can_focus=False):
            if message.plain:
                yield Words(message)
            if self._outcome.kind is OutcomeKind.PLACED and self.state.info is not None:
                yield Words(self.state.info.delivery_help, id="delivery")
            yield notice
            yield Pairs(self._pairs(), id="order")

    def ready(self) -> None:
        """Focus what one would do next, and begin to look after an unknown order."""
        super().ready()
        done = self._outcome.kind is OutcomeKind.PLACED
        self.query_one("#back" if done else "#continue").focus()
        if self._outcome.kind is OutcomeKind.UNKNOWN and self._signed_in:
            self._look()
            self.set_interval(LOOK_EVERY, self._look)

    def submit(self) -> None:
        """Change an order that was not taken, or look for one that was or may have been."""
        if self._outcome.kind in _SURE and self.state.catalog is None:
            self._begin_another()
        elif self._outcome.kind in _SURE:
            again = replace(self.state, outcome=None, entry=None, repeated=(), again="")
            self.post_message(self.JumpRequested(again, Step.COST))
        elif not self._signed_in:
            self.post_message(self.JumpRequested(self.state, Step.SIGN_IN))
        else:
            self._look()

    def draft_to_save(self) -> Draft:
        """Return what was ordered."""
        return self.state.to_order() if self.state.catalog or self.state.entry is None else draft_of(self.state.entry)

    def values(self) -> Values:
        """Return the ids, and the address with the ssh command once the provider lists the server."""
        outcome, entry = self._outcome, self.state.entry
        found = [
            ("Server", self.state.server.name),
            ("Order", outcome.order_id),
            ("Invoice", outcome.invoice_id),
            *(("Service", service) for service in outcome.service_ids),
            ("Recorded as", entry.reference if entry else ""),
        ]
        for server in self._servers:
            ours = server.id in outcome.service_ids or server.name == self.state.server.name
            if server.address and ours and outcome.kind is OutcomeKind.PLACED:
                found.append(("Address", server.address))
                if self.state.facts.takes_ssh_key:
                    found.append(("Log in with", f"ssh root@{server.address}"))
        return [(label, value) for label, value in found if value]

    @property
    def _outcome(self) -> Outcome:
        if self.state.outcome is None:
            raise RuntimeError("the receipt needs an outcome")
        return self.state.outcome

    @property
    def _signed_in(self) -> bool:
        return self.state.facts.signed_in

    @property
    def _panel(self) -> str:
        return self.state.info.panel if self.state.info else "the provider's site"

    def _payment(self, outcome: Outcome) -> str:
        if outcome.paid is True:
            return "The invoice is paid."
        if outcome.paid is False:
            return f"The invoice is NOT paid yet. Pay it in {self._panel}; the server is made after that."
        return f"The provider did not say whether the invoice is paid. See {self._panel}."

    def _message(self) -> Content:
        outcome = self._outcome
        parts: list[Any] = [(f"{text}\n", "") for text in (outcome.message, outcome.hint) if text]
        return Content.assemble(*parts)

    def _pairs(self) -> list[tuple[str, str]]:
        outcome, entry = self._outcome, self.state.entry
        quote = entry.purchase.quote if entry else {}
        pairs = [
            ("Order", outcome.order_id),
            ("Invoice", outcome.invoice_id),
            ("Service", ", ".join(outcome.service_ids)),
            ("Recorded as", entry.reference if entry else ""),
            ("Sent", f"{entry.sent.astimezone():%d %b %Y %H:%M %Z}" if entry and entry.sent else ""),
            *(entry.purchase.bought if entry else summary.bought(self.state)),
            ("Due at once", summary.due_at_once(quote) if quote else ""),
        ]
        return [(label, value) for label, value in pairs if value]

    @work(group="read", exclusive=True)
    async def _look(self) -> None:
        """Ask what the provider lists now; a read, however often it is pressed."""
        name = self.state.info.name if self.state.info else "the provider"
        self._note(f"Asking {name} for its list of servers ...")
        entry = self.state.entry
        try:
            session = await self.wizard_app.session()
            if self._outcome.kind is OutcomeKind.UNKNOWN and entry is not None:
                finding, entry = await look(session, self.wizard_app.journal, entry)
                words, servers = f"{finding.message} {finding.hint}".rstrip(), finding.servers
                if entry.unsettled:
                    words += f" It is looked for every {LOOK_EVERY:.0f} seconds."
            else:
                servers = (await session.find(self.state.draft)).servers
                words = f"{name} lists:" if servers else f"{name} lists no such server yet. Look again later."
        except VpsTuiError as error:
            unknown = self._outcome.kind is OutcomeKind.UNKNOWN
            money = "It is still not known whether it was ordered." if unknown else "The order stands as it is."
            self._note(error_content(error, money))
            return
        self._servers = tuple(servers)
        self._note("\n".join((words, *(f"  {_row(server)}" for server in servers[-3:]))))
        if entry is not None and entry.outcome.kind is not self._outcome.kind:
            self.post_message(self.Settled(entry))

    def _note(self, words: str | Content) -> None:
        """Say what was found, in place of what would be waited for."""
        notice = self.query_one("#notice", Words)
        notice.display = True
        notice.update(words)
        for delivery in self.query("#delivery"):
            delivery.display = not self._servers

    @on(PushButton.Pressed, "#settle")
    def _settle_pressed(self) -> None:
        from vps_tui.tui.screens.settle import SettleScreen

        if self.state.entry is not None:
            self.app.push_screen(SettleScreen(self.state.entry, self._panel), self._settled)

    def _settled(self, there: bool | None) -> None:
        if there is not None:
            self._settle(there)

    @work(group="settle", exclusive=True)
    async def _settle(self, there: bool) -> None:
        entry = self.state.entry
        if entry is None:
            return
        outcome = settled_by_hand(there=there, panel=self._panel)
        try:
            settled = await asyncio.to_thread(
                self.wizard_app.journal.finish, entry.reference, outcome, settled_by="hand"
            )
        except VpsTuiError as error:
            self._note(error_content(error))
        else:
            self.post_message(self.Settled(settled))

    @on(PushButton.Pressed, "#fresh")
    def _begin_another(self) -> None:
        # Asking twice would pass over the next unknown order, which nobody has seen yet.
        if not self._another_begun:
            self._another_begun = True
            self.post_message(self.FreshRequested())

    @on(PushButton.Pressed, "#back")
    def _leave_pressed(self) -> None:
        self.query_one("#back", PushButton).disabled = True


def _row(server: Server) -> str:
    parts = (server.id, server.name, server.plan, server.location, server.status, server.address)
    return "  ".join(part for part in parts if part)
