"""Step: look up what a saved order's ids stand for, then go on to its cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from vps_tui.core.draft import Draft
from vps_tui.resolving import Resolved, resolve
from vps_tui.tui.screens.reading import ReadingStep
from vps_tui.tui.widgets.chrome import Words


class SavedOrderScreen(ReadingStep[Resolved]):
    """Reads the catalogue; only when something is no longer offered is there anything to press."""

    AUTO_FOCUS = "#continue"
    keys: ClassVar[str] = "Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "Your saved order holds the provider's ids. What they stand for, and what it costs now, is being looked up. "
        "Whatever is no longer offered is asked for again."
    )
    shows_price: ClassVar[bool] = False
    waiting_for: ClassVar[str] = "what your saved order names"

    def heading(self) -> tuple[str, str]:
        """Return the title."""
        name = self.state.info.name if self.state.info else ""
        return f"Your saved order from {name}", ""

    def compose_body(self) -> Iterable[Widget]:
        """Lay out room for what is no longer offered."""
        yield Words("", id="problems")

    async def fetch(self) -> Resolved:
        """Read locations, plans and terms."""
        session = await self.wizard_app.session()
        if self.state.info is None:
            raise RuntimeError("no provider is chosen")
        return await resolve(session, self.state.info, self.state.draft)

    def received(self, found: Resolved) -> None:
        """Go on at once, or say what has to be chosen again."""
        empty = _never_chosen(self.state.draft)
        self.state = replace(
            found.state,
            position=self.state.position,
            credentials_known=self.state.credentials_known,
            signed_in=self.state.signed_in,
            root_password=self.state.root_password,
            typed=self.state.typed,
            typed_secrets=self.state.typed_secrets,
        )
        lines = [f"{problem.key}: {problem.words}" for problem in found.problems if problem.key not in empty]
        if not found.in_stock:
            lines.append("The location is sold out at the moment.")
        if lines:
            text = "\n".join(("Not everything in it is offered now:", "", *lines, "", "You are asked for it again."))
            self.query_one("#problems", Words).update(Content(text))
            self.query_one("#continue").focus()
        else:
            self.submit()

    def submit(self) -> None:
        """Go on."""
        self.answer(self.state)


def _never_chosen(draft: Draft) -> set[str]:
    """Return the keys of what a draft that was left early does not hold yet: nothing of it has gone."""
    answers = {"location": draft.location, "payment_method": draft.payment_method}
    for number, server in enumerate(draft.servers, 1):
        answers |= {f"server[{number}].plan": server.plan, f"server[{number}].os": server.os}
    return {key for key, answer in answers.items() if not answer}
