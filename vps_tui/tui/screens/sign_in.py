"""Step: sign in with the provider."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.errors import VpsTuiError
from vps_tui.tui.screens.reading import error_content
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.chrome import PushButton, Words
from vps_tui.tui.widgets.field import Field
from vps_tui.wizard import WizardState


class SignInScreen(StepScreen):
    """Asks for the credentials and tries them with a read that buys nothing."""

    AUTO_FOCUS = "Input"
    keys: ClassVar[str] = "Tab next field  Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "The credentials stay in this program's memory and are sent to the provider only. "
        "To be asked no more, set the environment variables that the README names."
    )
    _busy = False

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        info = self._info
        return f"Sign in to {info.name}", " ".join(info.sign_in_help)

    def compose_body(self) -> Iterable[Widget]:
        """Lay out one field per credential; secrets are never drawn."""
        known = self.wizard_app.backend.known_fields(self._info)
        for field in self._info.sign_in:
            typed = self.state.typed_text(f"sign-in {field.key}") or known.get(field.key, "")
            example = f"such as {field.example}" if field.example else "not shown while you type"
            yield Field(field.label, typed, help_text=example, secret=field.secret, id=f"field-{field.key}")
        yield Words("", id="notice")

    def typed_state(self) -> WizardState:
        """Return the state with what has been typed."""
        state = self.state
        for field in self._info.sign_in:
            state = state.with_typed(f"sign-in {field.key}", self._field(field.key).value)
        return state

    def submit(self) -> None:
        """Check that nothing is empty, then try the credentials."""
        empty = [field for field in self._info.sign_in if not self._field(field.key).value.strip()]
        for field in self._info.sign_in:
            self._field(field.key).complain("Fill this in." if field in empty else "")
        if empty:
            self._field(empty[0].key).focus_input()
        elif not self._busy:
            self._busy = True
            self._try(self.typed_state())

    def action_back(self) -> None:
        """Stop trying, then go back."""
        self.wizard_app.cancel_reads()
        super().action_back()

    @work(group="read", exclusive=True)
    async def _try(self, state: WizardState) -> None:
        """Sign in with one read, so that a wrong password counts once; then start the reads of the coming steps."""
        notice = self.query_one("#notice", Words)
        notice.update(f"Asking {self._info.name} whether it accepts them ...")
        self.wizard_app.state = replace(state, signed_in=False)
        try:
            await self.wizard_app.drop_session()
            session = await self.wizard_app.session()
            await session.account()
            session.begin()
        except VpsTuiError as error:
            notice.update(error_content(error))
            self._busy = False
        else:
            self.answer(replace(state, signed_in=True))

    @property
    def _info(self):  # type: ignore[no-untyped-def]
        return self.state.info

    def _field(self, key: str) -> Field:
        return self.query_one(f"#field-{key}", Field)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        fields = list(self.query(Input))
        index = fields.index(event.input)
        if index + 1 < len(fields) and not fields[index + 1].value:
            fields[index + 1].focus()
        else:
            self.submit()

    @on(PushButton.Pressed, "#back")
    def _leave(self) -> None:
        self._busy = False
